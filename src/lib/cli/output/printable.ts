/**
 * Stored text is not trusted with the terminal: what would move the cursor, start an escape sequence, reverse the
 * reading direction or break the line is shown as an escape instead.
 */

/** Controls, separators, surrogates, direction marks and overrides, BOM, annotations, tags. */
const HOSTILE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

const NAMED: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escape(character: string): string {
  const code = character.codePointAt(0)!;
  const named = NAMED[character];
  if (named) return named;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

/** The text on one line, with everything that could drive a terminal made visible: `\n`, `\x1b`, `\u{202e}`. */
export const printable = (text: string): string => text.replace(HOSTILE, escape);

/** The same, line by line: line breaks stay. */
export const printableLines = (text: string): string[] => text.split(/\r?\n/).map(printable);

/**
 * JSON text, or the double-quoted scalars of YAML, with the same characters as JSON escapes, so that the data stays
 * the same. The line breaks of the layout stay.
 */
export const escapeJson = (json: string): string =>
  json.replace(HOSTILE, (character) => {
    if (character === '\n') return character;
    return Array.from({ length: character.length }, (_, i) => {
      const unit = character.charCodeAt(i).toString(16).padStart(4, '0');
      return `\\u${unit}`;
    }).join('');
  });

/** Whether a text holds anything that `printable` would change. */
export const isHostile = (text: string): boolean => text.search(HOSTILE) >= 0;
