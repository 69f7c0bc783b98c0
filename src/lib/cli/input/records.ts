/** Records of a file or of stdin, one after another: CSV with a header (RFC 4180), or an object a line (JSONL). */
import { createReadStream } from 'node:fs';
import type { Json } from '../../kinds/kind.js';
import { BATCH } from '../../proof/batches.js';
import { CsvRows, type Row } from '../../proof/replay/csv.js';
import { type Line, Lines, LONGEST_LINE } from '../../proof/replay/lines.js';
import { openFault, processSources, sourceError } from './source.js';
import { Utf8Text } from './utf8.js';

/** A record, or why there is none. */
export type FileRecord = {
  /** Where it begins, from 1. */
  readonly line: number;
} & ({ readonly value: Readonly<Record<string, Json>> } | { readonly problem: string });

/** Is told the columns of CSV and the line of the header. @returns whether records of these are wanted */
export type OnHeader = (columns: readonly string[], line: number) => boolean;

/**
 * Reads records as they are asked for, many at once, in memory that does not grow with the file. What a file is, its
 * name says, else how it begins; CSV is separated by what its header has most of. Values of CSV are texts.
 * @param path a file, or `-` for stdin
 * @param flag what named it, for errors
 * @throws CtlError usage when the file cannot be read, or is not UTF-8
 */
export async function* readRecords(
  path: string,
  flag: string,
  onHeader: OnHeader = () => true,
): AsyncGenerator<readonly FileRecord[]> {
  const chunks = textOf(path, flag);
  const first = await chunks.next();
  if (first.done) return;
  const text = (async function* () {
    yield first.value;
    yield* chunks;
  })();
  const found = formatOf(path, first.value) === 'jsonl' ? objects(text) : rows(text, onHeader);
  for await (const records of found)
    for (let i = 0; i < records.length; i += BATCH) yield records.slice(i, i + BATCH);
}

function formatOf(path: string, start: string): 'csv' | 'jsonl' {
  if (/\.(?:jsonl|ndjson|json)$/i.test(path)) return 'jsonl';
  if (/\.csv$/i.test(path)) return 'csv';
  return start.trimStart().startsWith('{') ? 'jsonl' : 'csv';
}

async function* textOf(path: string, flag: string): AsyncGenerator<string> {
  const decoder = new Utf8Text((line, message) => sourceError(path, flag, { line, message }));
  const bytes =
    path === '-' ? processSources.takeStdin(flag) : createReadStream(path, { highWaterMark: 1 << 18 });
  try {
    for await (const chunk of bytes) {
      const text = decoder.push(Buffer.from(chunk as Buffer));
      if (text !== '') yield text;
    }
  } catch (error) {
    throw openFault(error, path, flag);
  }
  const rest = decoder.end();
  if (rest !== '') yield rest;
}

async function* objects(text: AsyncIterable<string>): AsyncGenerator<readonly FileRecord[]> {
  const lines = new Lines();
  for await (const chunk of text) yield lines.pushText(chunk).flatMap(objectOf);
  yield lines.end().flatMap(objectOf);
}

function objectOf({ number: line, text, isCut }: Line): FileRecord[] {
  if (isCut) return [{ line, problem: `is longer than ${LONGEST_LINE} characters` }];
  if (text.trim() === '') return [];
  try {
    const value = JSON.parse(text) as Json;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return [{ line, value }];
  } catch {
    return [{ line, problem: 'is no JSON text: expected an object a line' }];
  }
  return [{ line, problem: 'is no JSON object: expected an object a line' }];
}

async function* rows(text: AsyncIterable<string>, onHeader: OnHeader): AsyncGenerator<readonly FileRecord[]> {
  const reader = new CsvRows();
  const table = new Table(onHeader);
  for await (const chunk of text) {
    yield table.records(reader.push(chunk));
    if (!table.isWanted) return;
  }
  yield table.records(reader.end());
}

/** Rows as records, by the columns that the first of them names. */
class Table {
  isWanted = true;
  private columns: readonly string[] | undefined;

  constructor(private readonly onHeader: OnHeader) {}

  records(rows: readonly Row[]): FileRecord[] {
    return rows.flatMap((row) => {
      if (!this.isWanted) return [];
      if ('problem' in row) return [row];
      if (this.columns) return [recordOf(row.line, row.values, this.columns)];
      this.columns = row.values.map((name) => name.trim());
      this.isWanted = this.onHeader(this.columns, row.line);
      return [];
    });
  }
}

function recordOf(line: number, values: readonly string[], columns: readonly string[]): FileRecord {
  const { length } = values;
  if (length !== columns.length) {
    const found = length === 1 ? '1 value' : `${length} values`;
    return { line, problem: `has ${found}: expected ${columns.length}, as the header has` };
  }
  const value: Record<string, Json> = {};
  for (const [i, name] of columns.entries()) value[name] = values[i]!;
  return { line, value };
}
