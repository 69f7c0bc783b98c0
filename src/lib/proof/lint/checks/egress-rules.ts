/** Egress rules one by one: whether each ever decides, and where its calls go. */
import type { Domain } from '../../../kinds/domain.js';
import type { Resource } from '../../../kinds/kind.js';
import type { TelNumber } from '../../../kinds/number.js';
import type { Trunk } from '../../../kinds/trunk.js';
import { matchingRules } from '../../../routing/egress.js';
import {
  analysed,
  beginningOf,
  isAnalysable,
  Language,
  type NotAnalysable,
} from '../../language/language.js';
import { isAnchored } from '../../language/program.js';
import type { Check } from '../check.js';
import { coverOf, type EgressPlan, type PlannedRule } from '../egress-plan.js';
import type { Facts } from '../facts.js';
import { listText, placeOf, type Found, type Place } from '../finding.js';

/** A rule, where it stands, and what can be known of it: what it matches, and what no earlier rule does. */
export interface Judged {
  readonly facts: Facts;
  readonly domain: Resource<Domain>;
  readonly plan: EgressPlan;
  readonly planned: PlannedRule;
  readonly place: Place;
  readonly language: Language;
  readonly first: Language;
}

type Judge = (judged: Judged) => Found | NotAnalysable | undefined;

/** A check of every analysable egress rule. Where the analysis grows too large, `egress-not-analysable` says so. */
export const perRule = (judge: Judge): Check['run'] =>
  function* (facts) {
    for (const domain of facts.all<Domain>('Domain')) {
      const plan = facts.plan(domain);
      for (const planned of plan.rules) {
        const { language, first, index } = planned;
        if (!isAnalysable(language) || !isAnalysable(first)) continue;
        const place = rulePlace(domain, index);
        const found = analysed(() => judge({ facts, domain, plan, planned, place, language, first }));
        if (found === undefined) continue;
        if ('notAnalysable' in found) facts.tooComplex.push({ place, reason: found.notAnalysable });
        else yield found;
      }
    }
  };

/** The user, unless a rule before this one takes it that is not analysable. */
export const decidedBy = (
  { domain, plan }: Judged,
  { index }: PlannedRule,
  user: string | undefined,
): string | undefined =>
  user === undefined || index < plan.firstUnknown || matchingRules(domain.doc, user)[0] === index
    ? user
    : undefined;

export const rulePlace = (domain: Resource<Domain>, index: number): Place =>
  placeOf(domain, `egressPolicies[${index}]`);

/** `egressPolicies[0] (^\+1)`. */
export const ruleText = ({ index, rule }: PlannedRule): string => `egressPolicies[${index}] (${rule})`;

/** A user of the language that a rule decides. */
export const userDecided = (judged: Judged, rule: PlannedRule, language: Language): string | undefined =>
  isAnalysable(rule.first)
    ? decidedBy(judged, rule, judged.facts.egressUser(judged.domain, rule.first.intersect(language)))
    : undefined;

/** A finding about this rule and some before it, if there are any. */
export function together(
  { facts, domain, planned, place }: Judged,
  found: readonly { readonly earlier: PlannedRule; readonly user: string }[],
  message: (user: string, rules: string) => string,
): Found | undefined {
  const [first] = found;
  if (!first) return undefined;
  const rules = found.map(({ earlier }) => earlier);
  return {
    object: place,
    message: `${planned.rule} ${message(first.user, listText(rules.map(ruleText)))}.`,
    witness: facts.callIn(domain, first.user),
    related: rules.map(({ index }) => rulePlace(domain, index)),
  };
}

const empty: Check = {
  code: 'egress-empty',
  severity: 'error',
  summary: 'an egress rule that no dialled user can match',
  advice:
    'A telephone number reaches the rules without separators: `^555-1234$` never matches, `^5551234$` does. Blanks around a user are gone too.',
  run: perRule(({ language, planned: { rule }, place }) =>
    language.isEmpty
      ? {
          object: place,
          message: `No user that can be dialled matches ${rule}; separators of telephone numbers are removed before rules are tried.`,
        }
      : undefined,
  ),
};

