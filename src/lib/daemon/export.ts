/** ctl.v1 Resources.Export: a consistent snapshot of one revision, in an order that never depends on its history. */
import type { ExportRequest, ExportResponse } from '../api/generated/v1/ctl.js';
import type { Catalog } from '../kinds/catalog.js';
import { kinds } from '../kinds/index.js';
import type { Kind, KindName, Resource } from '../kinds/kind.js';
import { type Caller, checkReveal } from './caller.js';
import type { Core } from './core.js';
import { namedKind, namedResource } from './lookup.js';
import { batches } from './stream.js';
import { messageSize, toWire } from './wire.js';

/**
 * The resources of some kinds, and some resources; all when neither are given. By kind, those referred to first;
 * within a kind in declared order, or by ref.
 *
 * @throws CtlError usage, not-found, permission
 */
export async function* handleExport(
  core: Core,
  request: ExportRequest,
  caller: Caller,
): AsyncGenerator<ExportResponse> {
  if (request.reveal) checkReveal(caller);
  const catalog = await core.at(request.revision || core.catalog.revision);
  const { revision } = catalog;
  const resources = function* () {
    for (const resource of selected(catalog, request)) yield toWire(catalog, resource, request.reveal);
  };
  for (const batch of batches(resources(), messageSize)) yield { resources: batch, revision };
}

function* selected(catalog: Catalog, request: ExportRequest): Generator<Resource> {
  const names = new Set(request.kinds.map((name) => namedKind(name).name));
  const refs = new Map<KindName, Set<string>>(kinds.map(({ name }) => [name, new Set()]));
  for (const { kind, key } of request.keys) {
    const found = namedResource(catalog, namedKind(kind), key);
    refs.get(found.kind)!.add(found.ref);
  }
  const whole = request.kinds.length + request.keys.length === 0;
  for (const kind of kinds) {
    if (whole || names.has(kind.name)) yield* ordered(kind, catalog.all(kind.name));
    else
      yield* ordered(
        kind,
        [...refs.get(kind.name)!].map((ref) => catalog.get(kind.name, ref)!),
      );
  }
}

function ordered(kind: Kind, resources: Iterable<Resource>): Resource[] {
  const key = (resource: Resource) => (kind.order ? resource.position! : resource.ref);
  return [...resources].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
