/** A pattern for an automaton, as a person would write it. refa finds the expression. */
import { DFA, JS, CharSet, TooManyNodesError } from 'refa';
import { ALPHABET, symbolOf } from './alphabet.js';
import type { Automaton } from './automaton.js';

/** A longer pattern says nothing to a reader. */
const MAX_LENGTH = 200;
const MAX_STATES = 200;
const MAX_NODES = 5_000;
const MAXIMUM = 0xffff;

/** No text has more after its end. */
const NOTHING = '$.';

/** Characters outside the alphabet, which do not matter, go with this one: most classes then have simple names. */
const FILLER = symbolOf('~'.charCodeAt(0));

/**
 * A pattern that finds a match in the automaton's words and, within the alphabet, in no others; the same in RE2 and
 * JavaScript. Undefined when it would be too long to read.
 */
export function patternOf(automaton: Automaton): string | undefined {
  if (!automaton.final.includes(1)) return NOTHING;
  if (automaton.final.length > MAX_STATES) return undefined;
  const source = sourceOf(automaton);
  if (source === undefined || source.length > MAX_LENGTH) return undefined;
  return anchored(repeated(source));
}

function sourceOf(automaton: Automaton): string | undefined {
  const factory = new DFA.LimitedNodeFactory(MAX_STATES + 1);
  const builder = new DFA.Builder(factory);
  const { width, next, final } = automaton;
  const nodes = Array.from(final, (_, state) => (state === 0 ? builder.initial : builder.createNode()));
  const sets = characterSets(automaton);
  final.forEach((isFinal, state) => {
    if (isFinal === 1) builder.makeFinal(nodes[state]!);
    for (let c = 0; c < width; c++)
      builder.linkNodes(nodes[state]!, nodes[next[state * width + c]!]!, sets[c]!);
  });
  const dfa = DFA.fromBuilder(builder, { maxCharacter: MAXIMUM });
  dfa.minimize();
  try {
    return JS.toLiteral(dfa.toRegex({ maxNodes: MAX_NODES }), { flags: { dotAll: true, ignoreCase: false } })
      .source;
  } catch (error) {
    if (error instanceof TooManyNodesError) return undefined;
    throw error;
  }
}

/** Class → its characters. */
function characterSets({ classes, width }: Automaton): CharSet[] {
  const setOf = (symbols: readonly string[]) =>
    symbols.reduce(
      (set, symbol) => set.union(CharSet.fromCharacter(MAXIMUM, symbol.charCodeAt(0))),
      CharSet.empty(MAXIMUM),
    );
  const outside = setOf(ALPHABET).negate();
  return Array.from({ length: width }, (_, c) => {
    const own = setOf(ALPHABET.filter((_symbol, i) => classes[i] === c));
    return c === classes[FILLER] ? own.union(outside) : own;
  });
}

/** `\d\d\d\d` as `\d{4}`; the last one of a row stays apart when a quantifier follows. */
const repeated = (source: string): string =>
  source.replace(/(\\.|\[(?:\\.|[^\]\\])*\]|[^\\[\](){}*+?|^$])\1{2,}(?![*+?{])/g, (row, one: string) => {
    const count = row.length / one.length;
    return count * one.length > `${one}{${count}}`.length ? `${one}{${count}}` : row;
  });

/** Bound to the whole text; `.*` at its ends says the same as no anchor. */
function anchored(source: string): string {
  if (hasAlternatives(source)) return `^(?:${source})$`;
  const start = source.startsWith('.*') ? '' : '^';
  const end = source.length > start.length && /(?:^|[^\\])\.\*$/.test(source) ? '' : '$';
  return `${start}${source.replace(/^\.\*/, '').replace(end === '' ? /\.\*$/ : /(?!)/, '')}${end}`;
}

/** Whether alternatives stand outside all groups. */
function hasAlternatives(source: string): boolean {
  let depth = 0;
  for (const [token] of source.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|[()|]/g)) {
    if (token === '(') depth++;
    else if (token === ')') depth--;
    else if (token === '|' && depth === 0) return true;
  }
  return false;
}
