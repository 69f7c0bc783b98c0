/** Deleting what a write does not name, so that the configuration becomes what the files say. */
import type { Catalog } from '../kinds/catalog.js';
import { kindOf } from '../kinds/index.js';
import type { KindName, Resource } from '../kinds/kind.js';
import type { Change } from './operation.js';
import { PlanError } from './problems.js';
import type { Claims } from './targets.js';

export interface Sync {
  /** Resources of these kinds that no operation names are deleted. */
  readonly kinds: readonly KindName[];
  /** Let it delete more than a third of a kind. */
  readonly allowMassDelete: boolean;
}

/** The resources of a kind that no operation names, by ref. */
export const unnamed = (catalog: Catalog, kind: KindName, claims: Claims): Resource[] =>
  [...catalog.all(kind)]
    .filter(({ ref }) => claims.of(kind, ref) === undefined)
    .sort((a, b) => (a.ref < b.ref ? -1 : 1));

/**
 * Refuses to delete more than a third of the resources of a kind: more likely files are missing than so much is
 * superfluous. A single one may always go, so that small configurations stay usable.
 *
 * @throws PlanError
 */
export function checkMass(catalog: Catalog, { allowMassDelete }: Sync, changes: readonly Change[]): void {
  if (allowMassDelete) return;
  const counts = new Map<KindName, number>();
  for (const { before, after } of changes)
    if (before && !after) counts.set(before.kind, (counts.get(before.kind) ?? 0) + 1);
  const masses = [...counts].filter(([kind, count]) => count > 1 && count * 3 > catalog.size(kind));
  if (masses.length === 0) return;
  const texts = masses.map(([kind, count]) => `${count} of ${catalog.size(kind)} ${kindOf(kind).topic}`);
  throw new PlanError(
    'FAILED_PRECONDITION',
    `nothing was written: this would delete ${texts.join(', ')}, more than a third`,
    { hint: 'check that no file is missing; if all of them should go, repeat with --allow-mass-delete' },
  );
}
