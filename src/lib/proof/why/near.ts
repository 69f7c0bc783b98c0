/** What a person may have meant by a text. */
import { distance } from 'fastest-levenshtein';
import { isNearMiss, parseAddress } from '../../routing/normalize.js';

/** Texts that are tried, the nearest ones. */
const NEAREST = 40;

/** How different two texts are, 0 to 1. */
export const far = (left: string, right: string): number =>
  distance(left, right) / Math.max(left.length, right.length, 1);

/** Texts of one list are looked through for the same text again and again. */
const known = new WeakMap<readonly string[], Map<string, readonly string[]>>();

/** The others that are the most like a text, the most likely slips of it first. */
export function nearest(text: string, others: readonly string[], most = NEAREST): readonly string[] {
  let found = known.get(others);
  if (!found) known.set(others, (found = new Map()));
  let near = found.get(text);
  if (!near) found.set(text, (near = sorted(text, others)));
  return near.slice(0, most);
}

const sorted = (text: string, others: readonly string[]): string[] =>
  others
    .map((other) => ({ other, far: isNearMiss(parseAddress(other).user, text) ? -1 : distance(text, other) }))
    .sort((a, b) => a.far - b.far || (a.other < b.other ? -1 : 1))
    .slice(0, NEAREST)
    .map(({ other }) => other);

/** The shortest number that a prefix could belong to. */
const LONG = 7;

/** The same number as it is also written: with and without +, a long one with a prefix more or less. */
export function variants(user: string): string[] {
  const bare = user.replace(/^\+/, '');
  if (!/^\d+$/.test(bare)) return [];
  const shorter = ['00', '011', '0', '9', '1'].flatMap((prefix) =>
    bare.startsWith(prefix) && bare.length >= LONG + prefix.length ? [bare.slice(prefix.length)] : [],
  );
  const longer = bare.length >= LONG ? ['1', '0', '9', '00'].map((prefix) => prefix + bare) : [];
  const all = [bare, ...shorter, ...longer].flatMap((word) => [word, `+${word}`]);
  return [...new Set(all)].filter((word) => word !== user);
}
