/** What holds of every configuration: of suggested suites, of what no call reaches, and of mutants. */
import { Snapshot } from '../../../../src/lib/routing/snapshot.js';
import { decide } from '../../../../src/lib/routing/decide.js';
import type { Call } from '../../../../src/lib/routing/call.js';
import { behaviourOf } from '../../../../src/lib/proof/suite/behaviour.js';
import { coverageOf, witnessesFor } from '../../../../src/lib/proof/suite/coverage.js';
import { type Footprint, touchedBy, watched } from '../../../../src/lib/proof/suite/footprint.js';
import { reachedBy } from '../../../../src/lib/proof/suite/items.js';
import { mutantsOf } from '../../../../src/lib/proof/suite/mutants/index.js';
import { percentOf, scoreOf } from '../../../../src/lib/proof/suite/score.js';
import { Calls } from '../../../../src/lib/proof/suite/search/calls.js';
import { casesOf } from '../../../../src/lib/proof/suite/suggest.js';
import { snapshotOf } from '../../../support/catalog.js';
import { ArbitraryWorld, callWithin } from '../../routing/arbitrary.js';
import { seed } from '../../routing/seed.js';
import { fatesOf, resultsOf } from './support.js';
import { cases, fc } from '../../../support/property.js';

const RUNS = 12;

/** Runs a suite that was suggested for a configuration. */
async function suggested(snapshot: Snapshot) {
  const calls = new Calls(snapshot);
  const coverage = coverageOf(calls, new Set());
  const cases = casesOf(witnessesFor(calls, coverage));
  const results = await resultsOf(snapshot, cases);
  const reached = new Set(results.flatMap(({ decision }) => reachedBy(snapshot, decision!)));
  const survivors = (await fatesOf(calls, cases)).flatMap(({ witness }) => witness ?? []);
  const all = [...cases, ...casesOf(survivors)];
  return {
    failed: results.filter(({ passed }) => !passed),
    percent: percentOf(coverageOf(calls, reached)),
    fates: await fatesOf(calls, all),
  };
}

test('a suggested suite reaches all of the documentation’s configuration, and kills its mutants', async () => {
  const { failed, percent, fates } = await suggested(snapshotOf(seed));
  expect({ failed, percent, score: scoreOf(fates) }).toEqual({ failed: [], percent: 100, score: 100 });
});

/** A call without a token, since no search makes those that have a valid one. */
const tokenless = (call: Call): Call => {
  const state = call.connectToken.state === 'none' ? 'none' : 'invalid';
  return { ...call, connectToken: { state } };
};

test('a suggested suite passes, reaches all and kills all, whatever the configuration', async () => {
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (draw) => {
      const { failed, percent, fates } = await suggested(Snapshot.of(new ArbitraryWorld(draw).catalog()));
      expect({ failed, percent, score: scoreOf(fates) }).toEqual({ failed: [], percent: 100, score: 100 });
    }),
    { ...cases(RUNS), endOnFailure: true },
  );
});

test('what is called unreachable is reached by no call, and what is called equivalent does the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (draw) => {
      const world = new ArbitraryWorld(draw);
      const snapshot = Snapshot.of(world.catalog());
      const calls = new Calls(snapshot);
      const unreachable = new Set(
        coverageOf(calls, new Set()).flatMap(({ item, state }) => (state === 'unreachable' ? item.id : [])),
      );
      const fates = await fatesOf(calls, []);
      const equivalent = fates.flatMap(({ mutant, state }) => (state === 'equivalent' ? mutant : []));
      const mutants = equivalent.map(({ deltas }) =>
        snapshot.apply(deltas, snapshot.catalog.apply(deltas, snapshot.revision)),
      );
      for (let i = 0; i < 40; i++) {
        const call = tokenless(callWithin(draw, world));
        const decision = decide(snapshot, call);
        expect(reachedBy(snapshot, decision).filter((id) => unreachable.has(id))).toEqual([]);
        for (const [n, mutant] of mutants.entries())
          expect([equivalent[n]!, behaviourOf(decide(mutant, call))]).toEqual([
            equivalent[n]!,
            behaviourOf(decision),
          ]);
      }
    }),
    { ...cases(100), endOnFailure: true },
  );
});

test('a change leaves calls as they are that looked at nothing it touches', async () => {
  await fc.assert(
    fc.property(fc.gen(), (draw) => {
      const world = new ArbitraryWorld(draw);
      const snapshot = Snapshot.of(world.catalog());
      const looks = Array.from({ length: 10 }, () => {
        const call = callWithin(draw, world);
        const footprint: Footprint = new Set();
        return { call, decision: decide(watched(snapshot, footprint), call), footprint };
      });
      for (const { deltas } of mutantsOf(new Calls(snapshot))) {
        const changed = snapshot.apply(deltas, snapshot.catalog.apply(deltas, snapshot.revision));
        const touched = [...touchedBy(deltas)];
        for (const { call, decision, footprint } of looks)
          if (!touched.some((mark) => footprint.has(mark))) expect(decide(changed, call)).toEqual(decision);
      }
    }),
    { ...cases(RUNS), endOnFailure: true },
  );
});
