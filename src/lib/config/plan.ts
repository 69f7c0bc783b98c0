/**
 * Turns operations into ordered changes against a catalog: one engine for create, update, put and delete.
 * Pure: time, refs and sequence numbers come from outside, nothing is stored. All problems of all operations
 * are found at once; nothing is planned when there is one.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Catalog } from '../kinds/catalog.js';
import { kinds } from '../kinds/index.js';
import type { Kind, Resource } from '../kinds/kind.js';
import type { Change, Operation } from './operation.js';
import { place } from './place.js';
import { Problems } from './problems.js';
import { References } from './references.js';
import { planDeletions } from './removal.js';
import { stage, type Staged } from './stage.js';
import { Claims, findTargets, type Target } from './targets.js';
import { checkUnique } from './unique.js';

export interface PlanContext {
  /** Let deletions take along or detach what refers to the deleted. */
  readonly cascade: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  newRef(): string;
  /** The next creation number, over all kinds. */
  nextSeq(): number;
}

export interface Plan {
  /** One for each operation in their order, but for deletions of nothing; then what a cascade touched. */
  readonly changes: readonly Change[];
  /** The catalog after; the very same when nothing changes. */
  readonly catalog: Catalog;
}

/**
 * Plans operations as one transaction. References may name what the same write creates; uniqueness is that of
 * the final state, so two resources may swap their keys.
 *
 * @throws PlanError with every problem found
 */
export function plan(catalog: Catalog, operations: readonly Operation[], context: PlanContext): Plan {
  const problems = new Problems(operations);
  const references = new References();
  const claims = new Claims(problems);
  const targets = findTargets(catalog, operations, problems, references, claims);
  const deleted = targets.filter(({ operation }) => operation.action === 'delete');
  const changes = new Map<number, Change>();
  for (const { index, before } of deleted) changes.set(index, { effect: 'deleted', before });

  const revision = catalog.revision + 1;
  let draft = catalog.apply(changes.values(), revision);
  for (const [kind, group] of grouped(targets)) {
    const staged = stage(
      { catalog, draft, problems, references, claims, newRef: () => context.newRef() },
      group,
    );
    const positions = place(draft, kind, staged, problems, references);
    const made = staged.map((one) => changeOf(one, positions.get(one.ref), revision, context));
    staged.forEach(({ target, ref }, i) => {
      claims.take(target.index, kind.name, ref);
      changes.set(target.index, made[i]!);
    });
    draft = draft.apply(made.filter(isEffective), revision);
  }

  checkUnique(draft, changes, claims, problems);
  const touched = planDeletions({
    catalog,
    draft,
    deleted,
    cascade: context.cascade,
    now: context.now,
    problems,
  });
  problems.raise();
  const all = withTouched(
    [...changes].sort(([a], [b]) => a - b).map(([, one]) => one),
    touched,
  );
  return { changes: all, catalog: all.some(isEffective) ? draft.apply(touched, revision) : catalog };
}

/** Whether a change does anything. */
export const isEffective = ({ effect }: Change): boolean => effect !== 'unchanged';

/** What is to be written, in the kinds' order of dependency. */
function grouped(targets: readonly Target[]): [Kind, Target[]][] {
  return kinds.flatMap((kind): [Kind, Target[]][] => {
    const group = targets.filter(
      ({ operation }) => operation.kind === kind.name && operation.action !== 'delete',
    );
    return group.length > 0 ? [[kind, group]] : [];
  });
}

function changeOf(
  { target, ref, before, doc }: Staged,
  position: string | undefined,
  revision: number,
  context: PlanContext,
): Change {
  if (before && before.position === position && isDeepStrictEqual(before.doc, doc))
    return { effect: 'unchanged', before, after: before };
  const after: Resource = {
    kind: target.operation.kind,
    ref,
    doc,
    createdAt: before?.createdAt ?? context.now,
    updatedAt: context.now,
    revision,
    seq: before?.seq ?? context.nextSeq(),
    ...(position !== undefined && { position }),
  };
  return { effect: before ? 'updated' : 'created', before, after };
}

/** Adds what a cascade did, to the same resource's own change where it has one. */
function withTouched(changes: readonly Change[], touched: readonly Change[]): Change[] {
  const rest = new Map(touched.map((change) => [change.before!, change]));
  const merged = changes.map((change) => {
    const later = change.after && rest.get(change.after);
    if (!later) return change;
    rest.delete(change.after!);
    return { ...later, before: change.before };
  });
  return [...merged, ...rest.values()];
}
