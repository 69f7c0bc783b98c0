/**
 * Deterministic automata over the dialling alphabet, as tables: total, minimal, and numbered in one way only, so
 * that equal languages have equal tables. refa's automata answer the same questions at 2-3 ms each, which is too
 * slow for every pair of rules of a thousand; it writes patterns (pattern.ts).
 */
import { symbolOf } from './alphabet.js';
import { classify, minimal, type Automaton } from './minimal.js';

export { classify, minimal, type Automaton };

/** More states than this are too many to build; no rule that a person can read comes near. */
export const MAX_STATES = 20_000;

/** Thrown while an automaton is built that is too large; `analysed` in language.ts makes it an answer. */
export class TooComplex extends Error {
  constructor(what = 'its automaton') {
    super(`${what} has more than ${MAX_STATES.toLocaleString('en')} states`);
  }
}

/** The states of an automaton that is being explored: what they stand for, and their numbers. */
export class States<K extends number | string> {
  private readonly ids = new Map<K, number>();
  readonly keys: K[] = [];

  /** @throws TooComplex */
  id(key: K): number {
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.keys.length;
      if (id >= MAX_STATES) throw new TooComplex();
      this.ids.set(key, id);
      this.keys.push(key);
    }
    return id;
  }
}

/** Which words the product of two automata has, by whether the left and the right one have them. */
export type Operation = (left: boolean, right: boolean) => boolean;

/**
 * The automaton of a combination of two.
 * @throws TooComplex
 */
export function product(left: Automaton, right: Automaton, operation: Operation): Automaton {
  const { classes, firsts } = classify((symbol) => left.classes[symbol]! * 128 + right.classes[symbol]!);
  const count = right.final.length;
  const states = new States<number>();
  states.id(0);
  const next: number[] = [];
  for (let i = 0; i < states.keys.length; i++) {
    const key = states.keys[i]!;
    const a = Math.floor(key / count) * left.width;
    const b = (key % count) * right.width;
    for (const symbol of firsts)
      next.push(
        states.id(left.next[a + left.classes[symbol]!]! * count + right.next[b + right.classes[symbol]!]!),
      );
  }
  const final = states.keys.map((key) =>
    operation(left.final[Math.floor(key / count)] === 1, right.final[key % count] === 1) ? 1 : 0,
  );
  return minimal({
    classes,
    width: firsts.length,
    next: new Int32Array(next),
    final: new Uint8Array(final),
  });
}

/**
 * Whether some word is in the combination of two automata: as `product`, but it stops at the first one.
 * @throws TooComplex
 */
export function meets(left: Automaton, right: Automaton, operation: Operation): boolean {
  const { firsts } = classify((symbol) => left.classes[symbol]! * 128 + right.classes[symbol]!);
  const count = right.final.length;
  const states = new States<number>();
  states.id(0);
  for (const key of states.keys) {
    const [a, b] = [Math.floor(key / count), key % count];
    if (operation(left.final[a] === 1, right.final[b] === 1)) return true;
    for (const symbol of firsts)
      states.id(
        left.next[a * left.width + left.classes[symbol]!]! * count +
          right.next[b * right.width + right.classes[symbol]!]!,
      );
  }
  return false;
}

/** An automaton, and a state of it from which words go on. */
export interface Started {
  readonly automaton: Automaton;
  readonly state: number;
}

/**
 * Whether some text goes on to a word of the first two and to none of the third: by far fewer steps than by products
 * of the three, where they soon part or come to agree. The first and the third are states of one minimal automaton.
 * @param symbols of which the text is made; it begins with one of `first`
 * @throws TooComplex
 */
