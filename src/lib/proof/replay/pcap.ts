/** pcap files (draft-ietf-opsawg-pcap): a header, then packets. */
import { BIG_ENDIAN, ByteQueue, LITTLE_ENDIAN, u32, type ByteOrder } from './bytes.js';
import { LONGEST_PACKET, type CaptureFault, type Packet, type PacketFile } from './packet.js';

const FILE_HEADER = 24;
const PACKET_HEADER = 16;

/** By the first four bytes: how numbers are written, and how many ticks of its clock make a millisecond. */
const MAGICS = new Map<number, { order: ByteOrder; ticks: number }>([
  [0xa1b2c3d4, { order: BIG_ENDIAN, ticks: 1e3 }],
  [0xd4c3b2a1, { order: LITTLE_ENDIAN, ticks: 1e3 }],
  [0xa1b23c4d, { order: BIG_ENDIAN, ticks: 1e6 }],
  [0x4d3cb2a1, { order: LITTLE_ENDIAN, ticks: 1e6 }],
]);

/** Whether bytes are the beginning of a pcap file. */
export const isPcap = (bytes: Uint8Array): boolean => bytes.length >= 4 && MAGICS.has(u32(bytes, 0));

export class PcapFile implements PacketFile {
  private readonly queue = new ByteQueue();
  private header: { order: ByteOrder; ticks: number; link: number } | undefined;
  private count = 0;
  private failed = false;

  push(bytes: Uint8Array): (Packet | CaptureFault)[] {
    if (this.failed) return [];
    this.queue.push(bytes);
    const found: (Packet | CaptureFault)[] = [];
    for (;;) {
      const next = this.header ? this.packet(this.header) : this.readHeader();
      if (next === undefined) return found;
      if (next === 'header') continue;
      found.push(next);
      if ('fault' in next) {
        this.failed = true;
        return found;
      }
    }
  }

  end(): CaptureFault[] {
    if (this.failed || (this.header && this.queue.length === 0)) return [];
    const where = this.header ? `within packet ${this.count + 1}` : 'within its header';
    return [{ fault: `the file ends ${where}` }];
  }

  private readHeader(): 'header' | CaptureFault | undefined {
    const bytes = this.queue.peek(FILE_HEADER);
    if (!bytes) return undefined;
    const magic = MAGICS.get(u32(bytes, 0));
    if (!magic) return { fault: 'no pcap file: its first four bytes are not those of one' };
    // The upper bits say how long a frame check sequence is.
    this.header = { ...magic, link: magic.order.u32(bytes, 20) & 0xffff };
    this.queue.skip(FILE_HEADER);
    return 'header';
  }

  private packet(header: NonNullable<PcapFile['header']>): Packet | CaptureFault | undefined {
    const { order, ticks, link } = header;
    const start = this.queue.peek(PACKET_HEADER);
    if (!start) return undefined;
    const captured = order.u32(start, 8);
    if (captured > LONGEST_PACKET)
      return {
        fault: `packet ${this.count + 1} claims ${captured} bytes, more than a packet can have: the rest cannot be read`,
      };
    const whole = this.queue.peek(PACKET_HEADER + captured);
    if (!whole) return undefined;
    this.queue.skip(whole.length);
    const at = order.u32(start, 0) * 1000 + Math.floor(order.u32(start, 4) / ticks);
    return { number: ++this.count, at, link, bytes: whole.subarray(PACKET_HEADER) };
  }
}
