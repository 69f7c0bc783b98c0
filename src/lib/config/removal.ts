/** Deletions of a write: refused while something refers to the deleted, or carried through by cascade. */
import type { Catalog } from '../kinds/catalog.js';
import { kindOf } from '../kinds/index.js';
import type { Resource } from '../kinds/kind.js';
import { cascade, type Guarded } from './cascade.js';
import type { Change } from './operation.js';
import type { Problems } from './problems.js';
import { named } from './references.js';
import type { Target } from './targets.js';

const SHOWN = 20;

export interface Removal {
  /** Before the write. */
  readonly catalog: Catalog;
  /** After the write, but for what a cascade will do. */
  readonly draft: Catalog;
  /** Targets of deletions. */
  readonly deleted: readonly Target[];
  readonly cascade: boolean;
  readonly now: number;
  readonly problems: Problems;
}

/** What the deletions do to referrers; none without `cascade`, and problems instead. */
export function planDeletions(removal: Removal): Change[] {
  const { catalog, draft, deleted, now, problems } = removal;
  if (deleted.length === 0) return [];
  if (!removal.cascade) {
    for (const target of deleted) refuseIfReferred(removal, target);
    return [];
  }
  const { touched, guarded } = cascade(
    draft,
    catalog,
    deleted.map(({ before }) => before!),
  );
  for (const guard of guarded) refuseGuarded(removal, guard);
  return touched.map(({ resource, doc, because }): Change => {
    if (!doc) return { effect: 'deleted', before: resource, because };
    const kind = kindOf(resource.kind);
    for (const { field, message } of kind.check?.(doc as never) ?? [])
      problems.add(
        deleted[0]!.index,
        'FAILED_PRECONDITION',
        '',
        `${kind.noun} ${named(catalog, resource)} cannot do without it: then ${field} ${message}`,
      );
    const after: Resource = { ...resource, doc, updatedAt: now, revision: draft.revision };
    return { effect: 'updated', before: resource, after, because };
  });
}

function refuseIfReferred({ catalog, draft, problems }: Removal, { index, before }: Target): void {
  const { kind, ref } = before!;
  const referrers = draft.referrers(kind, ref);
  if (referrers.length === 0) return;
  const shown = referrers.slice(0, SHOWN).map((referrer) => {
    const resource = catalog.get(referrer.kind, referrer.ref) ?? draft.get(referrer.kind, referrer.ref)!;
    return `${kindOf(referrer.kind).noun} ${named(catalog, resource)} by ${referrer.paths.join(', ')}`;
  });
  const rest = referrers.length - shown.length;
  const count = referrers.length === 1 ? '1 resource refers' : `${referrers.length} resources refer`;
  problems.add(
    index,
    'FAILED_PRECONDITION',
    '',
    `cannot delete ${kindOf(kind).noun} ${named(catalog, before!)}: ${count} to it: ${shown.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`,
    'delete or change these first, or repeat with --cascade to let them go or lose the reference (--dry-run shows which)',
  );
}

function refuseGuarded({ catalog, deleted, problems }: Removal, { resource, path, guard }: Guarded): void {
  const target =
    deleted.find(({ before }) => before!.kind === guard.kind && before!.ref === guard.ref) ?? deleted[0]!;
  const guarded = `${kindOf(resource.kind).noun} ${named(catalog, resource)}`;
  problems.add(
    target.index,
    'FAILED_PRECONDITION',
    '',
    `cannot delete ${kindOf(guard.kind).noun} ${named(catalog, guard)}: it guards ${guarded} by ${path}, which would be open without it`,
    `give ${guarded} another ${path}, or clear that yourself, first`,
  );
}
