/** What the configuration was in an earlier revision: the current one, with the change log undone. */
import type { Past } from '../config/restore.js';
import { CtlError } from '../errors.js';
import type { Catalog, Delta } from '../kinds/catalog.js';
import type { ChangeRange, LoggedChange, Store } from '../store/store.js';
import { inTurns } from './turns.js';

/** What resources were on both sides of a range of revisions; absent where they were not there. */
export type Touched = ReadonlyMap<string, LoggedChange>;

/** One entry for each resource that the range changed: what it was before the first and after the last change. */
export async function touchedIn(store: Store, range: ChangeRange): Promise<Touched> {
  const touched = new Map<string, LoggedChange>();
  for await (const slice of store.changes(range))
    for (const change of slice) {
      const id = `${change.kind}\0${change.ref}`;
      const first = touched.get(id);
      touched.set(id, first ? { ...change, before: first.before } : change);
    }
  return touched;
}

/** A catalog at an earlier revision, given what changed since. */
export const undone = (catalog: Catalog, touched: Touched, revision: number): Promise<Catalog> =>
  inTurns(catalog.applyInSteps(backwards(catalog, touched), revision));

/** What the resources of a range were before it. */
export function* pastOf(touched: Touched): Generator<Past> {
  for (const { kind, ref, before } of touched.values()) yield { kind, ref, resource: before };
}

function* backwards(catalog: Catalog, touched: Touched): Generator<Delta> {
  for (const { kind, ref, before } of touched.values()) {
    const now = catalog.get(kind, ref);
    if (now || before) yield { before: now, after: before };
  }
}

/** @throws CtlError not-found for a revision that is not kept, or not yet there */
export function checkKept(revision: number, oldest: number, newest: number): void {
  if (revision > newest)
    throw new CtlError('not-found', `there is no revision ${revision}: the newest is ${newest}`, {
      hint: 'see "ctl history"',
    });
  if (revision < oldest)
    throw new CtlError(
      'not-found',
      `revision ${revision} cannot be restored any more: the oldest that is kept is ${oldest}`,
      { hint: 'see "ctl history"; "ctl serve --keep" says how many are kept' },
    );
}
