/**
 * Numbers that a rule matches only as people write them. The normaliser takes their separators away before a rule is
 * asked (routing/normalize.ts), so that `^\+1-919` is never asked about `+1-919`, but about `+1919`.
 */
import { ALPHABET, symbolOf } from './alphabet.js';
import { product, replaced, type Automaton, type Operation } from './automaton.js';
import { analysed, type NotAnalysable } from './language.js';
import { automatonOf, tellsApart } from './program.js';
import { remembered } from './remembered.js';
import { wordsOf } from './words.js';

const SEPARATORS = '-.() ';

/** How many numbers are kept of a rule, of which one will do for an example. */
const MOST = 20;

/** As a person writes a number: it begins with `+`, a digit or `(`, and ends with a digit or `)`. */
const WRITTEN = '^([+(][-.() ]*)?[0-9]([-.() 0-9]*[0-9)])?$';

/**
 * The first of the numbers in writing that a rule matches and of which it does not match what is asked. Only where it
 * is for numbers with separators: `^.{5}` matches `1-234` too, as any text of five characters, and `\w-\w` names.
 */
export const onlyWritten = remembered((rule): readonly string[] | NotAnalysable => {
  // What most rules say to separators they say to the stand-in too: nothing.
  if (!tellsApart(rule, SEPARATORS)) return [];
  return analysed(() => {
    const matched = automatonOf(rule);
    return typeof matched === 'string' ? { notAnalysable: matched } : firstOf(onlyWrittenOf(matched));
  });
});

const and: Operation = (left, right) => left && right;
const butNot: Operation = (left, right) => left && !right;

function onlyWrittenOf(matched: Automaton): Automaton {
  const isSeparator = isOneOf(SEPARATORS);
  const isDigit = isOneOf('0123456789');
  const asked = replaced(matched, (symbol) => (isSeparator(symbol) ? undefined : symbol));
  const anythingBetween = replaced(matched, (symbol) => (isSeparator(symbol) ? symbolAt('~') : symbol));
  const letters = replaced(matched, (symbol) => (isDigit(symbol) ? symbolAt('a') : symbol));
  return [asked, anythingBetween, letters].reduce(
    (left, right) => product(left, right, butNot),
    product(matched, written(), and),
  );
}

const symbolAt = (character: string): number => symbolOf(character.charCodeAt(0));

const isOneOf =
  (characters: string) =>
  (symbol: number): boolean =>
    characters.includes(ALPHABET[symbol]!);

let numbers: Automaton | undefined;

const written = (): Automaton => (numbers ??= automatonOf(WRITTEN) as Automaton);

function firstOf(automaton: Automaton): string[] {
  const first: string[] = [];
  for (const word of wordsOf(automaton)) {
    first.push(word);
    if (first.length === MOST) break;
  }
  return first;
}
