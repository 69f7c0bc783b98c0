/** How resources of a kind look: columns and documents derived from the kind's fields. */
import {
  type Document,
  type Field,
  type Json,
  type Kind,
  type KindName,
  isSecret,
} from '../../kinds/kind.js';
import { MASK } from '../../kinds/words.js';
import { formatStructured } from '../input/structured.js';
import { abbreviation, flagName, headerOf, kebab } from '../names.js';
import type { Column, View } from './view.js';

/** A resource that another one names. */
export interface Link {
  readonly kind: KindName;
  readonly ref: string;
  /** What a person would call it: its natural key. */
  readonly label: string;
}

/** A resource as it is printed. Times are milliseconds since the epoch. */
export interface Row {
  readonly kind: Kind;
  readonly ref: string;
  readonly doc: Document;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly revision: number;
  /** Place in the declared order, from 1, of kinds that have one. */
  readonly position?: number | undefined;
  /** What a person would call it: its natural key, else its ref. */
  readonly label?: string | undefined;
  readonly links?: readonly Link[] | undefined;
}

export interface ResourceViewOptions {
  /** Secrets as they are, where the document has them (`ctl credentials get --reveal`). */
  readonly reveal?: boolean;
}

/** The view of resources of one kind. */
export function resourceView(kind: Kind, options: ResourceViewOptions = {}): View<Row> {
  const reveal = options.reveal === true;
  return {
    columns: [
      ...(kind.order ? [position] : []),
      ref,
      ...Object.entries(kind.fields).map(([name, field]) => fieldColumn(kind, name, field, reveal)),
      time('createdAt'),
      time('updatedAt'),
      meta('revision', 'wide', (row) => row.revision),
      meta('kind', 'picked', (row) => row.kind.name),
    ],
    document: (row) => documentOf(row, reveal),
    name: nameOf,
  };
}

/** `agents/agent-01`. */
export const nameOf = (row: Pick<Row, 'kind' | 'ref'>): string => `${row.kind.topic}/${row.ref}`;

/**
 * A resource as one flat document, which `create -f` takes as it is: kind, ref, fields, then what is read only.
 * Secrets are masked.
 */
export function documentOf(row: Row, reveal = false): { [field: string]: Json } {
  const document: { [field: string]: Json } = { kind: row.kind.name, ref: row.ref };
  const names = new Set([...Object.keys(row.kind.fields), ...Object.keys(row.doc)]);
  for (const name of names) {
    const value = shownValue(row, name, reveal);
    if (value !== undefined) document[name] = value;
  }
  if (row.position !== undefined && row.kind.order) document['position'] = row.position;
  document['createdAt'] = timestamp(row.createdAt);
  document['updatedAt'] = timestamp(row.updatedAt);
  document['revision'] = row.revision;
  return document;
}

/** RFC 3339, UTC. */
export const timestamp = (ms: number): string => new Date(ms).toISOString();

function shownValue(row: Row, name: string, reveal: boolean): Json | undefined {
  const field = row.kind.fields[name];
  if (!isSecret(field)) return row.doc[name];
  if (reveal && row.doc[name] !== undefined) return row.doc[name];
  // Documents leave secrets out; one that is required is there all the same.
  return field.required || row.doc[name] !== undefined ? MASK : undefined;
}

function fieldColumn(kind: Kind, name: string, field: Field, reveal: boolean): Column<Row> {
  const long = kebab(name);
  return {
    name,
    header: headerOf(name),
    shown: kind.columns.includes(name) ? 'always' : 'wide',
    aliases: [long, flagName(name, field), abbreviation(long) ?? long],
    value: (row) => shownValue(row, name, reveal),
    texts(row) {
      const value = shownValue(row, name, reveal);
      return value === undefined || value === null ? [] : textsOf(field, value, row.links ?? []);
    },
  };
}

/** What people read of a value: references by what they are called, entries of structs as their flag takes them. */
function textsOf(field: Field, value: Json, links: readonly Link[]): string[] {
  const label = (to: KindName, ref: string) =>
    links.find((link) => link.kind === to && link.ref === ref)?.label ?? ref;
  if (field.type === 'reference') return [label(field.to, String(value))];
  if (field.type === 'list') return (value as Json[]).map(String);
  if (field.type === 'structs')
    return (value as Document[]).map((entry) => formatStructured(field, entry, label));
  return [typeof value === 'object' ? JSON.stringify(value) : String(value)];
}

const meta = (name: string, shown: Column<Row>['shown'], value: (row: Row) => Json): Column<Row> => ({
  name,
  header: headerOf(name),
  shown,
  value,
  texts: (row) => [String(value(row))],
});

const time = (name: 'createdAt' | 'updatedAt'): Column<Row> =>
  meta(name, 'wide', (row) => timestamp(row[name]));

const ref: Column<Row> = { ...meta('ref', 'always', (row) => row.ref), header: 'REF', keep: true };

const position: Column<Row> = {
  name: 'position',
  header: '#',
  shown: 'always',
  keep: true,
  value: (row) => row.position,
  texts: (row) => (row.position === undefined ? [] : [String(row.position)]),
};
