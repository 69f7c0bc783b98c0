/** A daemon's configuration in this process. */
import type { Client } from '../../api/client.js';
import type { Resource as WireResource } from '../../api/generated/v1/ctl.js';
import { Catalog, type Delta } from '../../kinds/catalog.js';
import { kindOf } from '../../kinds/index.js';
import type { Document, KindName, Resource } from '../../kinds/kind.js';
import { LAST, Order } from '../../kinds/order.js';

/**
 * All resources of a revision, 0 being the newest, without their secrets.
 * @param onCount is told how many have come
 */
export async function catalogOf(
  client: Client,
  revision: number,
  onCount: (count: number) => void = () => {},
): Promise<Catalog> {
  const deltas: Delta[] = [];
  const placed: WireResource[] = [];
  let at = revision;
  for await (const page of client.exportPages({ revision })) {
    at = page.revision;
    for (const resource of page.resources)
      if (resource.position > 0) placed.push(resource);
      else deltas.push({ after: resourceOf(resource) });
    onCount(deltas.length + placed.length);
  }
  deltas.push(...inOrder(placed));
  return Catalog.empty.apply(deltas, at);
}

/** Resources of a declared order, with keys by which others can be placed between them. */
function inOrder(resources: readonly WireResource[]): Delta[] {
  const order = new Order([]);
  return [...resources]
    .sort((a, b) => a.position - b.position)
    .map((wire) => {
      const after = resourceOf(wire);
      const isLast = kindOf(after.kind).order!.last(after.doc as never);
      return { after: { ...after, position: isLast ? LAST : order.append(after.ref) } };
    });
}

const resourceOf = (wire: WireResource): Resource => ({
  kind: wire.kind as KindName,
  ref: wire.ref,
  doc: JSON.parse(wire.document) as Document,
  createdAt: wire.createdAt,
  updatedAt: wire.updatedAt,
  revision: wire.revision,
  seq: wire.sequence,
});
