/**
 * Routr's own SDK, unchanged and with its own grpc-js, drives all seven services of a daemon. What it saw is
 * checked here; `test/sdk/drive.cjs` is the application.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Message } from '../support/connect.js';
import { TestDaemon } from '../support/daemon.js';

const FOLDER = join(process.cwd(), 'test', 'sdk');

let seen: Message;
beforeAll(async () => {
  if (!existsSync(join(FOLDER, 'node_modules')))
    throw new Error('the SDK is not installed: run npm install --prefix test/sdk');
  const daemon = await TestDaemon.start();
  const { NODE_EXTRA_CA_CERTS: _certificates, NODE_OPTIONS: _options, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ['drive.cjs', daemon.daemon.address], {
    cwd: FOLDER,
    env,
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  }).finally(() => daemon.stop());
  seen = JSON.parse(stdout) as Message;
}, 90_000);

const extended = {
  tier: 'gold',
  seats: 3,
  ratio: 1.5,
  zero: 0,
  active: false,
  none: null,
  tags: ['a', { b: [] }],
};

describe('create, get, update, list', () => {
  const changes: Record<string, Message> = {
    acls: { name: 'Office', allow: ['10.0.0.0/8'], deny: ['0.0.0.0/0'] },
    credentials: { username: '1001', password: '5678' },
    trunks: { sendRegister: false, inboundUri: 'trunk.example.com', inboundCredentials: null },
    numbers: { telUrl: 'tel:+19103434434', aorLink: 'sip:1002@sip.local', sessionAffinityHeader: '' },
    domains: { domainUri: 'sip.local', egressPolicies: [{ rule: '^9' }] },
    agents: { name: 'John Smith', privacy: 'PRIVATE', enabled: false, maxContacts: 0, expires: 0 },
    peers: {
      contactAddr: '',
      balancingAlgorithm: 'UNSPECIFIED',
      withSessionAffinity: false,
      enabled: false,
      expires: 0,
    },
  };

  test.each(Object.keys(changes))('%s', (service) => {
    const { created, got, updated, listed } = seen[service];
    expect(created).toMatchObject({ apiVersion: 'v2', extended });
    expect(Math.abs(created.createdAt - Date.now() / 1000)).toBeLessThan(120);
    expect(got).toEqual(created);
    expect(updated).toMatchObject({ ref: created.ref, extended, ...changes[service] });
    expect(listed).toEqual(updated);
  });

  test('values come back as they were given', () => {
    expect(seen['acls'].got.deny).toEqual(['0.0.0.0/0', '2001:db8::/32']);
    expect(seen['credentials'].got.password).toBe('1234');
    expect(seen['trunks'].got).toMatchObject({
      sendRegister: true,
      uris: [
        {
          host: 'sip.carrier.example',
          port: 5061,
          transport: 'TLS',
          user: 'u',
          weight: 10,
          priority: 0,
          enabled: false,
        },
      ],
    });
    expect(seen['numbers'].got.extraHeaders).toEqual([{ name: 'X-Room-Id', value: 'abc' }]);
    expect(seen['peers'].got).toMatchObject({ balancingAlgorithm: 'ROUND_ROBIN', withSessionAffinity: true });
  });

  test('references come back nested', () => {
    const { agents, numbers, peers, trunks } = seen as Record<string, Message>;
    expect(agents!['got'].credentials.password).toBe('5678');
    expect(agents!['got'].domain.accessControlList.name).toBe('Office');
    const [policy] = agents!['got'].domain.egressPolicies;
    expect(policy).toMatchObject({ rule: '^9', numberRef: numbers!['got'].ref });
    expect(policy.number.trunk).toMatchObject({ ref: trunks!['got'].ref, uris: [{ port: 5061 }] });
    expect(policy.number.trunk.outboundCredentials.password).toBe('5678');
    // The SDK decodes `extended` at the top alone.
    expect(policy.number.extended.fields.seats.numberValue).toBe(3);
    expect(seen['domains'].got.egressPolicies[0].number.trunk).toBeNull();
    expect(peers!['got'].accessControlList.deny).toEqual(['0.0.0.0/0']);
  });
});

test('an update changes what it gives, and zero, false and empty are values', () => {
  const { created, zeros, renamed, detached } = seen['presence'];
  expect(created).toMatchObject({
    privacy: 'NONE',
    enabled: true,
    maxContacts: -1,
    expires: 0,
    extended: null,
  });
  const changed = { privacy: 'PRIVATE', enabled: false, maxContacts: 0 };
  expect(zeros).toEqual({ ...created, ...changed, updatedAt: zeros.updatedAt });
  expect(renamed).toEqual({ ...zeros, name: 'Jane Smith', updatedAt: renamed.updatedAt });
  expect(detached).toEqual({ ...renamed, credentials: null, updatedAt: detached.updatedAt });
});

test('pages hold everything once, also when the last seen is deleted', () => {
  const { refs, pages, afterDelete } = seen['paging'];
  expect(afterDelete).toEqual(refs.slice(2, 4));
  const left = refs.filter((_: string, i: number) => i !== 1);
  expect(pages).toEqual([left.slice(0, 2), left.slice(2, 4), left.slice(4, 6)]);
});

test('FindBy of the client library finds by what Routr asks for', () => {
  const { agents, unknownField, noField, ...names } = seen['findBy'];
  expect(agents).toEqual([seen['agents'].updated]);
  expect(names).toEqual({
    domains: ['Local Domain'],
    numbers: ['(910)343-4434'],
    trunks: ['Carrier'],
    sendRegister: ['Carrier'],
    peers: ['Asterisk'],
    aor: ['Asterisk'],
    nobody: [],
  });
  expect(unknownField).toMatchObject({ code: 3, details: expect.stringContaining('did you mean username?') });
  expect(noField).toMatchObject({ code: 3, details: expect.stringContaining('field_name is empty') });
});

describe('errors', () => {
  test.each([
    ['invalid', 3, ['name is empty', 'username is "a b"']],
    ['unknownReference', 3, ['domainRef is "no-such-domain"']],
    ['duplicate', 6, ['username is "1001"', '1001@sip.local']],
    ['referredTo', 9, ['refer to it', 'agent 1001@sip.local']],
    ['getUnknown', 5, ['no-such-agent']],
    ['getEmpty', 3, ['ref is empty']],
    ['updateUnknown', 5, ['no-such-agent']],
    ['updateEmpty', 3, ['ref is empty']],
    ['deleteUnknown', 5, ['no-such-agent']],
    ['deleteEmpty', 3, ['ref is empty']],
    ['naturalKey', 5, ['1001@sip.local']],
    ['pageSize', 3, ['page size']],
    ['pageToken', 3, ['page token']],
  ] as const)('%s has code %i and says why', (name, code, parts) => {
    const error = seen['errors'][name];
    expect(error.code).toBe(code);
    for (const part of parts) expect(error.details).toContain(part);
    expect(error.message).toContain(error.details);
  });

  test('an unreachable daemon is the error that the SDK has for that', () => {
    const { code, message } = seen['errors'].unreachable;
    expect(code).toBeUndefined();
    expect(message).toMatch(/^Cannot connect to service/);
  });
});

test('delete leaves nothing', () => {
  expect(new Set(Object.values(seen['left']))).toEqual(new Set([0]));
  expect(Object.keys(seen['left'])).toHaveLength(7);
});
