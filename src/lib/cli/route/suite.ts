/** The work of `ctl route test`: cases run, coverage measured, mutants tried, cases suggested. */
import type { Case } from '../../proof/suite/case.js';
import type { Reach } from '../../proof/suite/coverage.js';
import type { Fate } from '../../proof/suite/mutation.js';
import type { NamesOf } from '../../proof/suite/parts.js';
import { type Result, runSuite } from '../../proof/suite/run.js';
import type { CaseDocument } from '../../proof/suite/suggest.js';
import type { Decision } from '../../routing/decision.js';
import type { Snapshot } from '../../routing/snapshot.js';
import type { Subject } from './subject.js';

/** What is to be found out beside whether tests pass. */
export interface Wishes {
  readonly coverage: boolean;
  readonly mutate: boolean;
  readonly suggest: boolean;
}

/** What was found out. */
export interface SuiteReport {
  readonly results: readonly Result[];
  readonly coverage?: readonly Reach[] | undefined;
  readonly fates?: readonly Fate[] | undefined;
  readonly suggested?: readonly CaseDocument[] | undefined;
}

type Say = (text: string) => void;

/** Runs cases on a configuration, and finds out what else is wished. */
export async function runTests(
  cases: readonly Case[],
  subject: Subject,
  wishes: Wishes,
  say: Say,
): Promise<SuiteReport> {
  const named = cases.some(({ expectations }) => expectations.some(({ part }) => part.isNamed));
  const isMore = Object.values(wishes).some(Boolean);
  // First of all, since it settles the revision that the daemon is asked about.
  const snapshot = named || isMore ? await subject.snapshot() : undefined;
  const namesOf = namesIn(snapshot);
  if (!snapshot || !isMore) return { results: await run(cases, subject, namesOf, say) };
  const { Analysis } = await import('./analysis.js');
  const analysis = new Analysis(snapshot, await subject.engines(), namesOf, say);
  const results = await run(cases, subject, namesOf, say, (decision) => analysis.note(decision));
  const passing = results.flatMap(({ test, passed }) => (passed ? test : []));
  return { results, ...(await analysis.report(passing, wishes)) };
}

/** The results of cases, without their decisions: there may be many. */
async function run(
  cases: readonly Case[],
  subject: Subject,
  namesOf: NamesOf,
  say: Say,
  note: (decision: Decision) => void = () => {},
): Promise<Result[]> {
  const results: Result[] = [];
  if (cases.length === 0) return results;
  for await (const batch of runSuite(cases, await subject.engine(), namesOf)) {
    for (const { decision, ...result } of batch) {
      if (decision) note(decision);
      results.push(result);
    }
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
