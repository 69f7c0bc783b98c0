/** What a mutant is, and how one is made of a document. */
import type { Delta } from '../../../kinds/catalog.js';
import type { KindName, Resource } from '../../../kinds/kind.js';
import type { CallDocument } from '../../engine.js';
import type { Circumstances } from '../search/calls.js';

export type Operator = 'drop' | 'swap' | 'widen' | 'disable' | 'enable';

export interface Mutant {
  readonly operator: Operator;
  readonly kind: KindName;
  readonly ref: string;
  /** What of the resource is changed: `egressPolicies[0]`; empty for the resource itself. */
  readonly path: string;
  /** What it says, and what it is changed to or swapped with. */
  readonly detail: string;
  readonly deltas: readonly Delta[];
  /** Calls of which one does something else, if any call without a connect token does. */
  calls(): Iterable<CallDocument>;
}

/** A mutant of a resource with some fields changed; undefined takes one away. */
export function changing<D>(
  before: Resource<D>,
  fields: Partial<D>,
  about: Pick<Mutant, 'operator' | 'path' | 'detail' | 'calls'>,
): Mutant {
  const doc = { ...before.doc, ...fields };
  for (const name of Object.keys(fields) as (keyof D)[]) if (doc[name] === undefined) delete doc[name];
  const { kind, ref } = before;
  return { kind, ref, deltas: [{ before, after: { ...before, doc } } as unknown as Delta], ...about };
}

/**
 * The mutant of a resource that has lost a reference; none where it has none.
 * @param calls calls that would tell
 */
export function* losing<D>(
  before: Resource<D>,
  field: keyof D & string,
  calls: (ref: string) => Iterable<CallDocument>,
): Iterable<Mutant> {
  const ref = before.doc[field] as string | undefined;
  if (ref === undefined) return;
  const about = { operator: 'drop', path: field, detail: ref, calls: () => calls(ref) } as const;
  yield changing(before, { [field]: undefined } as Partial<D>, about);
}

/** Calls under each of some circumstances. */
export function* underEach(
  circumstances: readonly Circumstances[],
  calls: (circumstances: Circumstances) => Iterable<CallDocument>,
): Iterable<CallDocument> {
  for (const one of circumstances) yield* calls(one);
}

/** Entries of a list, those at some places replaced by others or, with undefined, left out. */
export const edited = <T>(
  entries: readonly T[],
  changes: { readonly [i: number]: T | undefined },
): readonly T[] => entries.flatMap((entry, i) => (i in changes ? (changes[i] ?? []) : entry) as T | T[]);
