/**
 * Sets of dialled users, as regular languages. Exact, within the universe of users that a call can have
 * (universe.ts) and the dialling alphabet (alphabet.ts): operations lose nothing and sample nothing.
 *
 * Users with characters that are no ASCII are not part of it, but a rule is a language only where one with `~` in
 * their place fares the same (program.ts); where it does not, or its automaton is too large, it is `NotAnalysable`.
 * Operations throw `TooComplex`, which `analysed` makes an answer.
 */
import { symbolOf } from './alphabet.js';
import {
  after,
  meets,
  parts,
  preceded,
  product,
  reaches,
  same,
  stateAfter,
  TooComplex,
} from './automaton.js';
import type { Automaton, Operation } from './automaton.js';
import { patternOf } from './pattern.js';
import { automatonOf, isBlindToOthers } from './program.js';
import { remembered } from './remembered.js';
import { dialledUsers } from './universe.js';
import { countOf, wordsOf } from './words.js';

/** What the analysis cannot tell, and why: a phrase such as "its automaton has more than 20,000 states". */
export interface NotAnalysable {
  readonly notAnalysable: string;
}

const and: Operation = (left, right) => left && right;
const or: Operation = (left, right) => left || right;
const butNot: Operation = (left, right) => left && !right;

const DIGITS = [...'0123456789'].map((digit) => symbolOf(digit.charCodeAt(0)));

/** A set of dialled users; immutable. Operations throw TooComplex where the result is too large to hold. */
export class Language {
  /** The example, once it was asked for: that takes as long as an operation. */
  private liked: { readonly user: string | undefined } | undefined;

  /**
   * @param automaton its users, all in the universe
   * @param written an automaton whose words in the universe are these: simpler to write as a pattern
   */
  private constructor(
    private readonly automaton: Automaton,
    private readonly written: () => Automaton,
  ) {}

  /** All texts of an automaton that are dialled users. */
  private static within(written: Automaton): Language {
    return new Language(product(written, dialledUsers(), and), () => written);
  }

  /**
   * Users in which a pattern of RE2 finds a match, anywhere; `^` and `$` bind it.
   * @throws TooComplex, and Error for a pattern that is not analysable. For rules of a configuration: `languageOf`.
   */
  static matching(pattern: string): Language {
    const automaton = automatonOf(pattern);
    if (typeof automaton === 'string') throw new Error(`${pattern}: ${automaton}`);
    return Language.within(automaton);
  }

  /**
   * Users that begin with a match of a pattern. Errors as `matching`.
   */
  static beginningWith(pattern: string): Language {
    const automaton = automatonOf(pattern, true);
    if (typeof automaton === 'string') throw new Error(`${pattern}: ${automaton}`);
    return Language.within(automaton);
  }

  /** These users, those of them that can be dialled. */
  static of(...users: readonly string[]): Language {
    const quoted = users.map((user) => user.replace(/[^\w]/g, '\\$&'));
    return users.length === 0 ? Language.none : Language.matching(`^(?:${quoted.join('|')})$`);
  }

  /** Users of at most so many characters. */
  static upTo(length: number): Language {
    return Language.matching(`^.{0,${Math.min(length, 1000)}}$`);
  }

  static get all(): Language {
    return (all ??= Language.matching(''));
  }

  static get none(): Language {
    return (none ??= Language.all.minus(Language.all));
  }

  /** Telephone numbers: digits, with or without `+`. */
  static get telephone(): Language {
    return (telephone ??= Language.matching('^\\+?[0-9]+$'));
  }

  get isEmpty(): boolean {
    return this.automaton.final.length === 1 && this.automaton.final[0] === 0;
  }

  has(user: string): boolean {
    const state = stateAfter(this.automaton, user);
    return state !== undefined && this.automaton.final[state] === 1;
  }

