/** Bytes that come in chunks, taken in the pieces that a format has. */
const NONE = new Uint8Array(0);

export class ByteQueue {
  private bytes: Uint8Array = NONE;
  private at = 0;
  /** Bytes still to be thrown away, of those to come. */
  private owed = 0;

  get length(): number {
    return this.bytes.length - this.at;
  }

  /** Whether bytes were skipped that have not come. */
  get lacks(): boolean {
    return this.owed > 0;
  }

  push(chunk: Uint8Array): void {
    const skipped = Math.min(this.owed, chunk.length);
    this.owed -= skipped;
    const fresh = chunk.subarray(skipped);
    if (this.length === 0) this.bytes = fresh;
    else if (fresh.length > 0) {
      const joined = new Uint8Array(this.length + fresh.length);
      joined.set(this.bytes.subarray(this.at));
      joined.set(fresh, this.length);
      this.bytes = joined;
    } else return;
    this.at = 0;
  }

  /** The next bytes, which stay; undefined while there are not so many. */
  peek(count: number): Uint8Array | undefined {
    return this.length < count ? undefined : this.bytes.subarray(this.at, this.at + count);
  }

  /** Throws away the next bytes, also those that have not come yet. */
  skip(count: number): void {
    const now = Math.min(count, this.length);
    this.at += now;
    this.owed += count - now;
  }
}

/** Whole numbers without sign at a place in bytes. The bytes must be there. */
export const u16 = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;
export const u32 = (bytes: Uint8Array, at: number): number => u16(bytes, at) * 0x10000 + u16(bytes, at + 2);
export const u16le = (bytes: Uint8Array, at: number): number => bytes[at]! | (bytes[at + 1]! << 8);
export const u32le = (bytes: Uint8Array, at: number): number =>
  u16le(bytes, at) + u16le(bytes, at + 2) * 0x10000;

/** How a file writes its numbers. */
export interface ByteOrder {
  readonly u16: (bytes: Uint8Array, at: number) => number;
  readonly u32: (bytes: Uint8Array, at: number) => number;
}
export const BIG_ENDIAN: ByteOrder = { u16, u32 };
export const LITTLE_ENDIAN: ByteOrder = { u16: u16le, u32: u32le };
