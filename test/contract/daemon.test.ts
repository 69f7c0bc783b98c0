/** ctl.v1 against a real daemon on a real store: what clients of our own face rely on. */
import * as http2 from 'node:http2';
import { status } from '@grpc/grpc-js';
import { type Change, Operation_Action, WriteRequest } from '../../src/lib/api/generated/v1/ctl.js';
import {
  CREATE,
  DELETE,
  failureOf,
  operation,
  PUT,
  TestDaemon,
  UPDATE,
  writeOptions,
} from '../support/daemon.js';

let daemon: TestDaemon;
beforeEach(async () => {
  daemon = await TestDaemon.start();
});
afterEach(() => daemon.stop());

const domain = operation(CREATE, 'Domain', 'domain-01', { name: 'Local', domainUri: 'sip.local' });
const agent = (ref: string, username: string) =>
  operation(CREATE, 'Agent', ref, { name: ref, username, domainRef: 'sip.local' });
const acl = (ref: string) =>
  operation(CREATE, 'AccessControlList', ref, { name: ref, allow: ['10.0.0.0/8'] });
const credentials = operation(CREATE, 'Credentials', 'credentials-01', {
  name: 'c',
  username: 'u',
  password: 'hunter2',
});

describe('Get', () => {
  test('by ref and by natural key, with the resources it refers to', async () => {
    await daemon.write([domain, agent('agent-01', '1001')]);
    const found = await daemon.get('Agent', '1001@sip.local');
    expect(found).toEqual(await daemon.get('Agent', 'agent-01'));
    expect(JSON.parse(found.document)).toEqual({
      name: 'agent-01',
      username: '1001',
      domainRef: 'domain-01',
      privacy: 'NONE',
      enabled: true,
      maxContacts: -1,
      expires: 0,
    });
    expect(found).toMatchObject({ kind: 'Agent', ref: 'agent-01', revision: 1, position: 0 });
    expect(found.links).toEqual([{ kind: 'Domain', ref: 'domain-01', label: 'sip.local' }]);
    expect(Math.abs(found.createdAt - Date.now())).toBeLessThan(60_000);
  });

  test('of nothing, of several, of no kind', async () => {
    const peer = (ref: string) =>
      operation(CREATE, 'Peer', ref, { name: ref, username: ref, aor: 'sip:group@default' });
    await daemon.write([domain, peer('p1'), peer('p2')]);
    expect(await failureOf(daemon.get('Domain', 'sip.locl'))).toMatchObject({
      code: status.NOT_FOUND,
      details: 'there is no domain sip.locl (did you mean sip.local?)',
      hint: 'see "ctl domains list"',
    });
    expect(await failureOf(daemon.get('Peer', 'sip:group@default'))).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining('p1'),
    });
    expect(await failureOf(daemon.get('Agnt', 'x'))).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining('did you mean Agent?'),
    });
    expect(await failureOf(daemon.get('Agent', ''))).toMatchObject({ code: status.INVALID_ARGUMENT });
  });

  test('secrets only when revealed', async () => {
    await daemon.write([credentials]);
    expect(JSON.parse((await daemon.get('Credentials', 'credentials-01')).document)).toEqual({
      name: 'c',
      username: 'u',
    });
    expect(JSON.parse((await daemon.get('Credentials', 'credentials-01', true)).document)).toHaveProperty(
      'password',
      'hunter2',
    );
  });
});

