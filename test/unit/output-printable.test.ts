import { describe, expect, test } from '@jest/globals';
import { escapeJson, isHostile, printable, printableLines } from '../../src/lib/cli/output/printable.js';
import { fc } from '../support/property.js';

const CONTROLS = /[\p{Cc}\p{Cs}\u202e\u2028]/u;

describe('printable', () => {
  test.each([
    ['a name', 'John Doe', 'John Doe'],
    ['accents, CJK and emoji', 'José 日本 👩‍💻', 'José 日本 👩‍💻'],
    ['a pattern', '^\\+1', '^\\+1'],
    ['an escape sequence', '\u001b[31mred', '\\x1b[31mred'],
    ['C1 control', '\u009b31m', '\\x9b31m'],
    ['line breaks and tabs', 'a\r\nb\tc', 'a\\r\\nb\\tc'],
    ['reversed reading', 'a\u202eb', 'a\\u{202e}b'],
    ['a lone surrogate', 'a\ud800b', 'a\\u{d800}b'],
    ['a tag character', '\u{e0041}', '\\u{e0041}'],
  ])('%s', (_, text, expected) => expect(printable(text)).toBe(expected));

  test('lines stay lines', () => expect(printableLines('a\nb\u0007')).toEqual(['a', 'b\\x07']));

  test('nothing that drives a terminal is left, and nothing else changes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(CONTROLS.test(printable(text))).toBe(false);
        if (!isHostile(text)) expect(printable(text)).toBe(text);
      }),
    );
  });

  test('escaped JSON is the same data', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const json = JSON.stringify(value, undefined, 2);
        const escaped = escapeJson(json);
        expect(JSON.parse(escaped)).toEqual(JSON.parse(json));
        expect(CONTROLS.test(escaped.replaceAll('\n', ''))).toBe(false);
      }),
    );
  });
});
