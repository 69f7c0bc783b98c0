/**
 * Checks a complete wanted document against its kind and makes it canonical. All problems are found at once
 * (docs/wire.md 3.1, docs/semantics.md 1).
 */
import { characterFault, formatFault, patternSize } from './checks.js';
import { expectation } from './expectation.js';
import {
  type ChoiceField,
  type Document,
  type Field,
  type Fields,
  type IntegerField,
  type Json,
  type Kind,
  type ListField,
  type Problem,
  type ReferenceField,
  type StructsField,
  type TextField,
  isSecret,
} from './kind.js';
import { didYouMean } from './nearest.js';
import { article, MASK, quote, refFault } from './words.js';

export { article, MASK, quote, refFault };

/** Documents with more characters could not be sent in one gRPC message with their change. */
const MAX_DOCUMENT = 1024 * 1024;
const MAX_DEPTH = 16;

/** What a written reference names: the ref, or what is wrong with it and expected. */
export type Resolution = { readonly ref: string } | { readonly problem: string };

export interface ValidateOptions {
  /** Resolves references; without it they keep their text. */
  readonly resolve?: (field: ReferenceField, text: string) => Resolution;
}

export interface Validation {
  /** The canonical document; absent when there are problems. */
  readonly doc?: Document;
  readonly problems: Problem[];
}

/**
 * Validates a document after merging. The canonical one has the kind's field order, no absent fields, lists
 * always, and defaults, also inside entries; `""` for an optional text or reference is absent, and so is null.
 */
export function validate(kind: Kind, input: unknown, options: ValidateOptions = {}): Validation {
  if (!isObject(input))
    return { problems: [{ field: '', message: `is ${quote(input)}: expected a JSON object` }] };
  const problems: Problem[] = [];
  const checker = new Checker(problems, options);
  const doc = checker.fields(kind.fields, input, '', kind.noun);
  if (problems.length === 0 && kind.check) problems.push(...kind.check(doc as never));
  if (problems.length === 0 && checker.size > MAX_DOCUMENT)
    problems.push({
      field: '',
      message: `holds ${checker.size} characters: expected at most ${MAX_DOCUMENT}`,
    });
  return problems.length === 0 ? { doc, problems } : { problems };
}

/** The problems of one value alone, as prompts need them while it is typed. References are not resolved. */
export function validateField(name: string, field: Field, value: unknown): Problem[] {
  const problems: Problem[] = [];
  new Checker(problems, {}).field(field, value, name);
  return problems;
}

/**
 * Instructions that a pattern, and all patterns of a document, may compile to: matching takes time and memory in
 * proportion to them. `^\+1[2-9]\d{9}$` has 16; `(?:0123456789){1000}` would have 10,002.
 */
const MAX_INSTRUCTIONS = { pattern: 5_000, document: 100_000 };

const tooLarge = (what: string, of: keyof typeof MAX_INSTRUCTIONS): string =>
  `${what} instructions: expected at most ${MAX_INSTRUCTIONS[of]} for a ${of}; repeat less, or say it shorter`;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lengths count code points, as people count characters. */
const length = (text: string): number => {
  let count = 0;
  for (const _ of text) count++;
  return count;
};

const entriesCache = new WeakMap<Fields, [string, Field][]>();

/** `Object.entries`, worked out once: every write of every resource goes through all fields. */
function entriesOf(fields: Fields): [string, Field][] {
  let entries = entriesCache.get(fields);
  if (!entries) entriesCache.set(fields, (entries = Object.entries(fields)));
  return entries;
}

class Checker {
  /** Characters of all that may be long, entries and members counted with their punctuation. */
  size = 0;
  /** Instructions of all patterns. */
  private instructions = 0;

  constructor(
    private readonly problems: Problem[],
    private readonly options: ValidateOptions,
  ) {}

  /** The canonical values of an object with these fields, in their order. */
  fields(fields: Fields, input: Record<string, unknown>, prefix: string, noun: string): Document {
    for (const name of Object.keys(input)) {
      if (Object.hasOwn(fields, name)) continue;
      const near = didYouMean(name, Object.keys(fields)) || ` (expected ${Object.keys(fields).join(', ')})`;
      this.report(prefix + quoteName(name), `is no field of ${article(noun)}${near}`);
    }
    const doc: Document = {};
    for (const [name, field] of entriesOf(fields)) {
      const value = this.field(field, Object.hasOwn(input, name) ? input[name] : undefined, prefix + name);
      if (value !== undefined) doc[name] = value;
    }
    return doc;
  }

  /** The canonical value of a field; undefined when it is absent or wrong. */
  field(field: Field, value: unknown, path: string): Json | undefined {
    if (isAbsent(field, value)) return this.absent(field, path);
    switch (field.type) {
      case 'text':
        return this.text(field, value, path);
      case 'integer':
        return this.integer(field, value, path);
      case 'boolean':
        return typeof value === 'boolean' ? value : this.wrong(field, value, path);
      case 'choice':
        return this.choice(field, value, path);
      case 'reference':
        return this.reference(field, value, path);
      case 'list':
        return this.list(field, value, path);
      case 'structs':
        return this.structs(field, value, path);
      case 'object':
        return this.object(value, path);
    }
  }

