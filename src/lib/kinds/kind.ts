/**
 * What a resource kind is: its fields, keys and columns as data. Storage, validation, flags, prompts, tables,
 * referential integrity and both gRPC faces are derived from these definitions; no kind has code of its own
 * anywhere else. This module and the definitions load nothing, so that `--help` stays fast.
 */
import type { FormatName } from './formats.js';

export type KindName =
  | 'AccessControlList'
  | 'Credentials'
  | 'Trunk'
  | 'Number'
  | 'Domain'
  | 'Agent'
  | 'Peer'
  | 'Modality'
  | 'Persona'
  | 'Policy'
  | 'Profile'
  | 'SipRoute';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A resource as a refs-only JSON object: the kind's fields, plus `name` and `extended`, at top level. */
export type Document = { [field: string]: Json | undefined };

/** A stored resource. Times are milliseconds since the epoch. */
export interface Resource<D = Document> {
  readonly kind: KindName;
  readonly ref: string;
  readonly doc: D;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The global revision that last changed it. */
  readonly revision: number;
  /** Creation order: strictly increasing over all kinds, never reused. */
  readonly seq: number;
  /** Sort key of kinds with a declared order (see `order.ts`). */
  readonly position?: string;
}

interface Common {
  /** One line for help, prompts and docs: lower case, no full stop. */
  readonly summary: string;
  readonly required?: boolean;
  /** Fixed when created (wire.md 1.4: Routr's update messages do not carry it). */
  readonly immutable?: boolean;
  readonly default?: Json;
  /** A value from the documentation's cast. */
  readonly example?: string;
}

export interface TextField extends Common {
  readonly type: 'text';
  readonly min?: number;
  readonly max: number;
  readonly format?: FormatName;
  /** Written only: masked wherever it would be shown, absent from documents. */
  readonly secret?: boolean;
  /** May hold line breaks. */
  readonly multiline?: boolean;
  /** Compared without regard to case in keys (host names). */
  readonly fold?: boolean;
  /** A prefix that a natural key may leave out (`tel:`). */
  readonly prefix?: string;
}
export interface IntegerField extends Common {
  readonly type: 'integer';
  readonly min: number;
  readonly max: number;
}
export interface BooleanField extends Common {
  readonly type: 'boolean';
}
export interface ChoiceField extends Common {
  readonly type: 'choice';
  readonly values: readonly string[];
  /** Enum numbers on Routr's wire, in the order of `values`; absent: the wire carries the text. */
  readonly wire?: readonly number[];
}
export interface ReferenceField extends Common {
  readonly type: 'reference';
  readonly to: KindName;
  /** The target must have these values (`{ type: 'realtime' }`). */
  readonly where?: Readonly<Record<string, string>>;
  /** It guards the resource: deleting the target by cascade must not clear it (semantics.md 1). */
  readonly guards?: boolean;
  /** The resource cannot do without it: deleting the target by cascade deletes the resource. */
  readonly owner?: boolean;
}
export interface ListField extends Common {
  readonly type: 'list';
  readonly of: TextField;
  /** The least number of entries. */
  readonly min?: number;
}
export interface StructsField extends Common {
  readonly type: 'structs';
  readonly of: Fields;
  /** Flag for one entry (`--egress`). */
  readonly entry: string;
}
export interface ObjectField extends Common {
  readonly type: 'object';
}

export type Field =
  | TextField
  | IntegerField
  | BooleanField
  | ChoiceField
  | ReferenceField
  | ListField
  | StructsField
  | ObjectField;
export type Fields = Readonly<Record<string, Field>>;

type Present<F> = F extends { required: true } ? true : F extends { default: Json } ? true : false;
type Bare<F> = F extends { type: 'text' | 'reference' }
  ? string
  : F extends { type: 'integer' }
    ? number
    : F extends { type: 'boolean' }
      ? boolean
      : F extends { type: 'choice'; values: readonly (infer V)[] }
        ? V
        : F extends { type: 'list' }
          ? readonly string[]
          : F extends { type: 'structs'; of: infer S }
            ? readonly Shape<S>[]
            : { [key: string]: Json };
/** The TypeScript shape of a document with these fields; lists are always present. */
export type Shape<F> = {
  readonly [K in keyof F]: Present<F[K]> extends true
    ? Bare<F[K]>
    : F[K] extends { type: 'list' | 'structs' }
      ? Bare<F[K]>
      : Bare<F[K]> | undefined;
};

