/** The work of `ctl route test`: cases run, coverage measured, mutants tried, cases suggested. */
import type { Case } from '../../proof/suite/case.js';
import type { Reach } from '../../proof/suite/coverage.js';
import type { Fate } from '../../proof/suite/mutation.js';
import type { NamesOf } from '../../proof/suite/parts.js';
import type { Result } from '../../proof/suite/run.js';
import type { CaseDocument } from '../../proof/suite/suggest.js';
import type { Snapshot } from '../../routing/snapshot.js';
import type { Subject } from './subject.js';

/** What is to be found out. */
export interface Wishes {
  readonly coverage: boolean;
  readonly mutate: boolean;
  readonly suggest: boolean;
}

/** What was found out. */
export interface SuiteReport {
  readonly results: readonly Result[];
  readonly coverage: readonly Reach[] | undefined;
  readonly fates: readonly Fate[] | undefined;
  readonly suggested: readonly CaseDocument[] | undefined;
}

type Say = (text: string) => void;

/** Runs cases on a configuration, and finds out what else is wished. */
export async function runTests(
  cases: readonly Case[],
  subject: Subject,
  wishes: Wishes,
  say: Say,
): Promise<SuiteReport> {
  const { coverage, mutate, suggest } = wishes;
  const named = cases.some(({ expectations }) => expectations.some(({ part }) => part.isNamed));
  const snapshot = named || coverage || mutate || suggest ? await subject.snapshot() : undefined;
  const results = await run(cases, subject, namesIn(snapshot), say);
  if (!snapshot || !(coverage || mutate || suggest))
    return { results, coverage: undefined, fates: undefined, suggested: undefined };
  return new Analysis(snapshot, subject, results, say).report(wishes);
}

async function run(cases: readonly Case[], subject: Subject, namesOf: NamesOf, say: Say): Promise<Result[]> {
  const { runSuite } = await import('../../proof/suite/run.js');
  const results: Result[] = [];
  if (cases.length === 0) return results;
  for await (const some of runSuite(cases, await subject.engine(), namesOf)) {
    results.push(...some);
    say(`Ran ${results.length.toLocaleString('en')} tests`);
  }
  return results;
}

/** Natural keys of resources. */
const namesIn =
  (snapshot: Snapshot | undefined): NamesOf =>
  (kind, ref) => {
    const resource = snapshot?.catalog.get(kind, ref);
    return resource ? [snapshot!.catalog.label(resource)] : [];
  };

/** What is found out beside running the cases; on a configuration in this process. */
class Analysis {
  constructor(
    private readonly snapshot: Snapshot,
    private readonly subject: Subject,
    private readonly results: readonly Result[],
    private readonly say: Say,
  ) {}

  async report({ coverage, mutate, suggest }: Wishes): Promise<SuiteReport> {
    const { Calls } = await import('../../proof/suite/search/calls.js');
    const { casesOf } = await import('../../proof/suite/suggest.js');
    const { witnessesFor } = await import('../../proof/suite/coverage.js');
    const calls = new Calls(this.snapshot);
    const reach = coverage || suggest ? await this.coverage(calls) : undefined;
    const wanted = suggest ? witnessesFor(calls, reach!) : [];
    const added = casesOf(wanted);
    const fates = mutate || suggest ? await this.fates(calls, added) : undefined;
    const survivors = suggest ? fates!.flatMap(({ witness }) => witness ?? []) : [];
    return {
      results: this.results,
      coverage: coverage ? reach : undefined,
      // What the suggested cases notice is not to the credit of those that are there.
      fates: mutate ? (suggest ? await this.fates(calls, []) : fates) : undefined,
      suggested: suggest ? casesOf([...wanted, ...survivors]) : undefined,
    };
  }

  private async coverage(calls: InstanceType<typeof import('../../proof/suite/search/calls.js').Calls>) {
    this.say('Looking for what the tests do not reach');
    const { coverageOf } = await import('../../proof/suite/coverage.js');
    const { reachedBy } = await import('../../proof/suite/items.js');
    const reached = new Set<string>();
    for (const { decision } of this.results)
      if (decision) for (const id of reachedBy(this.snapshot, decision)) reached.add(id);
    return coverageOf(calls, reached);
  }

  /** What becomes of mutants where these cases are run beside those that pass. */
  private async fates(
    calls: InstanceType<typeof import('../../proof/suite/search/calls.js').Calls>,
    added: readonly CaseDocument[],
  ): Promise<Fate[]> {
    const { mutate } = await import('../../proof/suite/mutation.js');
    const passing = this.results.flatMap(({ test, passed }) => (passed ? test : []));
    const { caseOf } = await import('../../proof/suite/suggest.js');
    const fates: Fate[] = [];
    const cases = [...passing, ...added.map(caseOf)];
    for await (const fate of mutate(cases, calls, await this.subject.engines(), namesIn(this.snapshot))) {
      fates.push(fate);
      if (fates.length % 100 === 0) this.say(`Tried ${fates.length.toLocaleString('en')} mutants`);
    }
    return fates;
  }
}
