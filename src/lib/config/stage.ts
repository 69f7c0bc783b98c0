/** From the operations on one kind to the canonical documents they want. */
import { type Catalog, keyValue } from '../kinds/catalog.js';
import { kindOf } from '../kinds/index.js';
import {
  type Document,
  type Field,
  type Kind,
  type Problem,
  type Resource,
  referencesOf,
} from '../kinds/kind.js';
import { validate } from '../kinds/validate.js';
import { isAsGiven } from './equal.js';
import { fixedChanges, wanted } from './merge.js';
import type { Problems } from './problems.js';
import type { References } from './references.js';
import type { Steps } from './steps.js';
import type { Claims, Target } from './targets.js';

/** A wanted resource: valid, with its references resolved; not placed and not yet unique. */
export interface Staged {
  readonly target: Target;
  readonly ref: string;
  readonly before?: Resource | undefined;
  readonly doc: Document;
}

export interface Stage {
  /** Before the write. */
  readonly catalog: Catalog;
  /** With what the write does to the kinds before this one, and without what it deletes. */
  readonly draft: Catalog;
  readonly problems: Problems;
  readonly references: References;
  readonly claims: Claims;
  newRef(): string;
}

/** Stages the operations on one kind. Those with problems are left out. */
export function* stage(context: Stage, targets: readonly Target[]): Steps<Staged[]> {
  const staged: Staged[] = [];
  for (const target of targets) {
    yield;
    const done = stageOne(context, target);
    if (done) staged.push(done);
    else if (!target.before)
      context.references.expect(kindOf(target.operation.kind), target.ref, target.operation.document);
  }
  return staged;
}

function stageOne(context: Stage, target: Target): Staged | undefined {
  const kind = kindOf(target.operation.kind);
  const { operation, before: there } = target;
  if (operation.action === 'put' && there && isAsGiven(kind, there.doc, operation.document))
    return { target, ref: there.ref, before: there, doc: there.doc };
  const first = document(context, kind, target, target.before);
  const found =
    first.doc && !target.before && !target.ref ? keyHolder(context, kind, target, first.doc) : undefined;
  const { doc, problems } = found ? document(context, kind, target, found) : first;
  const before = target.before ?? found;
  if (doc && before) problems.push(...fixedChanges(kind, before.doc, doc));
  for (const { field, message } of problems)
    context.problems.add(
      target.index,
      'INVALID_ARGUMENT',
      field,
      field === '' ? `the ${kind.noun} ${message}` : message,
    );
  if (!doc || context.problems.has(target.index)) return undefined;
  if (found && !context.claims.take(target.index, kind.name, found.ref)) return undefined;
  return { target, ref: before?.ref ?? target.ref ?? context.newRef(), before, doc };
}

function document(
  context: Stage,
  kind: Kind,
  { operation }: Target,
  before: Resource | undefined,
): { doc?: Document; problems: Problem[] } {
  const { references, draft } = context;
  const kept =
    before && new Set(referencesOf(kind, before.doc).map(({ field, ref }) => `${field.to}\0${ref}`));
  const comparable = (field: Field, entry: unknown): unknown => {
    if (field.type !== 'structs' || typeof entry !== 'object' || entry === null) return entry;
    return Object.fromEntries(
      Object.entries(entry).map(([name, value]: [string, unknown]) => {
        const of = field.of[name];
        if (of?.type !== 'reference' || typeof value !== 'string') return [name, value];
        const found = references.resolve(draft, of, value, kept);
        return [name, 'ref' in found ? found.ref : value];
      }),
    );
  };
  const { input, problems } = wanted(kind, before?.doc, operation, comparable);
  const checked = validate(kind, input, {
    resolve: (field, text) => references.resolve(draft, field, text, kept),
  });
  return { ...checked, problems: [...problems, ...checked.problems] };
}

/** Whom a put without a key means: the resource that has one of the document's unique keys. */
function keyHolder(
  { catalog, draft }: Stage,
  kind: Kind,
  target: Target,
  doc: Document,
): Resource | undefined {
  if (target.operation.action !== 'put') return undefined;
  for (const [i, key] of kind.keys.entries()) {
    const value = key.unique ? keyValue(kind, key, doc) : undefined;
    const ref = value === undefined ? undefined : catalog.holders(kind.name, i, value)[0];
    if (ref !== undefined && draft.get(kind.name, ref)) return catalog.get(kind.name, ref);
  }
  return undefined;
}