/** How a resource may be named other than by its ref. */
export interface NaturalKey {
  /** One field, or two with `separator` between them; a reference stands for its target's own natural key. */
  readonly fields: readonly string[];
  readonly separator?: string;
  /** No two resources of the kind may share it. */
  readonly unique: boolean;
}

export interface Problem {
  /** Path in the document: `username`, `uris[0].port`. */
  readonly field: string;
  /** What is wrong and what is expected, naming the value unless it is secret. */
  readonly message: string;
}

export interface Kind<F extends Fields = Fields> {
  readonly name: KindName;
  /** The plural on the command line: `sip-routes`. */
  readonly topic: string;
  /** The singular in sentences: `SIP route`. */
  readonly noun: string;
  readonly summary: string;
  readonly fields: F;
  readonly keys: readonly NaturalKey[];
  /** Columns of a table beside the ref; `wide` shows every field. */
  readonly columns: readonly string[];
  /** One document that passes validation, from the documentation's cast, with its ref. */
  readonly example: Document & { ref: string };
  /** Rules between fields. The document's own fields are already valid. */
  check?(doc: Shape<F>): Problem[];
  /** Resources have a declared order; `last(doc)` ones stay behind all others. */
  readonly order?: { last(doc: Shape<F>): boolean };
  /** Spoken by Routr's Connect API; `depth` limits how many levels of references a response expands. */
  readonly connect?: { readonly depth?: number };
}

const NAME = {
  type: 'text',
  summary: 'name for people, 1-60 characters',
  required: true,
  min: 1,
  max: 60,
} as const satisfies TextField;
const EXTENDED = { type: 'object', summary: 'your own data, a JSON object' } as const satisfies ObjectField;

type WithCommon<F> = { readonly name: typeof NAME } & F & { readonly extended: typeof EXTENDED };

/** Completes a definition with the fields that every kind has, `name` first and `extended` last. */
export function defineKind<const F extends Fields>(
  definition: Omit<Kind, 'fields' | 'check' | 'order'> & {
    readonly fields: F;
    check?(doc: Shape<WithCommon<F>>): Problem[];
    readonly order?: { last(doc: Shape<WithCommon<F>>): boolean };
  },
): Kind<WithCommon<F>> {
  return { ...definition, fields: { name: NAME, ...definition.fields, extended: EXTENDED } };
}

/** The document type of a kind: `DocumentOf<typeof agent>`. */
export type DocumentOf<K> = K extends Kind<infer F> ? Shape<F> : never;

/** Whether a field is written only, and masked wherever it would be shown. */
export const isSecret = (field: Field | undefined): field is TextField & { readonly secret: true } =>
  field?.type === 'text' && field.secret === true;

/** Whether `ctl <kinds> enable|disable` exists. */
export const hasToggle = (kind: Kind): boolean => kind.fields['enabled']?.type === 'boolean';

/** A reference of a document: where it is, what it may name, and what it names. */
export interface Reference {
  readonly path: string;
  readonly field: ReferenceField;
  readonly ref: string;
}

type Referring = readonly (readonly [name: string, field: ReferenceField | StructsField])[];
const referring = new WeakMap<Fields, Referring>();

/** The fields that are or hold references; worked out once, since every write asks for them. */
function referringOf(fields: Fields): Referring {
  let found = referring.get(fields);
  if (!found) {
    found = Object.entries(fields).flatMap(([name, field]) =>
      field.type === 'reference' || (field.type === 'structs' && referringOf(field.of).length > 0)
        ? [[name, field] as const]
        : [],
    );
    referring.set(fields, found);
  }
  return found;
}

/** All references of a document, in field order. */
export function referencesOf(kind: Kind, doc: Document): Reference[] {
  const found: Reference[] = [];
  const visit = (fields: Fields, values: Document, prefix: string) => {
    for (const [name, field] of referringOf(fields)) {
      const value = values[name];
      if (value === undefined) continue;
      if (field.type === 'reference') found.push({ path: prefix + name, field, ref: value as string });
      else (value as Document[]).forEach((entry, i) => visit(field.of, entry, `${prefix}${name}[${i}].`));
    }
  };
  visit(kind.fields, doc, '');
  return found;
}
