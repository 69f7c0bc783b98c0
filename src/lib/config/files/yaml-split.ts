/**
 * YAML files cut into documents, and documents that are one list into the list's items, so that memory stays flat
 * and a problem is looked for in one item only. A line that starts with `---` ends a document wherever it stands
 * (YAML 1.2, 9.1.4), and one that starts with a dash in the first column starts an item of a list in that column.
 */
import { Progress } from './limits.js';
import type { Chunk, Split } from './types.js';

/** `%YAML` and `%TAG` belong to the document after them. */
const DIRECTIVE = /^%/m;
/** Anchors and aliases may tie items together; text that only looks like one does no harm. */
const ANCHOR = /(?:^|[\s,[{:-])[&*][^\s,\]}]/;
const LIST = /^(?:---[^\S\n]*\n|[^\S\n]*(?:#[^\n]*)?\n)*- /;

/** Cuts text into chunks that can be parsed alone. */
export function splitYaml(file: string, text: string, line = 1): Split {
  return { chunks: chunks(file, text, line) };
}

function* chunks(file: string, text: string, line: number): Iterable<Chunk> {
  const progress = new Progress(text, line);
  if (DIRECTIVE.test(text)) {
    yield progress.chunk(file, 0, text.length);
    return;
  }
  for (let start = 0; start < text.length;) {
    const end = lineWith('---', text, start + 1, text.length);
    const isList = LIST.test(text.slice(start, Math.min(end, start + 4096)));
    if (isList && !ANCHOR.test(text.slice(start, end))) yield* items(file, text, start, end, progress);
    else yield progress.chunk(file, start, end);
    start = end;
  }
}

function* items(file: string, text: string, from: number, to: number, progress: Progress): Iterable<Chunk> {
  const first = text.startsWith('- ', from) ? from : lineWith('-', text, from, to);
  for (let start = from, after = first; start < to; start = after) {
    after = lineWith('-', text, after + 1, to);
    yield progress.chunk(file, start, after);
  }
}

/** The offset, from `from` on, of the next line that is a mark or starts with a mark and a blank; else `to`. */
function lineWith(mark: string, text: string, from: number, to: number): number {
  const wanted = `\n${mark}`;
  for (let at = text.indexOf(wanted, from - 1); at >= 0 && at < to; at = text.indexOf(wanted, at + 1)) {
    const next = text.charCodeAt(at + wanted.length);
    if (Number.isNaN(next) || next === 0x20 || next === 0x0a || next === 0x0d || next === 0x09) return at + 1;
  }
  return to;
}
