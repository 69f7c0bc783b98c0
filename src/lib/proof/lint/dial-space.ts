/** What should be reachable: the ranges that `--dial-space` names (docs/lint.md shows the file). */
import { Language } from '../language/language.js';

/** Numbers or codes that one entry of the file names. */
export interface Range {
  /** As the file has it. */
  readonly text: string;
  /** Where the file has it: `owned[0]`. */
  readonly path: string;
  readonly language: Language;
}

export interface DialSpace {
  /** How findings call the file. */
  readonly file: string;
  /** Numbers that callers outside dial. */
  readonly owned: readonly Range[];
  /** What agents dial to reach each other and our services. */
  readonly extensions: readonly Range[];
  /** What agents dial in an emergency: it has to leave by a trunk. */
  readonly emergency: readonly Range[];
  /** Other codes that agents dial. */
  readonly short: readonly Range[];
  /** Refs of the domains whose agents dial these; absent: all. */
  readonly domains: readonly string[] | undefined;
}

const EXPECTED =
  'expected a number or code, FROM-TO of the same length, or x for any digit: +19103434434, 1000-1099, +1910343xxxx';

/** Reads one entry; a text says what is wrong with it and what is expected. */
export function rangeOf(text: string, path: string): Range | string {
  const between = /^(\+?)(\d{1,15})-(\+?)(\d{1,15})$/.exec(text);
  if (between) {
    const [, plus, from, other, to] = between as unknown as [string, string, string, string, string];
    if (plus !== other || from.length !== to.length)
      return `"${text}" begins and ends differently: ${EXPECTED}`;
    if (from > to) return `"${text}" ends before it begins: ${EXPECTED}`;
    return { text, path, language: Language.matching(`^${plus && '\\+'}(?:${betweenPattern(from, to)})$`) };
  }
  if (!/^[+*#]?[\dx*#]{1,20}$/.test(text)) return `"${text}" is no range: ${EXPECTED}`;
  const pattern = text.replace(/[+*]/g, '\\$&').replaceAll('x', '[0-9]');
  return { text, path, language: Language.matching(`^${pattern}$`) };
}

/** A pattern for the numbers from one to another of the same length, both included. */
function betweenPattern(from: string, to: string): string {
  if (from === to) return from;
  const [low, high] = [Number(from[0]), Number(to[0])];
  const rest = from.length - 1;
  if (low === high) return `${low}(?:${betweenPattern(from.slice(1), to.slice(1))})`;
  if (rest === 0) return `[${low}-${high}]`;
  const parts = [
    `${low}(?:${betweenPattern(from.slice(1), '9'.repeat(rest))})`,
    ...(high - low > 1 ? [`[${low + 1}-${high - 1}][0-9]{${rest}}`] : []),
    `${high}(?:${betweenPattern('0'.repeat(rest), to.slice(1))})`,
  ];
  return parts.join('|');
}
