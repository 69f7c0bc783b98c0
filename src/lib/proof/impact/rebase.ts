/** Two configurations side by side: one as what the other becomes, so that what is equal is the very same. */
import { isDeepStrictEqual } from 'node:util';
import type { Catalog, Delta } from '../../kinds/catalog.js';
import { kinds } from '../../kinds/index.js';
import type { Resource } from '../../kinds/kind.js';
import { Snapshot } from '../../routing/snapshot.js';

/** What changes from one configuration to another. */
export interface Transition {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly deltas: readonly Delta[];
}

/**
 * From one configuration to another, whatever their histories: resources that both have keep their place in the order
 * of creation, and those with equal documents are the same objects.
 */
export function transition(before: Snapshot, after: Catalog): Transition {
  const deltas = [...deltasOf(before.catalog, after)];
  return { before, after: before.apply(deltas, before.catalog.apply(deltas, after.revision)), deltas };
}

function* deltasOf(before: Catalog, after: Catalog): Generator<Delta> {
  let seq = 0;
  for (const { name } of kinds) for (const one of before.all(name)) seq = Math.max(seq, one.seq);
  for (const { name } of kinds)
    for (const old of before.all(name)) if (!after.get(name, old.ref)) yield { before: old };
  for (const { name } of kinds) {
    const created: Resource[] = [];
    for (const now of after.all(name)) {
      const old = before.get(name, now.ref);
      if (!old) created.push(now);
      else if (old.position !== now.position || !isDeepStrictEqual(old.doc, now.doc))
        yield { before: old, after: { ...now, seq: old.seq, createdAt: old.createdAt } };
    }
    created.sort((a, b) => a.seq - b.seq);
    for (const one of created) yield { after: { ...one, seq: ++seq } };
  }
}
