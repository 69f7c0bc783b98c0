/** SIP messages as text, and which of them are calls. */
import { describe, expect, test } from '@jest/globals';
import { parseHead, splitAddress, tagOf } from '../../../src/lib/proof/replay/sip.js';
import { invite, response } from '../../support/packets.js';
import { lines, read } from './read.js';
import { fc } from '../../support/property.js';

const CALL = '"John" <sip:1001@sip.local> → sip:1002@sip.local';

describe('headers', () => {
  test('compact names, folded lines, blanks around colons', () => {
    const head =
      'INVITE sip:1002@sip.local SIP/2.0\r\nf : <sip:1001@sip.local>\r\nSubject: a\r\n\t b\r\nX-Empty:\r\n';
    expect(parseHead(head)).toEqual({
      method: 'INVITE',
      uri: 'sip:1002@sip.local',
      headers: [
        { name: 'From', value: '<sip:1001@sip.local>' },
        { name: 'Subject', value: 'a b' },
        { name: 'X-Empty', value: '' },
      ],
    });
  });

  test.each([
    [
      'INVITE sip:1002@sip.local SIP/3.0',
      '"INVITE sip:1002@sip.local SIP/3.0" is no start line: expected METHOD URI SIP/2.0',
    ],
    ['INVITE sip:1002@sip.local SIP/2.0\r\nsecret', 'line 2 is no header: expected "Name: value"'],
    ['INVITE sip:1002@sip.local SIP/2.0\r\n folded', 'the start line is folded: expected a header behind it'],
  ])('%j is none', (head, message) => expect(parseHead(head)).toBe(message));

  test.each([
    ['<sip:1001@sip.local>;tag=a', '<sip:1001@sip.local>', 'a'],
    ['sip:1001@sip.local;tag=a', 'sip:1001@sip.local', 'a'],
    [
      '"<b>; \\" tag=x" <sip:1001@sip.local;tag=no> ; tag = a',
      '"<b>; \\" tag=x" <sip:1001@sip.local;tag=no>',
      'a',
    ],
    ['sip:1001@sip.local', 'sip:1001@sip.local', undefined],
  ])('the address and the tag of %s', (value, address, tag) => {
    const split = splitAddress(value);
    expect([split.address, tagOf(split.parameters)]).toEqual([address, tag]);
  });
});

