/** Calls in a capture of packets: SIP over UDP and TCP, over IPv4 and IPv6. */
import { u16 } from './bytes.js';
import { Dialogs, type Sighting } from './dialogs.js';
import { Fragments } from './fragments.js';
import { datagramOf, type Datagram } from './ip.js';
import { ipOf } from './link.js';
import type { CaptureFault, Packet, PacketFile } from './packet.js';
import { Tally, type PastReader, type Replayed } from './past.js';
import { isInvite, parseHead } from './sip.js';
import { textOf, type Framed } from './stream.js';
import { isSip, TcpStreams } from './tcp.js';

const TCP = 6;
const UDP = 17;

export class CaptureReader implements PastReader {
  readonly passedOver = new Tally();
  private readonly fragments = new Fragments((count) =>
    this.passedOver.add('IP fragments without the rest of their datagram', count),
  );
  private readonly streams = new TcpStreams();
  private readonly dialogs = new Dialogs();

  /**
   * @param name of the file, for the places of what is found
   * @param servers addresses; INVITEs to others are none of ours. Empty: all are
   */
  constructor(
    private readonly name: string,
    private readonly file: PacketFile,
    private readonly servers: readonly string[] = [],
  ) {}

  push(bytes: Uint8Array): Replayed[] {
    return this.file.push(bytes).flatMap((next) => ('fault' in next ? this.broken(next) : this.packet(next)));
  }

  end(): Replayed[] {
    const faults = this.file.end().flatMap((fault) => this.broken(fault));
    this.fragments.end();
    return [...this.framed(this.streams.end()), ...this.dialogs.end(), ...faults];
  }

  private broken({ fault }: CaptureFault): Replayed[] {
    return [{ place: this.name, message: fault }];
  }

  private packet({ number, at, link, bytes }: Packet): Replayed[] {
    const ip = ipOf(link, bytes);
    if (ip === null) this.passedOver.add(`packets of link type ${link}, which is not known`);
    if (ip === null || ip === 'other') return [];
    const place = `${this.name} packet ${number}`;
    const first = datagramOf(ip);
    if (!first) return [{ place, message: 'its IP header is malformed or cut off' }];
    const datagram = this.fragments.add(first, at ?? 0);
    if (datagram?.protocol === UDP) return this.udp(datagram, { place, at });
    if (datagram?.protocol === TCP) return this.framed(this.streams.segment(datagram, { place, at }));
    return [];
  }

  private udp(datagram: Datagram, sighting: Sighting): Replayed[] {
    const { payload, source, destination, missing } = datagram;
    const data = payload.subarray(8, Math.max(8, u16(payload, 4)));
    if (payload.length <= 8 || !isSip(data)) return [];
    const text = textOf(data).replace(/^[\r\n]+/, '');
    const end = text.search(/\r?\n\r?\n/);
    const where: Sighting = {
      ...sighting,
      source: { ip: source, port: u16(payload, 0) },
      destination: { ip: destination, port: u16(payload, 2) },
      transport: 'UDP',
    };
    const fault = 'the message is cut off: the capture has only the beginning of its packets';
    if (end < 0 && missing > 0) return this.framed(isInvite(text) ? [{ fault, where }] : []);
    const message = parseHead(end < 0 ? text : text.slice(0, end));
    if (typeof message !== 'string') return this.framed([{ message, where }]);
    return this.framed(isInvite(text) ? [{ fault: message, where }] : []);
  }

  private framed(found: readonly Framed<Sighting>[]): Replayed[] {
    return found.flatMap((one): Replayed[] => {
      if ('fault' in one) return [{ place: one.where.place, message: one.fault }];
      const isOurs = this.servers.length === 0 || this.servers.includes(one.where.destination!.ip);
      if ('method' in one.message && !isOurs) return [];
      return this.dialogs.message(one.message, one.where);
    });
  }
}
