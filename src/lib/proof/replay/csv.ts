/**
 * Rows of CSV (RFC 4180) that come in chunks, of whatever file of calls. A parser of its own because a replay lives on
 * it: it is five to eight times as fast as csv-parse, against which it is tested.
 */

export type Row =
  | { readonly line: number; readonly values: readonly string[] }
  | { readonly line: number; readonly problem: string };

/** A row that is longer has lost its closing quote, or is none. */
const LONGEST_ROW = 65_536;
const TOO_LONG = `the row is longer than ${LONGEST_ROW} characters`;
const DELIMITERS = [',', ';', '\t', '|'];

export class CsvRows {
  private text = '';
  /** Where the next row begins, from 1. */
  private line = 1;
  private delimiter: string | undefined;
  /** In a line that is too long, and said to be: the rest of it is passed over. */
  private skipping = false;

  /** @param delimiter absent: what the first line has most of */
  constructor(delimiter?: string) {
    this.delimiter = delimiter;
  }

  push(chunk: string): Row[] {
    if (this.skipping) {
      const end = chunk.indexOf('\n');
      if (end < 0) return [];
      this.skipping = false;
      chunk = chunk.slice(end + 1);
    }
    this.text += chunk;
    if (this.line === 1) this.text = this.text.replace(/^\ufeff/, '');
    return this.rows(false);
  }

  /** The last row, if no line break ends it. */
  end(): Row[] {
    return this.rows(true);
  }

  private rows(isEnd: boolean): Row[] {
    const hasLine = isEnd || this.text.length > LONGEST_ROW || this.text.includes('\n');
    if (this.delimiter === undefined && !hasLine) return [];
    this.delimiter ??= delimiterOf(this.text);
    const rows: Row[] = [];
    let at = 0;
    // Most rows of many files have no quotes: one search finds the next of all.
    let quote = this.text.indexOf('"');
    while (at < this.text.length) {
      const end = this.text.indexOf('\n', at);
      if (end < 0 && !isEnd) break;
      if (quote >= 0 && quote < at) quote = this.text.indexOf('"', at);
      const next =
        quote < 0 || (end >= 0 && quote > end)
          ? this.plainRow(at, end < 0 ? this.text.length : end, rows)
          : this.quotedRow(at, isEnd, rows);
      if (next === undefined) break;
      at = next;
    }
    this.text = this.text.slice(at);
    return this.text.length > LONGEST_ROW ? [...rows, ...this.giveUp()] : rows;
  }

  private plainRow(at: number, end: number, rows: Row[]): number {
    if (end - at > LONGEST_ROW) return this.broken(at, TOO_LONG, rows);
    const stop = this.text.charCodeAt(end - 1) === 13 && end > at ? end - 1 : end;
    if (stop > at) rows.push({ line: this.line, values: this.text.slice(at, stop).split(this.delimiter!) });
    this.line++;
    return end + 1;
  }

  /** A row that has quotes: each value is found by itself. @returns undefined when its end has not come */
  private quotedRow(start: number, isEnd: boolean, rows: Row[]): number | undefined {
    const { text, delimiter } = this;
    const values: string[] = [];
    let lines = 1;
    for (let at = start; ;) {
      let end: number;
      if (text[at] === '"') {
        const close = closingQuote(text, at + 1);
        if (close < 0 || (close + 1 === text.length && !isEnd))
          return isEnd ? this.broken(start, 'a quote is opened and never closed', rows) : undefined;
        const value = text.slice(at + 1, close);
        lines += breaksIn(value);
        values.push(value.includes('"') ? value.replaceAll('""', '"') : value);
        end = close + 1;
        if (text[end] === '\r') end++;
        if (end < text.length && text[end] !== delimiter && text[end] !== '\n')
          return this.broken(start, `value ${values.length} goes on behind its closing quote`, rows);
      } else {
        end = endOfPlain(text, at, delimiter!);
        if (end < 0 && !isEnd) return undefined;
        if (end < 0) end = text.length;
        const value = text.slice(at, end);
        values.push(value.endsWith('\r') ? value.slice(0, -1) : value);
      }
      if (end < text.length && text[end] === delimiter) {
        at = end + 1;
        continue;
      }
      if (end >= text.length && !isEnd) return undefined;
      if (end - start > LONGEST_ROW) return this.broken(start, TOO_LONG, rows);
      rows.push({ line: this.line, values });
      this.line += lines;
      return end + 1;
    }
  }

  /** Says that a row is none; the next line may begin another. */
  private broken(start: number, problem: string, rows: Row[]): number {
    rows.push({ line: this.line++, problem: `is no CSV: ${problem}` });
    const end = this.text.indexOf('\n', start);
    return end < 0 ? this.text.length : end + 1;
  }

  /** The row that has begun is too long, wherever it ends. */
  private giveUp(): Row[] {
    const rows: Row[] = [];
    this.skipping = !this.text.includes('\n');
    const next = this.broken(0, TOO_LONG, rows);
    this.text = this.text.slice(next);
    return [...rows, ...this.rows(false)];
  }
}

/** The quote that ends a value: one that no other follows. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

function endOfPlain(text: string, from: number, delimiter: string): number {
  for (let at = from; at < text.length; at++) if (text[at] === delimiter || text[at] === '\n') return at;
  return -1;
}

function breaksIn(value: string): number {
  let count = 0;
  for (let at = value.indexOf('\n'); at >= 0; at = value.indexOf('\n', at + 1)) count++;
  return count;
}

function delimiterOf(text: string): string {
  const [line = ''] = text.replaceAll(/"[^"]*"/g, '').split('\n', 1);
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}
