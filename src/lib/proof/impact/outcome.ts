/** What becomes of a call, in few words: what groups of calls have in common. */
import { isDeepStrictEqual } from 'node:util';
import type { Decision } from '../../routing/decision.js';
import { subjectOf } from '../../routing/trace.js';

/** The outcome of a call that cannot be placed: its caller is nobody, or ambiguous. */
export const NO_CALLER = 'no such caller';

/**
 * The outcome of a decision: `rejected 404 no-egress-match`, `profile main by sip-routes/1000`,
 * `agent-to-pstn by trunks/trunk-01 as numbers/number-01`, `agent-to-agent to an agent`.
 */
export function outcomeOf({ routingType, profile, route, rejection }: Decision): string {
  if (rejection) return `${routingType}, rejected ${rejection.sipStatus} ${rejection.reason}`;
  if (profile) return `profile ${profile.ref} by ${subjectOf('SipRoute', profile.sipRoute)}`;
  const { targets, egressPolicy } = route!;
  const { via } = targets[0]!;
  if (via.kind !== 'Trunk') return `${routingType} to ${via.kind === 'Agent' ? 'an agent' : 'a peer'}`;
  const as = egressPolicy ? ` as ${subjectOf('Number', egressPolicy.numberRef)}` : '';
  return `${routingType} by ${subjectOf('Trunk', via.ref)}${as}`;
}

/**
 * What differs between two decisions of one call: their outcomes, or undefined when nothing does. Outcomes that read
 * the same say what else is different.
 */
export function difference(
  before: Decision | undefined,
  after: Decision | undefined,
): readonly [before: string, after: string] | undefined {
  const [old, now] = [before, after].map((decision) => (decision ? outcomeOf(decision) : NO_CALLER)) as [
    string,
    string,
  ];
  if (old !== now) return [old, now];
  const detail = before && after && detailThatDiffers(before, after);
  return detail === undefined ? undefined : [old, `${now}, ${detail}`];
}

function detailThatDiffers(before: Decision, after: Decision): string | undefined {
  const [old, now] = [before.route?.targets ?? [], after.route?.targets ?? []];
  const differs = (pick: (target: (typeof old)[number]) => unknown) =>
    !isDeepStrictEqual(old.map(pick), now.map(pick));
  if (differs(({ uri, via }) => [uri, via])) return 'at other addresses';
  if (differs(({ headers }) => headers)) return 'with other headers';
  if (differs(({ priority, weight }) => [priority, weight])) return 'with other weights';
  if (before.route?.gatewayCredentialsRef !== after.route?.gatewayCredentialsRef)
    return 'with other gateway credentials';
  return before.profile && !isDeepStrictEqual(withoutRoute(before), withoutRoute(after))
    ? 'of other content'
    : undefined;
}

/** What handles the call; through which called value it came says nothing about that. */
const withoutRoute = ({ profile }: Decision) => ({ ...profile, called: null });
