/** pcapng files (draft-ietf-opsawg-pcapng): blocks, of which those that describe interfaces and packets are read. */
import { BIG_ENDIAN, ByteQueue, LITTLE_ENDIAN, u32, type ByteOrder } from './bytes.js';
import { LONGEST_PACKET, type CaptureFault, type Packet, type PacketFile } from './packet.js';

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const OLD_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const PACKETS: readonly number[] = [OLD_PACKET, SIMPLE_PACKET, ENHANCED_PACKET];

/** Bytes of a block that are not its body: type, length, and the length again. */
const FRAME = 12;
/** Options of a packet or an interface are some hundred bytes. */
const LONGEST_BLOCK = LONGEST_PACKET + 65_536;
const MOST_INTERFACES = 4096;
const IF_TSRESOL = 9;

interface Interface {
  readonly link: number;
  readonly snaplen: number;
  /** Ticks of its clock in a millisecond. */
  readonly ticks: number;
}

/** Whether bytes are the beginning of a pcapng file. */
export const isPcapng = (bytes: Uint8Array): boolean => bytes.length >= 4 && u32(bytes, 0) === SECTION;

export class PcapngFile implements PacketFile {
  private readonly queue = new ByteQueue();
  private order: ByteOrder = LITTLE_ENDIAN;
  private interfaces: Interface[] = [];
  private count = 0;
  private started = false;
  private failed = false;

  push(bytes: Uint8Array): (Packet | CaptureFault)[] {
    if (this.failed) return [];
    this.queue.push(bytes);
    const found: (Packet | CaptureFault)[] = [];
    for (;;) {
      const next = this.block();
      if (next === undefined) return found;
      if (next === 'passed') continue;
      found.push(next);
      if ('fault' in next) {
        this.failed = true;
        return found;
      }
    }
  }

  end(): CaptureFault[] {
    if (this.failed || (this.started && this.queue.length === 0 && !this.queue.lacks)) return [];
    return [{ fault: `the file ends within the block after packet ${this.count}` }];
  }

  /** The next block: a packet, something that is no packet, or undefined while it has not come whole. */
  private block(): Packet | CaptureFault | 'passed' | undefined {
    const start = this.queue.peek(FRAME);
    if (!start) return undefined;
    const isSection = u32(start, 0) === SECTION;
    if (isSection) {
      // Its length can be read only after the mark that says in which order.
      const mark = u32(start, 8);
      if (mark !== 0x1a2b3c4d && mark !== 0x4d3c2b1a)
        return this.fault('has no byte-order mark: no pcapng section');
      this.order = mark === 0x1a2b3c4d ? BIG_ENDIAN : LITTLE_ENDIAN;
    } else if (!this.started) return this.fault('is no section header: no pcapng file');
    this.started = true;
    const type = this.order.u32(start, 0);
    const length = this.order.u32(start, 4);
    if (length < FRAME || length % 4 !== 0) return this.fault(`claims ${length} bytes, which no block has`);
    if (!isSection && type !== INTERFACE && !PACKETS.includes(type)) {
      this.queue.skip(length);
      return 'passed';
    }
    if (length > LONGEST_BLOCK) return this.fault(`claims ${length} bytes, more than such a block can have`);
    const block = this.queue.peek(length);
    if (!block) return undefined;
    this.queue.skip(length);
    const body = block.subarray(8, length - 4);
    if (isSection) {
      this.interfaces = [];
      return 'passed';
    }
    return type === INTERFACE ? this.describe(body) : this.packet(type, body);
  }

  private fault(what: string): CaptureFault {
    return { fault: `the block after packet ${this.count} ${what}; the rest cannot be read` };
  }

  private describe(body: Uint8Array): 'passed' | CaptureFault {
    if (body.length < 8) return this.fault('describes an interface in too few bytes');
    if (this.interfaces.length === MOST_INTERFACES)
      return this.fault(`is one interface more than ${MOST_INTERFACES}`);
    const { order } = this;
    this.interfaces.push({
      link: order.u16(body, 0),
      snaplen: order.u32(body, 4),
      ticks: this.ticksOf(body.subarray(8)),
    });
    return 'passed';
  }

  /** Ticks in a millisecond by the option if_tsresol: a power of ten, or of two if its upper bit is set. */
  private ticksOf(options: Uint8Array): number {
    const { order } = this;
    for (let at = 0; at + 4 <= options.length;) {
      const [code, length] = [order.u16(options, at), order.u16(options, at + 2)];
      if (code === 0) break;
      const value = options[at + 4];
      if (code === IF_TSRESOL && length >= 1 && value !== undefined)
        return (value & 0x80 ? 2 ** (value & 0x7f) : 10 ** value) / 1000;
      at += 4 + Math.ceil(length / 4) * 4;
    }
    return 1e3;
  }

  private packet(type: number, body: Uint8Array): Packet | CaptureFault {
    const { order } = this;
    const simple = type === SIMPLE_PACKET;
    const header = simple ? 4 : 20;
    if (body.length < header) return this.fault('is a packet in too few bytes');
    const index = simple ? 0 : type === OLD_PACKET ? order.u16(body, 0) : order.u32(body, 0);
    const from = this.interfaces[index];
    if (!from) return this.fault(`names interface ${index}, which nothing describes`);
    const captured = simple
      ? Math.min(order.u32(body, 0), from.snaplen || LONGEST_PACKET)
      : order.u32(body, 12);
    if (captured > body.length - header)
      return this.fault(`is a packet that claims ${captured} bytes and has ${body.length - header}`);
    const ticks = simple ? 0 : order.u32(body, 4) * 2 ** 32 + order.u32(body, 8);
    return {
      number: ++this.count,
      at: simple ? undefined : Math.floor(ticks / from.ticks),
      link: from.link,
      bytes: body.subarray(header, header + captured),
    };
  }
}
