/** From a list query to SQL: filters, order and where a page starts. Every value is a parameter. */
import { CtlError } from '../errors.js';
import { expectation } from '../kinds/expectation.js';
import { kindOf } from '../kinds/index.js';
import { type Field, type Fields, type Kind, isSecret } from '../kinds/kind.js';
import { didYouMean } from '../kinds/nearest.js';
import { quote } from '../kinds/words.js';
import type { Filter, ListQuery } from './store.js';
import type { Cursor } from './token.js';

/** A piece of SQL and its parameters. */
export interface Sql {
  readonly text: string;
  readonly values: readonly (string | number)[];
}

export interface Order {
  /** What it sorts by; never null. */
  readonly key: Sql;
  readonly down: boolean;
}

const columns: Readonly<Record<string, string>> = {
  ref: 'ref',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
  revision: 'revision',
};

const refuse = (field: string, message: string): never => {
  throw new CtlError('usage', `cannot list: ${field} ${message}`, { fields: [{ field, message }] });
};

/** How the query sorts. @throws CtlError usage */
export function orderOf({ kind: name, sort = '', refs }: ListQuery): Order {
  const kind = kindOf(name);
  if (sort === '')
    return kind.order
      ? { key: { text: 'position', values: [] }, down: false }
      : // The sign keeps SQLite from walking all of the kind in this order when a few refs are asked for.
        { key: { text: refs ? '+seq' : 'seq', values: [] }, down: true };
  const down = sort.startsWith('-');
  const by = down ? sort.slice(1) : sort;
  const column = Object.hasOwn(columns, by) ? columns[by] : undefined;
  if (column) return { key: { text: column, values: [] }, down };
  const field = Object.hasOwn(kind.fields, by) ? kind.fields[by]! : undefined;
  if (!field || isSecret(field) || /^(list|structs|object)$/.test(field.type)) {
    const names = [...Object.keys(columns), ...sortable(kind)];
    return refuse('sort', `is ${quote(sort)}: expected one of ${names.join(', ')}${didYouMean(by, names)}`);
  }
  const empty = field.type === 'integer' || field.type === 'boolean' ? '-1e18' : "''";
  return { key: { text: `ifnull(json_extract(document, ?), ${empty})`, values: [`$.${by}`] }, down };
}

const sortable = (kind: Kind): string[] =>
  Object.entries(kind.fields)
    .filter(([, field]) => !isSecret(field) && !/^(list|structs|object)$/.test(field.type))
    .map(([name]) => name);

/** The condition of a page: kind, filters, known refs, a text to search, and the place after `from`. */
export function conditionOf(query: ListQuery, order: Order, from: Cursor | undefined): Sql {
  const kind = kindOf(query.kind);
  const parts: Sql[] = [{ text: 'kind = ?', values: [kind.name] }];
  for (const filter of query.filters ?? []) parts.push(filterSql(kind, filter));
  if (query.refs)
    parts.push({ text: 'ref in (select value from json_each(?))', values: [JSON.stringify(query.refs)] });
  if (query.search) parts.push(...searchSql(query.search));
  if (from && order.key.text === 'seq') parts.push({ text: 'seq < ?', values: [from[1]] });
  else if (from)
    parts.push({
      text: `(${order.key.text}, seq) ${order.down ? '<' : '>'} (?, ?)`,
      values: [...order.key.values, ...from],
    });
  return { text: parts.map(({ text }) => text).join(' and '), values: parts.flatMap(({ values }) => values) };
}

/**
 * Keeps rows that could contain the text; `contains` in `sqlite.ts` then looks at the values alone. SQLite
 * folds ASCII only, so other text is left to that.
 */
function searchSql(search: string): Sql[] {
  if (!/^[ -~]*$/.test(search)) return [];
  const text = search.toLowerCase();
  return [
    {
      text: '(instr(lower(ref), ?) > 0 or instr(lower(document), ?) > 0)',
      values: [text, JSON.stringify(text).slice(1, -1)],
    },
  ];
}

function filterSql(kind: Kind, { field: path, value }: Filter): Sql {
  if (path === 'ref') return { text: 'ref = ?', values: [value] };
  const [name = '', member, ...more] = path.split('.');
  const field = Object.hasOwn(kind.fields, name) ? kind.fields[name] : undefined;
  if (
    field?.type === 'structs' &&
    member !== undefined &&
    more.length === 0 &&
    Object.hasOwn(field.of, member)
  ) {
    const of = comparison(`json_extract(entry.value, ?)`, field.of[member]!, path, value);
    return {
      text: `exists (select 1 from json_each(document, ?) as entry where ${of.text})`,
      values: [`$.${name}`, `$.${member}`, ...of.values],
    };
  }
  if (
    !field ||
    member !== undefined ||
    field.type === 'structs' ||
    field.type === 'object' ||
    isSecret(field)
  )
    return unknownPath(kind, path);
  if (field.type !== 'list') {
    const of = comparison('json_extract(document, ?)', field, path, value);
    return { text: of.text, values: [`$.${name}`, ...of.values] };
  }
  if (value === '') return { text: 'json_array_length(document, ?) = 0', values: [`$.${name}`] };
  return {
    text: 'exists (select 1 from json_each(document, ?) as entry where entry.value = ?)',
    values: [`$.${name}`, value],
  };
}

/** Compares a value with the text of a filter, as the field's type has it. */
function comparison(value: string, field: Field, path: string, text: string): Sql {
  if (text === '') return { text: `${value} is null`, values: [] };
  if (field.type === 'boolean') {
    if (text !== 'true' && text !== 'false') refuse(path, `is ${quote(text)}: expected true or false`);
    return { text: `${value} = ?`, values: [text === 'true' ? 1 : 0] };
  }
  if (field.type === 'integer') {
    if (!/^-?\d{1,15}$/.test(text)) refuse(path, `is ${quote(text)}: expected ${expectation(field)}`);
    return { text: `${value} = ?`, values: [Number(text)] };
  }
  if (field.type === 'choice' && !field.values.includes(text))
    refuse(path, `is ${quote(text)}: expected ${expectation(field)}`);
  if (field.type !== 'text') return { text: `${value} = ?`, values: [text] };
  const full = field.prefix && !text.startsWith(field.prefix) ? field.prefix + text : text;
  return field.fold
    ? { text: `lower(${value}) = ?`, values: [full.toLowerCase()] }
    : { text: `${value} = ?`, values: [full] };
}

function unknownPath(kind: Kind, path: string): never {
  const paths = ['ref', ...filterable(kind.fields)];
  const near = didYouMean(path, paths) || `: expected one of ${paths.join(', ')}`;
  return refuse(path, `cannot be filtered by${near}`);
}

const filterable = (fields: Fields): string[] =>
  Object.entries(fields).flatMap(([name, field]) => {
    if (field.type === 'structs') return Object.keys(field.of).map((member) => `${name}.${member}`);
    return field.type === 'object' || isSecret(field) ? [] : [name];
  });
