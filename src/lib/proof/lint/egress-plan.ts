/** What the egress rules of a domain do with dialled users: which rule decides, symbolically. */
import { analysed, isAnalysable, Language, languageOf, type NotAnalysable } from '../language/language.js';

/** A rule in its list. */
export interface PlannedRule {
  readonly index: number;
  readonly rule: string;
  /** The users in which it finds a match. */
  readonly language: Language | NotAnalysable;
  /**
   * Those for which no earlier rule does: exact when every earlier rule is analysable, else those that no analysable
   * one takes.
   */
  readonly first: Language | NotAnalysable;
}

/** A rule that shares users with a later one. */
export interface Overlap {
  readonly earlier: PlannedRule;
  /** What the earlier one matches. */
  readonly left: Language;
  /** What the later one matches. */
  readonly right: Language;
}

/** The rules of a domain in their order. */
export class EgressPlan {
  readonly rules: readonly PlannedRule[];
  /** The users that no analysable rule matches. */
  readonly rest: Language | NotAnalysable;
  /** The index of the first rule that is not analysable; Infinity when all are. Up to there all is exact. */
  readonly firstUnknown: number;
  private readonly overlaps: (readonly Overlap[] | undefined)[] = [];

  constructor(texts: readonly string[]) {
    let rest: Language | NotAnalysable = Language.all;
    this.rules = texts.map((rule, index): PlannedRule => {
      const language = languageOf(rule);
      const before = rest;
      if (!isAnalysable(language)) return { index, rule, language, first: language };
      if (!isAnalysable(before)) return { index, rule, language, first: before };
      rest = analysed(() => before.minus(language));
      return { index, rule, language, first: analysed(() => before.intersect(language)) };
    });
    this.rest = rest;
    const unknown = this.rules.findIndex(({ language }) => !isAnalysable(language));
    this.firstUnknown = unknown < 0 ? Infinity : unknown;
  }

  /** The rules before this one that match some of its users. Most rules share none, which their `first` tells at once. */
  overlapping({ index, language: right, first }: PlannedRule): readonly Overlap[] {
    if (!isAnalysable(right) || (isAnalysable(first) && first.equals(right))) return [];
    return (this.overlaps[index] ??= this.rules.slice(0, index).flatMap((earlier): Overlap[] => {
      const left = earlier.language;
      return isAnalysable(left) && left.overlaps(right) ? [{ earlier, left, right }] : [];
    }));
  }
}

/** Domains of many tenants have the same rules. */
const known = new Map<string, EgressPlan>();
const MAX_KNOWN = 256;

export function egressPlan(rules: readonly string[]): EgressPlan {
  const key = rules.join('\0');
  let plan = known.get(key);
  if (!plan) {
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(key, (plan = new EgressPlan(rules)));
  }
  return plan;
}

/**
 * The rules among these that cover a language together, none of them superfluous; undefined when they do not.
 * A single one is preferred.
 */
export function coverOf(language: Language, overlaps: readonly Overlap[]): PlannedRule[] | undefined {
  const single = overlaps.find(({ left }) => left.covers(language));
  if (single) return [single.earlier];
  const covers = (chosen: readonly Overlap[]) =>
    chosen.reduce((all, { left }) => all.union(left), Language.none).covers(language);
  if (!covers(overlaps)) return undefined;
  let cover = overlaps;
  for (const overlap of overlaps) {
    const fewer = cover.filter((one) => one !== overlap);
    if (covers(fewer)) cover = fewer;
  }
  return cover.map(({ earlier }) => earlier);
}
