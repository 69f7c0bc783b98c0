/** SIP messages (RFC 3261 7): the start line and the headers, which is all that routing asks of them. */
import type { Header } from '../../routing/call.js';

export type SipMessage = SipRequest | SipResponse;

export interface SipRequest {
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly Header[];
}

export interface SipResponse {
  readonly status: number;
  readonly headers: readonly Header[];
}

/** The longest start line and headers that are read: far more than any UDP datagram or phone has. */
export const LONGEST_HEAD = 65_536;

/** Compact forms of RFC 3261 7.3.3 and its extensions, where the long name matters here. */
const COMPACT: Readonly<Record<string, string>> = {
  c: 'Content-Type',
  f: 'From',
  i: 'Call-ID',
  l: 'Content-Length',
  m: 'Contact',
  t: 'To',
  v: 'Via',
};

const REQUEST = /^([A-Z]{3,20}) (\S+) SIP\/2\.0$/;
const RESPONSE = /^SIP\/2\.0 ([1-6]\d\d)(?: |$)/;
const HEADER = /^([\w\-.!%*+`'~]+)[ \t]*:[ \t]*(.*)$/s;

/** Whether a line is, or is meant to be, the first of a SIP message. */
export const isStartLine = (line: string): boolean =>
  /^(?:SIP\/\d|[A-Z]{3,20} \S+ SIP\/\d|INVITE (?:sips?|tel):)/.test(line);

/** Whether a text begins with an INVITE, whatever is wrong with it: of other messages nobody misses one. */
export const isInvite = (text: string): boolean => text.startsWith('INVITE ');

/**
 * Reads the start line and the headers of a message.
 * @param head the lines before the empty one
 * @returns what is wrong, as text, when it is no message
 */
export function parseHead(head: string): SipMessage | string {
  const lines = head.replace(/(?:\r?\n)+$/, '').split(/\r?\n/);
  const [start = ''] = lines;
  const headers = headersOf(lines);
  if (typeof headers === 'string') return headers;
  const request = REQUEST.exec(start);
  if (request) return { method: request[1]!, uri: request[2]!, headers };
  const response = RESPONSE.exec(start);
  if (response) return { status: Number(response[1]), headers };
  return `${shown(start)} is no start line: expected METHOD URI SIP/2.0`;
}

/** Headers behind the start line, lines that begin with a blank joined to the one before (RFC 3261 7.3.1). */
function headersOf([, ...lines]: readonly string[]): Header[] | string {
  const unfolded: string[] = [];
  for (const line of lines) {
    if (!/^[ \t]/.test(line)) unfolded.push(line);
    else if (unfolded.length > 0) unfolded[unfolded.length - 1] += ` ${line.trim()}`;
    else return 'the start line is folded: expected a header behind it';
  }
  const headers: Header[] = [];
  for (const line of unfolded) {
    const parts = HEADER.exec(line);
    // The line may be a part of a secret: its text is not shown.
    if (!parts) return `line ${headers.length + 2} is no header: expected "Name: value"`;
    headers.push({ name: COMPACT[parts[1]!.toLowerCase()] ?? parts[1]!, value: parts[2]!.trimEnd() });
  }
  return headers;
}

/** A name-addr or addr-spec (RFC 3261 20.10), and the parameters of the header behind it. */
export function splitAddress(value: string): { readonly address: string; readonly parameters: string } {
  const quoted = /^\s*"(?:[^"\\]|\\.)*"/s.exec(value)?.[0].length ?? 0;
  const open = value.indexOf('<', quoted);
  const close = open < 0 ? value.indexOf(';') : value.indexOf('>', open) + 1;
  if (close <= 0) return { address: value.trim(), parameters: '' };
  return { address: value.slice(0, close).trim(), parameters: value.slice(close) };
}

/** The tag among the parameters of From and To. */
export const tagOf = (parameters: string): string | undefined =>
  /;\s*tag\s*=\s*([^;,\s]+)/i.exec(parameters)?.[1];

/** The branch of the topmost Via, which a response has from its request (RFC 3261 17.1.3). */
export const branchOf = (via: string): string | undefined => /;\s*branch\s*=\s*([^;,\s]+)/i.exec(via)?.[1];

/** Text of a record in a message: short, and quoted. */
export const shown = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
