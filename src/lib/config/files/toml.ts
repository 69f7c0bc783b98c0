/**
 * TOML 1.0. One parser is fast and knows no places; the other gives a tree with places and is asked only when
 * something is wrong.
 */
import type { AST } from 'toml-eslint-parser';
import type { Json } from '../../kinds/kind.js';
import { quote } from '../../kinds/words.js';
import { DEEPEST, placeIn, Progress, sizeProblem, TOO_DEEP } from './limits.js';
import { isExactNumber, isSuspect } from './numbers.js';
import {
  type Chunk,
  type FileProblem,
  isMap,
  join,
  type Located,
  type Parse,
  type Split,
  type Syntax,
} from './types.js';
import { parentOf } from './yaml.js';

type Parser = typeof import('toml-eslint-parser');

/** What reads TOML; loads both libraries. */
export async function loadToml(): Promise<Syntax> {
  const [fast, located] = await Promise.all([import('smol-toml'), import('toml-eslint-parser')]);
  return {
    split: splitToml,
    quick: (text) => quickToml(fast.parse, text),
    parse: (chunk) => parseToml(located, chunk),
  };
}

const ELEMENT = /^\[\[resources\]\]/gm;

/**
 * Cuts a file before each `[[resources]]`: what follows one up to the next is an element of its own. With texts of
 * several lines, which could hold such a line, the file stays whole.
 */
