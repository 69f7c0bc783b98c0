/** Records of a file or of stdin, one after another: CSV with a header (RFC 4180), or an object a line (JSONL). */
import { createReadStream } from 'node:fs';
import type { Json } from '../../kinds/kind.js';
import { BATCH } from '../../proof/batches.js';
import { inputError } from './problems.js';
import { openFault, processSources, sourceName } from './source.js';

/** A record, or why there is none. */
export type FileRecord = {
  /** Where it begins, from 1. */
  readonly line: number;
} & ({ readonly value: Readonly<Record<string, Json>> } | { readonly problem: string });

export interface RecordOptions {
  /** Absent: by the name of the file, else by how it begins. */
  readonly format?: 'csv' | 'jsonl' | undefined;
  /** Names of the columns of CSV without a header. */
  readonly columns?: readonly string[] | undefined;
  /** What stands between values of CSV. */
  readonly delimiter?: string | undefined;
  /** Is told how many bytes have been read. */
  readonly onBytes?: ((count: number) => void) | undefined;
}

const LARGEST_RECORD = 1024 * 1024;

/**
 * Reads records as they are asked for, many at once, in memory that does not grow with the file. Values of CSV are
 * texts.
 * @param path a file, or `-` for stdin
 * @param flag what named it, for errors
 * @throws CtlError usage when the file cannot be read, or is not UTF-8
 */
export async function* readRecords(
  path: string,
  flag: string,
  options: RecordOptions = {},
): AsyncGenerator<readonly FileRecord[]> {
  const chunks = textOf(path, flag, options.onBytes);
  const first = await chunks.next();
  if (first.done) return;
  const text = (async function* () {
    yield first.value;
    yield* chunks;
  })();
  const format = options.format ?? formatOf(path, first.value);
  const found = format === 'jsonl' ? objects(text) : rows(text, path, flag, options);
  for await (const records of found)
    for (let i = 0; i < records.length; i += BATCH) yield records.slice(i, i + BATCH);
}

function formatOf(path: string, start: string): 'csv' | 'jsonl' {
  if (/\.(?:jsonl|ndjson|json)$/i.test(path)) return 'jsonl';
  if (/\.csv$/i.test(path)) return 'csv';
  return start.trimStart().startsWith('{') ? 'jsonl' : 'csv';
}

async function* textOf(
  path: string,
  flag: string,
  onBytes?: (count: number) => void,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Uint8Array) => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      const message = `${sourceName(path)} is not valid UTF-8: expected text in UTF-8`;
      throw inputError('cannot read the records', [{ field: flag, message }]);
    }
  };
  let count = 0;
  const bytes =
    path === '-' ? processSources.takeStdin(flag) : createReadStream(path, { highWaterMark: 1 << 18 });
  try {
    for await (const chunk of bytes) {
      count += chunk.length;
      onBytes?.(count);
      const text = decode(Buffer.from(chunk as Buffer));
      if (text !== '') yield text;
    }
  } catch (error) {
    throw openFault(error, path, flag);
  }
  const rest = decode();
  if (rest !== '') yield rest;
}

async function* objects(text: AsyncIterable<string>): AsyncGenerator<readonly FileRecord[]> {
  let line = 0;
  let rest = '';
  for await (const chunk of text) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    const first = line + 1;
    line += lines.length;
    yield lines.flatMap((one, i) => objectOf(one, first + i));
    if (rest.length <= LARGEST_RECORD) continue;
    yield [{ line: line + 1, problem: `is longer than ${LARGEST_RECORD} characters` }];
    return;
  }
  yield objectOf(rest, line + 1);
}

function objectOf(text: string, line: number): FileRecord[] {
  if (text.trim() === '') return [];
  try {
    const value = JSON.parse(text) as Json;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return [{ line, value }];
  } catch {
    return [{ line, problem: 'is no JSON text: expected an object a line' }];
  }
  return [{ line, problem: 'is no JSON object: expected an object a line' }];
}

async function* rows(
  text: AsyncIterable<string>,
  path: string,
  flag: string,
  { columns, delimiter = ',' }: RecordOptions,
): AsyncGenerator<readonly FileRecord[]> {
  const { parse } = await import('csv-parse');
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    max_record_size: LARGEST_RECORD,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  let found: Row[] = [];
  parser.on('data', (row: Row) => found.push(row));
  const failed = new Promise<never>((_, reject) => parser.on('error', reject));
  failed.catch(() => {});
  const reader = new Rows(columns);
  const taken = () => {
    const records = reader.read(found);
    found = [];
    return records;
  };
  try {
    for await (const chunk of text) {
      await Promise.race([new Promise((resolve) => parser.write(chunk, resolve)), failed]);
      yield taken();
    }
    await Promise.race([new Promise((resolve) => parser.once('end', resolve).end()), failed]);
    yield taken();
  } catch (error) {
    if (!String((error as { code?: string }).code).startsWith('CSV_')) throw error;
    const { message, lines = reader.line } = error as Error & { lines?: number };
    throw inputError('cannot read the records', [
      { field: flag, message: `${sourceName(path)}:${lines} is no CSV: ${message}` },
    ]);
  }
}

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** Rows of CSV as records. */
class Rows {
  /** Where the next row begins. */
  line = 1;

  /** @param names of the columns; absent: the first row has them */
  constructor(private names: readonly string[] | undefined) {}

  read(rows: readonly Row[]): FileRecord[] {
    return rows.flatMap(({ record, info }) => {
      const { line } = this;
      this.line = info.lines + 1;
      if (this.names) return [this.recordOf(record, this.names, line)];
      this.names = record.map((name) => name.trim());
      return [];
    });
  }

  private recordOf(values: readonly string[], names: readonly string[], line: number): FileRecord {
    if (values.length !== names.length)
      return { line, problem: `has ${values.length} values: expected ${names.length}, as the header has` };
    const value: Record<string, Json> = {};
    for (const [i, name] of names.entries()) value[name] = values[i]!;
    return { line, value };
  }
}
