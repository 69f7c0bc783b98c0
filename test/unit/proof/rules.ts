/** Egress rules over few characters, and every short user: what properties of rules are tried on. */
import { RE2JS } from 're2js';
import { normalizeUser } from '../../../src/lib/routing/normalize.js';

const ATOMS = [
  '0',
  '1',
  '\\+',
  '[01]',
  '.',
  '(0|1a?)',
  '1?',
  '0*',
  '\\d',
  '\\+?',
  '-',
  '[^0]',
  '(?i)A',
  '\\b',
];
const FEW = ['0', '1', '.', '\\+?', '1+'];

const two = (atoms: readonly string[]) => atoms.flatMap((one) => atoms.map((other) => one + other));
const bodies = [...ATOMS, ...two(ATOMS), ...two(FEW).flatMap((pair) => FEW.map((atom) => pair + atom))];

/** Anchored or not, of up to three parts; `.*` is the catch-all that people write. */
export const RULES: readonly string[] = [
  '.*',
  '^$',
  ...new Set(bodies.flatMap((body) => [body, `^${body}`, `^${body}`, `${body}$`, `^${body}$`])),
];

const textsOver = (characters: string, length: number): string[] =>
  length === 0
    ? ['']
    : textsOver(characters, length - 1).flatMap((text) => [...characters].map((one) => text + one));

/** Every user of two characters that can be dialled, and of more the telephone numbers. */
export const SHORT: readonly string[] = [
  ...[1, 2].flatMap((length) => textsOver('01+a', length)),
  ...textsOver('01+', 3),
  ...textsOver('01', 4),
  ...['1a1', 'a11', '+1a', '0a0', 'aa1'],
].filter((user) => normalizeUser(user) === user);

/** The shorter half of them: every one of two characters, and of three the telephone numbers. */
export const SHORTEST = SHORT.filter((user) => user.length < 3 || /^[01+][01]{2}$/.test(user));

const patterns = new Map<string, RE2JS>();

function compiled(rule: string): RE2JS {
  let pattern = patterns.get(rule);
  if (!pattern) patterns.set(rule, (pattern = RE2JS.compile(rule)));
  return pattern;
}

const matched = new Map<string, ReadonlySet<string>>();

/** The short users in which a rule finds a match. */
export function matchedBy(rule: string): ReadonlySet<string> {
  let users = matched.get(rule);
  if (!users) matched.set(rule, (users = new Set(SHORT.filter((user) => compiled(rule).test(user)))));
  return users;
}

const isShort = new Set(SHORT);

/** Whether a rule finds a match in a user. */
export const finds = (rule: string, user: string): boolean =>
  isShort.has(user) ? matchedBy(rule).has(user) : compiled(rule).test(user);
