/** What a call is when it reaches the decision (semantics.md 2): facts only, all established before deciding. */
import type { KindName } from '../kinds/kind.js';

/** A SIP address in parts. `host` is lower case; user parts keep their case. */
export interface Address {
  readonly user: string;
  readonly host: string;
  readonly port?: number | undefined;
}

export type ConnectToken =
  | { readonly state: 'none' | 'invalid' | 'expired' }
  | { readonly state: 'valid'; readonly claims: ConnectClaims };

/** Claims of a connect token (seed "agent-to-peer"). */
export interface ConnectClaims {
  readonly ref: string;
  readonly domainRef: string;
  readonly aor: string;
  readonly aorLink: string;
  readonly domain: string;
  readonly privacy: 'PRIVATE' | 'NONE';
  readonly allowedMethods: readonly string[];
}

export interface Call {
  readonly method: string;
  /** What was dialled, as given. */
  readonly dialled: string;
  /** Who calls, as given; undefined is an anonymous outside caller. */
  readonly from?: string | undefined;
  /** Host that stands in for a missing one. */
  readonly domain?: string | undefined;
  readonly displayName?: string | undefined;
  /** Absent: an allowed address is assumed. */
  readonly source?: {
    readonly ip: string;
    readonly port?: number | undefined;
    readonly transport?: string | undefined;
  };
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly authentication: 'assumed' | 'passed' | 'failed' | 'absent';
  readonly connectToken: ConnectToken;
  readonly registered: 'assume' | 'none';
  /** Resources to treat as out of order. */
  readonly down: readonly { readonly kind: KindName; readonly ref: string }[];
}
