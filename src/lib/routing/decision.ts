/** The decision document, schema `ctl.decision/v1` (docs/semantics.md 8). Absent values are null. */
import type { Json, KindName } from '../kinds/kind.js';
import type { Call } from './call.js';
import type { RejectReason, TraceEntry, WarningCode } from './reasons.js';

export type { Outcome, Stage, TraceEntry } from './reasons.js';

export type RoutingType =
  | 'agent-to-agent'
  | 'agent-to-peer'
  | 'agent-to-pstn'
  | 'from-pstn'
  | 'peer-to-agent'
  | 'peer-to-pstn'
  | 'unknown';

export interface Party {
  readonly kind: KindName;
  readonly ref: string;
  readonly name: string;
}

/** A resource written out: ref, name and its fields. */
export type Expanded = { readonly ref: string; readonly name: string } & { readonly [field: string]: Json };

export interface ProfileOutcome {
  readonly ref: string;
  readonly name: string;
  /** Ref of the SIP route that selected it. */
  readonly sipRoute: string;
  /** The called value, as the route has it. */
  readonly called: string;
  readonly persona: Expanded;
  readonly policy: Expanded;
  readonly realtime: Expanded | null;
  readonly stt: Expanded | null;
  readonly llm: Expanded | null;
  readonly tts: Expanded | null;
}

export interface HeaderChange {
  readonly action: 'add' | 'remove';
  readonly name: string;
  /** Null when removing. */
  readonly value: string | null;
}

export interface Target {
  readonly uri: string;
  readonly host: string;
  /** Null where SIP's own resolution decides (RFC 3263). */
  readonly port: number | null;
  readonly transport: string | null;
  readonly user: string;
  readonly priority: number | null;
  readonly weight: number | null;
  readonly via: { readonly kind: KindName; readonly ref: string };
  /** The endpoint is assumed to be registered. */
  readonly assumed: boolean;
  readonly headers: readonly HeaderChange[];
}

export interface RouteOutcome {
  /** In the order they would be tried. */
  readonly targets: readonly Target[];
  readonly gatewayCredentialsRef: string | null;
  readonly egressPolicy: { readonly index: number; readonly rule: string; readonly numberRef: string } | null;
}

export interface Rejection {
  readonly sipStatus: number;
  readonly reason: RejectReason;
  readonly message: string;
  readonly hint: string | null;
}

export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
}

export interface Decision {
  readonly schema: 'ctl.decision/v1';
  readonly revision: number;
  readonly call: DecidedCall;
  readonly routingType: RoutingType;
  readonly caller: Party | null;
  readonly callee: Party | null;
  readonly verdict: 'profile' | 'route' | 'reject';
  readonly profile: ProfileOutcome | null;
  readonly route: RouteOutcome | null;
  readonly rejection: Rejection | null;
  readonly warnings: readonly Warning[];
  readonly trace: readonly TraceEntry[];
}

/** What a decision does to a call, without the account of how it came about. */
export interface Effect extends Pick<Decision, 'routingType' | 'verdict' | 'profile' | 'route'> {
  readonly rejection: Pick<Rejection, 'sipStatus' | 'reason'> | null;
}

/** The call as given and as normalised. Values of X-Connect-Token and Authorization are masked. */
export interface DecidedCall {
  readonly raw: { readonly dialled: string; readonly from: string | null };
  readonly method: string;
  readonly from: { readonly user: string; readonly host: string; readonly displayName: string | null };
  readonly requestUri: {
    readonly uri: string;
    readonly user: string;
    readonly host: string;
    readonly port: number | null;
  };
  readonly source: {
    readonly ip: string;
    readonly port: number | null;
    readonly transport: string | null;
  } | null;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** RFC 3339. */
  readonly at: string;
  readonly authentication: Call['authentication'];
  readonly connectToken: Call['connectToken']['state'];
  readonly registered: Call['registered'];
  readonly down: readonly string[];
}
