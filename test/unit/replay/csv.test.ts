/** Rows of CSV, compared with what csv-parse reads. */
import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { CsvRows, type Row } from '../../../src/lib/proof/replay/csv.js';
import { cases, fc } from '../../support/property.js';

function rows(text: string, at: readonly number[] = [], delimiter?: string): Row[] {
  const reader = new CsvRows(delimiter);
  const places = [0, ...[...at].sort((a, b) => a - b), text.length];
  return [...places.slice(1).flatMap((end, i) => reader.push(text.slice(places[i], end))), ...reader.end()];
}
const values = (text: string, at: readonly number[] = [], delimiter?: string) =>
  rows(text, at, delimiter).map((row) => ('values' in row ? row.values : row));

const cell = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc
    .array(fc.constantFrom('"', ',', ';', '\n', '\r', 'a', ' '), { maxLength: 6 })
    .map((list) => list.join('')),
);

test('what csv-stringify writes is read as csv-parse reads it, in whatever pieces it comes', () => {
  const table = fc
    .tuple(
      fc.integer({ min: 2, max: 4 }),
      fc.constantFrom(',', ';', '\t', '|'),
      fc.constantFrom('\n', '\r\n'),
    )
    .chain(([width, delimiter, record_delimiter]) =>
      fc.record({
        delimiter: fc.constant(delimiter),
        record_delimiter: fc.constant(record_delimiter),
        quoted: fc.boolean(),
        cells: fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
          minLength: 1,
          maxLength: 5,
        }),
        at: fc.array(fc.nat(200), { maxLength: 5 }),
      }),
    );
  fc.assert(
    fc.property(table, ({ cells, at, delimiter, record_delimiter, quoted }) => {
      const text = stringify(cells, { delimiter, record_delimiter, quoted, quoted_match: /[\r\n]/ });
      const expected = parse(text, { delimiter, record_delimiter });
      const cuts = at.map((cut) => cut % (text.length + 1));
      expect(values(text, cuts, delimiter)).toEqual(expected);
    }),
    cases(2000),
  );
});

describe('rows', () => {
  test('have the line that they begin in', () => {
    const text = '\ufeffa,b\n"1\n2",3\n\n"4",5';
    expect(rows(text)).toEqual([
      { line: 1, values: ['a', 'b'] },
      { line: 2, values: ['1\n2', '3'] },
      { line: 5, values: ['4', '5'] },
    ]);
  });

  test.each([
    [
      'a;b\n1,5;2',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    [
      'a\tb\n1\t2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      '"a,b,c,d";e\n1;2',
      [
        ['a,b,c,d', 'e'],
        ['1', '2'],
      ],
    ],
  ])('of %j: what the first line has most of separates', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  test('that are none are named, and the next line is read', () => {
    expect(values('a,b\n"1"x,2\n3,4\n')).toEqual([
      ['a', 'b'],
      { line: 2, problem: 'is no CSV: value 1 goes on behind its closing quote' },
      ['3', '4'],
    ]);
    expect(values('a,b\n"1,2\n3,4\n')).toEqual([
      ['a', 'b'],
      { line: 2, problem: 'is no CSV: a quote is opened and never closed' },
      ['3', '4'],
    ]);
    const endless = values(`a,b\n"1,2\n${'3,4\n'.repeat(50_000)}`);
    expect(endless[1]).toEqual({ line: 2, problem: 'is no CSV: the row is longer than 65536 characters' });
    expect(endless).toHaveLength(50_002);
  });

  test('that are too long are one each, wherever the pieces end, and the lines behind keep their numbers', () => {
    const problem = 'is no CSV: the row is longer than 65536 characters';
    const long = `1,${'x'.repeat(300_000)},2`;
    for (const line of [long, `"a",${long}`, `"${long}"`, long.replaceAll('x', '""')]) {
      const text = `a,b\n${line}\n3,4\n${line}`;
      const expected = [
        { line: 1, values: ['a', 'b'] },
        { line: 2, problem },
        { line: 3, values: ['3', '4'] },
        { line: 4, problem },
      ];
      expect(rows(text)).toEqual(expected);
      for (const size of [65_536, 100_003]) {
        const at = Array.from({ length: text.length / size }, (_, i) => (i + 1) * size);
        expect(rows(text, at)).toEqual(expected);
      }
    }
    expect(rows(`${long}\n3,4\n`, [70_000, 140_000])).toEqual([
      { line: 1, problem },
      { line: 2, values: ['3', '4'] },
    ]);
  });

  test('never make it throw, and are found whatever is damaged', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('"', ',', '\n', '\r', 'a', '""', '\n"'), { maxLength: 40 }),
        (parts) => {
          const text = parts.join('');
          expect(
            rows(
              `h,i\n${text}`,
              [3, 5, 8].map((at) => Math.min(at, text.length)),
            ),
          ).toEqual(rows(`h,i\n${text}`));
        },
      ),
      cases(2000),
    );
  });
});
