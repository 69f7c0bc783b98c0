/** What a decision comes to, in one line: for many calls, and for tables. */
import type { Decision, Effect, RoutingType } from './decision.js';
import type { RejectReason } from './reasons.js';

/** Absent values are null. */
export interface Outcome {
  /** Who calls: `user@host`, a bare user, or `anonymous`. */
  readonly from: string;
  /** As it was given. */
  readonly dialled: string;
  readonly routingType: RoutingType;
  readonly verdict: Decision['verdict'];
  /** URI of the first target. */
  readonly target: string | null;
  /** Ref of the profile. */
  readonly profile: string | null;
  readonly reason: RejectReason | null;
  readonly sipStatus: number | null;
}

/** Who calls whom, of a call or of a decided one. */
interface Parties {
  readonly raw: { readonly dialled: string; readonly from: string | null };
  readonly from: { readonly user: string; readonly host: string };
}

export const outcomeOf = (
  { routingType, verdict, profile, route, rejection }: Effect,
  call: Parties,
): Outcome => ({
  from: callerText(call),
  dialled: call.raw.dialled,
  routingType,
  verdict,
  target: route?.targets[0]?.uri ?? null,
  profile: profile?.ref ?? null,
  reason: rejection?.reason ?? null,
  sipStatus: rejection?.sipStatus ?? null,
});

/** Who calls, as a person reads it. */
export function callerText({ raw, from: { user, host } }: Parties): string {
  if (raw.from === null) return 'anonymous';
  return host === '' || host === 'invalid' ? user : `${user}@${host}`;
}
