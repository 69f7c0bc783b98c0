/** Numbers that JSON text, and so a document, can carry without loss. */

/**
 * Whether a whole number in decimal digits is written back with the same digits. Other spellings (0x10, 1.50, 1e3)
 * say themselves that they are not about digits.
 */
export function isExactNumber(source: string, value: number): boolean {
  if (Number.isSafeInteger(value) || !/^[-+]?[0-9_]+$/.test(source)) return true;
  return String(value) === source.replace(/^\+/, '').replaceAll('_', '');
}

/** Whether a number needs a look at how it is written: it is too large for its digits, or for a number. */
export const isSuspect = (value: number): boolean =>
  Math.abs(value) > Number.MAX_SAFE_INTEGER && (Number.isInteger(value) || !Number.isFinite(value));
