/** Egress catch-alls that take calls which a narrower rule nearly matches: the same number, written otherwise. */
import { isAnalysable, Language } from '../../language/language.js';
import type { Check } from '../check.js';
import type { PlannedRule } from '../egress-plan.js';
import { perRule, together, userDecided, type Judged } from './egress-rules.js';

/** What people write before an international number. */
const PREFIXES = ['+', '00', ''] as const;
type Prefix = (typeof PREFIXES)[number];
/** Those that tell an international number from others. */
const OWN_PREFIXES = ['+', '00'] as const;

const FIRST_DIGITS = [...'123456789'];

/**
 * So many first digits, of nine, and a rule is for a way of writing numbers (`^\+`, `^00[2-9]`) rather than for some
 * numbers: that it leaves other ways of writing to others is what it says.
 */
const MOST_DIGITS = 5;

const isForWriting = (language: Language, prefix: Prefix): boolean =>
  FIRST_DIGITS.filter((digit) => language.hasNumberFrom(prefix + digit)).length >= MOST_DIGITS;

/** Numbers with their international prefix taken away: what is left begins with a country code. */
const behind = (language: Language, prefix: Prefix): Language =>
  [...prefix].reduce((rest, character) => rest.without(character), language).intersect(international());

const behindAll = (prefix: Prefix, digits: Language): Language =>
  [...prefix].reduceRight((rest, character) => rest.with(character), digits);

let digits: Language | undefined;
const international = (): Language => (digits ??= Language.matching('^[1-9][0-9]*$'));

/** A rule's international numbers in every way of writing them, and those of them that it does not match. */
interface Spelled {
  /** As digits alone. */
  readonly digits: Language;
  readonly all: Language;
  readonly missed: Language;
}

const known = new WeakMap<Language, Spelled>();

function spelled(language: Language): Spelled {
  let found = known.get(language);
  if (!found) {
    const bare = OWN_PREFIXES.filter((prefix) => !isForWriting(language, prefix)).reduce(
      (all, prefix) => all.union(behind(language, prefix)),
      Language.none,
    );
    const all = PREFIXES.reduce((some, prefix) => some.union(behindAll(prefix, bare)), Language.none);
    known.set(language, (found = { digits: bare, all, missed: all.minus(language) }));
  }
  return found;
}

/**
 * Whether a rule takes numbers regardless of what they are, at least in one way of writing them, or takes all of
 * these and more.
 */
const isWider = (language: Language, { digits, all }: Spelled): boolean =>
  PREFIXES.some((prefix) => isForWriting(language, prefix) || language.covers(behindAll(prefix, digits))) &&
  !all.covers(language.intersect(Language.telephone));

/** A user of this rule whom an earlier one nearly matches. */
function missedBy(judged: Judged, { language: earlier }: PlannedRule): string | undefined {
  const { language, first } = judged;
  if (!isAnalysable(earlier) || !misses(earlier, first)) return undefined;
  const spellings = spelled(earlier);
  return isWider(language, spellings) ? userDecided(judged, judged.planned, spellings.missed) : undefined;
}

/** Whether the one has numbers that the other nearly matches: of most rules that is told at once. */
const misses = (narrow: Language, wide: Language): boolean =>
  OWN_PREFIXES.some(
    (own) =>
      !isForWriting(narrow, own) &&
      PREFIXES.some((prefix) => prefix !== own && narrow.respelledIn(wide, own, prefix)),
  );

export const nearMiss: Check = {
  code: 'egress-near-miss',
  severity: 'note',
  summary: 'an egress catch-all that takes calls which a narrower rule before it nearly matches',
  advice:
    'The same international number written with +, with 00 or with neither leaves by another number than the narrower rule names. Let that rule match every way of writing it, such as `^(\\+|00)?1900`. A rule for a way of writing, such as `^(\\+|00)` or `^\\+[2-9]`, leaves the others to other rules on purpose. National ways of writing are not compared: they differ from country to country.',
  run: perRule((judged) => {
    const { domain, plan, planned } = judged;
    const numberOf = ({ index }: PlannedRule) => domain.doc.egressPolicies[index]!.numberRef;
    const missed = plan.rules.slice(0, planned.index).flatMap((earlier) => {
      if (numberOf(earlier) === numberOf(planned)) return [];
      const user = missedBy(judged, earlier);
      return user === undefined ? [] : [{ earlier, user }];
    });
    return together(
      judged,
      missed,
      (user, rules) => `takes ${user}, which differs only in its prefix from what ${rules} would take`,
    );
  }),
};
