/**
 * Properties: how many cases they generate, of which seed ("Developing" in README.md), and whether there were some of
 * every sort. Tests take fast-check from here, so that what it generates is the same in every ordinary run: a change
 * fails for what it does, and never for what a neighbour's dice showed.
 */
import fc from 'fast-check';

/** So many times as many cases: 10 is a longer run, 0.1 a shorter one. */
const TIMES = Number(process.env['PROPERTY_RUNS'] ?? 1);

/** The seed of all properties: that of every ordinary run, one that a failure reported, or (`random`) one never tried. */
function seedOf(text = '20261129'): number {
  const seed = text === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(text);
  if (!Number.isInteger(seed)) throw new Error(`PROPERTY_SEED: “${text}” is not a whole number or “random”.`);
  return seed;
}

const seed = seedOf(process.env['PROPERTY_SEED']);
fc.configureGlobal({ seed });
export { fc };

/** The parameters of `fc.assert` for a property that is worth so many cases in an ordinary run. */
export const cases = (count: number): { numRuns: number } => ({
  numRuns: Math.max(1, Math.round(count * TIMES)),
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
      expect(rare.map((what) => `${what}: ${counts.get(what) ?? 0} with seed ${seed}`)).toEqual([]);
    },
  };
}
