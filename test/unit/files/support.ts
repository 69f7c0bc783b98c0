/** Reading in tests, and what came of it in short. */
import { expect } from '@jest/globals';
import {
  type FileProblem,
  inOrder,
  type Input,
  type Parsed,
  type ReadOptions,
  readStream,
} from '../../../src/lib/config/files/index.js';
import type { Writable } from '../../../src/lib/config/files/write.js';
import { kinds } from '../../../src/lib/kinds/index.js';
import type { Kind, KindName } from '../../../src/lib/kinds/kind.js';
import { validate } from '../../../src/lib/kinds/validate.js';

export const kindNamed = (name: KindName): Kind => kinds.find((kind) => kind.name === name)!;

export interface ReadResult {
  readonly documents: readonly Parsed[];
  readonly problems: readonly FileProblem[];
  readonly notes: readonly string[];
}

/** Reads files whole. Documents without problems come even when there are others with some. */
export async function readFiles(
  inputs: Iterable<Input> | AsyncIterable<Input>,
  options: ReadOptions = {},
): Promise<ReadResult> {
  const stream = readStream(inputs, options);
  const documents: Parsed[] = [];
  for await (const document of stream) documents.push(document);
  return { documents, problems: inOrder(stream.problems), notes: stream.notes };
}

/** Reads one file. */
export const readText = (content: string, path: string, options: ReadOptions = {}): Promise<ReadResult> =>
  readFiles([{ path, content }], options);

/** Problems as they are shown. */
export const told = ({ problems }: ReadResult): string[] =>
  problems.map(({ place, path, message }) => `${place} ${path}: ${message}`);

/** Kinds, refs and documents. */
export const contents = ({ documents }: ReadResult) =>
  documents.map(({ kind, ref, doc }) => [kind.name, ref, doc] as const);

/** Resources as the daemon would hold them, with their defaults. */
export const complete = ({ documents }: ReadResult): Writable[] =>
  documents.map(({ kind, ref, doc }, i) => {
    const { doc: full, problems } = validate(kind, doc);
    expect(problems).toEqual([]);
    return { kind, ref, doc: full!, ...(kind.order && { position: i }) };
  });
