/** Mistakes in trunks, in the links of numbers, and in who guards peers. */
import type { Resource } from '../../../kinds/kind.js';
import type { TelNumber } from '../../../kinds/number.js';
import type { Peer } from '../../../kinds/peer.js';
import type { Trunk } from '../../../kinds/trunk.js';
import { failover } from '../../../routing/outbound.js';
import type { Calls, Circumstances } from '../search/calls.js';
import { changing, edited, losing, type Mutant, underEach } from './mutant.js';

export function* ofTrunk(calls: Calls, trunk: Resource<Trunk>): Iterable<Mutant> {
  const { uris } = trunk.doc;
  const via = () => calls.viaTrunk(trunk);
  for (const [i, uri] of uris.entries())
    yield changing(
      trunk,
      { uris: edited(uris, { [i]: { ...uri, enabled: !uri.enabled } }) },
      { operator: uri.enabled ? 'disable' : 'enable', path: `uris[${i}]`, detail: uri.host, calls: via },
    );
  const order = failover(trunk.doc);
  for (const [n, next] of order.slice(1).entries()) {
    const uri = order[n]!;
    const i = uris.indexOf(uri);
    yield changing(
      trunk,
      { uris: exchanged(uris, i, uris.indexOf(next)) },
      { operator: 'swap', path: `uris[${i}]`, detail: `${uri.host} with ${next.host}`, calls: via },
    );
  }
  const inbound = function* (circumstances: Circumstances) {
    for (const number of calls.numbersByTrunk.at(trunk.ref)) yield* calls.toNumber(number, circumstances);
  };
  yield* losing(trunk, 'accessControlListRef', (acl) => underEach(calls.refusedBy(acl), inbound));
  yield* losing(trunk, 'inboundCredentialsRef', () => inbound({ unauthenticated: true }));
}

/** Gateways that have changed places in the failover order. */
function exchanged(uris: Trunk['uris'], i: number, j: number): Trunk['uris'] {
  const [a, b] = [uris[i]!, uris[j]!];
  return edited(uris, {
    [i]: { ...b, priority: a.priority, weight: a.weight },
    [j]: { ...a, priority: b.priority, weight: b.weight },
  });
}

export function* ofNumber(calls: Calls, number: Resource<TelNumber>): Iterable<Mutant> {
  yield* losing(number, 'aorLink', () => calls.toNumber(number));
  yield* losing(number, 'trunkRef', function* () {
    yield* calls.toNumber(number);
    yield* calls.outBy(number);
  });
}

export function* ofPeer(calls: Calls, peer: Resource<Peer>): Iterable<Mutant> {
  yield* losing(peer, 'accessControlListRef', (acl) => {
    const caller = { kind: 'Peer', from: calls.callers.nameOf(peer) } as const;
    return underEach([{}, ...calls.refusedBy(acl)], (from) => calls.toNobody([caller], from));
  });
}
