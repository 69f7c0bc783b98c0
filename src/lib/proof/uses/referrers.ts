/** Who needs a resource: by a reference, by an address, and through those who do. */
import type { Referrer } from '../../kinds/catalog.js';
import { kinds } from '../../kinds/index.js';
import type { KindName, Resource } from '../../kinds/kind.js';
import type { TelNumber } from '../../kinds/number.js';
import { linkOf, resolveLink } from '../../routing/parties.js';
import type { Snapshot } from '../../routing/snapshot.js';

export interface Needed {
  /** Those that name it, by kind and ref, with the fields in which they do. */
  readonly direct: readonly Referrer[];
  /** How many there are of each kind that need it only through these, in the order of the registry. */
  readonly through: readonly { readonly kind: KindName; readonly count: number }[];
}

export function neededBy(snapshot: Snapshot, resource: Resource): Needed {
  const { catalog } = snapshot;
  const referring = catalog.referrers(resource.kind, resource.ref);
  const direct = [...referring, ...linking(snapshot, resource)];
  const seen = new Set([`${resource.kind} ${resource.ref}`, ...direct.map(idOf)]);
  const counts = new Map<KindName, number>();
  const open = [...referring];
  for (let one = open.pop(); one; one = open.pop())
    for (const next of catalog.referrers(one.kind, one.ref)) {
      if (seen.size === seen.add(idOf(next)).size) continue;
      counts.set(next.kind, (counts.get(next.kind) ?? 0) + 1);
      open.push(next);
    }
  const through = kinds.flatMap(({ name }) => {
    const count = counts.get(name);
    return count === undefined ? [] : [{ kind: name, count }];
  });
  return { direct, through };
}

const idOf = ({ kind, ref }: Pick<Referrer, 'kind' | 'ref'>): string => `${kind} ${ref}`;

/** Numbers whose aorLink leads to an agent or peer: an address, which no integrity rule guards. */
function linking(snapshot: Snapshot, { kind, ref }: Resource): Referrer[] {
  if (kind !== 'Agent' && kind !== 'Peer') return [];
  const numbers = snapshot.all<TelNumber>('Number');
  return Array.from(numbers)
    .filter(({ doc }) => {
      const link = linkOf(doc);
      const target = link && resolveLink(snapshot, link.address);
      if (target?.kind === 'Agent') return kind === 'Agent' && target.agent.ref === ref;
      return target?.kind === 'Peer' && kind === 'Peer' && target.peers.some((peer) => peer.ref === ref);
    })
    .map((number): Referrer => ({ kind: 'Number', ref: number.ref, paths: ['aorLink'] }))
    .sort((a, b) => (a.ref < b.ref ? -1 : 1));
}
