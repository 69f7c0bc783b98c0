/** Calls of a routing type (docs/semantics.md 4), those first that may be delivered. */
import type { RoutingType } from '../../../routing/decision.js';
import { calledKeys } from '../../../routing/indexes.js';
import { normalizeUser } from '../../../routing/normalize.js';
import type { CallDocument } from '../../engine.js';
import type { Caller } from './callers.js';
import type { Calls } from './calls.js';
import { aorOf } from '../../../routing/parties.js';

type Found = Iterable<CallDocument>;

function* toAgents(calls: Calls, callersOf: (domainRef: string) => readonly Caller[]): Found {
  // The first agent calls: others are called first.
  const [first, ...others] = calls.agents;
  for (const { doc } of first ? [...others, first] : []) {
    if (doc.domainRef === undefined) continue;
    const callers = callersOf(doc.domainRef);
    if (callers.length === 0) continue;
    const user = normalizeUser(doc.username);
    const { domainUri } = calls.snapshot.catalog.get('Domain', doc.domainRef)!.doc as { domainUri: string };
    yield* calls.between(callers, user, [undefined, domainUri.toLowerCase()]);
  }
}

function* toPeers(calls: Calls): Found {
  const callers = calls.callers.allAgents;
  if (callers.length === 0) return;
  for (const { doc } of calls.peers)
    for (const { user, host } of [{ user: normalizeUser(doc.username), host: undefined }, aorOf(doc)])
      if (user !== '') yield* calls.between(callers, user, [host, calls.elsewhere]);
}

function* byEgress(calls: Calls): Found {
  for (const domain of calls.domains)
    for (const index of domain.doc.egressPolicies.keys())
      yield* calls.leaving(domain, calls.rulesOf(domain.doc).first(index));
  yield* calls.toNobody(calls.callers.allAgents);
}

function* fromPeers(calls: Calls): Found {
  const { peers } = calls.callers;
  if (peers.length === 0) return;
  for (const { doc } of calls.numbers)
    yield* calls.toNobody(peers, {
      headers: [{ name: 'X-DOD-Number', value: doc.telUrl.slice('tel:'.length) }],
    });
  yield* calls.toNobody(peers);
}

function* toNumbers(calls: Calls): Found {
  for (const number of calls.numbers) yield* calls.toNumber(number);
}

function* fromOutside(calls: Calls): Found {
  for (const { doc } of calls.snapshot.sipRoutes) for (const key of calledKeys(doc)) yield* calls.called(key);
  yield* calls.toNobody([calls.callers.outside]);
}

export const callsOfType: Readonly<Record<RoutingType, (calls: Calls) => Found>> = {
  'agent-to-agent': (calls) =>
    toAgents(calls, (domainRef) => [...calls.callers.of(domainRef), ...calls.callers.someAgents]),
  'agent-to-peer': toPeers,
  'agent-to-pstn': byEgress,
  'from-pstn': toNumbers,
  'peer-to-agent': (calls) => toAgents(calls, () => calls.callers.peers),
  'peer-to-pstn': fromPeers,
  unknown: fromOutside,
};
