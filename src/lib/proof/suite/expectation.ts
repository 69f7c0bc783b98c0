/** What a test case expects of a decision, and whether the decision has it. */
import { RE2JS } from 're2js';
import type { Json } from '../../kinds/kind.js';
import type { Decision } from '../../routing/decision.js';
import { partNamed, type NamesOf, type Part } from './parts.js';

/** A value, null for none; a pattern that it has to match; or a list of them, entry by entry. */
export type Wanted =
  | { readonly text: string | null }
  | { readonly pattern: string; matches(text: string): boolean }
  | { readonly list: readonly Wanted[] };

export interface Expectation {
  /** Short name or path, as it is written. */
  readonly name: string;
  readonly part: Part;
  readonly wanted: Wanted;
}

/** Why an expectation is not met. */
export interface Mismatch {
  readonly name: string;
  readonly expectation: Expectation;
  readonly expected: Json;
  readonly actual: Json;
}

/**
 * Reads what is wanted: text, numbers and booleans are compared as text, `/…/` is a pattern in RE2 syntax that has to
 * find a match.
 */
export function wantedOf(value: Json): Wanted | { problem: string } {
  if (Array.isArray(value)) {
    const list: Wanted[] = [];
    for (const entry of value) {
      const wanted = Array.isArray(entry) ? { problem: 'has a list in a list' } : wantedOf(entry);
      if ('problem' in wanted) return wanted;
      list.push(wanted);
    }
    return { list };
  }
  if (value === null) return { text: null };
  if (typeof value === 'object') return { problem: 'is a mapping: expected a value, /a pattern/ or a list' };
  const text = String(value);
  if (text.length < 2 || !text.startsWith('/') || !text.endsWith('/')) return { text };
  try {
    const pattern = RE2JS.compile(text.slice(1, -1));
    return { pattern: text, matches: (found) => pattern.test(found) };
  } catch (error) {
    return { problem: `is no pattern that RE2 reads: ${(error as Error).message}` };
  }
}

/** An expectation, or what is wrong with its name or value. */
export function expectationOf(name: string, value: Json): Expectation | { problem: string; inName?: true } {
  const part = partNamed(name);
  if ('problem' in part) return { problem: part.problem, inName: true };
  const wanted = wantedOf(value);
  if ('problem' in wanted) return wanted;
  if ('list' in wanted && !part.isList) return { problem: 'is a list: a single value stands there' };
  return { name, part, wanted };
}

/** Why a decision does not meet an expectation; undefined when it does. */
export function mismatch(
  expectation: Expectation,
  decision: Decision,
  namesOf: NamesOf,
): Mismatch | undefined {
  const { name, part, wanted } = expectation;
  const { values, list } = part.find(decision, namesOf);
  const isMet =
    'list' in wanted
      ? list?.length === wanted.list.length && wanted.list.every((entry, i) => meets(entry, list[i]!))
      : values.some((value) => meets(wanted, value));
  if (isMet) return undefined;
  const actual = 'list' in wanted ? [...(list ?? [])] : values[0]!;
  return { name, expectation, expected: jsonOf(wanted), actual };
}

function meets(wanted: Wanted, value: Json): boolean {
  if ('list' in wanted) return false;
  const text = value === null || typeof value === 'object' ? null : String(value);
  return 'pattern' in wanted ? text !== null && wanted.matches(text) : wanted.text === text;
}

/** What is wanted, as it is written in a file. */
export const jsonOf = (wanted: Wanted): Json =>
  'list' in wanted ? wanted.list.map(jsonOf) : 'pattern' in wanted ? wanted.pattern : wanted.text;
