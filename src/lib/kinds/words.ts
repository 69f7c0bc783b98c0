/** Words that every part uses about resources and their values. Loads nothing: help and reads need it too. */

/** What stands for a secret wherever one would be shown. It is never a secret itself. */
export const MASK = '********';

/** A value as an error shows it: JSON, shortened, without raw control characters. Objects are only named. */
export function quote(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return String(value);
  const short = value.length > 80 ? `${value.slice(0, 79)}…` : value;
  return JSON.stringify(short).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `an agent`, `a SIP route`, and plain `credentials`. */
export const article = (noun: string): string =>
  noun.endsWith('s') ? noun : /^[aeiou]/i.test(noun) ? `an ${noun}` : `a ${noun}`;

/** Why a ref that somebody chose cannot be one; undefined when it can. */
export function refFault(ref: string): string | undefined {
  if (/^[A-Za-z0-9._+-]{1,64}$/.test(ref)) return undefined;
  return `is ${quote(ref)}: expected 1-64 letters, digits, dots, dashes, underscores or plus signs, such as agent-01`;
}
