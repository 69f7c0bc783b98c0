/** Drawing of boxed tables, by cli-table3. All texts are printable already. */
import Table from 'cli-table3';

/** No colours of the library's own: it would write them into pipes too. */
const STYLE = { head: [], border: [], compact: true };
const PADDING = 2;
/** Narrowest column that a full terminal cuts others down to, padding included. */
const LEAST_WIDTH = 10;
/** Scripts in which every character takes one column. */
const NARROW = /^[\u0020-\u007e\u00a0-\u02ff]*$/;

type Strong = (text: string) => string;

/** Columns that a text takes on a terminal, as the library that draws counts them. */
export function widthOf(text: string): number {
  if (NARROW.test(text)) return text.length;
  const bare = new Table({
    style: { ...STYLE, 'padding-left': 0, 'padding-right': 0 },
    chars: { left: '', right: '' },
  });
  bare.push([text]);
  return bare.width;
}

export interface GridOptions {
  readonly head: readonly string[] | undefined;
  /** Columns to cut last. */
  readonly keep: readonly boolean[];
  /** Columns of the terminal, to cut cells with an ellipsis where they do not fit; undefined: cut nothing. */
  readonly width: number | undefined;
  readonly strong: Strong;
}

/** Rows of cells as a table with a line break at its end. */
export function drawGrid(rows: readonly (readonly string[])[], options: GridOptions): string {
  const { head, keep, width, strong } = options;
  const lines = head ? [head, ...rows] : rows;
  const natural = keep.map((_, i) => Math.max(...lines.map((cells) => widthOf(cells[i]!))) + PADDING);
  const grid = new Table({
    style: STYLE,
    colWidths: width === undefined ? natural : fit(natural, keep, width),
    head: head?.map((text) => strong(text)) ?? [],
  });
  for (const cells of rows) grid.push([...cells]);
  return `${grid.toString()}\n`;
}

/** Column widths that fit: the widest columns give way first, those to keep only when that is not enough. */
function fit(natural: readonly number[], keep: readonly boolean[], width: number): number[] {
  const room = width - (natural.length + 1);
  const others = narrow(natural, (i) => !keep[i], room);
  return narrow(others, (i) => keep[i]!, room);
}

/** Caps some of the columns as far as the room needs it, and none below the least width. */
function narrow(widths: readonly number[], may: (column: number) => boolean, room: number): number[] {
  const total = (cap: number) => widths.reduce((sum, n, i) => sum + (may(i) ? Math.min(n, cap) : n), 0);
  let cap = Math.max(LEAST_WIDTH, Math.min(room, Math.max(...widths)));
  while (cap > LEAST_WIDTH && total(cap) > room) cap--;
  return widths.map((n, i) => (may(i) ? Math.min(n, cap) : n));
}

export interface DetailOptions {
  readonly headers: boolean;
  /** Columns of the terminal, to wrap values to; undefined: wrap nothing. */
  readonly width: number | undefined;
  readonly strong: Strong;
}

/** A table of two columns, field and value. */
export function drawDetail(
  rows: readonly { readonly field: string; readonly lines: readonly string[] }[],
  { headers, width, strong }: DetailOptions,
): string {
  const label = headers ? Math.max(...rows.map(({ field }) => field.length)) + PADDING + 1 : 0;
  const room = width === undefined ? undefined : Math.max(LEAST_WIDTH, width - label - PADDING - 2);
  const detail = new Table({ style: STYLE });
  for (const { field, lines } of rows) {
    const value = lines.flatMap((line) => (room === undefined ? [line] : wrap(line, room))).join('\n');
    detail.push(headers ? [strong(field), value] : [value]);
  }
  return `${detail.toString()}\n`;
}

/** Breaks a line where it is too wide, after a blank or a comma if there is one. */
function wrap(line: string, width: number): string[] {
  if (widthOf(line) <= width) return [line];
  const lines: string[] = [];
  let current = '';
  let taken = 0;
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    const wide = widthOf(segment);
    if (taken + wide > width) {
      const end = Math.max(current.lastIndexOf(' '), current.lastIndexOf(',')) + 1 || current.length;
      lines.push(current.slice(0, end));
      current = current.slice(end);
      taken = widthOf(current);
    }
    current += segment;
    taken += wide;
  }
  return [...lines, current];
}
