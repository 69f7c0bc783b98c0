/** Brings resources with a declared order into the order of a write, moving as few of them as can be. */
import type { Order } from '../kinds/order.js';

/**
 * Moves resources that stand in `order` until they follow each other as given; the others stay where they are.
 *
 * @returns the new keys of those that moved
 */
export function arrange(
  order: Order,
  refs: readonly string[],
  positions: ReadonlyMap<string, string>,
): Map<string, string> {
  const kept = longestIncreasing(refs.map((ref) => positions.get(ref)!));
  const moved = new Map<string, string>();
  refs.forEach((ref, i) => {
    if (kept.has(i)) return;
    const previous = refs[i - 1];
    const position =
      previous === undefined
        ? order.beside(ref, refs[Math.min(...kept)]!, 0)
        : order.beside(ref, previous, 1);
    moved.set(ref, position);
  });
  return moved;
}

/** Indexes of a longest increasing subsequence. */
function longestIncreasing(values: readonly string[]): Set<number> {
  /** For each length, the index of the least value that such a subsequence can end with. */
  const ends: number[] = [];
  const previous: (number | undefined)[] = [];
  values.forEach((value, i) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (values[ends[middle]!]! < value) low = middle + 1;
      else high = middle;
    }
    previous[i] = ends[low - 1];
    ends[low] = i;
  });
  const found = new Set<number>();
  for (let i = ends.at(-1); i !== undefined; i = previous[i]) found.add(i);
  return found;
}
