/** How tests of suites ask: engines of snapshots, and cases as if a file had them. */
import { type Engine, snapshotEngine } from '../../../../src/lib/proof/engine.js';
import { type CaseDocument, caseOf } from '../../../../src/lib/proof/suite/suggest.js';
import { type Fate, mutate } from '../../../../src/lib/proof/suite/mutation.js';
import type { NamesOf } from '../../../../src/lib/proof/suite/parts.js';
import { type Result, runSuite } from '../../../../src/lib/proof/suite/run.js';
import type { Calls } from '../../../../src/lib/proof/suite/search/calls.js';
import type { Snapshot } from '../../../../src/lib/routing/snapshot.js';

/** No token is valid here. */
export const engineOf = (snapshot: Snapshot): Engine =>
  snapshotEngine(
    snapshot,
    () => Promise.resolve({ state: 'invalid' }),
    () => 0,
  );

export const namesOf =
  ({ catalog }: Snapshot): NamesOf =>
  (kind, ref) => {
    const resource = catalog.get(kind, ref);
    return resource ? [catalog.label(resource)] : [];
  };

/** The results of cases on a snapshot. */
export async function resultsOf(snapshot: Snapshot, documents: readonly CaseDocument[]): Promise<Result[]> {
  const results: Result[] = [];
  for await (const some of runSuite(documents.map(caseOf), engineOf(snapshot), namesOf(snapshot)))
    results.push(...some);
  return results;
}

/** What becomes of the mutants of a configuration. */
export async function fatesOf(calls: Calls, documents: readonly CaseDocument[]): Promise<Fate[]> {
  const fates: Fate[] = [];
  for await (const fate of mutate(documents.map(caseOf), calls, engineOf, namesOf(calls.snapshot)))
    fates.push(fate);
  return fates;
}
