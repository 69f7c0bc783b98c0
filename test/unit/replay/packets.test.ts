/** Packets that arrive late, twice, in pieces, never, or with lengths that lie. */
import { describe, expect, test } from '@jest/globals';
import {
  block,
  bytes,
  enhanced,
  ethernet,
  interfaceOf,
  invite,
  ipv4,
  pcap,
  response,
  section,
  tcp,
  u16,
  u32,
  udp,
} from '../../support/packets.js';
import { lines, read } from './read.js';
import { cases, fc } from '../../support/property.js';

const TCP = 6;
const UDP = 17;
const message = (text: string) => ipv4(UDP, udp(text));
const CALL = '"John" <sip:1001@sip.local> → sip:1002@sip.local by UDP 192.0.2.1';

describe('link layers', () => {
  const packet = message(invite('a'));
  test.each([
    ['Ethernet', 1, ethernet(packet)],
    [
      'Ethernet with three tags',
      1,
      ethernet(bytes(u16(7), u16(0x88a8), u16(8), u16(0x8100), u16(9), u16(0x0800), packet), 0x9100),
    ],
    ['PPPoE', 1, ethernet(bytes(0x11, 0, u16(1), u16(packet.length + 2), u16(0x0021), packet), 0x8864)],
    ['loopback of a little-endian machine', 0, bytes(2, 0, 0, 0, packet)],
    ['loopback of a big-endian machine', 0, bytes(0, 0, 0, 2, packet)],
    ['loopback of OpenBSD', 108, bytes(0, 0, 0, 2, packet)],
    ['raw IP', 101, packet],
    ['raw IPv4', 228, packet],
    ['cooked', 113, bytes(u16(0), u16(1), u16(6), new Uint8Array(8), u16(0x0800), packet)],
    ['cooked, version 2', 276, bytes(u16(0x0800), u16(0), u32(1), u16(1), 0, 6, new Uint8Array(8), packet)],
  ])('%s', (_, link, frame) => {
    expect(lines(read(pcap([frame], link)))).toEqual([`file packet 1: ${CALL}`]);
  });

  test('what is no IP is passed over, and a link layer that is not known is counted', () => {
    expect(lines(read(pcap([ethernet(packet, 0x0806)], 1)))).toEqual([]);
    expect(lines(read(pcap([packet, packet], 195)))).toEqual([
      'passed over: 2 packets of link type 195, which is not known',
    ]);
  });
});

