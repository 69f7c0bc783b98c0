/** SIP messages as text: as sent, or as sngrep, ngrep, sipp and Asterisk log them. */
import ipaddr from 'ipaddr.js';
import { Dialogs, type Sighting } from './dialogs.js';
import { Lines, type Line } from './lines.js';
import { Tally, type PastReader, type Replayed } from './past.js';
import { isInvite, isStartLine, LONGEST_HEAD, parseHead } from './sip.js';
import { timeOf } from './time.js';

/** `10.0.0.1:5060 -> 10.0.0.2:5060`, of ngrep and sngrep. */
const ARROW = /(\S+):(\d{1,5}) -> \S+:\d{1,5}(?:\s|$)/;
/** `<--- Received SIP request (1000 bytes) from UDP:10.0.0.1:5060 --->`, of Asterisk. */
const RECEIVED = /Received SIP .* from (UDP|TCP|TLS|WSS?):(\S+):(\d{1,5}) /;
/** The patterns take quadratic time on a line without blanks. */
const LONGEST_CONTEXT = 1000;
const DATE = /\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?/;

export class SipTextReader implements PastReader {
  readonly passedOver = new Tally();
  private readonly lines = new Lines();
  private readonly dialogs = new Dialogs();
  /** What the lines before a message say about it. */
  private context: Omit<Sighting, 'place'> = {};
  /** The message that is being read. */
  private head: { readonly sighting: Sighting; readonly lines: string[]; size: number } | undefined;

  /** @param name of the file, for the places of what is found */
  constructor(private readonly name: string) {}

  push(bytes: Uint8Array): Replayed[] {
    return this.lines.push(bytes).flatMap((line) => this.line(line));
  }

  end(): Replayed[] {
    const rest = this.lines.end().flatMap((line) => this.line(line));
    return [...rest, ...this.finish(), ...this.dialogs.end()];
  }

  private line({ number, text }: Line): Replayed[] {
    const starts = isStartLine(text);
    if (!starts && !this.head) {
      this.context = { ...this.context, ...contextOf(text) };
      return [];
    }
    const found = starts || text === '' ? this.finish() : [];
    if (starts) {
      this.head = { sighting: { place: `${this.name}:${number}`, ...this.context }, lines: [], size: 0 };
      this.context = {};
    }
    if (this.head) {
      this.head.size += text.length;
      if (this.head.size <= LONGEST_HEAD) this.head.lines.push(text);
    }
    return found;
  }

  /** The message ends here, with or without the empty line. */
  private finish(): Replayed[] {
    if (!this.head) return [];
    const { lines, sighting, size } = this.head;
    this.head = undefined;
    const message =
      size > LONGEST_HEAD ? `its headers are longer than ${LONGEST_HEAD} bytes` : parseHead(lines.join('\n'));
    if (typeof message !== 'string') return this.dialogs.message(message, sighting);
    return isInvite(lines[0]!) ? [{ place: sighting.place, message }] : [];
  }
}

/** What a line between messages says about the next one. */
function contextOf(text: string): Omit<Sighting, 'place'> {
  if (text.length > LONGEST_CONTEXT) return {};
  const [date] = DATE.exec(text) ?? [];
  const at = date === undefined ? undefined : timeOf(date);
  const received = RECEIVED.exec(text);
  const arrow = received ?? ARROW.exec(text);
  const [ip, port] = (received ? received.slice(2) : arrow?.slice(1)) ?? [];
  const bare = ip?.replace(/^\[(.*)\]$/, '$1');
  return {
    ...(at === undefined ? {} : { at }),
    ...(bare !== undefined && ipaddr.isValid(bare) ? { source: { ip: bare, port: Number(port) } } : {}),
    ...(received ? { transport: received[1] } : {}),
  };
}