  private report(field: string, message: string): undefined {
    this.problems.push({ field, message });
  }

  private wrong(field: Field, value: unknown, path: string, why = ''): undefined {
    const shown = isSecret(field) ? 'is wrong' : `is ${quote(value)}`;
    this.report(path, `${shown}${why && `, ${why}`}: expected ${expectation(field)}`);
  }

  private absent(field: Field, path: string): Json | undefined {
    if (field.default !== undefined) return field.default;
    if (field.required) this.report(path, `is missing: expected ${expectation(field)}`);
    return field.type === 'list' || field.type === 'structs' ? [] : undefined;
  }

  private text(field: TextField, value: unknown, path: string): Json | undefined {
    if (typeof value !== 'string') return this.wrong(field, value, path, 'which is no text');
    if (value === '') return this.report(path, `is empty: expected ${expectation(field)}`);
    if (field.secret && value === MASK)
      return this.report(
        path,
        `is the mask that stands for a secret: give the secret, or leave it out to keep it`,
      );
    const fault = characterFault(value, field.multiline ?? false);
    if (fault) return this.report(path, `holds ${fault}`);
    this.size += value.length + 8;
    const count = length(value);
    if (count > field.max || count < (field.min ?? 0))
      return this.report(path, `has ${count} characters: expected ${field.min ?? 1}-${field.max}`);
    if (field.format === 're2') return this.pattern(field, value, path);
    const reason = field.format === undefined ? undefined : formatFault(field.format, value);
    return reason === undefined ? value : this.wrong(field, value, path, reason);
  }

  private pattern(field: TextField, value: string, path: string): string | undefined {
    // Reported already; more of them are not even compiled, which would take long.
    if (this.instructions > MAX_INSTRUCTIONS.document) return undefined;
    const size = patternSize(value);
    if (typeof size === 'string') return this.wrong(field, value, path, size);
    this.instructions += size;
    if (size > MAX_INSTRUCTIONS.pattern) return this.report(path, tooLarge(`compiles to ${size}`, 'pattern'));
    if (this.instructions <= MAX_INSTRUCTIONS.document) return value;
    return this.report(path, tooLarge(`and those before it compile to ${this.instructions}`, 'document'));
  }

  private integer(field: IntegerField, value: unknown, path: string): Json | undefined {
    if (Number.isInteger(value) && (value as number) >= field.min && (value as number) <= field.max)
      return (value as number) + 0;
    return this.wrong(field, value, path);
  }

  private choice(field: ChoiceField, value: unknown, path: string): Json | undefined {
    if (typeof value === 'string' && field.values.includes(value)) return value;
    return this.wrong(field, value, path);
  }

  private reference(field: ReferenceField, value: unknown, path: string): Json | undefined {
    if (typeof value !== 'string' || value === '') return this.wrong(field, value, path);
    const found = this.options.resolve?.(field, value) ?? { ref: value };
    return 'ref' in found ? found.ref : this.report(path, found.problem);
  }

  private list(field: ListField, value: unknown, path: string): Json | undefined {
    if (!Array.isArray(value)) return this.wrong(field, value, path);
    if (value.length < (field.min ?? 0))
      return this.report(path, `has ${value.length} entries: expected at least ${field.min}`);
    return value.map((entry, i) => this.text(field.of, entry, `${path}[${i}]`) ?? '');
  }

  private structs(field: StructsField, value: unknown, path: string): Json | undefined {
    if (!Array.isArray(value)) return this.wrong(field, value, path);
    return value.map((entry: unknown, i) => {
      const at = `${path}[${i}]`;
      this.size += 64;
      if (isObject(entry)) return this.fields(field.of, entry, `${at}.`, field.entry) as Json;
      this.report(at, `is ${quote(entry)}: expected an object with ${Object.keys(field.of).join(', ')}`);
      return null;
    });
  }

  private object(value: unknown, path: string): Json | undefined {
    if (!isObject(value)) return this.report(path, `is ${quote(value)}: expected a JSON object`);
    const fault = jsonFault(value, 1);
    if (fault) return this.report(path, fault);
    this.size += JSON.stringify(value).length;
    return value as Json;
  }
}

/** Field names that came from outside are shown only as far as they are plain. */
const quoteName = (name: string): string => (/^[\w.-]{1,64}$/.test(name) ? name : quote(name));

function isAbsent(field: Field, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (value !== '' || field.required) return false;
  return field.type === 'text' || field.type === 'reference';
}

/** Why a value could not be stored and read back as JSON; undefined when it can. */
function jsonFault(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') {
    const fault = characterFault(value, true);
    return fault && `holds ${fault}`;
  }
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : `holds ${value}, which is no JSON`;
  if (value === null || typeof value === 'boolean') return undefined;
  if (typeof value !== 'object') return `holds a ${typeof value}, which is no JSON`;
  if (depth > MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`;
  for (const [key, member] of Object.entries(value)) {
    if (key === '__proto__') return 'has a member named __proto__, which the wire would lose';
    const fault = jsonFault(key, depth) ?? jsonFault(member, depth + 1);
    if (fault) return fault;
  }
  return undefined;
}
