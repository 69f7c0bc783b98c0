/** One resource from a file: our flat form, checked for shape against the kind; what its values mean the daemon checks. */
import type { FieldError } from '../../errors.js';
import type { Document, Field, Fields, Json, Kind } from '../../kinds/kind.js';
import { didYouMean } from '../../kinds/nearest.js';
import { MASK, quote } from '../../kinds/words.js';
import { type Located, parseLocated } from './located.js';
import { inputError } from './problems.js';
import { parseScalar } from './scalar.js';
import { type Sources, sourceName } from './source.js';

const LARGEST = 64 * 1024 * 1024;
/** Printed, but not written: what a resource gets from the daemon, and Routr's version mark. */
const READ_ONLY = new Set(['apiVersion', 'createdAt', 'updatedAt', 'revision', 'position']);

export interface DocumentFile {
  /** Fields that have a value. */
  readonly doc: Document;
  /** Fields that the file says are null: to be emptied by an update. */
  readonly clear: readonly string[];
  readonly ref: string | undefined;
  /** `agents.yaml:3:5 username` of a path in the document, for errors of the daemon about it. */
  where(path: string): string;
}

/**
 * Reads the document of `-f`.
 * @param path a file, or `-` for stdin
 * @throws CtlError usage, naming every problem with its place
 */
export async function readDocument(sources: Sources, path: string, kind: Kind): Promise<DocumentFile> {
  const file = sourceName(path);
  const located = await parseLocated(await sources.read(path, '--file', LARGEST), file);
  const where = (at: string) => (at === '' ? located.at(at) : `${located.at(at)} ${at}`);
  const checker = new Checker(located, where);
  const { value } = located;
  if (!isMap(value))
    throw inputError(`cannot read ${file}`, [
      { field: where(''), message: `is ${nameOf(value)}: expected the fields of one ${kind.noun}` },
    ]);
  const { kind: kindName, ref, ...rest } = value;
  if (kindName !== undefined) checker.kind(kindName, kind);
  if (ref !== undefined) checker.text(ref, 'ref', 'a ref');
  const given = Object.fromEntries(Object.entries(rest).filter(([name]) => !READ_ONLY.has(name)));
  const doc = checker.fields(kind.fields, given, '', ['kind', 'ref', ...Object.keys(kind.fields)]);
  const clear = Object.keys(given).filter((name) => given[name] === null && name in kind.fields);
  for (const name of clear)
    if (kind.fields[name]!.required) checker.refuse(name, `is empty: expected ${kind.fields[name]!.summary}`);
  if (checker.problems.length > 0) throw inputError(`cannot read ${file}`, checker.problems);
  return { doc, clear, ref: ref as string | undefined, where };
}

type JsonMap = { [key: string]: Json };

const isMap = (value: Json): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const nameOf = (value: Json): string => {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return isMap(value) ? 'a mapping' : quote(value);
};

/** Checks the types of values, and turns choices into their declared spelling. Nulls and masks are left out. */
class Checker {
  readonly problems: FieldError[] = [];

  constructor(
    private readonly located: Located,
    private readonly where: (path: string) => string,
  ) {}

  refuse(path: string, message: string): undefined {
    this.problems.push({ field: this.where(path), message });
  }

  kind(value: Json, kind: Kind): void {
    if (typeof value === 'string' && value.toLowerCase() === kind.name.toLowerCase()) return;
    this.refuse('kind', `is ${nameOf(value)}: expected ${kind.name}, for ctl ${kind.topic}`);
  }

  /** A text; a number or the like in its place has lost its spelling, as the plus of +1910. */
  text(value: Json, path: string, expected: string): string | undefined {
    if (typeof value === 'string') return value;
    const source = this.located.sourceOf(path);
    if (typeof value === 'object' || source === undefined)
      return this.refuse(path, `is ${nameOf(value)}: expected ${expected}`);
    const type = typeof value === 'number' ? 'a number' : 'true or false';
    return this.refuse(path, `is ${type} where text is expected: quote it, "${source}"`);
  }

  fields(fields: Fields, values: JsonMap, prefix: string, known: readonly string[]): Document {
    const doc: { [field: string]: Json } = {};
    for (const [name, value] of Object.entries(values)) {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (!field) {
        const meant = didYouMean(name, known) || `: expected ${known.join(', ')}`;
        this.refuse(prefix + name, `is no field here${meant}`);
        continue;
      }
      if (value === null) continue;
      const read = this.value(field, value, prefix + name);
      if (read !== undefined) doc[name] = read;
    }
    return doc;
  }

  private value(field: Field, value: Json, path: string): Json | undefined {
    switch (field.type) {
      case 'text':
        return field.secret && value === MASK ? undefined : this.text(value, path, field.summary);
      case 'reference':
        return this.text(value, path, field.summary);
      case 'choice':
        return this.choice(field, value, path);
      case 'integer':
        return typeof value === 'number'
          ? value
          : this.refuse(path, `is ${nameOf(value)}: expected a whole number`);
      case 'boolean':
        return typeof value === 'boolean'
          ? value
          : this.refuse(path, `is ${nameOf(value)}: expected true or false`);
      case 'object':
        return isMap(value) ? value : this.refuse(path, `is ${nameOf(value)}: expected a mapping`);
      default:
        return this.list(field, value, path);
    }
  }

  private choice(field: Field & { type: 'choice' }, value: Json, path: string): Json | undefined {
    const text = this.text(value, path, field.values.join(', '));
    if (text === undefined) return undefined;
    const result = parseScalar(field, text);
    return 'value' in result ? result.value : this.refuse(path, `${quote(text)} ${result.problem}`);
  }

  private list(field: Field & { type: 'list' | 'structs' }, value: Json, path: string): Json[] | undefined {
    if (!Array.isArray(value)) return this.refuse(path, `is ${nameOf(value)}: expected a list`);
    return value.flatMap((item, i) => {
      const read =
        field.type === 'list'
          ? this.text(item, `${path}[${i}]`, field.summary)
          : this.entry(field.of, item, `${path}[${i}]`);
      return read === undefined ? [] : [read];
    }) as Json[];
  }

  private entry(fields: Fields, value: Json, path: string): Document | undefined {
    if (!isMap(value))
      return this.refuse(path, `is ${nameOf(value)}: expected ${Object.keys(fields).join(', ')}`);
    return this.fields(fields, value, `${path}.`, Object.keys(fields));
  }
}
