/** How many cases a property generates ("Developing" in README.md), and whether they are of every sort. */

/** So many times as many: 10 is a longer run, 0.1 a shorter one. */
const TIMES = Number(process.env['PROPERTY_RUNS'] ?? 1);
/** The seed that a failure reported, to have the same cases again. */
const SEED = process.env['PROPERTY_SEED'];

/** The parameters of `fc.assert` for a property that is worth so many cases in an ordinary run. */
export const cases = (count: number): { numRuns: number; seed?: number } => ({
  numRuns: Math.max(1, Math.round(count * TIMES)),
  ...(SEED !== undefined && { seed: Number(SEED) }),
});

/** Counts what became of cases, so that a property does not come to hold because nothing happens any more. */
export function counted() {
  const counts = new Map<string, number>();
  return {
    count(what: string, more = 1): void {
      counts.set(what, (counts.get(what) ?? 0) + more);
    },
    /** Each of these happened at least so often, in an ordinary run. */
    expectEach(all: readonly string[], least: number): void {
      const rare = all.filter((what) => (counts.get(what) ?? 0) < Math.min(least, least * TIMES));
      expect(rare.map((what) => `${what}: ${counts.get(what) ?? 0}`)).toEqual([]);
    },
  };
}
