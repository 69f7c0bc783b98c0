/** SIP routes: called values that another route takes, or that take what was meant for somebody else. */
import type { Resource } from '../../../kinds/kind.js';
import type { SipRoute } from '../../../kinds/sip-route.js';
import type { TelNumber } from '../../../kinds/number.js';
import type { Decision } from '../../../routing/decision.js';
import { byPosition, calledKeys, calledText, CATCH_ALL } from '../../../routing/indexes.js';
import { isTelephone, parseAddress, type Address } from '../../../routing/normalize.js';
import { linkOf, resolveLink } from '../../../routing/parties.js';
import type { CallDocument } from '../../engine.js';
import type { Check } from '../check.js';
import { dialledFor, userOf } from '../dialled.js';
import type { Facts } from '../facts.js';
import { listText, placeOf, placeText, type Place } from '../finding.js';

type Route = Resource<SipRoute>;

/** Numbers with one link that are tried for a call. */
const MOST_LINKS = 20;

const enabledRoutes = ({ snapshot }: Facts): readonly Route[] =>
  snapshot.sipRoutes.filter(({ doc }) => doc.enabled);

/** Where a route has a called value, or the user of it for any host. */
function calledPlace(route: Route, key: string): Place {
  const keys = calledKeys(route.doc);
  const at = keys.includes(key) ? keys.indexOf(key) : keys.indexOf(key.slice(0, key.lastIndexOf('@')));
  return placeOf(route, `called[${at}]`);
}

/**
 * A call that this route takes: to the value itself, else to a number that links to it.
 * @param shows what else must be seen of it
 */
function callTaken(
  facts: Facts,
  key: string,
  route: Route,
  shows: (decision: Decision) => boolean = () => true,
): CallDocument | undefined {
  const isTaken = (decision: Decision) => decision.profile?.sipRoute === route.ref && shows(decision);
  for (const dialled of [dialledFor(key), ...facts.numbersLinkedTo(key).slice(0, MOST_LINKS).map(userOf)]) {
    const call = facts.callThat(dialled, isTaken);
    if (call) return call;
  }
  return undefined;
}

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
  summary: 'a SIP route whose called values all stand in earlier routes, or that nobody can call',
  advice:
    'No call can reach it. Move it before them, give it a value of its own, or remove it. Nobody dials a `backend:` address: it is called by a number that links to it.',
  *run(facts) {
    for (const route of enabledRoutes(facts)) {
      const keys = [...new Set(calledKeys(route.doc))].filter((key) => isCalled(facts, key));
      const winners = keys.map((key) => takersOf(facts, key)[0]!);
      if (winners.includes(route)) continue;
      yield {
        object: placeOf(route),
        message: `No call reaches it: ${whyNot([...new Set(winners)], route)}.`,
        witness: winners[0] && callTaken(facts, keys[0]!, winners[0]),
        related: [...new Set(winners)].map((one) => placeOf(one)),
      };
    }
  },
};

/** Whether any call can have this called value. */
const isCalled = (facts: Facts, key: string): boolean =>
  !key.startsWith('backend:') || facts.numbersLinkedTo(key).length > 0;

function whyNot(winners: readonly Route[], { doc }: Route): string {
  if (winners.length === 0) return `no number links to ${listText(doc.called)}`;
  const names = listText(winners.map((one) => placeText(placeOf(one))));
  return `${names} ${new Set(calledKeys(doc)).size > 1 ? 'take all its called values' : 'takes its called value'}`;
}

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
          witness: callTaken(facts, key, route, isShadowing) ?? callTaken(facts, key, route),
          related: shadowed.map((one) => placeOf(one)),
        };
      }
  },
};

const isShadowing = ({ warnings }: Decision): boolean => warnings.some(({ code }) => code === 'shadowed');

type Shadowed = Resource<{ readonly name: string }>;

/** Whom a call to this value would otherwise reach. */
function shadowedBy(facts: Facts, key: string): Shadowed[] {
  const dialled = key.startsWith('backend:') ? [] : dialledAt(facts, parseAddress(dialledFor(key)));
  const linking = facts.numbersLinkedTo(key).filter((one) => linksToSomebody(facts, one));
  return [...new Set([...dialled, ...linking])];
}

/** Whoever is found by this address: a number before an agent, an agent of the host before a peer. */
function dialledAt(facts: Facts, address: Address): readonly Shadowed[] {
  const { snapshot } = facts;
  const { user, host } = address;
  const number = snapshot.numberByUser(user);
  if (number) return linksToSomebody(facts, number) ? [number] : [];
  const peer = snapshot.peerByUser(user);
  if (host === undefined) return [...snapshot.agentsByUser(user), ...(peer ? [peer] : [])];
  const domain = snapshot.domainOf(host);
  const agent = domain && snapshot.agentAt(domain.ref, user);
  return agent ? [agent] : peer ? [peer] : snapshot.peersByAor(address);
}

const linksToSomebody = ({ snapshot }: Facts, number: Resource<TelNumber>): boolean => {
  const link = linkOf(number.doc);
  return link !== undefined && resolveLink(snapshot, link.address).kind !== 'unknown';
};

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
        const other = otherWriting(key);
        const call = other === undefined ? undefined : callTaken(facts, other, catchAll);
        return call ? [{ route, key, other, call }] : [];
      }),
    );
    const [first] = missed;
    if (!first) return;
    const more = missed.length > 1 ? ` (and so with ${missed.length - 1} more called values)` : '';
    yield {
      object: placeOf(catchAll),
      message: `It takes ${first.other}, which differs only in + from "${first.key}" of ${placeText(placeOf(first.route))}${more}.`,
      witness: first.call,
      related: missed.map(({ route, key }) => calledPlace(route, key)),
    };
  },
};

/** The number with `+` if it has none, and without if it has one; undefined for what is no number. */
function otherWriting(key: string): string | undefined {
  const at = key.lastIndexOf('@');
  const user = at < 0 ? key : key.slice(0, at);
  if (!isTelephone(user)) return undefined;
  return key.startsWith('+') ? key.slice(1) : `+${key}`;
}

export const sipRouteChecks: readonly Check[] = [neverTaken, calledTwice, shadows, catchAllNear];
