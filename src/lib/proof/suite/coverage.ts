/** What tests reach of a configuration, and calls that reach the rest of it. */
import { type Item, itemsOf, reachedBy } from './items.js';
import type { Calls } from './search/calls.js';
import { type Witness, witnessOf } from './search/witness.js';

/** Whether tests reach an item, and if not whether any call can. */
export interface Reach {
  readonly item: Item;
  /** `unreachable`: no call reaches it. `unknown`: that cannot be told. */
  readonly state: 'covered' | 'uncovered' | 'unreachable' | 'unknown';
  /** Why it is unreachable or unknown. */
  readonly why: string | null;
  /** A call that reaches what is uncovered. */
  readonly witness?: Witness;
}

/**
 * All items of a configuration, and whether tests reach them.
 * @param reached ids of what tests reach (see `reachedBy`)
 */
export function coverageOf(calls: Calls, reached: ReadonlySet<string>): Reach[] {
  return itemsOf(calls.snapshot).map((item): Reach => {
    if (reached.has(item.id)) return { item, state: 'covered', why: null };
    const finding = witnessOf(calls, item);
    if ('call' in finding) return { item, state: 'uncovered', why: null, witness: finding };
    return 'unreachable' in finding
      ? { item, state: 'unreachable', why: finding.unreachable }
      : { item, state: 'unknown', why: finding.unknown };
  });
}

/** Calls that together reach every uncovered item: one that reaches several stands for all of them. */
export function witnessesFor(calls: Calls, coverage: readonly Reach[]): Witness[] {
  const reached = new Set<string>();
  return coverage.flatMap(({ item, witness }) => {
    if (!witness || reached.has(item.id)) return [];
    for (const id of reachedBy(calls.snapshot, witness.decision)) reached.add(id);
    return [witness];
  });
}