describe('files that lie about lengths', () => {
  const whole = pcap([message(invite('a')), message(response(200, 'a'))]);

  test('a packet of four gigabytes ends what can be read', () => {
    const lying = Buffer.from(whole);
    lying.writeUInt32BE(0xffffffff, 24 + 16 + message(invite('a')).length + 8);
    expect(lines(read(lying))).toEqual([
      'file: packet 2 claims 4294967295 bytes, more than a packet can have: the rest cannot be read',
      `file packet 1: ${CALL}`,
    ]);
  });

  const packet = message(invite('a'));
  const start = bytes(section(), interfaceOf(101));
  const called = `file packet 1: ${CALL}`;
  test.each<[string, Uint8Array, string[]]>([
    ['a packet', enhanced(packet, 5n), [called]],
    ['blocks that are not known', bytes(block(0xbad, new Uint8Array(40)), enhanced(packet, 5n)), [called]],
    ['a packet after another section', bytes(section(), interfaceOf(101), enhanced(packet, 5n)), [called]],
    ['no interface', enhanced(packet, 5n, 1), ['names interface 1, which nothing describes']],
    ['more bytes than there are', enhanced(packet, 5n, 0, 5000), ['claims 5000 bytes']],
    ['a huge packet', block(6, packet, 0xfffffff0), ['more than such a block can have']],
    [
      'a huge block of another sort',
      block(0xbad, packet, 0xfffffff0),
      ['the file ends within the block after packet 0'],
    ],
    ['a length that is none', block(6, packet, 13), ['claims 13 bytes, which no block has']],
    ['an empty interface', block(1, new Uint8Array(4)), ['in too few bytes']],
    ['an empty packet', block(6, new Uint8Array(4)), ['in too few bytes']],
  ])('pcapng with %s', (_, rest, expected) => {
    const found = lines(read(bytes(start, rest)));
    expect(found).toHaveLength(expected.length);
    for (const [i, part] of expected.entries()) expect(found[i]).toContain(part);
  });

  test.each([
    [6, 1_700_000_000_000_000n],
    [9, 1_700_000_000_000_000_000n],
    [0x80 | 10, 1_700_000_000n * 1024n],
  ])('pcapng with the clock resolution %i', (resolution, ticks) => {
    const file = bytes(section(), interfaceOf(101, resolution), enhanced(packet, ticks));
    expect(read(file).replayed[0]).toMatchObject({ call: { at: 1_700_000_000_000 } });
  });

  test('malformed IP headers are broken records; what is no SIP is not', () => {
    const bad = [
      bytes(0x45, 0, u16(10)),
      bytes(0x41, new Uint8Array(30)),
      bytes(0x60, new Uint8Array(10)),
      bytes(0x10),
    ];
    expect(lines(read(pcap(bad)))).toEqual(
      [1, 2, 3, 4].map((i) => `file packet ${i}: its IP header is malformed or cut off`),
    );
    const others = [
      ipv4(1, bytes('INVITE')),
      message('GET / HTTP/1.1\r\n\r\n'),
      message(''),
      ipv4(UDP, bytes(1, 2)),
    ];
    expect(lines(read(pcap(others)))).toEqual([]);
  });
});

describe('IP fragments', () => {
  const datagram = udp(invite('a', [`X-Padding: ${'x'.repeat(3000)}`]));
  const cut = (id: number, size = 1480): Uint8Array[] =>
    Array.from({ length: Math.ceil(datagram.length / size) }, (_, i) =>
      ipv4(UDP, datagram.subarray(i * size, (i + 1) * size), {
        id,
        offset: i * size,
        more: (i + 1) * size < datagram.length,
      }),
    );

  test('any order and any repetition give the datagram once', () => {
    const pieces = cut(1, 400);
    const orders = fc.shuffledSubarray([...pieces, ...pieces], { minLength: 2 * pieces.length });
    fc.assert(
      fc.property(orders, (packets) => {
        const calls = read(pcap(packets)).replayed;
        expect(calls).toHaveLength(1);
        expect(calls[0]).toMatchObject({ call: { dialled: 'sip:1002@sip.local' } });
      }),
      cases(50),
    );
  });

  test('what stays incomplete is counted', () => {
    const [first, second] = cut(1);
    expect(lines(read(pcap([first!, second!])))).toEqual([
      'passed over: 2 IP fragments without the rest of their datagram',
    ]);
  });

  test('fragments that overlap make no datagram', () => {
    const [first, second, third] = cut(1);
    const overlapping = ipv4(UDP, datagram.subarray(800, 2280), { id: 1, offset: 800, more: true });
    expect(read(pcap([first!, overlapping, third!])).replayed).toEqual([]);
    expect(read(pcap([first!, second!, third!])).replayed).toHaveLength(1);
  });

  test('a flood of beginnings is dropped as it comes', () => {
    const flood = Array.from({ length: 5000 }, (_, id) =>
      ipv4(UDP, datagram.subarray(0, 1480), { id, offset: 0, more: true }),
    );
    expect(read(pcap(flood)).passedOver).toEqual({ 'IP fragments without the rest of their datagram': 5000 });
  });
});

