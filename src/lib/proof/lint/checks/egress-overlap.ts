/** Egress rules together: what two of them take, what slips past one of them, and what cannot be told. */
import type { Domain } from '../../../kinds/domain.js';
import { isAnalysable } from '../../language/language.js';
import type { Check } from '../check.js';
import type { Overlap, PlannedRule } from '../egress-plan.js';
import { placeText } from '../finding.js';
import { nearMiss } from './egress-near-miss.js';
import { perRule, rulePlace, together, userDecided, type Judged } from './egress-rules.js';

/** Earlier rules that share users with this one and lead to another number. */
function competing({ domain, plan, planned }: Judged): readonly Overlap[] {
  const numberOf = ({ index }: PlannedRule) => domain.doc.egressPolicies[index]!.numberRef;
  return plan.overlapping(planned).filter(({ earlier }) => numberOf(earlier) !== numberOf(planned));
}

const overlap: Check = {
  code: 'egress-overlap',
  severity: 'note',
  summary: 'egress rules to different numbers that match the same users, neither within the other',
  advice:
    'The first rule takes them, so the order of the two decides what the calls leave by. A narrow rule before a wide one is not reported: there the order says what is meant.',
  run: perRule((judged) => {
    const { facts, domain, planned } = judged;
    // A rule that never decides anything competes for nothing, and has a finding of its own.
    if (facts.firstUser(domain, planned) === undefined) return undefined;
    const shared = competing(judged)
      .filter(({ left, right }) => !left.covers(right) && !right.covers(left))
      .flatMap(({ earlier, right }) => {
        const user = userDecided(judged, earlier, right);
        return user === undefined ? [] : [{ earlier, user }];
      });
    return together(
      judged,
      shared,
      (user, rules) => `also matches users such as ${user} that go to ${rules}`,
    );
  }),
};

/** Comes after all others: it tells what they could not. */
export const notAnalysable: Check = {
  code: 'egress-not-analysable',
  severity: 'note',
  summary: 'an egress rule that the analysis cannot reason about',
  advice:
    'What lint says of the other rules of its domain still holds, but it may say too little: a rule that this one covers is not reported. Write it more simply to have it analysed.',
  *run(facts) {
    for (const domain of facts.all<Domain>('Domain'))
      for (const { index, rule, language, first } of facts.plan(domain).rules) {
        const object = rulePlace(domain, index);
        if (!isAnalysable(language))
          yield { object, message: `${rule} cannot be analysed: ${language.notAnalysable}.` };
        else if (!isAnalysable(first))
          yield {
            object,
            message: `${rule} cannot be compared with those before it: ${first.notAnalysable}.`,
          };
      }
    // Several checks may have failed at the same rule, for the same reason.
    const told = new Set<string>();
    for (const { place, reason } of facts.tooComplex) {
      const key = `${placeText(place)} ${reason}`;
      if (told.has(key)) continue;
      told.add(key);
      yield { object: place, message: `Not everything could be told about it: ${reason}.` };
    }
  },
};

export const egressOverlapChecks: readonly Check[] = [overlap, nearMiss];
