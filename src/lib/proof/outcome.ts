/** What a decision does to a call, apart from how it came about: what is compared and counted. */
import type { Decision } from '../routing/decision.js';

/**
 * One line that names the outcome and few others: `agent-to-pstn: trunk trunk-01`, `unknown: profile main`,
 * `from-pstn: rejected 403 acl-denied`.
 */
export function outcomeOf({ routingType, profile, route, rejection }: Decision): string {
  if (rejection) return `${routingType}: rejected ${rejection.sipStatus} ${rejection.reason}`;
  if (profile) return `${routingType}: profile ${profile.ref}`;
  const via = route?.targets[0]?.via;
  return via ? `${routingType}: ${via.kind.toLowerCase()} ${via.ref}` : routingType;
}

/**
 * Whether two decisions do the same to the call: the same profile with the same persona, policy and modalities; the
 * same targets with the same headers, in the same order; or a rejection for the same reason. Which SIP route or
 * egress policy led there does not matter.
 */
export function sameOutcome(left: Decision, right: Decision): boolean {
  if (left.verdict !== right.verdict) return false;
  if (left.rejection || right.rejection) return left.rejection?.reason === right.rejection?.reason;
  return effectOf(left) === effectOf(right);
}

function effectOf({ profile, route }: Decision): string {
  if (!profile) return JSON.stringify([route?.targets, route?.gatewayCredentialsRef]);
  const { sipRoute: _route, called: _called, ...rest } = profile;
  return JSON.stringify(rest);
}
