/** Files of CDRs: CSV, JSONL, and the lines that the acc modules of Kamailio and OpenSIPS write to a log. */
import type { Json } from '../../kinds/kind.js';
import { CdrRecords } from './cdr.js';
import { CsvRows } from './csv.js';
import { bareName, checkColumns, columnsWithoutHeader, FIELDS, placesOf, type Mapping } from './layout.js';
import { Lines, LONGEST_LINE, type Line } from './lines.js';
import { CallIds, Tally, type BrokenRecord, type PastReader, type Replayed } from './past.js';

export class CsvReader implements PastReader {
  readonly passedOver = new Tally();
  private readonly decoder = new TextDecoder();
  private readonly rows: CsvRows;
  private records: CdrRecords | undefined;
  /** Values that a row must have, and may have. */
  private width: readonly [least: number, most: number] = [0, 0];

  /** @param file its name, for the places of what is found */
  constructor(
    private readonly file: string,
    private readonly mapping: Mapping,
    delimiter?: string,
  ) {
    this.rows = new CsvRows(delimiter);
  }

  push(bytes: Uint8Array): Replayed[] {
    return this.read(this.rows.push(this.decoder.decode(bytes, { stream: true })));
  }

  end(): Replayed[] {
    return this.read([...this.rows.push(this.decoder.decode()), ...this.rows.end()]);
  }

  private read(rows: ReturnType<CsvRows['push']>): Replayed[] {
    const found: Replayed[] = [];
    for (const row of rows) {
      const { line } = row;
      if ('problem' in row) found.push({ place: `${this.file}:${line}`, message: row.problem });
      else if (this.records || !this.isHeader(row.values)) this.record(line, row.values, found);
    }
    return found;
  }

  private record(line: number, values: readonly string[], found: Replayed[]): void {
    const [least, most] = this.width;
    if (values.length < least || values.length > most) {
      const message = `has ${values.length} ${values.length === 1 ? 'value' : 'values'}: expected ${most}`;
      found.push({ place: `${this.file}:${line}`, message });
      return;
    }
    const replayed = this.records!.read(line, values);
    if (replayed) found.push(replayed);
  }

  /** Learns from the first row what the columns are. @returns whether it was a header */
  private isHeader(row: readonly string[]): boolean {
    const known = columnsWithoutHeader(row);
    const numbered = [...this.mapping.values()].every((column) => /^\d+$/.test(column));
    const bare = new Set(row.map(bareName));
    const isNamed = FIELDS.some((field) => bare.has(bareName(field)));
    const unnamed = this.mapping.size > 0 && numbered && !isNamed;
    const columns =
      known ?? (unnamed ? row.map((_, i) => `column ${i + 1}`) : row.map((name) => name.trim()));
    checkColumns(columns, this.mapping, this.file);
    const places = placesOf(columns, this.mapping);
    this.records = new CdrRecords(this.file, places, this.passedOver, new CallIds());
    // Asterisk leaves out what it is not told to write, at the end.
    this.width = known ? [row.length, row.length] : [columns.length, columns.length];
    return !known && !unnamed;
  }
}

/** Sets of names that are remembered. */
const MOST_LAYOUTS = 100;

/** Records with names of their own: the same names mean the same columns. */
class NamedRecords {
  private readonly byNames = new Map<string, CdrRecords>();
  private readonly seen = new CallIds();

  constructor(
    private readonly file: string,
    private readonly mapping: Mapping,
    private readonly passedOver: Tally,
  ) {}

  read(line: number, names: readonly string[], values: readonly Json[]): Replayed[] {
    const joined = names.join('\n');
    let records = this.byNames.get(joined);
    if (!records) {
      if (this.byNames.size >= MOST_LAYOUTS) this.byNames.clear();
      records = new CdrRecords(this.file, placesOf(names, this.mapping), this.passedOver, this.seen);
      this.byNames.set(joined, records);
    }
    return [records.read(line, values)].flatMap((replayed) => replayed ?? []);
  }
}

/** A piece of a record is none, even where it could be read as one. */
const cutOff = (file: string, { number }: Line): BrokenRecord => ({
  place: `${file}:${number}`,
  message: `is longer than ${LONGEST_LINE} characters`,
});

/** An object a line. */
export class JsonlReader implements PastReader {
  readonly passedOver = new Tally();
  private readonly lines = new Lines();
  private readonly records: NamedRecords;

  constructor(
    private readonly file: string,
    mapping: Mapping,
  ) {
    this.records = new NamedRecords(file, mapping, this.passedOver);
  }

  push(bytes: Uint8Array): Replayed[] {
    return this.lines.push(bytes).flatMap((line) => this.line(line));
  }

  end(): Replayed[] {
    return this.lines.end().flatMap((line) => this.line(line));
  }

  private line(line: Line): Replayed[] {
    const { number, text } = line;
    if (line.isCut) return [cutOff(this.file, line)];
    if (text.trim() === '') return [];
    const value = parsed(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return this.records.read(number, Object.keys(value), Object.values(value));
    return [{ place: `${this.file}:${number}`, message: 'is no JSON object: expected an object a line' }];
  }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** `… ACC: transaction answered: timestamp=1795392540;method=INVITE;…;call_id=…;code=200;reason=OK;src_user=1001` */
const WHOLE = /\bACC: [^:]*: timestamp=\d+;method=/;
/** The same, or what is left of such a line: a record that is broken. */
const ACC = /\bACC: [^:]*: (\w+=.*)$/;

/** Whether a text has lines of an acc module. */
export const hasAccLines = (text: string): boolean => text.split('\n').some((line) => WHOLE.test(line));

export class AccLogReader implements PastReader {
  readonly passedOver = new Tally();
  private readonly lines = new Lines();
  private readonly records: NamedRecords;

  constructor(
    private readonly file: string,
    mapping: Mapping,
  ) {
    this.records = new NamedRecords(file, mapping, this.passedOver);
  }

  push(bytes: Uint8Array): Replayed[] {
    return this.lines.push(bytes).flatMap((line) => this.line(line));
  }

  end(): Replayed[] {
    return this.lines.end().flatMap((line) => this.line(line));
  }

  private line(line: Line): Replayed[] {
    const { number, text } = line;
    const [, list] = ACC.exec(text) ?? [];
    if (list === undefined) return [];
    if (line.isCut) return [cutOff(this.file, line)];
    const pairs = list.split(';').map((pair) => pair.split(/=(.*)/s, 2));
    return this.records.read(
      number,
      pairs.map(([name]) => name!),
      pairs.map(([, value = '']) => value),
    );
  }
}