describe('calls', () => {
  test.each<[string, string, string[]]>([
    ['an INVITE that nobody answers', invite('a'), [CALL]],
    ['one that is sent again', invite('a') + invite('a'), [CALL]],
    ['one that is answered', invite('a') + response(180, 'a') + response(200, 'a'), [`${CALL} [200]`]],
    ['two calls', invite('a') + invite('b') + response(486, 'b'), [`${CALL} [486]`, CALL]],
    [
      'a challenge that is answered',
      invite('a') + response(401, 'a') + invite('a', [], 2) + response(200, 'a', 2),
      [`${CALL} [200]`],
    ],
    ['a challenge that is not', invite('a') + response(407, 'a'), [`${CALL} [407]`]],
    [
      'an answer to the next hop',
      invite('a') + invite('a', [], 1, 'next') + response(503, 'a', 1, 'next') + response(200, 'a'),
      [`${CALL} [200]`],
    ],
    ['an answer to something else', invite('a') + response(200, 'a').replaceAll('INVITE', 'BYE'), [CALL]],
    [
      'an INVITE within a dialog',
      invite('a').replace('To: <sip:1002@sip.local>', 'To: <sip:1002@sip.local>;tag=b'),
      [],
    ],
    ['another method', invite('a').replaceAll('INVITE', 'OPTIONS'), []],
    ['an answer without a question', response(404, 'a'), []],
    [
      'an INVITE that lacks headers',
      'INVITE sip:1002@sip.local SIP/2.0\r\nVia: x\r\n\r\n',
      ['the INVITE has no Call-ID, no CSeq, no From, no To'],
    ],
    [
      'an INVITE whose CSeq is none',
      invite('a').replace('1 INVITE', '1 BYE'),
      ['the CSeq of the INVITE is none: expected a number and INVITE'],
    ],
  ])('%s', (_, text, expected) => {
    expect(lines(read(text)).map((line) => line.replace(/^file:\d+: /, ''))).toEqual(expected);
  });

  test('of many calls without an answer the oldest go on, in the order in which they began', () => {
    const many = 70_000;
    const users = Array.from({ length: many }, (_, i) => `${i}`);
    const { replayed } = read(users.map((id) => invite(id)).join(''));
    const places = replayed.map(({ place }) => Number(place.replace(/\D/g, '')));
    expect(places).toHaveLength(many);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test('headers come with the call, except secrets and what says how it travels', () => {
    const { replayed } = read(
      invite('a', [
        'Proxy-Authorization: Digest secret',
        'X-DOD-Number: +19103434434',
        'X-Odd: a\u0001b',
        'l: 0',
      ]),
    );
    expect(replayed[0]).toMatchObject({
      call: {
        headers: [
          { name: 'X-DOD-Number', value: '+19103434434' },
          { name: 'X-Odd', value: 'a b' },
        ],
      },
    });
    expect(JSON.stringify(replayed)).not.toContain('secret');
  });

  test('a display name that is no UTF-8 does not cost the call', () => {
    const latin = Buffer.from(invite('a').replace('John', 'J\u00f6rg'), 'latin1');
    expect(lines(read(latin))).toEqual(['file:1: <sip:1001@sip.local> → sip:1002@sip.local']);
  });
});

describe('logs', () => {
  const [INVITE, BYE] = [invite('a').replaceAll('\r', ''), invite('b').replaceAll('\r', '')];
  test.each([
    ['sngrep', `2026/11/22 10:00:00.123 192.0.2.1:5060 -> 192.0.2.2:5060\n${INVITE}v=0\no=-\n\n`],
    ['ngrep', `#\nU 2026/11/22 10:00:00.123 192.0.2.1:5060 -> 192.0.2.2:5060 #1\n${INVITE}v=0\n`],
    [
      'Asterisk',
      `[2026-11-22 10:00:00.123] VERBOSE\n<--- Received SIP request (1 bytes) from UDP:192.0.2.1:5060 --->\n${INVITE}`,
    ],
  ])('of %s tell where and when', (_, text) => {
    const at = new Date(2026, 10, 22, 10, 0, 0, 123).getTime();
    expect(read(text).replayed).toMatchObject([{ call: { source: { ip: '192.0.2.1', port: 5060 }, at } }]);
  });

  test('of a line that is long and hostile take no time to speak of', () => {
    const line = `${'Received SIP '.repeat(40_000)}${'x:1'.repeat(40_000)}`;
    expect(read(`${INVITE}\n${line}\n`).replayed).toHaveLength(1);
  });

  test('of sipp, with other things between the messages', () => {
    const text = `----- 2026-11-22 10:00:00.123\nUDP message sent (3 bytes):\n\n${INVITE}v=0\n\n-----\n${BYE}`;
    expect(lines(read(text))).toEqual([`file:4: ${CALL}`, `file:14: ${CALL}`]);
  });

  test('pieces make no difference, damage never throws', () => {
    const text = Buffer.from(`x\n${INVITE}body\n${response(200, 'a')}\n${BYE}`);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (at) => {
        expect(read(text, { at })).toEqual(read(text));
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(text.length - 1), fc.nat(255))), (changes) => {
        const damaged = Uint8Array.from(text);
        for (const [at, value] of changes.slice(0, 10)) damaged[at] = value;
        expect(
          read(Buffer.concat([Buffer.from('INVITE sip:x SIP/2.0\n\n'), damaged])).replayed.length,
        ).toBeLessThan(20);
      }),
    );
  });
});
