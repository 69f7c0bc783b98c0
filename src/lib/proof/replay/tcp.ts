/** TCP segments (RFC 9293) put in order, for the streams that carry SIP. Bounded, whatever a capture claims. */
import { u16, u32 } from './bytes.js';
import type { Datagram } from './ip.js';
import { isStartLine } from './sip.js';
import { SipStream, textOf, type Framed } from './stream.js';
import type { Sighting } from './dialogs.js';

const MOST_STREAMS = 8192;
const MOST_BYTES = 32 * 1024 * 1024;
/** Segments of a stream that wait for one before them. */
const MOST_WAITING = 64;
/** What a stream or a segment costs besides its bytes. */
const COST = 200;

const FIN = 1;
const SYN = 2;
const RST = 4;

const LOST = 'the capture lacks what follows';

/** One direction of a connection. */
interface Stream {
  /** The sequence number that comes next. */
  next: number;
  /** Undefined once it is known to carry something else. */
  sip: SipStream<Sighting> | undefined;
  /** No byte has come yet. */
  fresh: boolean;
  readonly waiting: Map<number, { readonly bytes: Uint8Array; readonly sighting: Sighting }>;
  size: number;
}

export class TcpStreams {
  /** In the order in which they were last used. */
  private readonly streams = new Map<string, Stream>();
  private size = 0;

  /**
   * The messages that a segment completes.
   * @param sighting without the endpoints and the transport
   */
  segment(datagram: Datagram, sighting: Sighting): Framed<Sighting>[] {
    const { payload } = datagram;
    const offset = payload.length < 20 ? 0 : (payload[12]! >> 4) * 4;
    if (offset < 20) return [];
    const seen: Sighting = {
      ...sighting,
      source: { ip: datagram.source, port: u16(payload, 0) },
      destination: { ip: datagram.destination, port: u16(payload, 2) },
      transport: 'TCP',
    };
    const key = `${datagram.source} ${u16(payload, 0)} ${datagram.destination} ${u16(payload, 2)}`;
    const [sequence, flags, data] = [u32(payload, 4), payload[13]!, payload.subarray(offset)];
    const found: Framed<Sighting>[] = [];
    const stream = this.streamOf(key, sequence, flags, data, found);
    if (!stream) return found;
    this.take(stream, sequence, data, seen, found);
    if (datagram.missing > 0) {
      found.push(...(stream.sip?.gap('the capture has only the beginning of its packets') ?? []));
      stream.next = (sequence + data.length + datagram.missing) >>> 0;
    }
    this.streams.delete(key);
    this.streams.set(key, stream);
    this.account(stream);
    if (flags & (FIN | RST) && stream.waiting.size === 0) found.push(...this.close(key, stream));
    while (this.streams.size > MOST_STREAMS || this.size > MOST_BYTES) {
      const [oldest] = this.streams;
      found.push(...this.close(...oldest!));
    }
    return found;
  }

  /** What streams still hold. */
  end(): Framed<Sighting>[] {
    return [...this.streams].flatMap(([key, stream]) => this.close(key, stream));
  }

  /** The stream of a segment. One whose beginning was not captured begins with a segment that begins a message. */
  private streamOf(
    key: string,
    sequence: number,
    flags: number,
    data: Uint8Array,
    found: Framed<Sighting>[],
  ): Stream | undefined {
    const known = this.streams.get(key);
    const start = (sequence + (flags & SYN ? 1 : 0)) >>> 0;
    if (known && (!(flags & SYN) || start === known.next)) return known;
    // Another connection between the same ports.
    if (known) found.push(...this.close(key, known));
    if (!(flags & SYN) && !isSip(data)) return undefined;
    return { next: start, sip: new SipStream(), fresh: true, waiting: new Map(), size: 0 };
  }

  private take(
    stream: Stream,
    sequence: number,
    data: Uint8Array,
    sighting: Sighting,
    found: Framed<Sighting>[],
  ): void {
    if (!stream.sip || data.length === 0) return;
    // Numbers wrap around: the difference is what counts.
    const ahead = (sequence - stream.next) | 0;
    if (ahead > 0) {
      if (!stream.waiting.has(sequence)) stream.waiting.set(sequence, { bytes: data.slice(), sighting });
      if (stream.waiting.size > MOST_WAITING) this.jump(stream, found);
      return;
    }
    if (-ahead < data.length) this.feed(stream, data.subarray(-ahead), sighting, found);
    this.drain(stream, found);
  }

  private feed(stream: Stream, data: Uint8Array, sighting: Sighting, found: Framed<Sighting>[]): void {
    if (stream.fresh && !mayBeSip(data)) {
      stream.sip = undefined;
      stream.waiting.clear();
      return;
    }
    stream.fresh = false;
    stream.next = (stream.next + data.length) >>> 0;
    found.push(...stream.sip!.push(data, sighting));
  }

  /** Takes what waited for the segment that came. */
  private drain(stream: Stream, found: Framed<Sighting>[]): void {
    for (let again = true; again && stream.sip;) {
      again = false;
      for (const [sequence, { bytes, sighting }] of stream.waiting) {
        const ahead = (sequence - stream.next) | 0;
        if (ahead > 0) continue;
        stream.waiting.delete(sequence);
        if (-ahead >= bytes.length) continue;
        this.feed(stream, bytes.subarray(-ahead), sighting, found);
        again = true;
        break;
      }
    }
  }

  /** Goes on behind the bytes that never came. */
  private jump(stream: Stream, found: Framed<Sighting>[]): void {
    const distances = [...stream.waiting.keys()].map((sequence) => (sequence - stream.next) | 0);
    stream.next = (stream.next + Math.min(...distances)) >>> 0;
    found.push(...stream.sip!.gap(LOST));
    this.drain(stream, found);
  }

  private close(key: string, stream: Stream): Framed<Sighting>[] {
    const found: Framed<Sighting>[] = [];
    while (stream.sip && stream.waiting.size > 0) this.jump(stream, found);
    found.push(...(stream.sip?.end(LOST) ?? []));
    this.streams.delete(key);
    this.size -= stream.size;
    return found;
  }

  private account(stream: Stream): void {
    let size = COST + (stream.sip?.length ?? 0);
    for (const { bytes } of stream.waiting.values()) size += COST + bytes.length;
    this.size += size - stream.size;
    stream.size = size;
  }
}

const firstLine = (bytes: Uint8Array): string => {
  const text = textOf(bytes.subarray(0, 1024)).replace(/^[\r\n]+/, '');
  return text.split('\n', 1)[0]!;
};

/** Whether bytes begin with a SIP message. */
export const isSip = (bytes: Uint8Array): boolean => {
  const first = bytes[0] ?? 0;
  // Most packets of a capture are sound: they are told apart by one byte.
  return ((first >= 65 && first <= 90) || first === 13 || first === 10) && isStartLine(firstLine(bytes));
};

/** The same of the first bytes of a stream, which may be few. */
const mayBeSip = (bytes: Uint8Array): boolean => {
  const line = firstLine(bytes);
  return (
    isStartLine(line) || (bytes.length < 64 && /^(?:[A-Z]{0,20}|[A-Z]{3,20} \S*(?: S?I?P?)?)$/.test(line))
  );
};
