/** Which SIP route takes the calls to a value. */
import type { Resource } from '../../../kinds/kind.js';
import type { TelNumber } from '../../../kinds/number.js';
import type { SipRoute } from '../../../kinds/sip-route.js';
import { byPosition, calledKeys } from '../../../routing/indexes.js';
import { parseAddress } from '../../../routing/normalize.js';
import { linkOf } from '../../../routing/parties.js';
import type { Facts } from '../facts.js';
import { placeOf, type Place } from '../finding.js';

export type Route = Resource<SipRoute>;

export const enabledRoutes = ({ snapshot }: Facts): readonly Route[] =>
  snapshot.sipRoutes.filter(({ doc }) => doc.enabled);

/** Where a route has a called value, or the user of it for any host. */
export function calledPlace(route: Route, key: string): Place {
  const keys = calledKeys(route.doc);
  return placeOf(route, `called[${keys.indexOf(keys.includes(key) ? key : userOf(key))}]`);
}

/** The user of a called value. */
const userOf = (key: string): string => (key.includes('@') ? key.slice(0, key.lastIndexOf('@')) : key);

/** A call that a called value names; those with `backend:` are never dialled. */
export const dialledFor = (key: string): string => (key.includes('@') ? `sip:${key}` : key);

/** A call to this value that this route takes. */
export const callTaken = (facts: Facts, key: string, route: Route) =>
  facts.callThat(dialledFor(key), ({ profile }) => profile?.sipRoute === route.ref);

/** Enabled routes by position that are called by this value, or by its user alone, which is at any host. */
export const calledSo = (facts: Facts, key: string): readonly Route[] => havingAny(facts, [key, userOf(key)]);

/** Enabled routes by position that take calls to this value: a number is also called by what it links to. */
export function takersOf(facts: Facts, key: string): readonly Route[] {
  const number = facts.snapshot.numberByUser(userOf(key));
  const link = number && linkOf(number.doc);
  return link ? havingAny(facts, [key, userOf(key), link.userKey, link.key]) : calledSo(facts, key);
}

const havingAny = ({ snapshot }: Facts, keys: readonly string[]): readonly Route[] =>
  [...new Set(keys.flatMap((key) => snapshot.routesByCalled(key)))].sort(byPosition);

/** Whether a route takes calls that have this called value: to it, or to a number that links to it. */
export const isTaken = (facts: Facts, route: Route, key: string): boolean =>
  takersOf(facts, key)[0] === route ||
  linkersTo(facts, key).some((number) => takesNumber(facts, route, number));

/** Whether a route takes the calls to a number, wherever it is dialled. */
export const takesNumber = (facts: Facts, route: Route, { doc }: Resource<TelNumber>): boolean =>
  takersOf(facts, parseAddress(doc.telUrl).user)[0] === route;

const known = new WeakMap<Facts, Map<string, Resource<TelNumber>[]>>();

/** Numbers whose link has this called value. */
export function linkersTo(facts: Facts, key: string): readonly Resource<TelNumber>[] {
  let linkers = known.get(facts);
  if (!linkers) known.set(facts, (linkers = linkersOf(facts)));
  return linkers.get(key) ?? [];
}

function linkersOf(facts: Facts): Map<string, Resource<TelNumber>[]> {
  const found = new Map<string, Resource<TelNumber>[]>();
  for (const number of facts.all<TelNumber>('Number')) {
    const link = linkOf(number.doc);
    for (const key of link ? new Set([link.key, link.userKey]) : []) {
      const others = found.get(key);
      if (others) others.push(number);
      else found.set(key, [number]);
    }
  }
  return found;
}
