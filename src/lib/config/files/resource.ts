/** One resource of a file, in our flat form or in Routr's nested one. */
import { kinds } from '../../kinds/index.js';
import type { Document, Json, Kind } from '../../kinds/kind.js';
import { didYouMean, nearest } from '../../kinds/nearest.js';
import { quote, refFault } from '../../kinds/words.js';
import { Checker, type Fault, nameOf } from './checker.js';
import { type Projection, project, unknownRest } from './layout.js';
import { RESERVED, routrLayouts } from './routr.js';
import { join, type JsonMap, type Located } from './types.js';
import { isMap } from './types.js';

/** Printed, but not written: what a resource gets from the daemon, and Routr's version mark. */
export const READ_ONLY: ReadonlySet<string> = new Set([
  'apiVersion',
  'createdAt',
  'updatedAt',
  'revision',
  'position',
]);

/** A value in a file that should be a resource. */
export interface Element {
  readonly located: Located;
  /** The path of the element in `located`. */
  readonly base: string;
  readonly value: Json;
}

export interface Reading {
  /** Absent when it has faults that are not passed over. */
  readonly resource?: { readonly kind: Kind; readonly ref: string; readonly doc: Document };
  /** Paths are those in the element. */
  readonly faults: readonly Fault[];
  readonly notes: readonly string[];
  /** Where a path of the resource's document stands in the element. */
  pathOf(path: string): string;
}

const NAMES = kinds.map(({ name }) => name);
const byLowerName = new Map(kinds.map((kind) => [kind.name.toLowerCase(), kind]));
/** What may stand in a flat document, for suggestions. */
const flatNames = new Map(kinds.map((kind) => [kind, ['kind', 'ref', ...Object.keys(kind.fields)]]));
const same = (path: string): string => path;

/** Whether a mapping is meant to be a resource. */
export const isResource = (value: JsonMap): boolean => Object.hasOwn(value, 'kind');

/** Reads a resource. References keep their text. */
export function readResource({ located, base, value }: Element & { readonly value: JsonMap }): Reading {
  const checker = new Checker((path) => located.sourceOf(join(base, path)));
  const kind = kindFrom(value['kind']!, checker);
  if (!kind) return { faults: checker.faults, notes: [], pathOf: same };
  const form = isMap(value['spec']) || isMap(value['metadata']) ? nested(kind, value) : flat(kind, value);
  return readForm(kind, form, (path) => located.sourceOf(join(base, path)));
}

function kindFrom(value: Json, checker: Checker): Kind | undefined {
  const name = checker.text(value, 'kind', 'a kind');
  if (name === undefined) return undefined;
  const kind = byLowerName.get(name.toLowerCase());
  if (kind) return kind;
  const near = didYouMean(name, NAMES) || `: expected ${NAMES.join(', ')}`;
  return checker.refuse('kind', `is ${quote(name)}, which is no kind${near}`);
}

interface Form extends Projection {
  readonly ref: Json | undefined;
  /** Names that the document may have beside its fields. */
  readonly notes: readonly string[];
  readonly known: readonly string[];
  /** Names among the values that are passed over. */
  readonly passed?: ReadonlySet<string>;
}

const HEAD: ReadonlySet<string> = new Set(['kind', 'ref', ...READ_ONLY]);

const flat = (kind: Kind, values: JsonMap): Form => ({
  ref: values['ref'],
  values,
  passed: HEAD,
  ...{ rest: [], faults: [], notes: [], known: flatNames.get(kind)!, pathOf: same },
});

function nested(kind: Kind, value: JsonMap): Form {
  const { kind: _, ref, apiVersion: __, ...document } = value;
  const layout = routrLayouts[kind.name];
  if (!layout) {
    const message = `is written with metadata and spec, as Routr's kinds are: expected the fields of the ${kind.noun} beside kind and ref`;
    return { ...flat(kind, {}), ref, faults: [{ path: '', message }] };
  }
  const projection = project(layout, document);
  const notes: string[] = [];
  const { values } = projection;
  // Routr reads 0 as no limit.
  if (values['maxContacts'] === 0) values['maxContacts'] = -1;
  const rest = projection.rest.filter(({ path }) => path !== RESERVED);
  if (rest.length < projection.rest.length)
    notes.push(`${RESERVED} is passed over, since Routr keeps it free`);
  if (projection.pathOf('accessControlListRef') === 'spec.context.accessControlListRef')
    notes.push(
      'spec.context.accessControlListRef guards the domain here, although Routr does not look there',
    );
  return { ...projection, rest, ref, notes, known: [] };
}

function readForm(kind: Kind, form: Form, sourceOf: (path: string) => string | undefined): Reading {
  const checker = new Checker((path) => sourceOf(form.pathOf(path)));
  const doc = checker.fields(kind.fields, form.values, '', form.known, form.passed);
  const ref = refOf(kind, form.ref, doc, checker);
  const faults = [
    ...form.faults,
    ...unknownRest(form.rest),
    ...checker.faults.map((fault) => ({ ...fault, path: form.pathOf(fault.path) })),
  ];
  const { notes, pathOf } = form;
  return ref === undefined
    ? { faults, notes, pathOf }
    : { resource: { kind, ref, doc }, faults, notes, pathOf };
}

/** The ref that is given, or the value of the one field that names a resource of the kind. */
function refOf(kind: Kind, given: Json | undefined, doc: Document, checker: Checker): string | undefined {
  if (given !== undefined && given !== null) {
    const ref = checker.text(given, 'ref', 'a ref');
    const fault = ref === undefined ? undefined : refFault(ref);
    return fault === undefined ? ref : checker.refuse('ref', fault);
  }
  const keys = kind.keys.filter(({ unique, fields }) => unique && fields.length === 1);
  const field = keys.length === 1 ? keys[0]!.fields[0]! : undefined;
  const value = field === undefined ? undefined : doc[field];
  if (field === undefined || typeof value !== 'string')
    return checker.refuse('ref', 'is missing: expected a ref, such as ' + kind.example.ref);
  const definition = kind.fields[field]!;
  const prefix = definition.type === 'text' ? (definition.prefix ?? '') : '';
  const key = value.startsWith(prefix) ? value.slice(prefix.length) : value;
  if (refFault(key) === undefined) return key;
  const message = `is missing, and ${field} ${quote(value)} cannot stand for it: expected a ref, such as ${kind.example.ref}`;
  return checker.refuse('ref', message);
}

/** What is wrong with a value that is no resource. */
export function noResource(value: Json): string {
  const expected = 'expected a resource with kind, ref and its fields';
  if (!isMap(value)) return `is ${nameOf(value)}: ${expected}`;
  const [slip] = nearest('kind', Object.keys(value), 1);
  return slip === undefined
    ? `has no kind: ${expected}`
    : `has no kind, but ${quote(slip)} (did you mean kind?): ${expected}`;
}
