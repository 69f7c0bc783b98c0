/**
 * The automaton of a rule, made of the very program that re2js runs: RE2's syntax needs no second parser, and no
 * construct can mean one thing here and another in a call. A test compares the two on generated rules.
 */
import { RE2JS } from 're2js';
import { ALPHABET } from './alphabet.js';
import { classify, minimal, States, TooComplex, type Automaton } from './automaton.js';
import { remembered } from './remembered.js';

/** An instruction of re2js 2.10 (Inst in its sources, as in Go's regexp/syntax). */
interface Instruction {
  readonly op: number;
  readonly out: number;
  readonly arg: number;
  readonly runes: Int32Array;
  matchRune(rune: number): boolean;
}

interface Program {
  readonly inst: readonly Instruction[];
  readonly start: number;
}

const ALT = 1;
const ALT_MATCH = 2;
const CAPTURE = 3;
const EMPTY_WIDTH = 4;
const FAIL = 5;
const MATCH = 6;
const NOP = 7;
const RUNE = 8;
const RUNE_ANY_NOT_NL = 11;

// What an empty-width instruction asks for, as bits of its argument.
const BEGIN = 1 | 4;
const END = 2 | 8;
const BOUNDARY = 16;
const NO_BOUNDARY = 32;

/** What stands before or after a position: nothing, a word character, another one. */
const NOTHING = 0;
const WORD = 1;
const OTHER = 2;

const CODES = ALPHABET.map((character) => character.charCodeAt(0));
const SIDES = ALPHABET.map((character) => (/\w/.test(character) ? WORD : OTHER));

/** Instructions looked at in all states together; a rule that needs more takes too long. */
const MAX_WORK = 5_000_000;

/**
 * All texts in which a search finds a match.
 * @param anchored only matches that begin where the text does
 * @returns why not, when the rule has what this cannot express
 * @throws TooComplex
 */
export function automatonOf(rule: string, anchored = false): Automaton | string {
  const program = programOf(rule);
  const isKnown = ({ op }: Instruction) => op >= ALT && op <= RUNE_ANY_NOT_NL;
  return program.inst.every(isKnown) ? new Search(program, anchored).automaton() : 'it looks behind';
}

/** What stands in for every character that is no ASCII: a symbol that no rule has reason to name. */
const STAND_IN = '~'.charCodeAt(0);
const LAST_ASCII = 0x7f;
/** Without regard to case, RE2 takes these for `s` and `k`: nobody dials them, and rules with `(?i)` are common. */
const FOLDED = [0x17f, 0x212a];

/**
 * Whether a rule treats all characters that are no ASCII as it treats the stand-in. Users that have some are then
 * decided as those that have the stand-in in their place, and what is said of all users is true of them too.
 */
export const isBlindToOthers = (rule: string): boolean =>
  programOf(rule).inst.every(
    (reader) =>
      reader.op < RUNE ||
      boundsOf(reader).every((rune) => reader.matchRune(rune) === reader.matchRune(STAND_IN)),
  );

/** Whether a rule tells any of these characters from the stand-in, other than as the ends of words. */
export const tellsApart = (rule: string, characters: string): boolean =>
  programOf(rule).inst.some(
    (reader) =>
      reader.op >= RUNE &&
      [...characters].some((one) => reader.matchRune(one.charCodeAt(0)) !== reader.matchRune(STAND_IN)),
  );

/** Characters between which an instruction does not change its mind, of those that are no ASCII. */
const boundsOf = ({ runes }: Instruction): number[] =>
  [LAST_ASCII + 1, 0x10ffff, ...[...runes].flatMap((rune) => [rune - 1, rune, rune + 1])].filter(
    (rune) => rune > LAST_ASCII && rune <= 0x10ffff && !FOLDED.includes(rune),
  );

const programOf = (rule: string): Program => RE2JS.compile(rule).re2().prog as Program;

/** Whether every match of a rule begins where the text does, as its instructions say: `^` in every alternative. */
export const isAnchored = remembered((rule) => new Search(programOf(rule), true).isAnchored());

/** The empty-width conditions that hold between two characters. The alphabet has no line breaks. */
function conditions(before: number, after: number): number {
  const boundary = (before === WORD) === (after === WORD) ? NO_BOUNDARY : BOUNDARY;
  return (before === NOTHING ? BEGIN : 0) | (after === NOTHING ? END : 0) | boundary;
}

