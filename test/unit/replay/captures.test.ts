/** Captures that real programs made (test/fixtures/captures), whole, in pieces, cut off and damaged. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { isBroken } from '../../../src/lib/proof/replay/past.js';
import { lines, read } from './read.js';
import { cases, fc } from '../../support/property.js';

const FOLDER = new URL('../../fixtures/captures/', import.meta.url);
const NAMES = readdirSync(FOLDER).filter((name) => name.includes('.pcap'));
const bytesOf = (name: string): Uint8Array => {
  const bytes = readFileSync(new URL(name, FOLDER));
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
};

/** The three calls of make/calls.csv. */
const CALLS = (by: string, told: number, quoted = true) =>
  [
    ['sip:1001@sip.local', 'sip:1002@sip.local'],
    ['sip:+17853178070@carrier.example', 'sip:+19103434434@trunk.example.com'],
    ['sip:1002@sip.local', 'sip:concierge@sip.local'],
  ].map(
    ([from, dialled], i) => `${quoted ? `"Caller ${i + 1}" ` : ''}<${from}> → ${dialled} by ${by} [${told}]`,
  );

describe('captures', () => {
  test.each([
    ['udp.pcap', CALLS('UDP 192.0.2.1', 200)],
    ['udp.pcapng', CALLS('UDP 192.0.2.1', 200)],
    ['nanoseconds.pcap', CALLS('UDP 192.0.2.1', 200)],
    ['tcp.pcap', CALLS('TCP 192.0.2.1', 200)],
    ['udp6.pcap', CALLS('UDP 2001:db8::1', 200)],
    ['tcp6.pcap', CALLS('TCP 2001:db8::1', 200).slice(0, 1)],
    ['fragments.pcap', CALLS('UDP 192.0.2.1', 200).slice(0, 1)],
    ['fragments6.pcap', CALLS('UDP 2001:db8::1', 200).slice(0, 1)],
    ['refused.pcap', CALLS('UDP 192.0.2.1', 404, false)],
    ['refused.pcap.gz', CALLS('UDP 192.0.2.1', 404, false)],
    ['vlan.pcap', CALLS('UDP 192.0.2.1', 404, false)],
    ['qinq.pcap', CALLS('UDP 192.0.2.1', 404, false)],
    ['rawip.pcap', CALLS('UDP 192.0.2.1', 404, false)],
    ['rawip4.pcap', CALLS('UDP 192.0.2.1', 404, false)],
    ['cooked.pcap', CALLS('UDP 192.0.2.1', 404, false)],
    ['cooked2.pcap', CALLS('UDP 192.0.2.1', 404, false)],
  ])('%s', (name, expected) => {
    const found = lines(read(bytesOf(name), { name }));
    expect(found.map((line) => line.replace(/^.*? packet \d+: /, ''))).toEqual(expected);
  });

  test('a capture of beginnings of packets says so for each INVITE', () => {
    const { replayed } = read(bytesOf('snaplen.pcap'));
    expect(replayed).toHaveLength(12);
    expect(replayed[0]).toEqual({
      place: 'file packet 1',
      message: 'the message is cut off: the capture has only the beginning of its packets',
    });
  });

  test('a call knows where, when, by whom and with which headers it came, and no secret', () => {
    const { replayed } = read(bytesOf('udp.pcap'));
    expect(replayed[0]).toEqual({
      place: 'file packet 1',
      call: {
        dialled: 'sip:1002@sip.local',
        from: '"Caller 1" <sip:1001@sip.local>',
        source: { ip: '192.0.2.1', port: 5070, transport: 'UDP' },
        headers: [{ name: 'X-Padding', value: 'short' }],
        at: expect.any(Number),
      },
      recorded: { sipStatus: 200 },
    });
    const whole = JSON.stringify(replayed);
    expect(whole).not.toContain('Digest');
    const at = new Date((replayed[0] as unknown as { call: { at: number } }).call.at);
    expect(at.getUTCFullYear()).toBe(2026);
  });

  test('the formats agree on the times', () => {
    const times = ['udp.pcap', 'udp.pcapng', 'nanoseconds.pcap'].map((name) =>
      read(bytesOf(name)).replayed.map((one) => (isBroken(one) ? 'broken' : one.call['at'])),
    );
    expect(times[1]).toEqual(times[0]);
    expect(times[2]).toEqual(times[0]);
  });

  test('only INVITEs to a server are calls where one is named', () => {
    expect(read(bytesOf('udp.pcap'), { servers: ['192.0.2.2'] }).replayed).toHaveLength(3);
    expect(read(bytesOf('udp.pcap'), { servers: ['192.0.2.9'] }).replayed).toEqual([]);
  });

  test('pieces make no difference', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.array(fc.nat(20_000), { maxLength: 30 }), (name, cuts) => {
        const bytes = bytesOf(name);
        const at = cuts.map((cut) => cut % bytes.length);
        expect(read(bytes, { at })).toEqual(read(bytes));
      }),
      cases(150),
    );
  });

  test('what is cut off gives the calls before, and says where it ends', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.nat(20_000), (name, cut) => {
        const bytes = bytesOf(name);
        const size = 24 + (cut % (bytes.length - 24));
        const whole = new Set(read(bytes).replayed.map(({ place }) => place));
        const { replayed } = read(bytes.subarray(0, size));
        const places = replayed.filter((one) => !isBroken(one)).map(({ place }) => place);
        expect(places.filter((place) => !whole.has(place))).toEqual([]);
      }),
      cases(300),
    );
    const cut = read(bytesOf('udp.pcap').subarray(0, 700));
    expect(lines(cut)).toContain('file: the file ends within packet 2');
  });

  test('damage never throws, and never makes more calls than there are packets', () => {
    const damage = fc.array(fc.record({ at: fc.nat(20_000), value: fc.nat(255) }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), damage, (name, changes) => {
        const bytes = Uint8Array.from(bytesOf(name));
        for (const { at, value } of changes) bytes[4 + (at % (bytes.length - 4))] = value;
        expect(read(bytes).replayed.length).toBeLessThan(100);
      }),
      cases(600),
    );
  });
});

const tshark = (() => {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

(tshark ? test : test.skip)('tshark sees the same calls', () => {
  for (const name of ['tcp6.pcap', 'fragments6.pcap', 'qinq.pcap', 'udp.pcapng']) {
    const filter = 'sip.Method == "INVITE" && !sip.to.tag';
    const output = execFileSync(
      'tshark',
      ['-r', new URL(name, FOLDER).pathname, '-Y', filter, '-T', 'fields', '-e', 'sip.Call-ID'],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const calls = new Set(output.trim().split('\n'));
    expect([name, read(bytesOf(name)).replayed.length]).toEqual([name, calls.size]);
  }
});
