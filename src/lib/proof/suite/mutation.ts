/** Which mistakes in a configuration a suite of tests would notice. */
import type { Snapshot } from '../../routing/snapshot.js';
import { BATCH } from '../batches.js';
import { answersTo, type Engine } from '../engine.js';
import { behaveAlike } from './behaviour.js';
import type { Case } from './case.js';
import { type Footprint, touchedBy, watched } from './footprint.js';
import { type Mutant, mutantsOf } from './mutants/index.js';
import type { NamesOf } from './parts.js';
import { resultOf } from './run.js';
import type { Calls } from './search/calls.js';
import { decideCall, type Witness } from './search/witness.js';

/** What became of a mutant. */
export interface Fate {
  readonly mutant: Mutant;
  /** `equivalent`: no call does anything else. `unknown`: none was found that does, but there may be one. */
  readonly state: 'killed' | 'survived' | 'equivalent' | 'unknown';
  /** The test that noticed it. */
  readonly killedBy: string | null;
  /** Why it is unknown. */
  readonly why: string | null;
  /** A call that tells a survivor from the configuration, and what it does there. */
  readonly witness?: Witness;
}

/** Makes an engine of a snapshot in this process. */
export type EngineOf = (snapshot: Snapshot) => Engine;

/** The tests by what their calls look at. */
class Tests {
  private readonly byMark = new Map<string, number[]>();

  private constructor(
    private readonly tests: readonly Case[],
    private readonly namesOf: NamesOf,
  ) {}

  /** Those that fail without any mutant, such as ones that need the secrets of a daemon, are left out. */
  static async of(cases: readonly Case[], snapshot: Snapshot, engineOf: EngineOf, namesOf: NamesOf) {
    const tests = new Tests(cases.map(withoutIdentity), namesOf);
    for (const [i, { call }] of cases.entries()) {
      const footprint: Footprint = new Set();
      const [answer] = await answersTo(engineOf(watched(snapshot, footprint)), [call]);
      if (!resultOf(cases[i]!, answer!, namesOf).passed) continue;
      for (const mark of footprint) tests.note(mark, i);
    }
    return tests;
  }

  private note(mark: string, test: number): void {
    const known = this.byMark.get(mark);
    if (known) known.push(test);
    else this.byMark.set(mark, [test]);
  }

  /** The first test that fails on a mutant. */
  async failing(mutant: Mutant, engine: Engine): Promise<Case | undefined> {
    const concerned = new Set<number>();
    for (const mark of touchedBy(mutant.deltas))
      for (const test of this.byMark.get(mark) ?? []) concerned.add(test);
    const tests = [...concerned].sort((a, b) => a - b).map((i) => this.tests[i]!);
    for (let i = 0; i < tests.length; i += BATCH) {
      const batch = tests.slice(i, i + BATCH);
      const answers = await answersTo(
        engine,
        batch.map(({ call }) => call),
      );
      const failed = batch.find((test, n) => !resultOf(test, answers[n]!, this.namesOf).passed);
      if (failed) return failed;
    }
    return undefined;
  }
}

/** A mutant rule is another rule: that a test names the old one tells nothing of what calls do. */
const withoutIdentity = ({ name, file, call, expectations }: Case): Case => ({
  name,
  file,
  place: file,
  call,
  expectations: expectations.filter(({ part }) => !part.isIdentity),
});

/**
 * What becomes of every mutant of a configuration. Cases that fail without any notice nothing.
 */
export async function* mutate(
  cases: readonly Case[],
  calls: Calls,
  engineOf: EngineOf,
  namesOf: NamesOf,
): AsyncGenerator<Fate> {
  const { snapshot } = calls;
  const tests = await Tests.of(cases, snapshot, engineOf, namesOf);
  for (const mutant of mutantsOf(calls)) {
    const catalog = snapshot.catalog.apply(mutant.deltas, snapshot.revision);
    const changed = snapshot.apply(mutant.deltas, catalog);
    const killer = await tests.failing(mutant, engineOf(changed));
    yield killer
      ? { mutant, state: 'killed', killedBy: killer.name, why: null }
      : fateOf(mutant, calls, changed);
  }
}

/** What a mutant is that no test notices. */
function fateOf(mutant: Mutant, calls: Calls, changed: Snapshot): Fate {
  calls.doubts.clear();
  for (const call of mutant.calls()) {
    const decision = decideCall(calls.snapshot, call);
    const other = decideCall(changed, call);
    if (decision && other && !behaveAlike(decision, other))
      return { mutant, state: 'survived', killedBy: null, why: null, witness: { call, decision } };
  }
  const [why = null] = calls.doubts;
  return { mutant, state: why === null ? 'equivalent' : 'unknown', killedBy: null, why };
}
