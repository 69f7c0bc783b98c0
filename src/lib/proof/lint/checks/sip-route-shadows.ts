/** SIP routes that take the calls of somebody who has the called value too. */
import type { Domain } from '../../../kinds/domain.js';
import type { Resource } from '../../../kinds/kind.js';
import type { Peer } from '../../../kinds/peer.js';
import type { TelNumber } from '../../../kinds/number.js';
import { calledKeys, calledText, CATCH_ALL } from '../../../routing/indexes.js';
import { type Address, addressOfKey, keyOf } from '../../../routing/normalize.js';
import { aorOf, linkOf, resolveLink } from '../../../routing/parties.js';
import type { Decision } from '../../../routing/decision.js';
import type { Check } from '../check.js';
import type { Facts } from '../facts.js';
import { listText, placeOf, placeText } from '../finding.js';
import {
  calledPlace,
  callTaken,
  enabledRoutes,
  isDialled,
  takersOf,
  takesNumber,
  type Route,
} from './takers.js';

export const shadows: Check = {
  code: 'sip-route-shadows',
  severity: 'warning',
  summary: 'a SIP route that takes the calls of an agent, a peer or a linked number',
  advice:
    'SIP routes are asked before agents, peers and links, so the endpoint never rings. A number without a link is no shadow: there the route is its destination.',
  *run(facts) {
    for (const route of enabledRoutes(facts))
      for (const key of new Set(calledKeys(route.doc))) {
        if (key === CATCH_ALL) continue;
        const shadowed = shadowedBy(facts, route, key);
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

/** Whom the calls that a route takes by this value would otherwise reach. */
function shadowedBy(facts: Facts, route: Route, key: string): Shadowed[] {
  const { snapshot } = facts;
  const { user, host } = addressOfKey(key);
  const number = snapshot.numberByUser(user);
  const isFirst = takersOf(facts, key)[0] === route;
  const direct = (): Shadowed[] => {
    if (host === undefined && !number) return calledAt(facts, route, user, isFirst);
    if (!isFirst) return [];
    return number ? [number] : calleesAt(facts, user, host!);
  };
  const linking = facts.numbersLinkedTo(key).filter((one) => takesNumber(facts, route, one));
  return [...new Set([...(isDialled(key) ? direct() : []), ...linking])].filter(
    (one) => one.kind !== 'Number' || linksToSomebody(facts, one as Resource<TelNumber>),
  );
}

const at = (user: string, host: string): Address => ({ scheme: 'sip', user, host, port: undefined });

/** Whom a user that is no number is at the hosts at which this route takes calls to it. */
function calledAt(facts: Facts, route: Route, user: string, isFirst: boolean): Shadowed[] {
  const { snapshot } = facts;
  const hosts = new Set(hostsOfPeers(facts).get(user));
  for (const { doc } of snapshot.agentsByUser(user)) {
    const domain = snapshot.resource<Domain>('Domain', doc.domainRef);
    if (domain) hosts.add(domain.doc.domainUri.toLowerCase());
  }
  const own = [...hosts].filter((host) => takersOf(facts, keyOf(at(user, host)))[0] === route);
  const peer = isFirst ? snapshot.peerByUser(user) : undefined;
  return [
    ...own.flatMap((host) => calleesAt(facts, user, host)),
    ...(peer ? snapshot.peersByAor(aorOf(peer.doc)) : []),
  ];
}

/** Whom a user that is no number is at a host. */
function calleesAt({ snapshot }: Facts, user: string, host: string): Shadowed[] {
  const domain = snapshot.domainOf(host);
  const agent = domain && snapshot.agentAt(domain.ref, user);
  if (agent) return [agent];
  const peer = snapshot.peerByUser(user);
  return snapshot.peersByAor(peer ? aorOf(peer.doc) : at(user, host));
}

const hostsKnown = new WeakMap<Facts, Map<string, Set<string>>>();

/** User → the hosts at which it is the address of a peer. */
function hostsOfPeers(facts: Facts): Map<string, Set<string>> {
  let found = hostsKnown.get(facts);
  if (found) return found;
  hostsKnown.set(facts, (found = new Map()));
  for (const { doc } of facts.all<Peer>('Peer')) {
    const { scheme, user, host } = aorOf(doc);
    if (scheme !== 'sip' || host === undefined) continue;
    const hosts = found.get(user);
    if (hosts) hosts.add(host);
    else found.set(user, new Set([host]));
  }
  return found;
}

const linksToSomebody = ({ snapshot }: Facts, number: Resource<TelNumber>): boolean => {
  const link = linkOf(number.doc);
  return link !== undefined && resolveLink(snapshot, link.address).kind !== 'unknown';
};