const neverFires: Check = {
  code: 'egress-never-fires',
  severity: 'error',
  summary: 'an egress rule that never decides, since earlier rules take all its calls',
  advice:
    'Decided for every user that can be dialled, not for samples. The rules that cover it are named: move it before them, or remove it. It is also reported when all that earlier rules leave it are users of our own, about whom no egress rule is asked.',
  run: perRule(({ facts, domain, plan, planned, place, language, first }) => {
    if (language.isEmpty || facts.firstUser(domain, planned) !== undefined) return undefined;
    const cover = coverOf(language.minus(first), plan.overlapping(planned)) ?? [];
    const ours = [...first.words()];
    const takers = [
      ...(cover.length > 0 ? [listText(cover.map(ruleText))] : []),
      ...(ours.length > 0 ? [`users of our own (${listText(ours)})`] : []),
    ];
    const user = facts.egressUser(domain, language);
    return {
      object: place,
      message: `${planned.rule} never decides: all its calls go to ${takers.join(', and to ')}.`,
      witness: user === undefined ? undefined : facts.callIn(domain, user),
      related: cover.map(({ index }) => rulePlace(domain, index)),
    };
  }),
};

const deadEnd: Check = {
  code: 'egress-dead-end',
  severity: 'error',
  summary: 'an egress rule whose number has no trunk, or whose trunk has no enabled URI',
  advice: 'Its calls are rejected with 503. A later rule does not stand in: the first that matches decides.',
  run: perRule((judged) => {
    const { facts, domain, planned, place } = judged;
    const { index, rule } = planned;
    const found = deadEndOf(facts, domain.doc.egressPolicies[index]!.numberRef);
    const user = found && decidedBy(judged, planned, facts.firstUser(domain, planned));
    if (!found || user === undefined) return undefined;
    return {
      object: place,
      message: `${rule} leads nowhere: ${found.message}.`,
      witness: facts.callIn(domain, user),
      related: found.related,
    };
  }),
};

function deadEndOf({ snapshot }: Facts, ref: string): { message: string; related: Place[] } | undefined {
  const number = snapshot.resource<TelNumber>('Number', ref)!;
  const trunk = snapshot.resource<Trunk>('Trunk', number.doc.trunkRef);
  if (!trunk) return { message: `number ${ref} has no trunk`, related: [placeOf(number, 'trunkRef')] };
  if (trunk.doc.uris.some(({ enabled }) => enabled)) return undefined;
  return {
    message: `trunk ${trunk.ref} of number ${ref} has no enabled URI`,
    related: [placeOf(number), placeOf(trunk, 'uris')],
  };
}

const unanchored: Check = {
  code: 'egress-unanchored',
  severity: 'warning',
  summary: 'an egress rule without ^ that matches inside longer numbers',
  advice:
    'Rules are searched for anywhere in the dialled user: 911 also matches +15559110000. Begin it with ^. A rule that matches every number is not reported.',
  run: perRule((judged) => {
    const { facts, domain, planned, place, language, first } = judged;
    const { rule } = planned;
    if (isAnchored(rule) || language.covers(Language.telephone)) return undefined;
    const beginning = beginningOf(rule);
    if (!isAnalysable(beginning)) return beginning;
    const inside = first.intersect(Language.telephone).minus(beginning);
    const user = decidedBy(judged, planned, facts.egressUser(domain, inside));
    if (user === undefined) return undefined;
    return {
      object: place,
      message: `${rule} finds a match inside ${user}: begin it with ^ if it means the beginning.`,
      witness: facts.callIn(domain, user),
    };
  }),
};

export const egressRuleChecks: readonly Check[] = [empty, neverFires, deadEnd, unanchored];
