/** What a decision comes to, in one line: for many calls, and for tables. */
import type { Decision, RoutingType } from './decision.js';
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

export const outcomeOf = (decision: Decision): Outcome => ({
  from: callerText(decision),
  dialled: decision.call.raw.dialled,
  routingType: decision.routingType,
  verdict: decision.verdict,
  target: decision.route?.targets[0]?.uri ?? null,
  profile: decision.profile?.ref ?? null,
  reason: decision.rejection?.reason ?? null,
  sipStatus: decision.rejection?.sipStatus ?? null,
});

/** Who calls, as a person reads it. */
export function callerText({ call }: Pick<Decision, 'call'>): string {
  if (call.raw.from === null) return 'anonymous';
  const { user, host } = call.from;
  return host === '' || host === 'invalid' ? user : `${user}@${host}`;
}
