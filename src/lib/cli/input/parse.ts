/** From the values of a command's flags to what they ask for, with everything that is wrong reported at once. */
import { CtlError, type FieldError } from '../../errors.js';
import {
  type Document,
  type Field,
  type Json,
  type Kind,
  type ListField,
  type StructsField,
  isSecret,
} from '../../kinds/kind.js';
import { didYouMean } from '../../kinds/nearest.js';
import { quote } from '../../kinds/words.js';
import { findField, kebab } from '../names.js';
import { clearable, type FieldFlag, fieldFlags, type Verb } from './flags.js';
import { inputError } from './problems.js';
import { parseScalar } from './scalar.js';
import { readSecret } from './secret.js';
import type { Sources } from './source.js';
import { parseStructured } from './structured.js';

/** An entry to add to a list, or to remove from it. */
export interface ListEdit {
  readonly field: string;
  /** To remove, an entry matches when every member given here is equal. */
  readonly entry: Json;
  readonly remove: boolean;
}

/** What the flags ask for. */
export interface Given {
  /** The wished ref (`create`). */
  readonly ref: string | undefined;
  /** The fields that were given; references are refs or natural keys. */
  readonly doc: Document;
  /** Fields to empty (`update`). */
  readonly clear: readonly string[];
  /** Removals first (`update`). */
  readonly edits: readonly ListEdit[];
}

/** Values of flags, as the command-line parser leaves them. */
export type FlagValues = Readonly<Record<string, unknown>>;

/**
 * Reads the flags of `flagsOf(kind, verb)`; flags that are not the kind's are ignored.
 * @param sources where files of secrets, and stdin, are read from
 * @throws CtlError usage, naming every flag with a bad value
 */
export async function parseFlags(
  kind: Kind,
  verb: Verb,
  values: FlagValues,
  sources: Sources,
): Promise<Given> {
  const reader: Reader = { kind, verb, sources, problems: [] };
  const { problems } = reader;
  const doc: { [field: string]: Json } = {};
  const edits: ListEdit[] = [];
  for (const spec of fieldFlags(kind, verb)) {
    const value = values[spec.flag];
    if (value === undefined) continue;
    const found = await readFlag(reader, spec, value);
    if (found === undefined) continue;
    if (spec.role === 'set') doc[spec.name] = found;
    else
      for (const entry of found as Json[])
        edits.push({ field: spec.name, entry, remove: spec.role === 'remove' });
  }
  const ref = values['ref'] as string | undefined;
  if (ref === '')
    problems.push({ field: '--ref', message: 'is empty: expected a ref, or no --ref for a UUID' });
  const clear = verb === 'update' ? readClear(kind, values['clear'], problems) : [];
  problems.push(...contradictions(kind, doc, edits, clear));
  if (problems.length > 0) throw inputError(`cannot ${verb} ${kind.noun}`, problems);
  return { ref, doc, clear, edits: edits.sort((a, b) => Number(b.remove) - Number(a.remove)) };
}

interface Reader {
  readonly kind: Kind;
  readonly verb: Verb;
  readonly sources: Sources;
  readonly problems: FieldError[];
}

/** The value or the entries that a flag gives; undefined when nothing can be read, with its problems noted. */
async function readFlag(reader: Reader, spec: FieldFlag, value: unknown): Promise<Json | undefined> {
  const { kind, verb, sources, problems } = reader;
  const { flag, name, field, role } = spec;
  const note = (message: string) => void problems.push({ field: `--${flag}`, message });
  if (role === 'fixed') {
    note(`is fixed when the ${kind.noun} is created: delete it and create another one to change it`);
    return undefined;
  }
  if (field.type === 'boolean') return value as boolean;
  if (field.type === 'list' || field.type === 'structs')
    return (value as string[]).flatMap((text) => readEntry(field, text, role === 'remove', note));
  if (isSecret(field)) return readSecretFlag(sources, value as string, `--${flag}`, problems);
  const text = value as string;
  if (text === '' && verb === 'update' && !field.required) {
    note(`is empty: expected ${field.summary}, or --clear ${kebab(name)}`);
    return undefined;
  }
  return readValue(field, text, note);
}

function readEntry(
  field: ListField | StructsField,
  text: string,
  remove: boolean,
  note: (message: string) => void,
): Json[] {
  if (field.type === 'list') {
    const value = readValue(field.of, text, note);
    return value === undefined ? [] : [value];
  }
  const { entry, problems } = parseStructured(field, text, { partial: remove });
  for (const problem of problems) note(`${quote(text)}: ${problem}`);
  return problems.length === 0 ? [entry] : [];
}

function readValue(field: Field, text: string, note: (message: string) => void): Json | undefined {
  const result = parseScalar(field, text);
  if ('value' in result) return result.value;
  note(`${text === '' ? '' : `${quote(text)} `}${result.problem}`);
  return undefined;
}

async function readSecretFlag(
  sources: Sources,
  path: string,
  flag: string,
  problems: FieldError[],
): Promise<string | undefined> {
  try {
    return await readSecret(sources, path, flag);
  } catch (error) {
    if (!(error instanceof CtlError)) throw error;
    problems.push(...error.fields);
    return undefined;
  }
}

function readClear(kind: Kind, values: unknown, problems: FieldError[]): string[] {
  const allowed = clearable(kind);
  return ((values as string[] | undefined) ?? []).flatMap((text) => {
    const name = findField(kind, text);
    if (name !== undefined && [...allowed.values()].includes(name)) return [name];
    const why =
      name === undefined ? `is no field here${didYouMean(text, allowed.keys())}` : 'cannot be empty';
    const message = `${quote(text)} ${why}: expected one of ${[...allowed.keys()].join(', ')}`;
    problems.push({ field: '--clear', message });
    return [];
  });
}

/** A field can be set, cleared, or edited entry by entry, but only one of them. */
function contradictions(
  kind: Kind,
  doc: Document,
  edits: readonly ListEdit[],
  clear: readonly string[],
): FieldError[] {
  const edited = new Set(edits.map(({ field }) => field));
  return fieldFlags(kind, 'update')
    .filter(({ role }) => role === 'set')
    .flatMap(({ flag, name }) => {
      const ways = [
        ...(name in doc ? [`--${flag}`] : []),
        ...(edited.has(name) ? [`--add-${flag} or --remove-${flag}`] : []),
        ...(clear.includes(name) ? ['--clear'] : []),
      ];
      if (ways.length < 2) return [];
      return [
        { field: ways[0]!, message: `contradicts ${ways.slice(1).join(' and ')}: expected one of them` },
      ];
    });
}
