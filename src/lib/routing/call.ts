/**
 * A call as the decision takes it (docs/semantics.md 2): facts only. Verdicts about passwords and tokens were
 * established before, so that deciding stays pure.
 */
import type { KindName } from '../kinds/kind.js';
import type { TraceEntry } from './reasons.js';

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

export type ConnectToken =
  | { readonly state: 'none' | 'invalid' | 'expired' }
  | { readonly state: 'valid'; readonly claims: ConnectClaims };

export interface Header {
  readonly name: string;
  readonly value: string;
}

export interface Source {
  readonly ip: string;
  readonly port?: number | undefined;
  readonly transport?: string | undefined;
}

export interface Call {
  readonly method: string;
  /** As given, for the record. */
  readonly raw: { readonly dialled: string; readonly from: string | null };
  /** Normalised; the host in lower case. */
  readonly from: { readonly user: string; readonly host: string; readonly displayName?: string | undefined };
  /** Normalised; the host in lower case. */
  readonly requestUri: { readonly user: string; readonly host: string; readonly port?: number | undefined };
  /** The caller where it is known by more than its address, such as a ref that a person named. */
  readonly caller?: { readonly kind: KindName; readonly ref: string } | undefined;
  /** Absent: an allowed address is assumed. */
  readonly source?: Source | undefined;
  readonly headers: readonly Header[];
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly authentication: 'assumed' | 'passed' | 'failed' | 'absent';
  readonly connectToken: ConnectToken;
  readonly registered: 'assume' | 'none';
  /** Resources to treat as out of order. */
  readonly down: readonly { readonly kind: KindName; readonly ref: string }[];
  /** What was assumed to make this call; the trace begins with it. */
  readonly assumptions: readonly TraceEntry[];
}

/** The value of the first header with this name, without regard to case. */
export function headerOf(call: Pick<Call, 'headers'>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return call.headers.find((header) => header.name.toLowerCase() === wanted)?.value;
}

/** Whether a resource is to be treated as out of order. */
export const isDown = (call: Call, kind: KindName, ref: string): boolean =>
  call.down.some((down) => down.kind === kind && down.ref === ref);
