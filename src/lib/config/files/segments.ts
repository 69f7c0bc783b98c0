/** Files in parts that are read one after another: memory does not grow with a YAML file of many documents. */
import type { Input } from './types.js';

/** A part of a file that holds whole documents. */
export interface Segment {
  readonly content: string | Uint8Array;
  /** The number of its first line in the file. */
  readonly line: number;
}

/** Bytes that are gathered at least before a YAML file is divided. */
const ENOUGH = 1024 * 1024;
const YAML_NAME = /\.ya?ml$/i;
const NEWLINE = 0x0a;
const PERCENT = 0x25;

/** Other files than YAML by its name are one segment, and so is what is given as a whole. */
export async function* segmentsOf({ path, content }: Input, least = ENOUGH): AsyncGenerator<Segment> {
  if (typeof content === 'string' || content instanceof Uint8Array) {
    yield { content, line: 1 };
    return;
  }
  let held: Uint8Array[] = [];
  let size = 0;
  let enough = YAML_NAME.test(path) ? least : Infinity;
  let line = 1;
  for await (const piece of content) {
    held.push(piece);
    size += piece.length;
    if (size < enough) continue;
    const bytes = Buffer.concat(held);
    const end = hasDirective(bytes) ? 0 : lastDocument(bytes);
    if (end > 0) {
      const segment = bytes.subarray(0, end);
      yield { content: segment, line };
      line += linesOf(segment);
    }
    held = [bytes.subarray(end)];
    size -= end;
    // Where there is no document to end with, ever larger parts are looked through.
    enough = Math.max(least, 2 * size);
  }
  yield { content: Buffer.concat(held), line };
}

/** `%YAML` and `%TAG` belong to the document after them, so the file is not divided behind one. */
const hasDirective = (bytes: Buffer): boolean => bytes[0] === PERCENT || bytes.includes('\n%');

/** Where the last document starts, if not at the beginning; else 0. */
function lastDocument(bytes: Buffer): number {
  for (let at = bytes.lastIndexOf('\n---'); at >= 0; at = at > 0 ? bytes.lastIndexOf('\n---', at - 1) : -1)
    if (' \t\r\n'.includes(String.fromCharCode(bytes[at + 4] ?? 0))) return at + 1;
  return 0;
}

function linesOf(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}