export function parts(
  [left, right, not]: readonly [Started, Started, Started],
  first: readonly number[],
  symbols: readonly number[],
): boolean {
  const step = ({ automaton: { classes, width, next }, state }: Started, symbol: number) =>
    next[state * width + classes[symbol]!]!;
  const counts = [right.automaton.final.length, not.automaton.final.length] as const;
  const states = new States<number>();
  const visit = (from: readonly [number, number, number], by: readonly number[]) => {
    const at = [left, right, not].map((one, i) => ({ automaton: one.automaton, state: from[i]! }));
    for (const symbol of by) {
      const [a, b, c] = at.map((one) => step(one, symbol)) as [number, number, number];
      if (a !== c && isLive(left.automaton, a) && isLive(right.automaton, b))
        states.id((a * counts[0] + b) * counts[1] + c);
    }
  };
  visit([left.state, right.state, not.state], first);
  for (const key of states.keys) {
    const c = key % counts[1];
    const b = Math.floor(key / counts[1]) % counts[0];
    const a = Math.floor(key / counts[1] / counts[0]);
    if (left.automaton.final[a] === 1 && right.automaton.final[b] === 1 && not.automaton.final[c] === 0)
      return true;
    visit([a, b, c], symbols);
  }
  return false;
}

/** What may follow a prefix: the words that are left of those that begin with it. */
export function after({ classes, width, next, final }: Automaton, state: number): Automaton {
  const states = new States<number>();
  states.id(state);
  const table: number[] = [];
  for (const key of states.keys)
    for (let c = 0; c < width; c++) table.push(states.id(next[key * width + c]!));
  return minimal({
    classes,
    width,
    next: Int32Array.from(table),
    final: Uint8Array.from(states.keys, (key) => final[key]!),
  });
}

/** The words with a character before them. */
export function preceded(automaton: Automaton, symbol: number): Automaton {
  const { width, next, final } = automaton;
  const { classes, firsts } = classify((other) => (other === symbol ? -1 : automaton.classes[other]!));
  const trap = final.length + 1;
  const row = (target: (first: number) => number) => firsts.map(target);
  const table = [
    row((first) => (first === symbol ? 1 : trap)),
    ...Array.from(final, (_, state) => row((first) => next[state * width + automaton.classes[first]!]! + 1)),
    row(() => trap),
  ];
  return minimal({
    classes,
    width: firsts.length,
    next: Int32Array.from(table.flat()),
    final: Uint8Array.from([0, ...final, 0]),
  });
}

/** The words that an automaton has once each symbol is replaced: by another one, or by nothing. */
export function replaced(
  automaton: Automaton,
  replacement: (symbol: number) => number | undefined,
): Automaton {
  const { width, next, final } = automaton;
  const classOf = (symbol: number): number => {
    const by = replacement(symbol);
    return by === undefined ? -1 : automaton.classes[by]!;
  };
  const { classes, firsts } = classify(classOf);
  const table = Array.from(final, (_, state) =>
    firsts.map(classOf).map((c) => (c < 0 ? state : next[state * width + c]!)),
  );
  return { classes, width: firsts.length, next: Int32Array.from(table.flat()), final };
}

/** Whether two minimal automata have the same words. */
export function same(left: Automaton, right: Automaton): boolean {
  const equal = (a: Uint8Array | Int32Array, b: Uint8Array | Int32Array) =>
    a.length === b.length && a.every((value, i) => value === b[i]);
  return (
    left === right ||
    (equal(left.final, right.final) && equal(left.classes, right.classes) && equal(left.next, right.next))
  );
}

/** The state after a text; undefined when it has a character outside the alphabet. */
export function stateAfter(automaton: Automaton, text: string): number | undefined {
  let state = 0;
  for (let i = 0; i < text.length; i++) {
    const symbol = symbolOf(text.charCodeAt(i));
    if (symbol < 0) return undefined;
    state = automaton.next[state * automaton.width + automaton.classes[symbol]!]!;
  }
  return state;
}

/** Whether some word goes on from a state of a minimal automaton. */
function isLive({ width, next, final }: Automaton, state: number): boolean {
  if (final[state] === 1) return true;
  for (let c = 0; c < width; c++) if (next[state * width + c] !== state) return true;
  return false;
}

/** Whether a word goes on from a state of a minimal automaton with these symbols alone. */
export function reaches(automaton: Automaton, state: number, symbols: readonly number[]): boolean {
  const { classes, width, next, final } = automaton;
  const seen = new Set([state]);
  for (const at of seen) {
    if (final[at] === 1) return true;
    if (isLive(automaton, at)) for (const symbol of symbols) seen.add(next[at * width + classes[symbol]!]!);
  }
  return false;
}
