/**
 * JSON, one value or many (JSON Lines), cut into the elements of its lists: each is parsed by `JSON.parse`, and only
 * one that has a problem is parsed again with places.
 */
import type { Json } from '../../kinds/kind.js';
import { DEEPEST, LARGEST_CHUNK, placeIn, Progress } from './limits.js';
import { isSuspect } from './numbers.js';
import type { Chunk, Split } from './types.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;

const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/**
 * The values of a file, a list by its elements.
 * @returns undefined when the text is not JSON all through, as far as brackets, commas and quotes tell; it may be YAML
 */
export function splitJson(file: string, text: string): Split | undefined {
  const scanner = new Scanner(text);
  const fine = scanner.scan();
  if (!fine && text.length <= LARGEST_CHUNK) return undefined;
  const bounds = chunks(file, text, scanner.bounds);
  if (fine) return { chunks: bounds };
  const place = placeIn(new Progress(text).chunk(file, scanner.at, scanner.at), 1, 1);
  const message = 'has no end, or is followed by neither a comma nor the end of its list: expected JSON';
  return { chunks: bounds, problem: { place, path: '', message } };
}

function* chunks(file: string, text: string, bounds: readonly number[]): Iterable<Chunk> {
  const progress = new Progress(text);
  for (let i = 0; i < bounds.length; i += 2) yield progress.chunk(file, bounds[i]!, bounds[i + 1]!);
}

class Scanner {
  /** Starts and ends of chunks by turns. */
  readonly bounds: number[] = [];
  /** How far it came. */
  at = 0;

  constructor(private readonly text: string) {}

  /** Whether all of the text is JSON values, as far as this can tell. */
  scan(): boolean {
    for (this.skipBlanks(); this.at < this.text.length; this.skipBlanks()) {
      const fine = this.text.charCodeAt(this.at) === OPEN_LIST ? this.list() : this.element();
      if (!fine) return false;
    }
    return true;
  }

  private skipBlanks(): void {
    while (isBlank(this.text.charCodeAt(this.at))) this.at++;
  }

  /** The elements of a list, with `at` on its bracket; false when it has no end. */
  private list(): boolean {
    this.at++;
    this.skipBlanks();
    if (this.text.charCodeAt(this.at) === CLOSE_LIST) return ++this.at > 0;
    for (;;) {
      this.skipBlanks();
      if (!this.element()) return false;
      this.skipBlanks();
      const code = this.text.charCodeAt(this.at++);
      if (code === CLOSE_LIST) return true;
      if (code !== COMMA) return false;
    }
  }

  /** One value; false when there is none, or it has no end. */
  private element(): boolean {
    const start = this.at;
    const end = this.endOf(start);
    if (end === undefined || end === start) return false;
    this.bounds.push(start, end);
    this.at = end;
    return true;
  }

  private endOf(start: number): number | undefined {
    const { text } = this;
    let depth = 0;
    for (let i = start; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === QUOTE) {
        const end = endOfString(text, i);
        if (end === undefined) return undefined;
        i = end;
        if (depth === 0) return i + 1;
      } else if (code === OPEN_MAP || code === OPEN_LIST) {
        if (++depth > DEEPEST + 1) return undefined;
      } else if (code === CLOSE_MAP || code === CLOSE_LIST) {
        if (depth === 0) return i;
        if (--depth === 0) return i + 1;
      } else if (depth === 0 && (code === COMMA || isBlank(code))) return i;
    }
    return depth === 0 ? text.length : undefined;
  }
}

/** The offset of the quote that ends a string; undefined when there is none. */
function endOfString(text: string, start: number): number | undefined {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((end - 1 - before) % 2 === 0) return end;
  }
  return undefined;
}

/**
 * The value of JSON text; undefined when the text is no JSON, or says more than `JSON.parse` tells: a key that stands
 * twice, or a number of more digits than can be kept.
 */
export function quickJson(text: string): Json | undefined {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
  const members = membersOf(value, 0);
  return members !== undefined && members === colonsOf(text) ? value : undefined;
}

/** How many members all objects have; undefined when a number is suspect or the depth is. */
function membersOf(value: Json, depth: number): number | undefined {
  if (typeof value === 'number') return isSuspect(value) ? undefined : 0;
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > DEEPEST) return undefined;
  const children = Array.isArray(value) ? value : Object.values(value);
  let count = Array.isArray(value) ? 0 : children.length;
  for (const child of children) {
    const members = membersOf(child, depth + 1);
    if (members === undefined) return undefined;
    count += members;
  }
  return count;
}

/** How many members JSON text writes: colons outside strings. */
function colonsOf(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i)!;
    else if (code === COLON) count++;
  }
  return count;
}
