/** What is common to writing resources in any format: their order, and their fields. */
import { isDeepStrictEqual } from 'node:util';
import { kinds } from '../../kinds/index.js';
import { type Document, type Field, type Fields, type Json, type Kind, isSecret } from '../../kinds/kind.js';
import { MASK } from '../../kinds/words.js';
import type { JsonMap } from './types.js';

/** A resource to write. */
export interface Writable {
  readonly kind: Kind;
  readonly ref: string;
  readonly doc: Document;
  /** Place in the declared order, of kinds that have one. */
  readonly position?: number | undefined;
}

export interface WriteOptions {
  /** Secrets as they are, where the document has them; else a mark that reading takes for "keep". */
  readonly reveal?: boolean;
}

interface Place {
  readonly kind: number;
  readonly position: number;
  readonly ref: string;
}

const KIND_ORDER = new Map(kinds.map(({ name }, i) => [name, i]));

/** Where a resource stands among others. */
export const placeOf = ({ kind, ref, position = 0 }: Writable): Place => ({
  kind: KIND_ORDER.get(kind.name)!,
  position,
  ref,
});

/** The order of kinds, then the declared order, then that of refs by their characters' codes. */
export const compare = (a: Place, b: Place): number =>
  a.kind - b.kind || a.position - b.position || (a.ref === b.ref ? 0 : a.ref < b.ref ? -1 : 1);

/** Resources in their order. */
export const sorted = (resources: Iterable<Writable>): Writable[] =>
  [...resources]
    .map((resource) => ({ resource, ...placeOf(resource) }))
    .sort(compare)
    .map(({ resource }) => resource);

/** A resource in our flat form, without what is equal to its default. */
export const flatDocument = (resource: Writable, options: WriteOptions): JsonMap => ({
  kind: resource.kind.name,
  ref: resource.ref,
  ...given(resource.kind.fields, resource.doc, options),
});

function given(fields: Fields, values: Document, options: WriteOptions): JsonMap {
  const map: JsonMap = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = isSecret(field) ? secretOf(field, values[name], options) : values[name];
    if (value === undefined || isDeepStrictEqual(value, fallbackOf(field))) continue;
    map[name] =
      field.type === 'structs'
        ? (value as Document[]).map((entry) => given(field.of, entry, options))
        : value;
  }
  return map;
}

const fallbackOf = (field: Field): Json | undefined =>
  field.type === 'list' || field.type === 'structs' ? [] : field.default;

/** A secret as options have it: itself, or the mark that stands for one that is there. */
export function secretOf(field: Field, value: Json | undefined, { reveal }: WriteOptions): Json | undefined {
  if (reveal && value !== undefined) return value;
  return value !== undefined || field.required ? MASK : undefined;
}
