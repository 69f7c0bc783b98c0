/** Plans the way back to what resources were in an earlier revision. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { Catalog } from '../kinds/catalog.js';
import type { KindName, Resource } from '../kinds/kind.js';
import type { Change } from './operation.js';
import { inSequence } from './sequence.js';
import type { Steps } from './steps.js';
import type { Plan } from './plan.js';

/** What a resource was; it was not there without `resource`. */
export interface Past {
  readonly kind: KindName;
  readonly ref: string;
  readonly resource?: Resource | undefined;
}

/**
 * The changes that restore resources exactly: documents, secrets, places, and the order of creation, which
 * decides between peers of one group. Only what differs is changed. `now` is in milliseconds since the epoch. With pauses.
 */
export function* restore(catalog: Catalog, past: Iterable<Past>, now: number): Steps<Plan> {
  const revision = catalog.revision + 1;
  const changes: Change[] = [];
  for (const { kind, ref, resource } of past) {
    yield;
    const before = catalog.get(kind, ref);
    const after = resource && { ...resource, updatedAt: now, revision };
    if (before && after) {
      if (!isSame(before, after)) changes.push({ effect: 'updated', before, after });
    } else if (before) changes.push({ effect: 'deleted', before });
    else if (after) changes.push({ effect: 'created', after });
  }
  const deltas = inSequence(changes);
  const after = deltas.length > 0 ? yield* catalog.applyInSteps(deltas, revision) : catalog;
  return { changes: deltas, deltas, catalog: after };
}

/** Whether two states of a resource are equal but for when they were written. */
const isSame = (a: Resource, b: Resource): boolean =>
  a.seq === b.seq && a.position === b.position && isDeepStrictEqual(a.doc, b.doc);
