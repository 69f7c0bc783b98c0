/** SIP messages in a stream of bytes (RFC 3261 18.3): each as long as its Content-Length says. */
import { headerOf } from '../../routing/call.js';
import { ByteQueue } from './bytes.js';
import { isInvite, isStartLine, LONGEST_HEAD, parseHead, type SipMessage } from './sip.js';

/** A message, or what is wrong with one, and where its first byte was. */
export type Framed<Place> =
  { readonly message: SipMessage; readonly where: Place } | { readonly fault: string; readonly where: Place };

const LF = 10;
const CR = 13;

/** @typeParam Place where bytes come from */
export class SipStream<Place> {
  private readonly queue = new ByteQueue();
  /** Where the bytes came from that are not yet read. */
  private where: Place | undefined;
  /** Bytes of the queue that hold no end of a head. */
  private scanned = 0;
  /** Looking for a start line again, which was said once. */
  private lost = false;

  /** Bytes that wait for others. */
  get length(): number {
    return this.queue.length;
  }

  push(bytes: Uint8Array, where: Place): Framed<Place>[] {
    if (this.queue.length === 0) this.where = where;
    // A copy: the bytes are a part of a larger piece of the file, which they would keep in memory.
    this.queue.push(bytes.slice());
    const found: Framed<Place>[] = [];
    while (this.next(found)) this.where = where;
    return found;
  }

  /** Some bytes are missing here. */
  gap(why: string): Framed<Place>[] {
    const found = this.end(why);
    this.lost = true;
    return found;
  }

  /** Nothing more comes. */
  end(why: string): Framed<Place>[] {
    const rest = this.queue.peek(this.queue.length)!;
    const isCut = !this.lost && rest.length > 0 && isInvite(textOf(rest.subarray(0, 20)));
    this.drop(rest.length);
    return isCut ? [{ fault: `the message is cut off: ${why}`, where: this.where! }] : [];
  }

  private drop(count: number): void {
    this.queue.skip(count);
    this.scanned = 0;
  }

  /** Takes what can be taken. @returns whether there may be more */
  private next(found: Framed<Place>[]): boolean {
    const bytes = this.queue.peek(this.queue.length)!;
    if (bytes.length === 0) return false;
    // Line breaks between messages keep the connection open (RFC 5626 3.5.1).
    if (bytes[0] === CR || bytes[0] === LF) {
      this.drop(1);
      return true;
    }
    const line = bytes.indexOf(LF);
    if (line < 0 && bytes.length <= LONGEST_HEAD) return false;
    if (line < 0 || !isStartLine(textOf(bytes.subarray(0, line)))) {
      this.lose('expected the start line of a SIP message', found);
      this.drop(line < 0 ? bytes.length : line + 1);
      return true;
    }
    const end = endOfHead(bytes, Math.max(line, this.scanned));
    if (end === undefined && bytes.length <= LONGEST_HEAD) {
      this.scanned = bytes.length - 3;
      return false;
    }
    if (end === undefined) {
      this.lose(`its headers are longer than ${LONGEST_HEAD} bytes`, found);
      this.drop(line + 1);
    } else this.take(bytes.subarray(0, end), found);
    return true;
  }

  private take(head: Uint8Array, found: Framed<Place>[]): void {
    const where = this.where!;
    const text = textOf(head);
    const message = parseHead(text);
    this.drop(head.length);
    const length = typeof message === 'string' ? undefined : lengthOf(message);
    // Then it is not known where the message ends.
    this.lost = length === undefined;
    this.queue.skip(length ?? 0);
    if (typeof message !== 'string') found.push({ message, where });
    else if (isInvite(text)) found.push({ fault: message, where });
  }

  private lose(fault: string, found: Framed<Place>[]): void {
    if (!this.lost) found.push({ fault, where: this.where! });
    this.lost = true;
  }
}

/** The length of the body; undefined when it is not told, or absurd. */
const lengthOf = ({ headers }: SipMessage): number | undefined => {
  const text = headerOf({ headers }, 'Content-Length')?.trim() ?? '';
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
};

/** The place behind the empty line that ends a head. */
function endOfHead(bytes: Uint8Array, from: number): number | undefined {
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return undefined;
}

const decoder = new TextDecoder();
/** Bytes as text; what is no UTF-8 becomes U+FFFD. */
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);
