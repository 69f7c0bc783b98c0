/**
 * Where other systems' documents keep what our fields hold: a table from field to path, read in both directions.
 */
import type { Json } from '../../kinds/kind.js';
import { type Fault, nameOf, unknownKey } from './checker.js';
import { isMap, join, type JsonMap } from './types.js';

export interface Slot {
  readonly path: string;
  /** Where the value may stand as well; it is written at `path`. */
  readonly also?: string;
  /** Where the entries of a list keep their fields. */
  readonly of?: Layout;
}

/** By field. The order is that of writing. */
export type Layout = Readonly<Record<string, Slot>>;

/** A layout of plain paths. */
export const slots = (paths: Readonly<Record<string, string>>): Layout =>
  Object.fromEntries(Object.entries(paths).map(([field, path]) => [field, { path }]));

/** A member that the layout does not speak of. */
export interface Rest {
  readonly path: string;
  readonly name: string;
  readonly value: Json;
  /** Names that it could have been. */
  readonly known: readonly string[];
}

/** A document in our fields. */
export interface Projection {
  readonly values: JsonMap;
  readonly rest: readonly Rest[];
  readonly faults: readonly Fault[];
  /** Where a path of `values` stands in the document. */
  pathOf(path: string): string;
}

/** The places of a layout by path, and what may stand at each level. */
interface Index {
  readonly leaves: ReadonlyMap<string, string>;
  readonly levels: ReadonlyMap<string, readonly string[]>;
}
const indexes = new WeakMap<Layout, Index>();

function indexOf(layout: Layout): Index {
  let index = indexes.get(layout);
  if (!index) indexes.set(layout, (index = makeIndex(layout)));
  return index;
}

function makeIndex(layout: Layout): Index {
  const leaves = new Map<string, string>();
  const levels = new Map<string, string[]>();
  const paths = Object.entries(layout).flatMap(([field, { path, also }]) =>
    [path, ...(also === undefined ? [] : [also])].map((one) => [one, field] as const),
  );
  for (const [path, field] of paths) {
    leaves.set(path, field);
    const parts = path.split('.');
    for (const [i, part] of parts.entries()) {
      const level = parts.slice(0, i).join('.');
      const names = levels.get(level) ?? [];
      if (!names.includes(part)) names.push(part);
      levels.set(level, names);
    }
  }
  return { leaves, levels };
}

/** Reads a document. What is no mapping where one belongs is a fault. */
export function project(layout: Layout, document: JsonMap): Projection {
  const { leaves, levels } = indexOf(layout);
  const values: JsonMap = {};
  const places = new Map<string, string>();
  const rest: Rest[] = [];
  const faults: Fault[] = [];
  const leaf = (field: string, path: string, value: Json) => {
    if (values[field] !== undefined && values[field] !== null && values[field] !== value)
      faults.push({ path, message: `is not what ${places.get(field)} says: expected one of the two` });
    const { of } = layout[field]!;
    values[field] = of ? entriesOf(of, value, path, rest, faults) : value;
    places.set(field, path);
  };
  const visit = (map: JsonMap, level: string) => {
    for (const [name, value] of Object.entries(map)) {
      const path = join(level, name);
      const field = leaves.get(path);
      const below = levels.get(path);
      if (field !== undefined) leaf(field, path, value);
      else if (!below) rest.push({ path, name, value, known: levels.get(level)! });
      else if (isMap(value)) visit(value, path);
      else if (value !== null) faults.push(noMapping(path, value, below));
    }
  };
  visit(document, '');
  return { values, rest, faults, pathOf: (path) => pathIn(layout, path, places) };
}

const noMapping = (path: string, value: Json, expected: readonly string[]): Fault => ({
  path,
  message: `is ${nameOf(value)}: expected a mapping with ${expected.join(', ')}`,
});

function entriesOf(layout: Layout, value: Json, path: string, rest: Rest[], faults: Fault[]): Json {
  if (!Array.isArray(value)) return value;
  return value.map((entry, i) => {
    if (!isMap(entry)) return entry;
    const at = `${path}[${i}]`;
    const inner = project(layout, entry);
    rest.push(...inner.rest.map((one) => ({ ...one, path: join(at, one.path) })));
    faults.push(...inner.faults.map((one) => ({ ...one, path: join(at, one.path) })));
    return inner.values;
  });
}

function pathIn(layout: Layout, path: string, places?: ReadonlyMap<string, string>): string {
  const [, field = '', index = '', inner = ''] = /^([^.[]*)(\[\d+\])?\.?(.*)$/.exec(path) ?? [];
  const slot = Object.hasOwn(layout, field) ? layout[field] : undefined;
  if (!slot) return path;
  const place = join(places?.get(field) ?? slot.path, index);
  return join(place, slot.of ? pathIn(slot.of, inner) : inner);
}

/** What is wrong with members that a layout does not speak of. */
export const unknownRest = (rest: readonly Rest[]): Fault[] =>
  rest.map(({ path, name, known }) => unknownKey(path, name, known));

/** Writes a document; the reverse of `project`. Fields that are absent are left out. */
export function unproject(layout: Layout, values: { readonly [field: string]: Json | undefined }): JsonMap {
  const document: JsonMap = {};
  for (const [field, { path, of }] of Object.entries(layout)) {
    const value = values[field];
    if (value === undefined) continue;
    const parts = path.split('.');
    const last = parts.pop()!;
    let target = document;
    for (const part of parts) target = (target[part] ??= {}) as JsonMap;
    target[last] = of ? (value as JsonMap[]).map((entry) => unproject(of, entry)) : value;
  }
  return document;
}
