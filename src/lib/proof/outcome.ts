/** What becomes of a call, in few words: what groups of calls have in common. */
import { isDeepStrictEqual } from 'node:util';
import type { Effect, HeaderChange, ProfileOutcome } from '../routing/decision.js';
import { subjectOf } from '../routing/trace.js';

/** The outcome of a call that cannot be placed: its caller is nobody, or ambiguous. */
export const NO_CALLER = 'no such caller';

/**
 * The outcome of a call: `unknown, rejected 403 unknown-parties`, `profile main`,
 * `agent-to-pstn by trunks/trunk-01 as numbers/number-01`, `agent-to-agent to an agent`. Which SIP route or egress
 * policy led there does not matter to the call.
 */
export function outcomeText({ routingType, profile, route, rejection }: Effect): string {
  if (rejection) return `${routingType}, rejected ${rejection.sipStatus} ${rejection.reason}`;
  if (profile) return `profile ${profile.ref}`;
  const { targets, egressPolicy } = route!;
  const { via } = targets[0]!;
  if (via.kind !== 'Trunk') return `${routingType} to ${via.kind === 'Agent' ? 'an agent' : 'a peer'}`;
  const as = egressPolicy ? ` as ${subjectOf('Number', egressPolicy.numberRef)}` : '';
  return `${routingType} by ${subjectOf('Trunk', via.ref)}${as}`;
}

/**
 * What differs between two effects on one call: their outcomes, or undefined when nothing does. Outcomes that read
 * the same say what else is different.
 */
export function difference(
  before: Effect | undefined,
  after: Effect | undefined,
): readonly [before: string, after: string] | undefined {
  const old = before ? outcomeText(before) : NO_CALLER;
  const now = after ? outcomeText(after) : NO_CALLER;
  if (old !== now) return [old, now];
  const detail = before && after && detailThatDiffers(before, after);
  return detail === undefined ? undefined : [old, `${now}, ${detail}`];
}

function detailThatDiffers(before: Effect, after: Effect): string | undefined {
  const [old, now] = [before.route?.targets ?? [], after.route?.targets ?? []];
  if (!alike(old, now, (a, b) => a.uri === b.uri && a.via.kind === b.via.kind && a.via.ref === b.via.ref))
    return 'at other addresses';
  if (!alike(old, now, (a, b) => a.headers === b.headers || alike(a.headers, b.headers, sameHeader)))
    return 'with other headers';
  if (!alike(old, now, (a, b) => a.priority === b.priority && a.weight === b.weight))
    return 'with other weights';
  if (before.route?.gatewayCredentialsRef !== after.route?.gatewayCredentialsRef)
    return 'with other gateway credentials';
  return before.profile && !sameHandler(before.profile, after.profile!) ? 'of other content' : undefined;
}

/** Hand-written, for most calls that are compared are equal, and there are many. */
const alike = <T>(old: readonly T[], now: readonly T[], same: (a: T, b: T) => boolean): boolean =>
  old.length === now.length && old.every((one, i) => same(one, now[i]!));

const sameHeader = (a: HeaderChange, b: HeaderChange): boolean =>
  a === b || (a.action === b.action && a.name === b.name && a.value === b.value);

const compared = new WeakMap<object, { readonly with: object; readonly same: boolean }>();

/** What handles a call is written out once for each configuration, so the two are compared once. */
function sameHandler(before: ProfileOutcome, after: ProfileOutcome): boolean {
  const known = compared.get(before.persona);
  if (known?.with === after.persona) return known.same;
  // Through which called value it came says nothing about what handles it.
  const same = isDeepStrictEqual(
    { ...before, called: null, sipRoute: null },
    { ...after, called: null, sipRoute: null },
  );
  compared.set(before.persona, { with: after.persona, same });
  return same;
}