describe('Write', () => {
  test('one transaction, changes in order, field by field', async () => {
    await daemon.write([domain, agent('agent-01', '1001'), credentials]);
    const { changes, revision } = await daemon.write([
      operation(
        UPDATE,
        'Agent',
        '1001@sip.local',
        { name: 'John', credentialsRef: 'credentials-01' },
        { clear: ['expires'] },
      ),
      operation(UPDATE, 'Credentials', 'credentials-01', { password: 'other' }),
      operation(UPDATE, 'Domain', 'domain-01', { name: 'Local' }),
    ]);
    expect(revision).toBe(2);
    const fields = (change: Change) =>
      change.fields.map(({ path, before, after }) => `${path} ${before || '-'} ${after || '-'}`);
    expect(changes.map(fields)).toEqual([
      ['name "agent-01" "John"', 'credentialsRef - "credentials-01"'],
      ['password "********" "********"'],
      [],
    ]);
    expect(changes.map(({ resource }) => resource!.revision)).toEqual([2, 2, 1]);
    expect(JSON.stringify(changes)).not.toContain('other');
  });

  test('nothing of a refused write is done, and every problem is told', async () => {
    const failure = await failureOf(
      daemon.write([
        domain,
        agent('agent-01', 'a b'),
        operation(PUT, 'Number', 'n', { name: '', telUrl: '+1' }),
      ]),
    );
    expect(failure).toMatchObject({
      code: status.INVALID_ARGUMENT,
      summary: 'nothing was written: 6 problems in 2 of 3 operations',
    });
    expect(failure.fields.map(({ field }) => field)).toEqual([
      'numbers/n: name',
      'numbers/n: telUrl',
      'numbers/n: city',
      'numbers/n: country',
      'numbers/n: countryIsoCode',
      'agents/agent-01: username',
    ]);
    expect((await daemon.list('Domain')).items).toEqual([]);
  });

  test('each refusal has its status and its hint', async () => {
    await daemon.write([domain, agent('agent-01', '1001')]);
    const code = async (...write: Parameters<TestDaemon['write']>) =>
      (await failureOf(daemon.write(...write))).code;
    expect(await code([domain])).toBe(status.ALREADY_EXISTS);
    expect(await code([agent('agent-02', '1001')])).toBe(status.ALREADY_EXISTS);
    expect(await code([operation(UPDATE, 'Agent', 'x', {})])).toBe(status.NOT_FOUND);
    expect(await code([operation(UPDATE, 'Agent', 'agent-01', { name: 'x' }, { expectedRevision: 9 })])).toBe(
      status.ABORTED,
    );
    expect(await code([], { expectedRevision: 9 })).toBe(status.ABORTED);
    expect(await code([operation(0, 'Agent', 'x', {})])).toBe(status.INVALID_ARGUMENT);
    expect(await code([operation(7 as Operation_Action, 'Agent', 'x', {})])).toBe(status.INVALID_ARGUMENT);
    expect(await code([operation(CREATE, 'Nothing', 'x', {})])).toBe(status.INVALID_ARGUMENT);
    expect(await code([{ ...domain, document: '{' }])).toBe(status.INVALID_ARGUMENT);
    expect(await code([], { message: 'bell\u0007' })).toBe(status.INVALID_ARGUMENT);
    expect(await failureOf(daemon.write([operation(DELETE, 'Domain', 'sip.local')]))).toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: expect.stringContaining('agent 1001@sip.local (agent-01) by domainRef'),
      hint: expect.stringContaining('--cascade'),
    });
  });

  test('cascade says why it touched what', async () => {
    await daemon.write([domain, agent('agent-01', '1001')]);
    const { changes, effects } = await daemon.write([operation(DELETE, 'Domain', 'sip.local')], {
      cascade: true,
    });
    expect(effects).toEqual(['DELETED domain-01', 'DELETED agent-01']);
    expect(changes[1]!.because).toBe('domainRef refers to domain sip.local (domain-01)');
    expect(changes[1]!.resource!.links[0]!.label).toBe('sip.local');
  });

  test('a dry run changes nothing, and tells what it would', async () => {
    expect(await daemon.write([domain], { dryRun: true })).toMatchObject({
      effects: ['CREATED domain-01'],
      revision: 0,
    });
    expect((await daemon.list('Domain')).items).toEqual([]);
    expect(await daemon.write([domain])).toMatchObject({ revision: 1 });
  });

  test('many problems: at most 20, and how many there are, in small trailers', async () => {
    const failure = await failureOf(
      daemon.write(
        Array.from({ length: 200 }, (_, i) =>
          operation(CREATE, 'Agent', `a${i}`, { name: 'ü'.repeat(61), username: 'x y'.repeat(50) }),
        ),
      ),
    );
    expect(failure.fields).toHaveLength(20);
    expect(failure.fields[19]!.message).toBe('and 381 more problems, 400 in all');
    expect(failure.bytes).toBeLessThan(8 * 1024);
    expect(Buffer.byteLength(failure.details)).toBeLessThanOrEqual(1024);
    await daemon.get('Agent', 'x').catch(() => undefined);
  });

  test('thousands of operations in batches, answers in batches', async () => {
    const many = Array.from({ length: 2500 }, (_, i) => acl(`acl-${i}`));
    const { effects, revision } = await daemon.write(many);
    expect(revision).toBe(1);
    expect(effects).toHaveLength(2500);
    expect(effects[2499]).toBe('CREATED acl-2499');
  });

  test('large documents go out in messages that clients take', async () => {
    const persona = (i: number) =>
      operation(CREATE, 'Persona', `p${i}`, { name: `p${i}`, instructions: 'x'.repeat(65_000) });
    const { effects } = await daemon.write(
      Array.from({ length: 100 }, (_, i) => persona(i)),
      {},
      20,
    );
    expect(effects).toHaveLength(100);
    expect((await daemon.all('Persona')).length).toBe(100);
  });

  test('a client that cancels before it is done leaves nothing', async () => {
    const call = daemon.resources.write();
    call.on('error', () => undefined);
    call.write({ options: undefined, operations: [domain], last: false });
    await new Promise((resolve) => setTimeout(resolve, 50));
    call.cancel();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await daemon.list('Domain')).items).toEqual([]);
    expect(await daemon.write([acl('a')])).toMatchObject({ revision: 1 });
  });

  test('a client process that is killed before it is done leaves nothing', async () => {
    const socket = http2.connect(`http://${daemon.daemon.address}`);
    const stream = socket.request({
      ':method': 'POST',
      ':path': '/ctl.v1.Resources/Write',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const message = WriteRequest.encode({ options: undefined, operations: [domain], last: true }).finish();
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(message.length, 1);
    stream.on('error', () => undefined);
    stream.write(Buffer.concat([prefix, message]));
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.socket.resetAndDestroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await daemon.list('Domain')).items).toEqual([]);
  });

  test.each<[string, Partial<WriteRequest>[]]>([
    [
      'options after the first request',
      [{ operations: [domain] }, { options: writeOptions({ dryRun: true }), last: true }],
    ],
    ['no last request', [{ operations: [domain] }]],
    ['a request after the last one', [{ operations: [domain], last: true }, {}]],
  ])('%s', async (_, requests) => {
    const answer = new Promise((resolve, reject) => {
      const call = daemon.resources.write();
      call.on('data', () => undefined);
      call.on('error', reject);
      call.on('end', resolve as () => void);
      for (const request of requests)
        call.write({ options: undefined, operations: [], last: false, ...request });
      call.end();
    });
    expect(await failureOf(answer)).toMatchObject({ code: status.INVALID_ARGUMENT });
    expect((await daemon.list('Domain')).items).toEqual([]);
  });

  test('writes at the same time run one after another', async () => {
    const written = await Promise.all(Array.from({ length: 20 }, (_, i) => daemon.write([acl(`acl-${i}`)])));
    expect(written.map(({ revision }) => revision).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
  });
});

