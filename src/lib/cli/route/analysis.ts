/** What there is to know of tests beside whether they pass: on a configuration in this process. */
import type { Case } from '../../proof/suite/case.js';
import { coverageOf, witnessesFor } from '../../proof/suite/coverage.js';
import { reachedBy } from '../../proof/suite/items.js';
import { type EngineOf, type Fate, mutate } from '../../proof/suite/mutation.js';
import type { NamesOf } from '../../proof/suite/parts.js';
import { Calls } from '../../proof/suite/search/calls.js';
import { caseOf, casesOf } from '../../proof/suite/suggest.js';
import type { Decision } from '../../routing/decision.js';
import type { Snapshot } from '../../routing/snapshot.js';
import type { SuiteReport, Wishes } from './suite.js';

export class Analysis {
  private readonly reached = new Set<string>();
  private readonly calls: Calls;

  /** @param say is told what is being done */
  constructor(
    private readonly snapshot: Snapshot,
    private readonly engineOf: EngineOf,
    private readonly namesOf: NamesOf,
    private readonly say: (text: string) => void,
  ) {
    this.calls = new Calls(snapshot);
  }

  /** Notes what the decision of a test reaches. */
  note(decision: Decision): void {
    for (const id of reachedBy(this.snapshot, decision)) this.reached.add(id);
  }

  /** @param passing the tests that pass: others notice no mutant */
  async report(passing: readonly Case[], wishes: Wishes): Promise<Omit<SuiteReport, 'results'>> {
    this.say('Looking for what the tests do not reach');
    const coverage = wishes.coverage || wishes.suggest ? coverageOf(this.calls, this.reached) : [];
    return {
      coverage: wishes.coverage ? coverage : undefined,
      fates: wishes.mutate ? await this.fates(passing) : undefined,
      suggested: wishes.suggest ? await this.suggest(passing, coverage) : undefined,
    };
  }

  /** Cases for what is uncovered, and for what still nobody would notice beside these. */
  private async suggest(passing: readonly Case[], coverage: Parameters<typeof witnessesFor>[1]) {
    const covering = witnessesFor(this.calls, coverage);
    const fates = await this.fates([...passing, ...casesOf(covering).map(caseOf)]);
    return casesOf([...covering, ...fates.flatMap(({ witness }) => witness ?? [])]);
  }

  private async fates(cases: readonly Case[]): Promise<Fate[]> {
    const fates: Fate[] = [];
    for await (const fate of mutate(cases, this.calls, this.engineOf, this.namesOf)) {
      fates.push(fate);
      if (fates.length % 100 === 0) this.say(`Tried ${fates.length.toLocaleString('en')} mutants`);
    }
    return fates;
  }
}