function splitToml(file: string, text: string): Split {
  const starts = /"""|'''/.test(text) ? [] : [...text.matchAll(ELEMENT)].map(({ index }) => index);
  return { chunks: chunks(file, text, [...(starts[0] === 0 ? [] : [0]), ...starts]) };
}

function* chunks(file: string, text: string, starts: readonly number[]): Iterable<Chunk> {
  const progress = new Progress(text);
  for (const [i, start] of starts.entries()) yield progress.chunk(file, start, starts[i + 1] ?? text.length);
}

/** The document of a text; undefined when something in it has to be looked at in the tree. */
function quickToml(parse: (text: string, options: object) => unknown, text: string): Json[] | undefined {
  try {
    const value = plain(parse(text, { maxDepth: DEEPEST }), 0);
    return value === undefined ? undefined : isEmpty(value) ? [] : [value];
  } catch {
    return undefined;
  }
}

/** Whether a file has nothing but comments. */
const isEmpty = (value: Json): boolean => isMap(value) && Object.keys(value).length === 0;

/** A value as JSON; undefined when it is none (a date), or its number may have lost digits. */
function plain(value: unknown, depth: number): Json | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) && !isSuspect(value) ? value : undefined;
  if (typeof value !== 'object' || value === null || value instanceof Date || depth > DEEPEST)
    return undefined;
  if (Array.isArray(value)) {
    const items = value.map((item) => plain(item, depth + 1));
    return items.includes(undefined) ? undefined : (items as Json[]);
  }
  const table = new Map<string, Json>();
  for (const [key, member] of Object.entries(value)) {
    const read = plain(member, depth + 1);
    if (read === undefined) return undefined;
    table.set(key, read);
  }
  return Object.fromEntries(table);
}

function parseToml(parser: Parser, chunk: Chunk): Parse {
  const tooMuch = sizeProblem(chunk);
  if (tooMuch) return { documents: [], problems: [tooMuch] };
  try {
    const reader = new Reader(chunk, parser.parseTOML(chunk.text, { tomlVersion: '1.0' }));
    if (reader.problems.length > 0) return { documents: [], problems: reader.problems };
    return { documents: isEmpty(reader.located.value) ? [] : [reader.located], problems: [] };
  } catch (error) {
    return { documents: [], problems: [syntaxProblem(parser, chunk, error)] };
  }
}

function syntaxProblem(parser: Parser, chunk: Chunk, error: unknown): FileProblem {
  if (error instanceof parser.ParseError)
    return { place: placeIn(chunk, error.lineNumber, error.column + 1), path: '', message: error.message };
  if (!(error instanceof RangeError)) throw error;
  const message = `${TOO_DEEP}, or holds a text of too many characters`;
  return { place: placeIn(chunk, 1, 1), path: '', message };
}

interface Place {
  readonly line: number;
  readonly column: number;
}

/** Makes a value of the tree. Keys that stand twice the parser has found. */
class Reader {
  readonly problems: FileProblem[] = [];
  readonly located: Located;
  private readonly places = new Map<string, Place>();
  private readonly sources = new Map<string, string>();

  constructor(
    private readonly chunk: Chunk,
    program: AST.TOMLProgram,
  ) {
    const root = new Map<string, unknown>();
    for (const part of program.body[0].body)
      if (part.type === 'TOMLKeyValue') this.member(root, part, '', 0);
      else this.table(root, part);
    this.located = {
      value: jsonOf(root),
      file: chunk.file,
      at: (path) => this.at(path),
      sourceOf: (path) => this.sources.get(path),
    };
  }

  private at(path: string): string {
    for (let known = path; ; known = parentOf(known)) {
      const place = this.places.get(known);
      if (place) return placeIn(this.chunk, place.line, place.column + 1);
      if (known === '') return placeIn(this.chunk, 1, 1);
    }
  }

  private table(root: Map<string, unknown>, table: AST.TOMLTable): void {
    let path = '';
    let target: unknown = root;
    if (table.resolvedKey.length > DEEPEST) return this.tooDeep(table.key);
    for (const [i, key] of table.resolvedKey.entries()) {
      path = typeof key === 'number' ? `${path}[${key}]` : join(path, key);
      if (!this.places.has(path)) this.places.set(path, table.key.loc.start);
      target = enter(target, key, typeof table.resolvedKey[i + 1] === 'number');
    }
    for (const pair of table.body) this.member(target as Map<string, unknown>, pair, path, 1);
  }

  private member(target: Map<string, unknown>, pair: AST.TOMLKeyValue, prefix: string, depth: number): void {
    const names = pair.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
    const last = names.pop()!;
    if (depth + names.length > DEEPEST) return this.tooDeep(pair.key);
    let path = prefix;
    let table: unknown = target;
    for (const name of names) {
      path = join(path, name);
      if (!this.places.has(path)) this.places.set(path, pair.key.loc.start);
      table = enter(table, name, false);
    }
    path = join(path, last);
    (table as Map<string, unknown>).set(last, this.value(pair.value, path, depth + names.length + 1));
  }

  private value(node: AST.TOMLContentNode, path: string, depth: number): unknown {
    this.places.set(path, node.loc.start);
    if (depth > DEEPEST) return this.refuse(path, TOO_DEEP);
    if (node.type === 'TOMLArray')
      return node.elements.map((element, i) => this.value(element, `${path}[${i}]`, depth + 1));
    if (node.type === 'TOMLValue') return this.scalar(node, path);
    const table = new Map<string, unknown>();
    for (const pair of node.body) this.member(table, pair, path, depth);
    return table;
  }

  private scalar(node: AST.TOMLValue, path: string): unknown {
    const { value } = node;
    if (value instanceof Date) return 'datetime' in node ? node.datetime : '';
    if (typeof value !== 'number') {
      this.sources.set(path, String(value));
      return value;
    }
    const source = 'number' in node ? node.number : '';
    this.sources.set(path, source);
    if (!Number.isFinite(value)) return this.refuse(path, `${quote(source)} is no number that can be kept`);
    if (isExactNumber(source, value)) return value;
    return this.refuse(path, 'is a number of too many digits to be kept: quote it');
  }

  private tooDeep({ loc: { start } }: AST.TOMLKey): void {
    const place = placeIn(this.chunk, start.line, start.column + 1);
    this.problems.push({ place, path: '', message: TOO_DEEP });
  }

  private refuse(path: string, message: string): null {
    this.problems.push({ place: this.at(path), path, message });
    return null;
  }
}

/** The table or list under a key, made when it is not there. */
function enter(target: unknown, key: string | number, isList: boolean): unknown {
  const made = isList ? [] : new Map<string, unknown>();
  if (typeof key === 'number') return ((target as unknown[])[key] ??= made);
  const map = target as Map<string, unknown>;
  if (!map.has(key)) map.set(key, made);
  return map.get(key);
}

const jsonOf = (value: unknown): Json => {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, jsonOf(item)]));
  return Array.isArray(value) ? value.map(jsonOf) : (value as Json);
};
