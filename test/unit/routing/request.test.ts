/** The JSON text of a call request: every bad field is named, secrets are not shown. */
import { CtlError } from '../../../src/lib/errors.js';
import { parseRequest } from '../../../src/lib/routing/request.js';

function problems(request: unknown): Record<string, string> {
  try {
    parseRequest(typeof request === 'string' ? request : JSON.stringify(request));
  } catch (error) {
    expect(error).toBeInstanceOf(CtlError);
    expect((error as CtlError).code).toBe('usage');
    return Object.fromEntries((error as CtlError).fields.map(({ field, message }) => [field, message]));
  }
  return {};
}

test('what is absent has its default', () => {
  expect(parseRequest('{"dialled":"1002"}')).toEqual({
    dialled: '1002',
    method: 'INVITE',
    headers: [],
    unauthenticated: false,
    registered: 'assume',
    down: [],
  });
});

test('all of it', () => {
  const request = {
    dialled: '1002',
    from: '1001',
    domain: 'sip.local',
    displayName: 'John',
    method: 'REGISTER',
    source: { ip: '2001:db8::1', port: 5060, transport: 'TLS' },
    headers: [{ name: 'X-A', value: '' }],
    at: 1,
    password: 'p',
    unauthenticated: false,
    connectToken: 't',
    registered: 'none',
    down: [{ kind: 'Trunk', ref: 'trunk-01' }],
  };
  expect(parseRequest(JSON.stringify(request))).toEqual(request);
});

test('null is absent', () => {
  expect(problems({ dialled: '1', from: null, source: null, headers: null, at: null, down: null })).toEqual(
    {},
  );
  expect(problems({ dialled: null })).toEqual({ dialled: 'is missing' });
});

test.each([
  ['{', { call: 'expected JSON text' }],
  ['[]', { call: 'expected a JSON object', dialled: 'is missing' }],
  ['"1002"', { call: 'expected a JSON object', dialled: 'is missing' }],
  ['null', { call: 'expected a JSON object', dialled: 'is missing' }],
])('%s is no request', (text, expected) => expect(problems(text)).toEqual(expected));

test.each([
  [{ dialled: 1002 }, 'dialled', /is 1002: not text/],
  [{ dialled: 'a\nb' }, 'dialled', /without control characters/],
  [{ dialled: 'x'.repeat(16385) }, 'dialled', /at most 16,384 long/],
  [{ from: ['1001'] }, 'from', /not text/],
  [{ dailed: '1' }, 'dailed', /is no field of a call/],
  [{ __proto__x: 1 }, '__proto__x', /is no field/],
  [{ at: '2026-01-01' }, 'at', /milliseconds/],
  [{ at: 1.5 }, 'at', /milliseconds/],
  [{ at: 9e15 }, 'at', /milliseconds/],
  [{ unauthenticated: 'yes' }, 'unauthenticated', /true or false/],
  [{ password: 'x', unauthenticated: true }, 'unauthenticated', /expected one of them/],
  [{ registered: 'all' }, 'registered', /is "all": expected one of assume, none/],
  [{ source: '10.0.0.1' }, 'source.ip', /expected an IPv4 or IPv6 address/],
  [{ source: {} }, 'source.ip', /expected/],
  [{ source: { ip: '10.1' } }, 'source.ip', /is "10.1"/],
  [{ source: { ip: '010.0.0.1' } }, 'source.ip', /expected/],
  [{ source: { ip: '10.0.0.256' } }, 'source.ip', /expected/],
  [{ source: { ip: '10.0.0.0/8' } }, 'source.ip', /expected/],
  [{ source: { ip: 'fe80::g' } }, 'source.ip', /expected/],
  [{ source: { ip: '::1', port: 65536 } }, 'source.port', /0-65535/],
  [{ source: { ip: '::1', port: '5060' } }, 'source.port', /0-65535/],
  [{ source: { ip: '::1', transport: 'udp' } }, 'source.transport', /expected one of UDP/],
  [{ headers: {} }, 'headers', /name, value/],
  [{ headers: [{ name: 'X A', value: '' }] }, 'headers', /token/],
  [{ headers: [{ name: 'X-A', value: 'a\r\nB: c' }] }, 'headers', /line breaks/],
  [{ headers: [null] }, 'headers', /name, value/],
  [{ down: [{ kind: 'Trunks', ref: 'a' }] }, 'down', /kind, ref/],
  [{ down: [{ kind: 'Trunk' }] }, 'down', /kind, ref/],
])('%j', (more, field, message) => {
  expect(problems({ dialled: '1', ...more })).toEqual({ [field]: expect.stringMatching(message) });
});

test('all problems at once', () => {
  expect(Object.keys(problems({ at: 'x', from: 1, nope: 1 })).sort()).toEqual([
    'at',
    'dialled',
    'from',
    'nope',
  ]);
});

test.each(['password', 'connectToken'])('a bad %s is not shown', (field) => {
  expect(problems({ dialled: '1', [field]: 'hunter\n' })[field]).not.toContain('hunter');
});
