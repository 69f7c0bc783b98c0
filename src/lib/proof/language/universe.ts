/**
 * Every user that a call can have, as the normaliser leaves it (routing/normalize.ts): not empty, no blanks
 * around it, no separators in a telephone number, no parameters behind one. "12-34" is none: it becomes "1234".
 */
import { product, type Automaton } from './automaton.js';
import { automatonOf } from './program.js';

/** A telephone number as a person writes it; separators alone are none. */
const WRITTEN = '\\+?[.() -]*[0-9][0-9.() -]*';

const parse = (pattern: string): Automaton => automatonOf(pattern) as Automaton;

let universe: Automaton | undefined;

/** The automaton of all dialled users, of any length. */
export const dialledUsers = (): Automaton => (universe ??= build());

function build(): Automaton {
  const impossible = parse(`^$|^ | $|^${WRITTEN};`);
  const separated = product(parse(`^${WRITTEN}$`), parse('[.() -]'), (written, has) => written && has);
  return product(impossible, separated, (left, right) => !left && !right);
}