describe('TCP', () => {
  const stream = [
    invite('a', ['Content-Length: 10']) + '0123456789',
    '\r\n\r\n',
    invite('b', [`X-Padding: ${'x'.repeat(900)}`, 'Content-Length: 0']),
    invite('c', ['l: 4']) + 'INVI',
  ].join('');
  const START = 0xffffff00;
  const segments = (sizes: readonly number[]): Uint8Array[] => {
    const packets: Uint8Array[] = [];
    for (let at = 0, i = 0; at < stream.length; at += sizes[i++ % sizes.length]!)
      packets.push(ipv4(TCP, tcp(START + 1 + at, stream.slice(at, at + sizes[i % sizes.length]!))));
    return packets;
  };
  const syn = ipv4(TCP, tcp(START, '', 2));
  const callIds = (packets: readonly Uint8Array[]) => lines(read(pcap(packets)));

  test('segments of any size, late and repeated, give the messages in order; numbers wrap around', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(3), { minLength: 200, maxLength: 200 }),
        (sizes, delays) => {
          const packets = segments(sizes)
            .flatMap((packet, i) => [
              { packet, when: i + delays[i % 200]! },
              ...(delays[i % 200] === 3 ? [{ packet, when: i + 4 }] : []),
            ])
            .sort((a, b) => a.when - b.when)
            .map(({ packet }) => packet);
          const { replayed } = read(pcap([syn, ...packets]));
          expect(replayed.filter((one) => 'message' in one)).toEqual([]);
          expect(replayed).toHaveLength(3);
        },
      ),
      cases(100),
    );
  });

  test('a stream whose beginning is missing begins with the first message', () => {
    const middle = ipv4(TCP, tcp(1000, 'of a body\r\nthat began earlier'));
    const next = ipv4(TCP, tcp(2000, invite('a', ['Content-Length: 0'])));
    expect(callIds([middle, next])).toHaveLength(1);
  });

  test('a missing segment costs the message it was of, which is named', () => {
    const packets = [
      syn,
      ipv4(TCP, tcp(START + 1, stream.slice(0, 700))),
      ipv4(TCP, tcp(START + 1 + 900, stream.slice(900), 1)),
    ];
    expect(callIds(packets)).toEqual([
      'file packet 2: the message is cut off: the capture lacks what follows',
      `file packet 2: ${CALL.replace('UDP', 'TCP')}`,
      `file packet 3: ${CALL.replace('UDP', 'TCP')}`,
    ]);
  });

  test('another connection between the same ports begins anew', () => {
    const again = ipv4(TCP, tcp(77, '', 2));
    const cut = ipv4(TCP, tcp(START + 1, invite('a').slice(0, 100)));
    const whole = ipv4(TCP, tcp(78, invite('b', ['Content-Length: 0'])));
    expect(callIds([syn, cut, again, whole])).toEqual([
      'file packet 2: the message is cut off: the capture lacks what follows',
      `file packet 4: ${CALL.replace('UDP', 'TCP')}`,
    ]);
  });

  test('a message without Content-Length ends where the next begins', () => {
    const text = `${invite('a')}v=0\r\no=-\r\n${invite('b')}v=0\r\n`;
    expect(callIds([syn, ipv4(TCP, tcp(START + 1, text))])).toHaveLength(2);
  });

  test('other protocols are left alone', () => {
    const http = [
      syn,
      ipv4(TCP, tcp(START + 1, 'GET / HTTP/1.1\r\n\r\n')),
      ipv4(TCP, tcp(START + 19, invite('a'))),
    ];
    expect(callIds(http)).toEqual([]);
  });

  test('headers without end are given up', () => {
    const endless = Array.from({ length: 120 }, (_, i) =>
      ipv4(TCP, tcp(1 + i * 1000, i === 0 ? invite('a').slice(0, -2).padEnd(1000, 'x') : 'x'.repeat(1000))),
    );
    expect(callIds(endless)).toEqual(['file packet 1: its headers are longer than 65536 bytes']);
  });

  test('many streams that wait are dropped as they come', () => {
    const flood = Array.from({ length: 9000 }, (_, i) => {
      const packet = Buffer.from(ipv4(TCP, tcp(1, 'INVITE sip:1002@sip.local SIP/2.0\r\nVia: x')));
      packet.writeUInt32BE(i, 12);
      return packet;
    });
    expect(read(pcap(flood)).replayed).toHaveLength(9000);
  });
});
