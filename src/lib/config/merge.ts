/** From what is there and what an operation gives to the complete document that is wanted. */
import { isDeepStrictEqual } from 'node:util';
import { type Document, type Field, type Kind, type Problem, isSecret } from '../kinds/kind.js';
import { didYouMean } from '../kinds/nearest.js';
import { quote } from '../kinds/validate.js';
import type { ListEdit, Operation } from './operation.js';

type Values = Record<string, unknown>;

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How an entry of a list edit is compared: references in it by what they name. */
export type Comparable = (field: Field, entry: unknown) => unknown;

/**
 * The wanted document of an update, a put over an existing resource, or a new one; not validated yet. Update
 * merges, put replaces all but secrets and `extended` (docs/wire.md, "Our own face").
 */
export function wanted(
  kind: Kind,
  before: Document | undefined,
  operation: Operation,
  comparable: Comparable,
): { input: unknown; problems: Problem[] } {
  const given = operation.document ?? (operation.action === 'update' ? {} : undefined);
  if (!isObject(given))
    return {
      input: {},
      problems: [{ field: '', message: `the document is ${quote(given)}: expected a JSON object` }],
    };
  if (!before) return { input: given, problems: [] };
  if (operation.action === 'put')
    return { input: { ...kept(kind, before, given), ...filled(kind, given) }, problems: [] };
  const problems: Problem[] = [];
  const input: Values = { ...before, ...filled(kind, given) };
  for (const name of operation.clear ?? []) clear(kind, name, given, input, problems);
  for (const edit of operation.edits ?? []) applyEdit(kind, edit, input, comparable, problems);
  return { input, problems };
}

/** Without secrets that are empty: those keep what is there. */
function filled(kind: Kind, given: Values): Values {
  const empty = Object.keys(given).filter(
    (name) => (given[name] === '' || given[name] === null) && isSecret(kind.fields[name]),
  );
  if (empty.length === 0) return given;
  return Object.fromEntries(Object.entries(given).filter(([name]) => !empty.includes(name)));
}

/** What a put leaves as it is when it is not given. */
function kept(kind: Kind, before: Document, given: Values): Values {
  const values: Values = {};
  for (const name of Object.keys(before)) {
    const field = kind.fields[name];
    if (isSecret(field) || (field?.type === 'object' && !Object.hasOwn(given, name)))
      values[name] = before[name];
  }
  return values;
}

function clear(kind: Kind, name: string, given: Values, input: Values, problems: Problem[]): void {
  if (!Object.hasOwn(kind.fields, name)) {
    const near = didYouMean(name, Object.keys(kind.fields));
    problems.push({ field: name, message: `cannot be cleared: it is no field of the kind${near}` });
  } else if (Object.hasOwn(given, name)) {
    problems.push({ field: name, message: 'is both given and cleared: expected one of the two' });
  } else delete input[name];
}

function applyEdit(
  kind: Kind,
  edit: ListEdit,
  input: Values,
  comparable: Comparable,
  problems: Problem[],
): void {
  const field = Object.hasOwn(kind.fields, edit.field) ? kind.fields[edit.field] : undefined;
  if (field?.type !== 'list' && field?.type !== 'structs') {
    const lists = Object.keys(kind.fields).filter((name) => /^(list|structs)$/.test(kind.fields[name]!.type));
    const near =
      didYouMean(edit.field, lists) || ` (expected ${lists.join(', ') || 'none: the kind has no lists'})`;
    problems.push({ field: edit.field, message: `is no list of the kind${near}` });
    return;
  }
  const entries = Array.isArray(input[edit.field]) ? (input[edit.field] as unknown[]) : [];
  if (!edit.remove) {
    const there = field.type === 'list' && entries.includes(edit.entry);
    input[edit.field] = there ? entries : [...entries, edit.entry];
    return;
  }
  const pattern = comparable(field, edit.entry);
  const rest = entries.filter((entry) => !matches(entry, pattern));
  if (rest.length === entries.length)
    problems.push({ field: edit.field, message: `has no entry ${entryText(edit.entry)} to remove` });
  input[edit.field] = rest;
}

const entryText = (entry: unknown): string =>
  isObject(entry)
    ? Object.entries(entry)
        .map(([name, value]) => `${name}=${quote(value)}`)
        .join(',')
    : quote(entry);

/** Every member that the pattern gives is equal. */
function matches(entry: unknown, pattern: unknown): boolean {
  if (!isObject(entry) || !isObject(pattern)) return entry === pattern;
  const members = Object.entries(pattern);
  return members.length > 0 && members.every(([name, value]) => isDeepStrictEqual(entry[name], value));
}

/**
 * Fields that are fixed when created but would change. Where only the case of a host name differs, `after`
 * takes the old spelling instead.
 */
export function fixedChanges(kind: Kind, before: Document, after: Document): Problem[] {
  const problems: Problem[] = [];
  for (const [name, field] of Object.entries(kind.fields)) {
    if (!field.immutable || before[name] === after[name]) continue;
    if (field.type === 'text' && field.fold && same(before[name], after[name])) after[name] = before[name];
    else
      problems.push({
        field: name,
        message: `is fixed: it cannot change from ${quote(before[name])} to ${quote(after[name])}; create another ${kind.noun} instead`,
      });
  }
  return problems;
}

const same = (a: unknown, b: unknown): boolean => String(a).toLowerCase() === String(b).toLowerCase();
