/** How good a suite is, in percent. */
import type { Reach } from './coverage.js';
import type { Fate } from './mutation.js';

/** @param all what could be; 100 where that is nothing */
const percent = (part: number, all: number): number => (all === 0 ? 100 : (part / all) * 100);

const count = <S>(found: readonly { readonly state: S }[], wanted: S): number =>
  found.filter(({ state }) => state === wanted).length;

/** The share of items that tests reach, of those that a call can. */
export function percentOf(coverage: readonly Reach[]): number {
  const covered = count(coverage, 'covered');
  return percent(covered, covered + count(coverage, 'uncovered'));
}

/** The share of mutants that tests noticed, of those that any could. */
export function scoreOf(fates: readonly Fate[]): number {
  const killed = count(fates, 'killed');
  return percent(killed, killed + count(fates, 'survived'));
}
