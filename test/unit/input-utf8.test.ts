/** Text in UTF-8 in pieces: the same text, or the line that is none. */
import { describe, expect, test } from '@jest/globals';
import { CtlError } from '../../src/lib/errors.js';
import { Utf8Text } from '../../src/lib/cli/input/utf8.js';
import { cases, fc } from '../support/property.js';

/** The text of bytes that come in pieces which end at these places, or what is wrong. */
function decoded(bytes: Uint8Array, at: readonly number[]): string {
  const text = new Utf8Text((line, message) => new CtlError('usage', `${line ?? ''} ${message}`));
  const places = [0, ...at.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  try {
    const pieces = places.slice(1).map((end, i) => text.push(bytes.subarray(places[i], end)));
    return pieces.join('') + text.end();
  } catch (error) {
    return (error as Error).message;
  }
}

const lines = fc
  .array(fc.constantFrom('a', '\n', 'ë', '€', '😀', '\r\n'), { maxLength: 12 })
  .map((parts) => parts.join(''));
const places = fc.array(fc.nat(60), { maxLength: 6 });

describe('text in UTF-8', () => {
  test('is the same in whatever pieces it comes', () => {
    fc.assert(
      fc.property(lines, places, (text, at) => expect(decoded(Buffer.from(text), at)).toBe(text)),
      cases(1000),
    );
  });

  test('that is none is told with its line', () => {
    const wrong = fc.constantFrom([0xff], [0xe9], [0xe2, 0x82], [0x80], [0xf0, 0x9f]);
    fc.assert(
      fc.property(lines, wrong, fc.constantFrom('', 'a', '\n'), places, (before, bytes, after, at) => {
        const whole = Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
        const line = before.split('\n').length;
        expect(decoded(whole, at)).toBe(`${line} is not valid UTF-8: expected text in UTF-8`);
      }),
      cases(2000),
    );
  });

  test.each([
    ['little', [0xff, 0xfe, 0x61, 0x00]],
    ['big', [0xfe, 0xff, 0x00, 0x61]],
  ])('of UTF-16, %s end first, says so', (_, bytes) => {
    const message = ' is UTF-16: expected UTF-8 (iconv -f UTF-16 -t UTF-8)';
    expect(decoded(Uint8Array.from(bytes), [])).toBe(message);
  });
});
