/**
 * Stored text is not trusted with the terminal: what would move the cursor, start an escape sequence, reverse the
 * reading direction or break the line is shown as an escape instead.
 */
import { HOSTILE } from '../../kinds/hostile.js';

export { escapeJson, isHostile } from '../../kinds/hostile.js';

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
