/**
 * Checks that values from a file have the types of a kind's fields; what they mean is checked where they are written.
 */
import type { Document, Field, Fields, Json } from '../../kinds/kind.js';
import { didYouMean } from '../../kinds/nearest.js';
import { MASK, quote } from '../../kinds/words.js';
import { isMap, type JsonMap } from './types.js';

/** Something wrong at a path of a document. */
export interface Fault {
  readonly path: string;
  readonly message: string;
  /** It is a key that no field has; reading leniently passes it over. */
  readonly unknown?: boolean;
}

/** A value in words. */
export const nameOf = (value: Json): string => {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return isMap(value) ? 'a mapping' : quote(value);
};

/** What is wrong with a key that nobody knows. */
export const unknownKey = (path: string, name: string, known: readonly string[]): Fault => ({
  path,
  message: `is no field here${didYouMean(name, known) || `: expected ${known.join(', ')}`}`,
  unknown: true,
});

/** The declared spelling of a choice: case does not count, and `-` is `_`. */
export const choiceOf = (values: readonly string[], text: string): string | undefined => {
  const wanted = text.trim().toLowerCase().replaceAll('-', '_');
  return values.find((value) => value.toLowerCase() === wanted);
};

const NONE: ReadonlySet<string> = new Set();

/** Checks the types of values, and turns choices into their declared spelling. Nulls and masks are left out. */
export class Checker {
  readonly faults: Fault[] = [];

  /** @param sourceOf a scalar as the file has it, by its path */
  constructor(private readonly sourceOf: (path: string) => string | undefined) {}

  refuse(path: string, message: string): undefined {
    this.faults.push({ path, message });
  }

  /** A text; a number or the like in its place has lost its spelling, as the plus of +1910. */
  text(value: Json, path: string, expected: string, secret = false): string | undefined {
    if (typeof value === 'string') return value;
    if (typeof value === 'object') return this.refuse(path, `is ${nameOf(value)}: expected ${expected}`);
    const type = typeof value === 'number' ? 'a number' : 'true or false';
    const source = secret ? undefined : this.sourceOf(path)?.slice(0, 80);
    const quoted = source === undefined ? '' : `, "${source}"`;
    return this.refuse(path, `is ${type} where text is expected: quote it${quoted}`);
  }

  /**
   * The values of an object with these fields.
   * @param prefix the path of the object, with a dot behind it
   * @param known names that may stand there, for suggestions
   * @param passed names that are passed over
   */
  fields(fields: Fields, values: JsonMap, prefix: string, known: readonly string[], passed = NONE): Document {
    const doc: { [field: string]: Json } = {};
    for (const name of Object.keys(values)) {
      if (passed.has(name)) continue;
      const value = values[name]!;
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (!field) {
        this.faults.push(unknownKey(prefix + name, name, known));
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
        return field.secret && value === MASK
          ? undefined
          : this.text(value, path, field.summary, field.secret);
      case 'reference':
        return this.text(value, path, field.summary);
      case 'choice':
        return this.choice(field.values, value, path);
      case 'integer':
        return typeof value === 'number'
          ? value
          : this.refuse(path, `is ${nameOf(value)}: expected a whole number`);
      case 'boolean':
        return typeof value === 'boolean'
          ? value
          : this.refuse(path, `is ${nameOf(value)}: expected true or false`);
      case 'object':
        return objectOf(value) ?? this.refuse(path, `is ${nameOf(value)}: expected a mapping`);
      default:
        return this.list(field, value, path);
    }
  }

  private choice(values: readonly string[], value: Json, path: string): Json | undefined {
    const text = this.text(value, path, values.join(', '));
    if (text === undefined) return undefined;
    const choice = choiceOf(values, text);
    return choice ?? this.refuse(path, `${quote(text)} is not valid: expected ${values.join(', ')}`);
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

/** A mapping, or JSON text of one: TOML has no null, so it may carry objects that have one as text. */
function objectOf(value: Json): JsonMap | undefined {
  if (isMap(value)) return value;
  if (typeof value !== 'string') return undefined;
  try {
    const object = JSON.parse(value) as Json;
    return isMap(object) ? object : undefined;
  } catch {
    return undefined;
  }
}
