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

interface Line {
  readonly indent: number;
  readonly text: string;
}

const KEY = /^([A-Za-z_][\w-]*):(?: +(.*))?$/;
/** What the core schema of YAML 1.2 takes for a number. */
const NUMBER =
  /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INTEGER = /^(?:0|-?[1-9][0-9]{0,14})$/;
const WORDS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ...['~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);
/** Characters that a plain scalar may start with and that never mean anything else there. */
const PLAIN = /^[\p{L}\p{N}(/_$^+.;<=~-]/u;

/**
 * The documents of a text.
 * @returns none for a text of comments; undefined when only the library can tell
 */
export function quickYaml(text: string): readonly Json[] | undefined {
  const lines = linesOf(text);
  if (!lines) return undefined;
  if (lines.length === 0) return [];
  try {
    return [new Lines(lines).read()];
  } catch (error) {
    if (error === UNSURE) return undefined;
    throw error;
  }
}

/** Lines that say something; undefined when there are blanks other than spaces, or a mark of documents. */
function linesOf(text: string): Line[] | undefined {
  if (/[^\S\n\r ]|\r(?!\n)/.test(text)) return undefined;
  const lines: Line[] = [];
  for (const [i, full] of text.split('\n').entries()) {
    const bare = full.trim();
    const indent = full.length - full.trimStart().length;
    if (bare === '' || bare.startsWith('#') || (i === 0 && indent === 0 && bare === '---')) continue;
    if (indent === 0 && /^(?:---|\.\.\.)/.test(bare)) return undefined;
    lines.push({ indent, text: bare });
  }
  return lines;
}

class Lines {
  private at = 0;

  constructor(private readonly lines: Line[]) {}

  read(): Json {
    const value = this.block(this.lines[0]!.indent, 0);
    return this.at < this.lines.length ? unsure() : value;
  }

  private block(indent: number, depth: number): Json {
    if (depth > DEEPEST / 2) unsure();
    return this.isItem(indent) ? this.list(indent, depth) : this.map(indent, depth);
  }

  private isItem(indent: number): boolean {
    const line = this.lines[this.at];
    return line?.indent === indent && line.text.startsWith('- ');
  }

  private list(indent: number, depth: number): Json[] {
    const items: Json[] = [];
    while (this.isItem(indent)) {
      const rest = this.lines[this.at]!.text.slice(1);
      const text = rest.trimStart();
      if (text.startsWith('- ')) unsure();
      if (KEY.test(text)) {
        const inner = indent + 1 + rest.length - text.length;
        this.lines[this.at] = { indent: inner, text };
        items.push(this.map(inner, depth + 1));
      } else {
        items.push(scalar(text));
        this.at++;
      }
    }
    return items;
  }

  private map(indent: number, depth: number): JsonMap {
    const members = new Map<string, Json>();
    for (let line = this.lines[this.at]; line?.indent === indent; line = this.lines[this.at]) {
      const [, key = unsure(), value] = KEY.exec(line.text) ?? unsure();
      if (members.has(key)) unsure();
      this.at++;
      members.set(key, value === undefined ? this.nested(indent, depth) : scalar(value));
    }
    return Object.fromEntries(members);
  }

  /** What stands below a key: lists may start in its own column. */
  private nested(indent: number, depth: number): Json {
    if (this.isItem(indent)) return this.list(indent, depth + 1);
    const next = this.lines[this.at];
    return next && next.indent > indent ? this.block(next.indent, depth + 1) : null;
  }
}

function scalar(text: string): Json {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  const first = text[0];
  if (first === '"' || first === '[' || text === '{}') return quickJson(text) ?? unsure();
  if (first === "'") return /^'[^']*'$/.test(text) ? text.slice(1, -1) : unsure();
  if (NUMBER.test(text)) return INTEGER.test(text) ? Number(text) : unsure();
  if (!PLAIN.test(text) || /: |:$| #|^-(?: |$)/.test(text)) unsure();
  return text;
}
