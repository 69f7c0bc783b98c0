/** A daemon's configuration in this process. */
import type { Client } from '../../api/client.js';
import type { Resource as WireResource } from '../../api/generated/v1/ctl.js';
import { Catalog, type Delta } from '../../kinds/catalog.js';
import type { Document, KindName, Resource } from '../../kinds/kind.js';

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
  let at = revision;
  for await (const page of client.exportPages({ revision })) {
    at = page.revision;
    for (const resource of page.resources) deltas.push({ after: resourceOf(resource) });
    onCount(deltas.length);
  }
  return Catalog.empty.apply(deltas, at);
}

const resourceOf = (wire: WireResource): Resource => ({
  kind: wire.kind as KindName,
  ref: wire.ref,
  doc: JSON.parse(wire.document) as Document,
  createdAt: wire.createdAt,
  updatedAt: wire.updatedAt,
  revision: wire.revision,
  seq: wire.sequence,
  // Places in the declared order as texts that sort as they do.
  ...(wire.position > 0 && { position: String(wire.position).padStart(10, '0') }),
});
