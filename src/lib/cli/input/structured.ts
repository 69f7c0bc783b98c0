/**
 * Entries of struct fields as one argument: `rule=^\+1,number=number-01`. A comma separates only before a known
 * `key=`, so that patterns and addresses need no quoting.
 */
import type { Document, Field, Json, KindName, StructsField } from '../../kinds/kind.js';
import { didYouMean } from '../../kinds/nearest.js';
import { parseScalar } from './scalar.js';

/** An entry as far as it could be read, and what is wrong with the text. */
export interface Structured {
  readonly entry: { [key: string]: Json };
  readonly problems: readonly string[];
}

/** The name of a key as it is written: references without `Ref`. */
const shortKey = (name: string): string => name.replace(/Ref$/, '');

/** Every way to write each key: `number` and `numberRef`. */
const keysOf = (field: StructsField): Map<string, string> =>
  new Map(
    Object.keys(field.of).flatMap((name) => [
      [shortKey(name), name],
      [name, name],
    ]),
  );

/**
 * Reads `key=value,key=value`.
 * @param partial keys that are required may be missing (to name an entry rather than to give one)
 */
export function parseStructured(field: StructsField, text: string, { partial = false } = {}): Structured {
  if (text.trim() === '') return { entry: {}, problems: [`is empty: expected ${listOf(field)}`] };
  const keys = keysOf(field);
  const entry: { [key: string]: Json } = {};
  const problems: string[] = [];
  const parts = split(text, [...keys.keys()]);
  const given = new Set(parts.map(({ key }) => keys.get(key)).filter((name) => name !== undefined));
  const seen = new Set<string>();
  for (const { key, value } of parts) {
    const name = keys.get(key);
    if (name === undefined) {
      problems.push(unknownKey(key, field));
      continue;
    }
    if (seen.has(name)) problems.push(`has ${shortKey(name)}= twice: expected it once`);
    seen.add(name);
    const problem = value === undefined ? undefined : mistypedKey(value, field, given);
    if (problem) problems.push(problem);
    const result = parseScalar(field.of[name]!, value ?? '');
    if ('problem' in result) problems.push(`${shortKey(name)}=${value ?? ''} ${result.problem}`);
    else entry[name] = result.value;
  }
  if (!partial) problems.push(...missingKeys(field, given));
  return { entry, problems };
}

/** Cuts at every comma that stands before a known `key=`. A part without `=` has no value. */
function split(text: string, keys: readonly string[]): { key: string; value: string | undefined }[] {
  const separator = new RegExp(`,\\s*(?=(?:${keys.join('|')})=)`);
  return text.split(separator).map((part) => {
    const at = part.indexOf('=');
    return at < 0
      ? { key: part.trim(), value: undefined }
      : { key: part.slice(0, at).trim(), value: part.slice(at + 1) };
  });
}

const listOf = (field: StructsField): string =>
  Object.keys(field.of)
    .map((name) => `${shortKey(name)}=`)
    .join(', ');

function unknownKey(key: string, field: StructsField): string {
  const meant = didYouMean(key, Object.keys(field.of).map(shortKey));
  return `has no key ${JSON.stringify(key)}${meant}: expected ${listOf(field)}`;
}

/** A value that holds `,prot=`, where `port=` is not given, is a typing mistake rather than a value. */
function mistypedKey(value: string, field: StructsField, given: ReadonlySet<string>): string | undefined {
  const open = Object.keys(field.of)
    .filter((name) => !given.has(name))
    .map(shortKey);
  for (const [, key] of value.matchAll(/,\s*([A-Za-z][\w-]*)=/g)) {
    const meant = didYouMean(key!, open);
    if (meant) return `has no key ${JSON.stringify(key)}${meant}: expected ${listOf(field)}`;
  }
  return undefined;
}

function missingKeys(field: StructsField, given: ReadonlySet<string>): string[] {
  const missing = Object.entries(field.of).filter(([name, sub]) => sub.required && !given.has(name));
  return missing.map(([name, sub]) => `is missing ${shortKey(name)}= (${sub.summary})`);
}

/**
 * An entry as `parseStructured` reads it, keys in the order of the definition.
 * @param label how a reference is called; without it, by its ref
 */
export function formatStructured(
  field: StructsField,
  entry: Document,
  label: (to: KindName, ref: string) => string = (_, ref) => ref,
): string {
  return Object.entries(field.of)
    .filter(([name]) => entry[name] !== undefined && entry[name] !== null)
    .map(([name, sub]) => `${shortKey(name)}=${textOf(sub, entry[name]!, label)}`)
    .join(',');
}

const textOf = (field: Field, value: Json, label: (to: KindName, ref: string) => string): string =>
  field.type === 'reference' ? label(field.to, String(value)) : String(value);