describe('List', () => {
  test('newest first, in pages, with filters by natural keys', async () => {
    await daemon.write([domain, agent('a1', '1'), agent('a2', '2'), agent('a3', '3')]);
    expect(await daemon.all('Agent', { pageSize: 2 })).toEqual(['a3', 'a2', 'a1']);
    const filtered = {
      filters: [{ field: 'domainRef', value: 'sip.local' }],
      sort: '-username',
      search: 'A',
    };
    expect(await daemon.all('Agent', filtered)).toEqual(['a3', 'a2', 'a1']);
    expect(await daemon.all('Domain', { filters: [{ field: 'domainUri', value: 'SIP.local' }] })).toEqual([
      'domain-01',
    ]);
    const failing = daemon.list('Agent', { filters: [{ field: 'usernam', value: 'x' }] });
    expect(await failureOf(failing)).toMatchObject({
      code: status.INVALID_ARGUMENT,
      fields: [{ field: 'usernam' }],
    });
    expect(await failureOf(daemon.list('Agent', { pageSize: -1 }))).toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
    expect(await failureOf(daemon.list('Agent', { pageToken: 'x' }))).toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
  });

  test('of SIP routes: the declared order and places in it', async () => {
    const route = (ref: string, called: string, before = '') =>
      operation(CREATE, 'SipRoute', ref, { name: ref, called: [called], profileRef: 'main' }, { before });
    await daemon.write([
      operation(CREATE, 'Persona', 'p', { name: 'p', instructions: 'x' }),
      operation(CREATE, 'Policy', 'p', { name: 'p' }),
      operation(CREATE, 'Modality', 'm', { name: 'm', type: 'realtime', provider: 'x' }),
      operation(CREATE, 'Profile', 'main', {
        name: 'main',
        personaRef: 'p',
        policyRef: 'p',
        realtimeRef: 'realtime/m',
      }),
      route('last', '*'),
      route('r1', '1'),
    ]);
    const { changes } = await daemon.write([route('r0', '0', 'r1')]);
    expect(changes[0]!.resource!.position).toBe(1);
    const { items } = await daemon.list('SipRoute');
    expect(items.map(({ ref, position }) => `${position} ${ref}`)).toEqual(['1 r0', '2 r1', '3 last']);
    const moved = await daemon.write([operation(UPDATE, 'SipRoute', 'r0', undefined, { after: 'r1' })]);
    expect(moved.changes[0]!.fields).toEqual([{ path: 'position', before: '1', after: '2' }]);
  });
});
