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

/** Numbers symbols that have the same key alike. Of keys there are few: to look through them is faster than a map. */
export function classify(keyOf: (symbol: number) => number | string): {
  classes: Uint8Array;
  firsts: number[];
} {
  const keys: (number | string)[] = [];
  const firsts: number[] = [];
  const classes = new Uint8Array(ALPHABET.length);
  for (let symbol = 0; symbol < classes.length; symbol++) {
    const key = keyOf(symbol);
    let id = keys.indexOf(key);
    if (id < 0) {
      id = keys.push(key) - 1;
      firsts.push(symbol);
    }
    classes[symbol] = id;
  }
  return { classes, firsts };
}

/** The one minimal automaton of the same language; all states have to be reachable. */
export function minimal(automaton: Automaton): Automaton {
  const blocks = blocksOf(automaton);
  const { width, next, final, classes } = automaton;
  const columns = grouped(columnsOf(automaton, blocks), final.length).ids;
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
    next: new Int32Array(table),
    final: new Uint8Array(states.map((state) => final[state]!)),
  };
}

/** Class after class the blocks that it leads to from each state. */
function columnsOf({ width, next }: Automaton, blocks: Int32Array): Int32Array {
  const columns = new Int32Array(next.length);
  for (let i = 0, column = 0; column < width; column++)
    for (let at = column; at < next.length; at += width) columns[i++] = blocks[next[at]!]!;
  return columns;
}

/**
 * State → block of states that have the same words, by refinement (Moore). States from which the shortest word has
 * another length are told apart at once, which for numbers of some length is nearly all there is to tell.
 */
function blocksOf(automaton: Automaton): Int32Array {
  const { width, next } = automaton;
  let blocks = grouped(distancesOf(automaton), 1);
  const rows = new Int32Array(next.length + blocks.ids.length);
  for (;;) {
    const { ids, size } = blocks;
    if (size === ids.length) return ids;
    for (let i = 0, at = 0, state = 0; state < ids.length; state++) {
      for (let c = 0; c < width; c++) rows[i++] = ids[next[at++]!]!;
      rows[i++] = ids[state]!;
    }
    blocks = grouped(rows, width + 1);
    if (blocks.size === size) return ids;
  }
}

/** Numbers rows of so many values, from 0: equal ones alike. Returns the numbers, and how many there are. */
function grouped(values: Int32Array, length: number): { ids: Int32Array; size: number } {
  const ids = new Int32Array(values.length / length);
  // Numbers by the hashes of their rows, one more than they are: 0 is a free place.
  const places = new Int32Array(2 << (32 - Math.clz32(ids.length)));
  const samples: number[] = [];
  for (let row = 0, start = 0; row < ids.length; row++, start += length) {
    let place = hashOf(values, start, length) & (places.length - 1);
    // Different rows with the same place: the next one that is free.
    while (places[place] !== 0 && !equal(values, samples[places[place]! - 1]!, start, length))
      place = (place + 1) & (places.length - 1);
    if (places[place] === 0) places[place] = samples.push(start);
    ids[row] = places[place]! - 1;
  }
  return { ids, size: samples.length };
}

const { imul } = Math;

function hashOf(values: Int32Array, start: number, length: number): number {
  let hash = 0;
  for (let i = start; i < start + length; i++) hash = (imul(hash, 0x01000193) + values[i]!) | 0;
  return hash ^ (hash >>> 15);
}

function equal(values: Int32Array, left: number, right: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (values[left + i] !== values[right + i]) return false;
  return true;
}

/** State → length of the shortest word from there; as many as there are states where there is none. */
function distancesOf(automaton: Automaton): Int32Array {
  const { final } = automaton;
  const count = final.length;
  const { starts, sources } = stepsBack(automaton);
  const distances = new Int32Array(count).fill(count);
  const open: number[] = [];
  for (let state = 0; state < count; state++) {
    if (final[state] !== 1) continue;
    distances[state] = 0;
    open.push(state);
  }
  for (const state of open)
    for (let i = starts[state]!; i < starts[state + 1]!; i++) {
      const previous = sources[i]!;
      if (distances[previous] !== count) continue;
      distances[previous] = distances[state]! + 1;
      open.push(previous);
    }
  return distances;
}

/** The states that lead to a state: those of `sources` from its start to that of the next state. */
function stepsBack({ width, next, final }: Automaton): { starts: Int32Array; sources: Int32Array } {
  const starts = new Int32Array(final.length + 2);
  for (let i = 0; i < next.length; i++) starts[next[i]! + 2]!++;
  for (let state = 2; state < starts.length; state++) starts[state]! += starts[state - 1]!;
  const sources = new Int32Array(next.length);
  for (let i = 0, state = 0; state < final.length; state++)
    for (let c = 0; c < width; c++) sources[starts[next[i++]! + 1]!++] = state;
  return { starts, sources };
}
