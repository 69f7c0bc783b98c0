/** Packets and files of packets, made byte by byte, so that tests can make the ones that no program would. */

export const bytes = (...parts: (number | string | Uint8Array)[]): Uint8Array =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'number' ? Uint8Array.of(part) : Buffer.from(part as string))),
  );

export const u16 = (value: number): Uint8Array => Uint8Array.of((value >> 8) & 255, value & 255);
export const u32 = (value: number): Uint8Array => bytes(u16(value >>> 16), u16(value & 0xffff));

const swap = (value: Uint8Array): Uint8Array =>
  Uint8Array.from(Array.from(value, (_, i) => value.at(-1 - i)!));

const NEAR = Uint8Array.of(192, 0, 2, 1);
const FAR = Uint8Array.of(192, 0, 2, 2);

export interface FragmentOptions {
  readonly id: number;
  /** In bytes. */
  readonly offset: number;
  readonly more: boolean;
}

/** An IPv4 packet from 192.0.2.1 to 192.0.2.2. */
export function ipv4(protocol: number, payload: Uint8Array, fragment?: FragmentOptions): Uint8Array {
  const flags = fragment ? (fragment.more ? 0x2000 : 0) | (fragment.offset / 8) : 0;
  const header = [
    0x45,
    0,
    u16(20 + payload.length),
    u16(fragment?.id ?? 1),
    u16(flags),
    64,
    protocol,
    u16(0),
  ];
  return bytes(...header, NEAR, FAR, payload);
}

export const udp = (payload: Uint8Array | string, port = 5060): Uint8Array =>
  bytes(u16(5070), u16(port), u16(8 + Buffer.byteLength(payload)), u16(0), payload);

/** @param flags 1 FIN, 2 SYN, 4 RST */
export const tcp = (sequence: number, payload: Uint8Array | string, flags = 0): Uint8Array =>
  bytes(u16(5070), u16(5060), u32(sequence >>> 0), u32(0), 0x50, flags, u16(1000), u16(0), u16(0), payload);

export const ethernet = (packet: Uint8Array, type = 0x0800): Uint8Array =>
  bytes(new Uint8Array(12), u16(type), packet);

/** A pcap file of these packets, a second apart. */
export function pcap(packets: readonly Uint8Array[], link = 101): Uint8Array {
  const header = bytes(u32(0xa1b2c3d4), u16(2), u16(4), u32(0), u32(0), u32(262_144), u32(link));
  return bytes(
    header,
    ...packets.map((packet, i) =>
      bytes(u32(1_700_000_000 + i), u32(0), u32(packet.length), u32(packet.length), packet),
    ),
  );
}

/** A block of pcapng, in the order of a little-endian machine. */
export function block(type: number, body: Uint8Array, length = body.length + 12): Uint8Array {
  return bytes(swap(u32(type)), swap(u32(length)), body, swap(u32(length)));
}

export const section = (): Uint8Array =>
  block(
    0x0a0d0d0a,
    bytes(swap(u32(0x1a2b3c4d)), swap(u16(1)), swap(u16(0)), swap(u32(0xffffffff)), swap(u32(0xffffffff))),
  );

/** @param resolution value of if_tsresol: 6 are microseconds */
export const interfaceOf = (link: number, resolution = 6): Uint8Array =>
  block(1, bytes(swap(u16(link)), u16(0), u32(0), swap(u16(9)), swap(u16(1)), resolution, 0, 0, 0, u32(0)));

export const enhanced = (
  packet: Uint8Array,
  ticks: bigint,
  index = 0,
  captured = packet.length,
): Uint8Array =>
  block(
    6,
    bytes(
      swap(u32(index)),
      swap(u32(Number(ticks >> 32n))),
      swap(u32(Number(ticks & 0xffffffffn))),
      swap(u32(captured)),
      swap(u32(packet.length)),
      packet,
      new Uint8Array((4 - (packet.length % 4)) % 4),
    ),
  );

/** An INVITE from 1001 to 1002; `headers` stand before the empty line. */
export const invite = (
  callId: string,
  headers: readonly string[] = [],
  cseq = 1,
  branch = `z9-${callId}-${cseq}`,
) =>
  [
    'INVITE sip:1002@sip.local SIP/2.0',
    `Via: SIP/2.0/UDP 192.0.2.1:5070;branch=${branch}`,
    'From: "John" <sip:1001@sip.local>;tag=a',
    'To: <sip:1002@sip.local>',
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} INVITE`,
    ...headers,
    '',
    '',
  ].join('\r\n');

export const response = (status: number, callId: string, cseq = 1, branch = `z9-${callId}-${cseq}`): string =>
  [
    `SIP/2.0 ${status} Reason`,
    `Via: SIP/2.0/UDP 192.0.2.1:5070;branch=${branch}`,
    'From: "John" <sip:1001@sip.local>;tag=a',
    'To: <sip:1002@sip.local>;tag=b',
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} INVITE`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
