/** Which SIP route takes the calls to a value. */
import type { Resource } from '../../../kinds/kind.js';
import type { TelNumber } from '../../../kinds/number.js';
import type { SipRoute } from '../../../kinds/sip-route.js';
import type { Decision } from '../../../routing/decision.js';
import { byPosition, calledKeys } from '../../../routing/indexes.js';
import { linkOf } from '../../../routing/parties.js';
import type { CallDocument } from '../../engine.js';
import { userOf } from '../dialled.js';
import type { Facts } from '../facts.js';
import { placeOf, type Place } from '../finding.js';
import { dialledFor } from '../../dialled.js';
import { addressOfKey, userKeyOf } from '../../../routing/normalize.js';

export type Route = Resource<SipRoute>;

export const enabledRoutes = ({ snapshot }: Facts): readonly Route[] =>
  snapshot.sipRoutes.filter(({ doc }) => doc.enabled);

/** Where a route has a called value, or the user of it for any host. */
export function calledPlace(route: Route, key: string): Place {
  const keys = calledKeys(route.doc);
  return placeOf(route, `called[${keys.indexOf(keys.includes(key) ? key : userIn(key))}]`);
}

/** The user of a called value. */
const userIn = (key: string): string => userKeyOf(addressOfKey(key));

/** Numbers with one link that are tried for a call. */
const MOST_LINKS = 20;

/**
 * A call that this route takes: to the value itself, else to a number that links to it.
 * @param shows what else must be seen of it
 */
export function callTaken(
  facts: Facts,
  key: string,
  route: Route,
  shows: (decision: Decision) => boolean = () => true,
): CallDocument | undefined {
  const isSo = (decision: Decision) => decision.profile?.sipRoute === route.ref && shows(decision);
  const linking = facts.numbersLinkedTo(key).slice(0, MOST_LINKS).map(userOf);
  for (const dialled of [dialledFor(key), ...linking]) {
    const call = facts.callThat(dialled, isSo);
    if (call) return call;
  }
  return undefined;
}

/** Enabled routes by position that are called by this value, or by its user alone, which is at any host. */
export const calledSo = (facts: Facts, key: string): readonly Route[] => havingAny(facts, [key, userIn(key)]);

/** Enabled routes by position that take calls to this value: a number is also called by what it links to. */
export function takersOf(facts: Facts, key: string): readonly Route[] {
  const number = facts.snapshot.numberByUser(userIn(key));
  const link = number && linkOf(number.doc);
  return link ? havingAny(facts, [key, userIn(key), link.userKey, link.key]) : calledSo(facts, key);
}

const havingAny = ({ snapshot }: Facts, keys: readonly string[]): readonly Route[] =>
  [...new Set(keys.flatMap((key) => snapshot.routesByCalled(key)))].sort(byPosition);

/** Whether a route takes calls that have this called value: to it, or to a number that links to it. */
export const isTaken = (facts: Facts, route: Route, key: string): boolean =>
  (isDialled(key) && takersOf(facts, key)[0] === route) ||
  facts.numbersLinkedTo(key).some((number) => takesNumber(facts, route, number));

/** Whether calls can be to this value itself. */
export const isDialled = (key: string): boolean => addressOfKey(key).scheme !== 'backend';

/** Whether a route takes the calls to a number, wherever it is dialled. */
export const takesNumber = (facts: Facts, route: Route, number: Resource<TelNumber>): boolean =>
  takersOf(facts, userOf(number))[0] === route;