  /** Whether some user is this text and digits behind it. */
  hasNumberFrom(text: string): boolean {
    const state = stateAfter(this.automaton, text);
    return state !== undefined && reaches(this.automaton, state, DIGITS);
  }

  union(other: Language): Language {
    return this.combined(other, or);
  }

  intersect(other: Language): Language {
    return this.combined(other, and);
  }

  minus(other: Language): Language {
    return this.combined(other, butNot);
  }

  /** Whether every user of the other language is in this one. */
  covers(other: Language): boolean {
    return !meets(other.automaton, this.automaton, butNot);
  }

  /** Whether some user is in both. */
  overlaps(other: Language): boolean {
    return meets(this.automaton, other.automaton, and);
  }

  /**
   * Whether a number of this language, with another prefix in place of its own, is in the other language and not in
   * this one. After the prefix come digits, not 0 first.
   */
  respelledIn(other: Language, own: string, prefix: string): boolean {
    const at = ({ automaton }: Language, text: string) => ({
      automaton,
      state: stateAfter(automaton, text)!,
    });
    return parts([at(this, own), at(other, prefix), at(this, prefix)], DIGITS.slice(1), DIGITS);
  }

  equals(other: Language): boolean {
    return same(this.automaton, other.automaton);
  }

  /** The users that are left when one character is taken from the beginning of those that begin with it. */
  without(first: string): Language {
    const rest = (automaton: Automaton) => after(automaton, stateAfter(automaton, first)!);
    return Language.within(rest(this.automaton));
  }

  /** Its users with one more character before them. */
  with(first: string): Language {
    return Language.within(preceded(this.automaton, symbolOf(first.charCodeAt(0))));
  }

  /** The shortest user, and of those the first: digits come before `+`, `*`, `#`, letters and the rest. */
  shortest(): string | undefined {
    for (const word of this.words()) return word;
    return undefined;
  }

  /** A user that a person would dial: the shortest telephone number, else the shortest one. */
  example(): string | undefined {
    this.liked ??= { user: this.intersect(Language.telephone).shortest() ?? this.shortest() };
    return this.liked.user;
  }

  /** How many users there are; Infinity when there is no end of them. */
  get size(): number {
    return countOf(this.automaton);
  }

  /** Its users in the order of `shortest`, made as they are asked for; there may be no end of them. */
  words(): Iterable<string> {
    return wordsOf(this.automaton);
  }

  /**
   * A pattern that finds a match in these users and in no others (in RE2 and in JavaScript), such as `^\+1`;
   * undefined when it would be too long to read.
   */
  pattern(): string | undefined {
    return patternOf(this.written());
  }

  private combined(other: Language, operation: Operation): Language {
    let written: Automaton | undefined;
    return new Language(
      product(this.automaton, other.automaton, operation),
      () => (written ??= product(this.written(), other.written(), operation)),
    );
  }
}

let all: Language | undefined;
let none: Language | undefined;
let telephone: Language | undefined;

/** The users in which an egress rule finds a match (RE2, unanchored: routing/egress.ts); never throws. */
export const languageOf = remembered((rule) => analysedRule(rule, Language.matching));

/** The users that begin with a match of an egress rule; never throws. */
export const beginningOf = remembered((rule) => analysedRule(rule, Language.beginningWith));

function analysedRule(rule: string, make: (rule: string) => Language): Language | NotAnalysable {
  try {
    if (!isBlindToOthers(rule)) return { notAnalysable: 'it tells apart characters that are no ASCII' };
    return analysed(() => make(rule));
  } catch (error) {
    return { notAnalysable: error instanceof Error ? error.message : String(error) };
  }
}

/** What an analysis finds, or that it grew too large. */
export function analysed<T>(work: () => T): T | NotAnalysable {
  try {
    return work();
  } catch (error) {
    if (error instanceof TooComplex) return { notAnalysable: error.message };
    throw error;
  }
}

export const isAnalysable = (language: Language | NotAnalysable): language is Language =>
  language instanceof Language;
