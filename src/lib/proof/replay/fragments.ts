/** IP datagrams that came in fragments, put together again. Bounded, whatever a capture claims. */
import type { Datagram } from './ip.js';

const MOST_DATAGRAMS = 256;
const MOST_BYTES = 8 * 1024 * 1024;
/** What a fragment costs besides its bytes: they may be eight. */
const COST = 128;
const LONGEST_DATAGRAM = 65_535;
/** Of the time of the capture (RFC 791 and 8200 have 15 to 120 seconds). */
const LONGEST_MS = 30_000;

interface Partial {
  readonly parts: { readonly offset: number; readonly bytes: Uint8Array }[];
  readonly since: number;
  /** Bytes that are there. */
  size: number;
  /** The length of the whole, once the last fragment has come. */
  total: number | undefined;
}

export class Fragments {
  /** In the order in which they began. */
  private readonly partials = new Map<string, Partial>();
  private size = 0;

  /** @param skipped is called with the number of fragments that will never be a datagram */
  constructor(private readonly skipped: (fragments: number) => void) {}

  /**
   * The whole datagram, once a fragment completes it.
   * @param at time of the capture in milliseconds
   */
  add(datagram: Datagram, at: number): Datagram | undefined {
    const { fragment, payload, source, destination, protocol } = datagram;
    if (!fragment) return datagram;
    if (datagram.missing > 0 || fragment.offset + payload.length > LONGEST_DATAGRAM || payload.length === 0) {
      this.skipped(1);
      return undefined;
    }
    this.forget((partial) => at - partial.since > LONGEST_MS);
    const key = `${source} ${destination} ${protocol} ${fragment.id}`;
    let partial = this.partials.get(key);
    if (!partial) this.partials.set(key, (partial = { parts: [], since: at, size: 0, total: undefined }));
    if (partial.parts.some(({ offset }) => offset === fragment.offset)) return undefined;
    // A copy: the packet is a part of a larger piece of the file, which it would keep in memory.
    partial.parts.push({ offset: fragment.offset, bytes: payload.slice() });
    partial.size += payload.length;
    this.size += payload.length + COST;
    if (!fragment.more) partial.total = fragment.offset + payload.length;
    const whole = wholeOf(partial);
    if (whole) this.remove(key, partial);
    else this.forget(() => this.partials.size > MOST_DATAGRAMS || this.size > MOST_BYTES);
    return whole && { source, destination, protocol, payload: whole, missing: 0 };
  }

  /** Counts what is still incomplete. */
  end(): void {
    this.forget(() => true);
  }

  /** Drops the oldest ones while this holds of them. */
  private forget(dropped: (partial: Partial) => boolean): void {
    for (const [key, partial] of this.partials) {
      if (!dropped(partial)) return;
      this.skipped(partial.parts.length);
      this.remove(key, partial);
    }
  }

  private remove(key: string, partial: Partial): void {
    this.partials.delete(key);
    this.size -= partial.size + partial.parts.length * COST;
  }
}

/** The bytes in their order; undefined while some are missing, or for ever where fragments overlap (RFC 5722). */
function wholeOf({ parts, size, total }: Partial): Uint8Array | undefined {
  if (total === undefined || size !== total) return undefined;
  const whole = new Uint8Array(total);
  let end = 0;
  for (const { offset, bytes } of [...parts].sort((a, b) => a.offset - b.offset)) {
    if (offset !== end) return undefined;
    whole.set(bytes, offset);
    end += bytes.length;
  }
  return whole;
}
