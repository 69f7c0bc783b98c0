/** What reading files is made of: inputs, the parts that are parsed on their own, values with places, and results. */
import type { Document, Json, Kind } from '../../kinds/kind.js';

/** A file, or stdin, as it was found. */
export interface Input {
  /** How errors call it. */
  readonly path: string;
  /** All of it, or piece by piece. */
  readonly content: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** Something wrong in a file. */
export interface FileProblem {
  /** `file:line:column`, lines and columns from 1. */
  readonly place: string;
  /** Where in its document: `uris[0].port`; empty for the document itself. */
  readonly path: string;
  /** What is wrong and what is expected. */
  readonly message: string;
}

/** A part of a file that can be parsed on its own: a YAML document, an element of a JSON list, a TOML table. */
export interface Chunk {
  readonly file: string;
  readonly text: string;
  /** Where it starts in the file, from 1. */
  readonly line: number;
  readonly column: number;
}

/** A value from a file, with the place of each of its parts. Paths are as in `egressPolicies[0].rule`. */
export interface Located {
  readonly value: Json;
  /** The file, as errors call it. */
  readonly file: string;
  /** `file:line:column` of a path, or of the nearest part around it that is there. */
  at(path: string): string;
  /** A scalar as the file has it: `+1910` where the value is the number 1910. */
  sourceOf(path: string): string | undefined;
}

/** What a chunk holds: no document when there is a problem, and none when it has only comments. */
export interface Parse {
  readonly documents: readonly Located[];
  readonly problems: readonly FileProblem[];
}

/** A file in chunks. */
export interface Split {
  readonly chunks: Iterable<Chunk>;
  /** Why the file ends before its end. */
  readonly problem?: FileProblem;
}

/** A way to write values down. */
export interface Syntax {
  /** Cuts text, whose first line has a number in its file, into chunks; undefined when it is not of this syntax. */
  split(file: string, text: string, line: number): Split | undefined;
  /** The documents of a chunk, without places; undefined when only `parse` can tell. */
  quick(text: string): readonly Json[] | undefined;
  parse(chunk: Chunk): Parse;
}

/** A resource from a file. */
export interface Parsed {
  readonly kind: Kind;
  /** Its ref, or a natural key that stands for it. */
  readonly ref: string;
  /** The fields that the file gives, in the API's names; secrets that are masked and nulls are left out. */
  readonly doc: Document;
  /** `file:line:column` of a field, by its path in `doc`. */
  where(path: string): string;
}

export type JsonMap = { [key: string]: Json };

export const isMap = (value: Json | undefined): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The path of a part: `uris` and `[0]`, `uris[0]` and `port`. */
export function join(path: string, part: string): string {
  if (path === '' || part === '' || part.startsWith('[')) return path + part;
  return `${path}.${part}`;
}
