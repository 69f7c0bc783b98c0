/** SIP routes: called values that another route takes, or that take what was meant for somebody else. */
import type { KindName, Resource } from '../../../kinds/kind.js';
import type { SipRoute } from '../../../kinds/sip-route.js';
import type { TelNumber } from '../../../kinds/number.js';
import { byPosition, calledKeys, calledText, CATCH_ALL } from '../../../routing/indexes.js';
import { addressKey, isTelephone, parseAddress } from '../../../routing/normalize.js';
import { linkOf, resolveLink } from '../../../routing/parties.js';
import type { Check } from '../check.js';
import type { Facts } from '../facts.js';
import { listText, placeOf, placeText, type Place } from '../finding.js';

type Route = Resource<SipRoute>;

const enabledRoutes = ({ snapshot }: Facts): readonly Route[] =>
  snapshot.sipRoutes.filter(({ doc }) => doc.enabled);

/** Where a route has a called value, or the user of it for any host. */
function calledPlace(route: Route, key: string): Place {
  const keys = calledKeys(route.doc);
  const at = keys.includes(key) ? keys.indexOf(key) : keys.indexOf(key.slice(0, key.lastIndexOf('@')));
  return placeOf(route, `called[${at}]`);
}

/** A call that a called value names; those with `backend:` are never dialled. */
const dialledFor = (key: string): string => (key.includes('@') ? `sip:${key}` : key);

/** A call to this value that this route takes. */
const callTaken = (facts: Facts, key: string, route: Route) =>
  facts.callThat(dialledFor(key), ({ profile }) => profile?.sipRoute === route.ref);

/** Enabled routes that take calls to this value, by position: one that is called by the user alone takes any host. */
function takersOf({ snapshot }: Facts, key: string): readonly Route[] {
  const exact = snapshot.routesByCalled(key);
  const at = key.lastIndexOf('@');
  const anyHost = at < 0 ? [] : snapshot.routesByCalled(key.slice(0, at));
  if (anyHost.length === 0) return exact;
  return [...new Set([...exact, ...anyHost])].sort(byPosition);
}

const calledTwice: Check = {
  code: 'called-twice',
  severity: 'warning',
  summary: 'a called value that an earlier SIP route has too, with the same host or for any',
  advice: 'The earlier route takes its calls. Remove the value from one of the two.',
  *run(facts) {
    for (const route of enabledRoutes(facts))
      for (const key of new Set(calledKeys(route.doc))) {
        const takers = takersOf(facts, key);
        const earlier = takers.slice(0, takers.indexOf(route));
        const [winner] = earlier;
        if (!winner) continue;
        yield {
          object: calledPlace(route, key),
          message: `Calls to "${calledText(route.doc, key)}" go to ${placeText(placeOf(winner))}, which comes first.`,
          witness: key === CATCH_ALL ? undefined : callTaken(facts, key, winner),
          related: earlier.map((one) => calledPlace(one, key)),
        };
      }
  },
};

const neverTaken: Check = {
  code: 'sip-route-never-taken',
  severity: 'error',
  summary: 'a SIP route whose called values all stand in earlier routes',
  advice: 'No call can reach it. Move it before them, give it a value of its own, or remove it.',
  *run(facts) {
    for (const route of enabledRoutes(facts)) {
      const keys = [...new Set(calledKeys(route.doc))];
      const winners = keys.map((key) => takersOf(facts, key)[0]!);
      if (winners.includes(route)) continue;
      yield {
        object: placeOf(route),
        message: `No call reaches it: ${listText([...new Set(winners)].map((one) => placeText(placeOf(one))))} ${winners.length > 1 ? 'take all its called values' : 'takes its called value'}.`,
        witness: callTaken(facts, keys[0]!, winners[0]!),
        related: [...new Set(winners)].map((one) => placeOf(one)),
      };
    }
  },
};

const shadows: Check = {
  code: 'sip-route-shadows',
  severity: 'warning',
  summary: 'a SIP route that takes the calls of an agent, a peer or a linked number',
  advice:
    'SIP routes are asked before agents, peers and links, so the endpoint never rings. A number without a link is no shadow: there the route is its destination.',
  *run(facts) {
    for (const route of enabledRoutes(facts))
      for (const key of new Set(calledKeys(route.doc))) {
        if (key === CATCH_ALL || takersOf(facts, key)[0] !== route) continue;
        const shadowed = shadowedBy(facts, key);
        if (shadowed.length === 0) continue;
        const names = shadowed.map((one) => placeText(placeOf(one)));
        yield {
          object: calledPlace(route, key),
          message: `"${calledText(route.doc, key)}" takes the calls of ${listText(names)}.`,
          witness: witnessOf(facts, key, route, shadowed),
          related: shadowed.map((one) => placeOf(one)),
        };
      }
  },
};

