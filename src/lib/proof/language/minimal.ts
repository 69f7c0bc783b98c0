/** The tables of automata, and the smallest one for a language. */
import { ALPHABET } from './alphabet.js';

export interface Automaton {
  /** Symbol → class: symbols of one class never differ. Classes are numbered by their first symbol. */
  readonly classes: Uint8Array;
  /** How many classes there are. */
  readonly width: number;
  /** state × width + class → state; the first state is 0. */
  readonly next: Int32Array;
  /** 1 for states in which a word may end. */
  readonly final: Uint8Array;
}

/** Numbers symbols that have the same key alike. */
export function classify(keyOf: (symbol: number) => number | string): {
  classes: Uint8Array;
  firsts: number[];
} {
  const known = new Map<number | string, number>();
  const firsts: number[] = [];
  const classes = Uint8Array.from(ALPHABET, (_, symbol) => {
    const key = keyOf(symbol);
    let id = known.get(key);
    if (id === undefined) {
      known.set(key, (id = firsts.length));
      firsts.push(symbol);
    }
    return id;
  });
  return { classes, firsts };
}

/** The one minimal automaton of the same language; all states have to be reachable. */
export function minimal(automaton: Automaton): Automaton {
  const blocks = blocksOf(automaton);
  const { width, next, final, classes } = automaton;
  const columns = grouped(width, final.length, (column, state) => blocks[next[state * width + column]!]!).ids;
  const { classes: merged, firsts } = classify((symbol) => columns[classes[symbol]!]!);
  const numbers = new Int32Array(final.length).fill(-1);
  numbers[blocks[0]!] = 0;
  const states = [0];
  const table: number[] = [];
  for (const state of states)
    for (const symbol of firsts) {
      const target = next[state * width + classes[symbol]!]!;
      if (numbers[blocks[target]!] === -1) numbers[blocks[target]!] = states.push(target) - 1;
      table.push(numbers[blocks[target]!]!);
    }
  return {
    classes: merged,
    width: firsts.length,
    next: Int32Array.from(table),
    final: Uint8Array.from(states, (state) => final[state]!),
  };
}

/**
 * State → block of states that have the same words, by refinement (Moore). States from which the shortest word has
 * another length are told apart at once, which for numbers of some length is nearly all there is to tell.
 */
function blocksOf(automaton: Automaton): Int32Array {
  const { width, next, final } = automaton;
  const distances = distancesOf(automaton);
  let blocks = grouped(final.length, 1, (state) => distances[state]!);
  for (;;) {
    const { ids } = blocks;
    const refined = grouped(final.length, width + 1, (state, i) =>
      i === width ? ids[state]! : ids[next[state * width + i]!]!,
    );
    if (refined.size === blocks.size) return ids;
    blocks = refined;
  }
}

/** Numbers rows of numbers, from 0: equal ones alike. Returns the numbers, and how many there are. */
function grouped(
  rows: number,
  length: number,
  at: (row: number, i: number) => number,
): { ids: Int32Array; size: number } {
  const ids = new Int32Array(rows);
  const known = new Map<number, number>();
  const samples: number[] = [];
  const equal = (row: number, other: number) => {
    for (let i = 0; i < length; i++) if (at(row, i) !== at(other, i)) return false;
    return true;
  };
  for (let row = 0; row < rows; row++) {
    let hash = 0;
    for (let i = 0; i < length; i++) hash = (Math.imul(hash, 0x01000193) + at(row, i)) | 0;
    let id = known.get(hash);
    // Different rows with the same hash: the next one that is free.
    while (id !== undefined && !equal(samples[id]!, row)) id = known.get(++hash);
    if (id === undefined) known.set(hash, (id = samples.push(row) - 1));
    ids[row] = id;
  }
  return { ids, size: samples.length };
}

/** State → length of the shortest word from there; as many as there are states where there is none. */
function distancesOf({ width, next, final }: Automaton): Int32Array {
  const count = final.length;
  const distances = new Int32Array(count).fill(count);
  const before: number[][] = Array.from({ length: count }, () => []);
  for (let i = 0; i < next.length; i++) before[next[i]!]!.push(Math.floor(i / width));
  const open: number[] = [];
  for (let state = 0; state < count; state++) {
    if (final[state] !== 1) continue;
    distances[state] = 0;
    open.push(state);
  }
  for (const state of open)
    for (const previous of before[state]!) {
      if (distances[previous] !== count) continue;
      distances[previous] = distances[state]! + 1;
      open.push(previous);
    }
  return distances;
}
