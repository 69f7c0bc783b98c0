/**
 * What a file may ask of a parser. Parsers with places need microseconds and hundreds of bytes for every token, and
 * much more for what is nested, so what is too large is refused before they see it.
 */
import type { Chunk, FileProblem } from './types.js';

/** Bytes of a file. */
export const LARGEST_FILE = 64 * 1024 * 1024;
/** Characters of one document, twice what a resource may have. */
export const LARGEST_CHUNK = 2 * 1024 * 1024;
/** Levels of a document. */
export const DEEPEST = 64;
export const TOO_DEEP = `is nested deeper than ${DEEPEST} levels`;
/** Visits of aliases in a document, also those inside others. */
export const MOST_ALIASES = 1000;
/** Values of a document, those of aliases counted each time. */
export const MOST_VALUES = 200_000;
/** Marks by which tokens are guessed; about a second of parsing. */
const MOST_MARKS = 150_000;
/** More open brackets than closed ones: beyond what any text holds that is not nested for its own sake. */
const MOST_OPEN = 1000;
const INDICATORS_IN_A_ROW = /(?:[-?:][ \t]+){100}/;

const WEIGHT = new Uint8Array(128);
for (const mark of '[]{}:"\'&*!%') WEIGHT[mark.charCodeAt(0)] = 1;
for (const mark of '\n,') WEIGHT[mark.charCodeAt(0)] = 2;
const OPEN = new Int8Array(128);
for (const mark of '[{') OPEN[mark.charCodeAt(0)] = 1;
for (const mark of ']}') OPEN[mark.charCodeAt(0)] = -1;

/** `file:line:column` of a place in a chunk, given from 1. */
export function placeIn(chunk: Chunk, line: number, column: number): string {
  const columns = line === 1 ? chunk.column - 1 : 0;
  return `${chunk.file}:${chunk.line + line - 1}:${column + columns}`;
}

/** What is wrong with a chunk as a whole: too long for any document. */
export function lengthProblem(chunk: Chunk): FileProblem | undefined {
  if (chunk.text.length <= LARGEST_CHUNK) return undefined;
  const message = `holds a document of ${chunk.text.length} characters: expected at most ${LARGEST_CHUNK}; divide it, in YAML by lines of ---`;
  return { place: placeIn(chunk, 1, 1), path: '', message };
}

/** What is wrong with a chunk before a parser with places sees it. */
export function sizeProblem(chunk: Chunk): FileProblem | undefined {
  const tooLong = lengthProblem(chunk);
  if (tooLong) return tooLong;
  const { text } = chunk;
  let marks = 0;
  let open = 0;
  let nested = INDICATORS_IN_A_ROW.test(text);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) continue;
    marks += WEIGHT[code]!;
    open += OPEN[code]!;
    if (open > MOST_OPEN) nested = true;
  }
  const place = placeIn(chunk, 1, 1);
  if (nested) return { place, path: '', message: TOO_DEEP };
  if (marks <= MOST_MARKS) return undefined;
  return {
    place,
    path: '',
    message: 'holds a document of too many parts: divide it, in YAML by lines of ---, or write it as JSON',
  };
}

/** The line and column, from 1, of offsets that are asked for in rising order. */
export class Progress {
  private offset = 0;
  private lineStart = 0;

  /** @param line the number of the first line */
  constructor(
    private readonly text: string,
    private line = 1,
  ) {}

  /** A chunk from `start` up to `end`. */
  chunk(file: string, start: number, end: number): Chunk {
    for (let at = this.text.indexOf('\n', this.offset); at >= 0 && at < start;) {
      this.line++;
      this.lineStart = at + 1;
      at = this.text.indexOf('\n', at + 1);
    }
    this.offset = Math.max(start, this.lineStart);
    return { file, text: this.text.slice(start, end), line: this.line, column: start - this.lineStart + 1 };
  }
}
