/**
 * The dialling alphabet: printable ASCII, what a person dials first. `~` stands in for all that is no ASCII
 * (program.ts); about control characters, which only percent-escapes can dial, the analysis says nothing.
 */
const DIALLED = '0123456789+*#';
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const REST = ` !"$%&'(),-./:;<=>?@[\\]^_\`{|}~`;

/** Characters in the order in which an example prefers them. */
export const ALPHABET: readonly string[] = [...`${DIALLED}${LETTERS}${LETTERS.toUpperCase()}${REST}`];

/** Code unit → index in the alphabet; -1 for a character outside it. */
const SYMBOLS = new Int8Array(128).fill(-1);
ALPHABET.forEach((character, i) => (SYMBOLS[character.charCodeAt(0)] = i));

/** The index of a code unit in the alphabet; -1 when it is outside. */
export const symbolOf = (code: number): number => SYMBOLS[code] ?? -1;
