/** Suggestions for a mistyped name: the real ones that are nearest, best first. */
import { distance } from 'fastest-levenshtein';

/**
 * The candidates that `text` could be a slip of: at most `limit`, nearest first, at a distance of up to a
 * third of its length. Case counts less than letters do.
 */
export function nearest(text: string, candidates: Iterable<string>, limit = 3): string[] {
  const wanted = text.toLowerCase();
  const reach = Math.max(2, Math.floor(wanted.length / 3));
  const found = new Map<string, number>();
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) > reach) continue;
    const far = distance(wanted, candidate.toLowerCase());
    if (far <= reach && far < Math.max(wanted.length, candidate.length)) found.set(candidate, far);
  }
  return [...found]
    .sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([candidate]) => candidate);
}

/** `did you mean a, b?` in brackets and with a leading blank, or nothing when nothing is near. */
export function didYouMean(text: string, candidates: Iterable<string>): string {
  const found = nearest(text, candidates);
  return found.length === 0 ? '' : ` (did you mean ${found.join(' or ')}?)`;
}
