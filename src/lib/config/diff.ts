/** What changed between two documents of a kind, field by field, as data for every display. */
import { isDeepStrictEqual } from 'node:util';
import { type Document, type Field, type Fields, type Json, type Kind, isSecret } from '../kinds/kind.js';
import { MASK } from '../kinds/validate.js';

/** `before` and `after` are absent where the value is; secrets are masked. */
export interface FieldChange {
  /** Path in the document: `username`, `uris[0].port`, `allow[2]`. */
  readonly path: string;
  readonly before?: Json | undefined;
  readonly after?: Json | undefined;
}

/** The changes from one document to another; an absent document has no fields. */
export function fieldChanges(kind: Kind, before: Document = {}, after: Document = {}): FieldChange[] {
  return [...compareFields(kind.fields, before, after, '')];
}

function* compareFields(
  fields: Fields,
  before: Document,
  after: Document,
  prefix: string,
): Generator<FieldChange> {
  for (const [name, field] of Object.entries(fields))
    yield* compare(field, before[name], after[name], prefix + name);
}

function* compare(
  field: Field,
  before: Json | undefined,
  after: Json | undefined,
  path: string,
): Generator<FieldChange> {
  // Most values are scalars: those need no deep look.
  if (before === after || isDeepStrictEqual(before, after)) return;
  if (field.type === 'list' || field.type === 'structs')
    yield* compareEntries(field, (before ?? []) as Json[], (after ?? []) as Json[], path);
  else yield change(field, path, before, after);
}

/** Entries at both ends that are equal pair up; what lies between is compared in order. */
function* compareEntries(
  field: Extract<Field, { type: 'list' | 'structs' }>,
  before: Json[],
  after: Json[],
  path: string,
): Generator<FieldChange> {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && isDeepStrictEqual(before[start], after[start])) start++;
  let tail = 0;
  while (tail < shorter - start && isDeepStrictEqual(before.at(-1 - tail), after.at(-1 - tail))) tail++;
  const end = Math.max(before.length, after.length) - tail;
  for (let i = start; i < end; i++) {
    const old = i < before.length - tail ? before[i] : undefined;
    const now = i < after.length - tail ? after[i] : undefined;
    if (field.type === 'structs' && old !== undefined && now !== undefined)
      yield* compareFields(field.of, old as Document, now as Document, `${path}[${i}].`);
    else yield { path: `${path}[${i}]`, before: old, after: now };
  }
}

function change(field: Field, path: string, before: Json | undefined, after: Json | undefined): FieldChange {
  if (!isSecret(field)) return { path, before, after };
  return {
    path,
    before: before === undefined ? undefined : MASK,
    after: after === undefined ? undefined : MASK,
  };
}
