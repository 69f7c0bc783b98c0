/**
 * The dialling alphabet: printable ASCII, what a person dials first. A user with other characters can only be
 * called by percent-escapes (`sip:%C3%A9@sip.local`); about those the analysis says nothing.
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
