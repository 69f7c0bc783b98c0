/** What each text format admits (docs/wire.md 3.1), and which characters text may hold at all. */
import ipaddr from 'ipaddr.js';
import { RE2JS } from 're2js';
import validator from 'validator/lib/isFQDN.js';
import type { FormatName } from './formats.js';

const isFQDN = validator.default;

/** Four decimal parts without leading zeros; ipaddr.js alone would read octal and short forms. */
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

const isAddress = (text: string): boolean =>
  IPV4.test(text) || (text.includes(':') && !text.includes('%') && ipaddr.IPv6.isValid(text));

const isHost = (text: string): boolean => isFQDN(text) || isAddress(text);

function isHostPort(text: string): boolean {
  if (isHost(text)) return true;
  const match = /^(?:\[([^\]]+)\]|([^:]+)):([1-9]\d{0,4})$/.exec(text);
  if (!match) return false;
  const [, bracketed, bare, port] = match;
  const host = bracketed === undefined ? isHost(bare!) : bracketed.includes(':') && isAddress(bracketed);
  return host && Number(port) <= 65535;
}

function isCidr(text: string): boolean {
  const [address, bits, ...rest] = text.split('/');
  if (rest.length > 0 || !isAddress(address!)) return false;
  if (bits === undefined) return true;
  return /^(?:0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= (address!.includes(':') ? 128 : 32);
}

const LOOK_AROUND = /\(\?(?:[=!]|<[=!])/;
const BACK_REFERENCE = /\\(?:[1-9]|k[<{'])/;

const sizes = new Map<string, number | string>();
const MAX_SIZES = 10_000;

/** The instructions that a pattern compiles to, or why RE2 refuses it. Known patterns are not compiled again. */
export function patternSize(pattern: string): number | string {
  let size = sizes.get(pattern);
  if (size === undefined) {
    if (sizes.size >= MAX_SIZES) sizes.clear();
    sizes.set(pattern, (size = compile(pattern)));
  }
  return size;
}

function compile(pattern: string): number | string {
  try {
    return RE2JS.compile(pattern).programSize();
  } catch (error) {
    if (LOOK_AROUND.test(pattern)) return 'RE2 has no look-around';
    if (BACK_REFERENCE.test(pattern)) return 'RE2 has no back-references';
    return error instanceof Error
      ? error.message.replace(/^error parsing regexp: /, '')
      : 'it does not compile';
  }
}

/** Formats but patterns, of which `patternSize` tells more. */
type TextFormat = Exclude<FormatName, 're2'>;

const matches: Record<TextFormat, (text: string) => boolean> = {
  fqdn: (text) => isFQDN(text),
  host: isHost,
  hostPort: isHostPort,
  tel: (text) => /^tel:\+?[0-9]{1,15}$/.test(text),
  aor: (text) => /^(?:sip|backend):\S+$/.test(text),
  cidr: isCidr,
  headerName: (text) => /^[A-Za-z0-9-]*[A-Za-z0-9]$/.test(text),
  username: (text) => !/\s/.test(text),
  countryCode: (text) => /^[A-Za-z]{2}$/.test(text),
};

/**
 * Whether text has a format. Undefined: it does. Otherwise why not, where there is more to say than what the
 * format expects; else ''.
 */
export function formatFault(format: TextFormat, text: string): string | undefined {
  return matches[format](text) ? undefined : '';
}

const CONTROL = /\p{Cc}/u;
const CONTROL_BUT_BREAKS = /(?![\n\t])\p{Cc}/u;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/**
 * The character that text must not hold, in words; undefined when there is none. U+FFFD is what decoders put
 * in place of bytes that were no UTF-8, so it never is what somebody meant.
 */
export function characterFault(text: string, multiline: boolean): string | undefined {
  const control = (multiline ? CONTROL_BUT_BREAKS : CONTROL).exec(text);
  if (control) {
    const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return `the control character U+${code} at position ${control.index + 1}`;
  }
  if (text.includes('\ufffd'))
    return 'the replacement character U+FFFD, which stands for text that was no UTF-8';
  return LONE_SURROGATE.test(text) ? 'half of a surrogate pair' : undefined;
}