type Shadowed = Resource<{ readonly name: string }>;

/** Whom a call to this value would otherwise reach. */
function shadowedBy(facts: Facts, key: string): Shadowed[] {
  const { snapshot } = facts;
  const address = parseAddress(dialledFor(key));
  const { user, host } = address;
  const domain = host === undefined ? undefined : snapshot.domainOf(host);
  const agent = domain && snapshot.agentAt(domain.ref, user);
  const number = host === undefined ? snapshot.numberByUser(user) : undefined;
  const peer = host === undefined ? snapshot.peerByUser(user) : undefined;
  return [
    ...(host === undefined ? snapshot.agentsByUser(user) : agent ? [agent] : []),
    ...(peer ? [peer] : []),
    ...(host === undefined ? [] : snapshot.peersByAor(address)),
    ...(number && linksToSomebody(facts, number) ? [number] : []),
    ...(linkers(facts).get(key) ?? []),
  ].filter((one, i, all) => all.indexOf(one) === i);
}

const linksToSomebody = ({ snapshot }: Facts, number: Resource<TelNumber>): boolean => {
  const link = linkOf(number.doc);
  return link !== undefined && resolveLink(snapshot, link.address).kind !== 'unknown';
};

const linkersOf = new WeakMap<Facts, Map<string, Resource<TelNumber>[]>>();

/** Called value → the numbers whose link has it, and leads to somebody. */
function linkers(facts: Facts): Map<string, Resource<TelNumber>[]> {
  let found = linkersOf.get(facts);
  if (found) return found;
  linkersOf.set(facts, (found = new Map()));
  for (const number of facts.all<TelNumber>('Number')) {
    const link = linkOf(number.doc);
    if (!link || !linksToSomebody(facts, number)) continue;
    for (const key of new Set([link.key, link.userKey])) {
      const known = found.get(key);
      if (known) known.push(number);
      else found.set(key, [number]);
    }
  }
  return found;
}

/** A call to the value itself that would reach somebody, else to a number that links to it. */
function witnessOf(facts: Facts, key: string, route: Route, shadowed: readonly Shadowed[]) {
  const shown = facts.callThat(
    dialledFor(key),
    ({ profile, warnings }) =>
      profile?.sipRoute === route.ref && warnings.some(({ code }) => code === 'shadowed'),
  );
  const direct = shown ?? callTaken(facts, key, route);
  if (direct) return direct;
  const number = shadowed.find(({ kind }) => kind === ('Number' satisfies KindName));
  return number && callTaken(facts, addressKey((number.doc as unknown as TelNumber).telUrl), route);
}

const catchAllNear: Check = {
  code: 'catch-all-near-called',
  severity: 'note',
  summary: 'a catch-all SIP route that takes calls which a called value nearly matches',
  advice:
    'Carriers write the same number with or without +. What no other route is called goes to the catch-all; add the other way of writing to the route that is meant.',
  *run(facts) {
    const catchAll = facts.snapshot.routesByCalled(CATCH_ALL)[0];
    if (!catchAll) return;
    const missed = enabledRoutes(facts).flatMap((route) =>
      calledKeys(route.doc).flatMap((key) => {
        const other = isTelephone(key) ? otherWriting(key) : undefined;
        const call = other === undefined ? undefined : callTaken(facts, other, catchAll);
        return call ? [{ route, key, call }] : [];
      }),
    );
    const [first] = missed;
    if (!first) return;
    const more = missed.length > 1 ? ` (and so with ${missed.length - 1} more called values)` : '';
    yield {
      object: placeOf(catchAll),
      message: `It takes ${String(first.call['dialled'])}, which differs only in + from "${first.key}" of ${placeText(placeOf(first.route))}${more}.`,
      witness: first.call,
      related: missed.map(({ route, key }) => calledPlace(route, key)),
    };
  },
};

/** The number with `+` if it has none, and without if it has one. */
const otherWriting = (user: string): string => (user.startsWith('+') ? user.slice(1) : `+${user}`);

export const sipRouteChecks: readonly Check[] = [neverTaken, calledTwice, shadows, catchAllNear];
