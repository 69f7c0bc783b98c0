/** Characters of stored text that could drive a terminal or mislead a reader, and how text is written without them. */

/** Controls, separators, surrogates, direction marks and overrides, BOM, annotations, tags. */
export const HOSTILE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** Whether a text holds such a character. */
export const isHostile = (text: string): boolean => text.search(HOSTILE) >= 0;

/**
 * JSON text, or the double-quoted scalars of YAML, with the same characters as escapes, so that the data
 * stays the same. The line breaks of the layout stay.
 */
export const escapeJson = (json: string): string =>
  json.replace(HOSTILE, (character) => {
    if (character === '\n') return character;
    return Array.from({ length: character.length }, (_, i) => {
      const unit = character.charCodeAt(i).toString(16).padStart(4, '0');
      return `\\u${unit}`;
    }).join('');
  });
