/** The words of an automaton, shortest first, among equally long ones in the order of the alphabet. */
import { ALPHABET } from './alphabet.js';
import type { Automaton } from './automaton.js';

/** The words in their order, made as they are asked for; there may be no end of them. */
export function* wordsOf(automaton: Automaton): Generator<string> {
  const count = automaton.final.length;
  const enders = [automaton.final];
  // Lengths without a word have an end: a cycle of an automaton is at most as long as it has states.
  for (let length = 0, gap = 0; gap <= count; length++) {
    if (length > 0) enders.push(endingLater(automaton, enders[length - 1]!));
    gap = enders[length]![0] === 1 ? 0 : gap + 1;
    yield* wordsOfLength(automaton, enders, 0, length, '');
  }
}

/** How many words there are; Infinity when there is no end of them. */
export function countOf({ width, next, final, classes }: Automaton): number {
  const sizes = Array.from({ length: width }, () => 0);
  for (const c of classes) sizes[c]!++;
  let paths = Float64Array.from(final);
  let total = paths[0]!;
  for (let length = 1; length < 2 * final.length; length++) {
    const longer = new Float64Array(final.length);
    for (let state = 0; state < final.length; state++)
      for (let c = 0; c < width; c++) longer[state]! += paths[next[state * width + c]!]! * sizes[c]!;
    // A word as long as there are states goes round a cycle, and can do so again; the shortest takes it once.
    if (longer[0] !== 0 && length >= final.length) return Infinity;
    paths = longer;
    total += paths[0]!;
  }
  return total;
}

/** The states from which one step leads to one of these. */
function endingLater({ width, next, final }: Automaton, enders: Uint8Array): Uint8Array {
  return final.map((_, state) => {
    for (let c = 0; c < width; c++) if (enders[next[state * width + c]!] === 1) return 1;
    return 0;
  });
}

/** Words of exactly this length from a state on. `enders[n]`: the states from which a word of length n leads on. */
function* wordsOfLength(
  automaton: Automaton,
  enders: readonly Uint8Array[],
  state: number,
  length: number,
  prefix: string,
): Generator<string> {
  if (enders[length]![state] !== 1) return;
  if (length === 0) {
    yield prefix;
    return;
  }
  const { width, next, classes } = automaton;
  for (let symbol = 0; symbol < ALPHABET.length; symbol++) {
    const target = next[state * width + classes[symbol]!]!;
    yield* wordsOfLength(automaton, enders, target, length - 1, prefix + ALPHABET[symbol]!);
  }
}
