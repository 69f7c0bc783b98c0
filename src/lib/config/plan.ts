/**
 * Turns operations into ordered changes against a catalog: one engine for create, update, put and delete.
 * Pure: time, refs and sequence numbers come from outside, nothing is stored. All problems of all operations
 * are found at once; nothing is planned when there is one.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Catalog } from '../kinds/catalog.js';
import { kinds } from '../kinds/index.js';
import type { Kind, KindName, Resource } from '../kinds/kind.js';
import type { Change, Operation } from './operation.js';
import { place } from './place.js';
import { Problems } from './problems.js';
import { References } from './references.js';
import { planDeletions } from './removal.js';
import { inSequence } from './sequence.js';
import { atOnce, type Steps } from './steps.js';
import { stage, type Staged } from './stage.js';
import { checkMass, type Sync, unnamed } from './sync.js';
import { Claims, findTargets, type Target } from './targets.js';
import { checkUnique } from './unique.js';

export interface PlanContext {
  /** Let deletions take along or detach what refers to the deleted. */
  readonly cascade: boolean;
  /** Also delete what no put names. */
  readonly sync?: Sync | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  newRef(): string;
  /** The next creation number, over all kinds. */
  nextSeq(): number;
}

export interface Plan {
  /**
   * One for each operation in their order, but for deletions of nothing; then those of a sync; then what a cascade
   * touched.
   */
  readonly changes: readonly Change[];
  /** The changes that do something, in an order in which no reference dangles after any of them. */
  readonly deltas: readonly Change[];
  /** The catalog after; the very same when nothing changes. */
  readonly catalog: Catalog;
}

/**
 * Plans operations as one transaction. References may name what the same write creates; uniqueness is that of
 * the final state, so two resources may swap their keys.
 *
 * @throws PlanError with every problem found
 */
export const plan = (catalog: Catalog, operations: readonly Operation[], context: PlanContext): Plan =>
  atOnce(planInSteps(catalog, operations, context));

/** As `plan`, with pauses. */
export const planInSteps = (
  catalog: Catalog,
  operations: readonly Operation[],
  context: PlanContext,
): Steps<Plan> => new Planning(catalog, operations, context).run();

class Planning {
  /** Those that were given, then a deletion for each resource that a sync does away with. */
  private readonly operations: Operation[];
  private readonly problems: Problems;
  private readonly references = new References();
  private readonly claims: Claims;
  private readonly changes = new Map<number, Change>();
  private readonly deleted: Target[] = [];
  private readonly revision: number;
  private draft: Catalog;

  constructor(
    private readonly catalog: Catalog,
    operations: readonly Operation[],
    private readonly context: PlanContext,
  ) {
    this.operations = [...operations];
    this.problems = new Problems(this.operations);
    this.claims = new Claims(this.problems);
    this.revision = catalog.revision + 1;
    this.draft = catalog;
  }

  *run(): Steps<Plan> {
    const { catalog, problems, claims, context, revision } = this;
    const targets = yield* findTargets(catalog, this.operations, problems, this.references, claims);
    this.remove(targets.filter(({ operation }) => operation.action === 'delete'));
    const groups = grouped(targets);
    for (const kind of kinds) yield* this.write(kind, groups.get(kind.name) ?? []);
    yield* checkUnique(this.draft, this.changes, claims, problems);
    const { draft, deleted } = this;
    const { cascade, now, sync } = context;
    const touched = planDeletions({ catalog, draft, deleted, cascade, now, problems });
    problems.raise();
    const own = [...this.changes].sort(([a], [b]) => a - b).map(([, one]) => one);
    const changes = withTouched(own, touched);
    if (sync) checkMass(catalog, sync, changes);
    const deltas = inSequence(changes.filter(isEffective));
    return { changes, deltas, catalog: deltas.length > 0 ? draft.apply(touched, revision) : catalog };
  }

  private remove(targets: readonly Target[]): void {
    const made = targets.map(({ before }): Change => ({ effect: 'deleted', before }));
    targets.forEach(({ index }, i) => this.changes.set(index, made[i]!));
    this.deleted.push(...targets);
    if (made.length > 0) this.draft = this.draft.apply(made, this.revision);
  }

  /** Plans what is to be written of a kind; the kinds that it refers to are planned already. */
  private *write(kind: Kind, targets: readonly Target[]): Steps<void> {
    const { catalog, problems, references, claims, context, revision } = this;
    const newRef = () => context.newRef();
    const staged = yield* stage(
      { catalog, draft: this.draft, problems, references, claims, newRef },
      targets,
    );
    for (const { target, ref, before } of staged)
      // Others are claimed already.
      if (!before && target.ref === undefined) claims.take(target.index, kind.name, ref);
    const synced = context.sync?.kinds.includes(kind.name) ?? false;
    if (synced) this.remove(this.superfluous(kind));
    if (staged.length === 0) return;
    const positions = place(this.draft, kind, staged, problems, references, synced);
    const effective: Change[] = [];
    for (const one of staged) {
      yield;
      const change = changeOf(one, positions.get(one.ref), revision, context);
      this.changes.set(one.target.index, change);
      if (isEffective(change)) effective.push(change);
    }
    if (effective.length > 0) this.draft = yield* this.draft.applyInSteps(effective, revision);
  }

  /** Deletions of what a sync does away with, as if they had been asked for. */
  private superfluous(kind: Kind): Target[] {
    return unnamed(this.catalog, kind.name, this.claims).map((before) => {
      const operation: Operation = { action: 'delete', kind: kind.name, key: before.ref };
      return { index: this.operations.push(operation) - 1, operation, before };
    });
  }
}

/** Whether a change does anything. */
const isEffective = ({ effect }: Change): boolean => effect !== 'unchanged';

/** What is to be written, by kind. */
function grouped(targets: readonly Target[]): Map<KindName, Target[]> {
  const groups = new Map<KindName, Target[]>(kinds.map(({ name }) => [name, []]));
  for (const target of targets)
    if (target.operation.action !== 'delete') groups.get(target.operation.kind)!.push(target);
  return groups;
}

function changeOf(
  { target, ref, before, doc }: Staged,
  position: string | undefined,
  revision: number,
  context: PlanContext,
): Change {
  const same = before && (before.doc === doc || isDeepStrictEqual(before.doc, doc));
  if (same && before.position === position) return { effect: 'unchanged', before, after: before };
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