/** The subset construction: a state is what stands before it, and the threads of the search that live there. */
class Search {
  private work = 0;
  /** Whether conditions look at words, so that what stands before a state matters beyond its beginning. */
  private readonly looksAtWords: boolean;

  constructor(
    private readonly program: Program,
    private readonly anchored: boolean,
  ) {
    this.looksAtWords = program.inst.some(
      ({ op, arg }) => op === EMPTY_WIDTH && (arg & (BOUNDARY | NO_BOUNDARY)) !== 0,
    );
  }

  automaton(): Automaton {
    const { classes, firsts } = this.classes();
    const states = new States<string>();
    states.id(this.keyOf(NOTHING, [this.program.start]));
    const next: number[] = [];
    const final: number[] = [];
    for (const key of states.keys) {
      const { ends, after } = this.state(key);
      final.push(ends ? 1 : 0);
      for (const symbol of firsts) next.push(states.id(after(symbol)));
    }
    return minimal({
      classes,
      width: firsts.length,
      next: Int32Array.from(next),
      final: Uint8Array.from(final),
    });
  }

  /** Whether no thread gets to read or to match behind the beginning. */
  isAnchored(): boolean {
    const { inst, start } = this.program;
    const live = this.closure([start], END | BOUNDARY | NO_BOUNDARY);
    return live !== undefined && live.every((pc) => inst[pc]!.op === EMPTY_WIDTH);
  }

  /** Symbols that no instruction tells apart. */
  private classes(): { classes: Uint8Array; firsts: number[] } {
    const readers = new Map<string, Instruction>();
    for (const reader of this.program.inst)
      if (reader.op >= RUNE) readers.set(`${reader.op},${reader.arg},${reader.runes.join()}`, reader);
    const distinct = [...readers.values()];
    return classify(
      (symbol) =>
        (this.looksAtWords ? String(SIDES[symbol]) : '') +
        distinct.map((reader) => (reader.matchRune(CODES[symbol]!) ? 1 : 0)).join(''),
    );
  }

  /** A state as text: what stands before it, and the threads; or MATCHED. A search begins one anywhere. */
  private keyOf(before: number, threads: readonly number[]): string {
    const live = this.closure(this.anchored ? threads : [this.program.start, ...threads], 0);
    if (!live) return MATCHED;
    const side = before === WORD && !this.looksAtWords ? OTHER : before;
    return [side, ...live.sort((a, b) => a - b)].join(',');
  }

  /** Whether a text may end in a state, and the state after one symbol more. */
  private state(key: string): { ends: boolean; after: (symbol: number) => string } {
    if (key === MATCHED) return { ends: true, after: () => MATCHED };
    const [before, ...threads] = key.split(',').map(Number) as [number, ...number[]];
    const reading = [WORD, OTHER].map((side) => this.closure(threads, conditions(before, side)));
    const { inst } = this.program;
    return {
      ends: this.closure(threads, conditions(before, NOTHING)) === undefined,
      after: (symbol) => {
        const side = SIDES[symbol]!;
        const live = reading[side - WORD];
        if (!live) return MATCHED;
        const moved = live.filter((pc) => inst[pc]!.op >= RUNE && inst[pc]!.matchRune(CODES[symbol]!));
        return this.keyOf(
          side,
          moved.map((pc) => inst[pc]!.out),
        );
      },
    };
  }

  /**
   * The instructions that threads come to before they read: those that read, and conditions that do not hold.
   * Undefined when one of them is a match: then all that follows is matched too.
   */
  private closure(threads: readonly number[], holds: number): number[] | undefined {
    const { inst } = this.program;
    const seen = new Set<number>();
    const open = [...threads];
    const live: number[] = [];
    for (let pc = open.pop(); pc !== undefined; pc = open.pop()) {
      if (seen.has(pc)) continue;
      seen.add(pc);
      const { op, out, arg } = inst[pc]!;
      if (op === MATCH) return undefined;
      if (op === ALT || op === ALT_MATCH) open.push(out, arg);
      else if (op === CAPTURE || op === NOP) open.push(out);
      else if (op === EMPTY_WIDTH && (arg & ~holds) === 0) open.push(out);
      else if (op !== FAIL) live.push(pc);
    }
    this.work += seen.size;
    if (this.work > MAX_WORK) throw new TooComplex();
    return live;
  }
}

const MATCHED = 'matched';
