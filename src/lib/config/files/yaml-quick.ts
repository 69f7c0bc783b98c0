/**
 * The YAML that configuration mostly is, a line at a time: block mappings and lists of plain and quoted one-line
 * scalars. It reads exactly what the YAML library would, many times faster, or says that it cannot tell.
 */
import type { Json } from '../../kinds/kind.js';
import { DEEPEST } from './limits.js';
import { quickJson } from './json.js';
import type { JsonMap } from './types.js';

/** The way out of a text that this cannot read: thrown and caught here alone. */
const UNSURE = new Error('only the library can tell');
const unsure = (): never => {
  throw UNSURE;
};

/** What the core schema of YAML 1.2 takes for a number. */
const NUMBER =
  /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INTEGER = /^(?:0|-?[1-9][0-9]{0,14})$/;
const WORDS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ...['~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);
const LONGEST_WORD = 5;
/** Characters that a plain scalar may start with and that never mean anything else there. */
const PLAIN = /^[\p{L}\p{N}(/_$^+.;<=~-]/u;
/** What ends a plain scalar, or makes a mapping of it. */
const NOT_PLAIN = /: |:$| #/;
/** Blanks other than spaces and the ends of lines. */
const OTHER_BLANKS = /[^\S\n\r ]|\r(?!\n)/;

const RETURN = 0x0d;
const SPACE = 0x20;
const HASH = 0x23;
const DASH = 0x2d;
const COLON = 0x3a;

const isBlank = (code: number): boolean => code === SPACE || code === RETURN;
const isLetter = (code: number): boolean => (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
const startsKey = (code: number): boolean => isLetter(code) || code === 0x5f;
const inKey = (code: number): boolean => startsKey(code) || (code >= 0x30 && code <= 0x39) || code === DASH;

/**
 * The documents of a text.
 * @returns none for a text of comments; undefined when only the library can tell
 */
export function quickYaml(text: string): readonly Json[] | undefined {
  if (OTHER_BLANKS.test(text)) return undefined;
  try {
    return new Reader(text).read();
  } catch (error) {
    if (error === UNSURE) return undefined;
    throw error;
  }
}

/** Goes through a text once, by offsets: cutting it into lines first would take longer than all the rest. */
class Reader {
  /** Blanks before what the current line says, which is from `start` up to `end`; -1 behind the last line. */
  private indent = -1;
  private start = 0;
  private end = 0;
  private next = 0;

  constructor(private readonly text: string) {}

  read(): Json[] {
    this.advance();
    if (this.indent < 0) return [];
    const value = this.block(0);
    return this.indent < 0 ? [value] : unsure();
  }

  /** Goes to the next line that says something. */
  private advance(): void {
    const { text } = this;
    while (this.next < text.length) {
      const from = this.next;
      const newline = text.indexOf('\n', from);
      let end = newline < 0 ? text.length : newline;
      this.next = end + 1;
      let start = from;
      while (start < end && text.charCodeAt(start) === SPACE) start++;
      while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
      if (start === end || text.charCodeAt(start) === HASH) continue;
      if (start === from && (text.startsWith('---', start) || text.startsWith('...', start))) {
        if (from === 0 && end === 3 && text.charCodeAt(0) === DASH) continue;
        unsure();
      }
      this.indent = start - from;
      this.start = start;
      this.end = end;
      return;
    }
    this.indent = -1;
  }

  private block(depth: number): Json {
    if (depth > DEEPEST / 2) unsure();
    return this.isItem(this.start) ? this.list(this.indent, depth) : this.map(this.indent, depth);
  }

  private isItem(at: number): boolean {
    return this.text.charCodeAt(at) === DASH && at + 1 < this.end && this.text.charCodeAt(at + 1) === SPACE;
  }

  private list(indent: number, depth: number): Json[] {
    const items: Json[] = [];
    while (this.indent === indent && this.isItem(this.start)) {
      const from = this.start;
      this.start = this.behindBlanks(from + 1);
      if (this.isItem(this.start)) unsure();
      if (this.colon() >= 0) {
        this.indent = indent + this.start - from;
        items.push(this.map(this.indent, depth + 1));
      } else {
        items.push(scalar(this.text.slice(this.start, this.end)));
        this.advance();
      }
    }
    return items;
  }

  private map(indent: number, depth: number): JsonMap {
    const map: JsonMap = {};
    while (this.indent === indent) {
      const colon = this.colon();
      const key = colon < 0 ? unsure() : this.text.slice(this.start, colon);
      if (Object.hasOwn(map, key) || key === '__proto__') unsure();
      const value = this.behindBlanks(colon + 1);
      if (value < this.end) {
        map[key] = scalar(this.text.slice(value, this.end));
        this.advance();
      } else {
        this.advance();
        map[key] = this.nested(indent, depth);
      }
    }
    return map;
  }

  /** What stands below a key: lists may start in its own column. */
  private nested(indent: number, depth: number): Json {
    if (this.indent === indent && this.isItem(this.start)) return this.list(indent, depth + 1);
    return this.indent > indent ? this.block(depth + 1) : null;
  }

  /** The offset of the colon behind a plain key with which the line starts; -1 when there is none. */
  private colon(): number {
    const { text, end } = this;
    let at = this.start;
    if (!startsKey(text.charCodeAt(at))) return -1;
    while (at < end && inKey(text.charCodeAt(at))) at++;
    if (at === end || text.charCodeAt(at) !== COLON) return -1;
    return at + 1 === end || text.charCodeAt(at + 1) === SPACE ? at : -1;
  }

  private behindBlanks(from: number): number {
    let at = from;
    while (at < this.end && this.text.charCodeAt(at) === SPACE) at++;
    return at;
  }
}

function scalar(text: string): Json {
  const word = text.length <= LONGEST_WORD ? WORDS.get(text) : undefined;
  if (word !== undefined) return word;
  if (!isLetter(text.charCodeAt(0))) {
    const first = text[0];
    if (first === '"' || first === '[' || text === '{}') return quickJson(text) ?? unsure();
    if (first === "'") return /^'[^']*'$/.test(text) ? text.slice(1, -1) : unsure();
    if (NUMBER.test(text)) return INTEGER.test(text) ? Number(text) : unsure();
    if (!PLAIN.test(text) || /^-(?: |$)/.test(text)) unsure();
  }
  return NOT_PLAIN.test(text) ? unsure() : text;
}
