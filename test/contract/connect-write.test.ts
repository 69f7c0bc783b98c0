/** Create, Update and Delete of Routr's Connect services, with each quirk that docs/wire.md decides. */
import { Connect, failure, type Message } from '../support/connect.js';
import { TestDaemon } from '../support/daemon.js';

const [INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION] = [3, 5, 6, 9];

let daemon: TestDaemon;
let connect: Connect;
beforeEach(async () => {
  daemon = await TestDaemon.start();
  connect = new Connect(daemon.daemon.address);
});
afterEach(async () => {
  connect.close();
  await daemon.stop();
});

const number = (telUrl: string, more: Message = {}): Promise<Message> =>
  connect.numbers.create({
    name: telUrl,
    telUrl,
    city: 'Durham, NC',
    country: 'USA',
    countryIsoCode: 'US',
    ...more,
  });
const domain = (domainUri: string, more: Message = {}): Promise<Message> =>
  connect.domains.create({ name: domainUri, domainUri, ...more });
const credentials = (): Promise<Message> =>
  connect.credentials.create({ name: 'John Doe', username: '1001', password: '1234' });
const acl = (): Promise<Message> => connect.acls.create({ name: 'Local', allow: ['10.0.0.0/8'] });

describe('create', () => {
  test('fills the defaults, which are Routr’s, and makes the ref', async () => {
    const before = Math.floor(Date.now() / 1000);
    const agent = await connect.agents.create({ name: 'John Doe', username: '1001' });
    expect(agent).toMatchObject({ apiVersion: 'v2', privacy: 1, enabled: true, maxContacts: -1, expires: 0 });
    expect(agent['ref']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    for (const time of ['createdAt', 'updatedAt'] as const) {
      expect(agent[time]).toBeGreaterThanOrEqual(before);
      expect(agent[time]).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000));
    }
    const peer = await connect.peers.create({
      name: 'Asterisk',
      username: 'asterisk',
      aor: 'sip:asterisk@default',
    });
    expect(peer).toMatchObject({ balancingAlgorithm: 0, withSessionAffinity: false, enabled: true });
  });

  test('gives the members of a trunk uri that are absent their defaults', async () => {
    const uris = [{ host: 'sip.carrier.example' }, { host: '10.0.0.1', port: 0, enabled: false, weight: 7 }];
    const trunk = await connect.trunks.create({ name: 'Carrier', inboundUri: 'trunk.example.com', uris });
    expect(trunk['sendRegister']).toBe(false);
    expect(trunk['uris']).toEqual([
      {
        host: 'sip.carrier.example',
        port: 5060,
        transport: 'UDP',
        user: '',
        weight: 1,
        priority: 0,
        enabled: true,
      },
      { host: '10.0.0.1', port: 0, transport: 'UDP', user: '', weight: 7, priority: 0, enabled: false },
    ]);
  });

  test('takes zero values as values', async () => {
    const zeros = { privacy: 0, enabled: false, maxContacts: 0, expires: 0 };
    const { ref } = await connect.agents.create({ name: 'John Doe', username: '1001', ...zeros });
    expect(await connect.agents.get(ref)).toMatchObject(zeros);
  });

  test('names every bad field at once, unknown enum numbers too', async () => {
    const request = { username: 'a b', privacy: 7, domainRef: 'nowhere.example', maxContacts: -2 };
    const { code, details } = await failure(connect.agents.create(request));
    expect(code).toBe(INVALID_ARGUMENT);
    for (const part of [
      'name is missing',
      'username is "a b"',
      'privacy is 7',
      'domainRef is "nowhere.example"',
    ])
      expect(details).toContain(part);
    expect(details).toContain('maxContacts is -2');
  });

  test.each([
    ['a trunk port', { port: 65536 }, 'uris[0].port is 65536'],
    ['a trunk weight', { weight: 0 }, 'uris[0].weight is 0'],
    ['a transport in lower case', { transport: 'udp' }, 'uris[0].transport is "udp"'],
    ['a host with a scheme', { host: 'sip:carrier.example' }, 'uris[0].host is "sip:carrier.example"'],
  ])('refuses %s, on update too', async (_, member, expected) => {
    const uris = [{ host: 'sip.carrier.example', ...member }];
    const trunk = { name: 'Carrier', inboundUri: 'trunk.example.com' };
    const created = await failure(connect.trunks.create({ ...trunk, uris }));
    expect(created).toMatchObject({ code: INVALID_ARGUMENT, details: expect.stringContaining(expected) });
    const { ref } = await connect.trunks.create(trunk);
    const updated = await failure(connect.trunks.update({ ref, uris }));
    expect(updated).toMatchObject({ code: INVALID_ARGUMENT, details: expect.stringContaining(expected) });
  });

  test('takes an access control list with one list only, IPv6 and host bits', async () => {
    const list = await connect.acls.create({ name: 'Office', deny: ['2001:db8::1/32', '10.1.2.3/8'] });
    expect(list).toMatchObject({ allow: [], deny: ['2001:db8::1/32', '10.1.2.3/8'] });
    expect((await failure(connect.acls.create({ name: 'Empty' }))).code).toBe(INVALID_ARGUMENT);
  });

  test('refuses patterns that RE2 does not have', async () => {
    const { ref: numberRef } = await number('tel:+19103434434');
    for (const rule of ['(', '(?!911).*', '(1)\\1']) {
      const refused = await failure(domain('sip.local', { egressPolicies: [{ rule, numberRef }] }));
      expect(refused).toMatchObject({
        code: INVALID_ARGUMENT,
        details: expect.stringContaining('egressPolicies[0].rule'),
      });
    }
  });

  test('takes natural keys in reference fields', async () => {
    const { ref } = await domain('sip.local');
    const agent = await connect.agents.create({ name: 'John Doe', username: '1001', domainRef: 'sip.local' });
    expect(agent['domain'].ref).toBe(ref);
  });

  test('keeps usernames unique in their domain, not on the server', async () => {
    for (const uri of ['a.example', 'b.example']) await domain(uri);
    const agent = (domainRef: string) =>
      connect.agents.create({ name: 'John Doe', username: '1001', domainRef });
    await agent('a.example');
    await agent('b.example');
    expect(await failure(agent('a.example'))).toMatchObject({
      code: ALREADY_EXISTS,
      details: expect.stringContaining('1001@a.example'),
    });
  });
});

describe('update', () => {
  test('keeps everything that is absent', async () => {
    const { ref: credentialsRef } = await credentials();
    const { ref: accessControlListRef } = await acl();
    const { ref: domainRef } = await domain('sip.local', { accessControlListRef });
    const agent = await connect.agents.create({
      name: 'John Doe',
      username: '1001',
      domainRef,
      credentialsRef,
      privacy: 0,
      enabled: false,
      maxContacts: 3,
      expires: 60,
      extended: { a: 1 },
    });
    const renamed = await connect.agents.update({ ref: agent['ref'], name: 'John Smith' });
    expect(renamed).toEqual({ ...agent, name: 'John Smith', updatedAt: renamed['updatedAt'] });
    const unnamed = await connect.agents.update({ ref: agent['ref'], enabled: true });
    expect(unnamed).toMatchObject({ name: 'John Smith', enabled: true });
    expect((await connect.domains.update({ ref: domainRef, name: 'Local' }))['accessControlList'].ref).toBe(
      accessControlListRef,
    );
  });

  test('clears references and text with an empty text', async () => {
    const { ref: trunkRef } = await connect.trunks.create({
      name: 'Carrier',
      inboundUri: 'trunk.example.com',
    });
    const { ref } = await number('tel:+19103434434', { trunkRef, aorLink: 'sip:1001@sip.local' });
    const cleared = await connect.numbers.update({ ref, trunkRef: '', aorLink: '' });
    expect(cleared).toMatchObject({ trunk: undefined, aorLink: '' });
    expect((await failure(connect.numbers.update({ ref, name: '' }))).code).toBe(INVALID_ARGUMENT);
  });

  test('replaces lists that are present and keeps the others', async () => {
    const { ref: numberRef } = await number('tel:+19103434434');
    const { ref } = await domain('sip.local', { egressPolicies: [{ rule: 'a', numberRef }] });
    const rules = (message: Message) => message['egressPolicies'].map(({ rule }: Message) => rule);
    const two = [
      { rule: 'b', numberRef },
      { rule: 'c', numberRef },
    ];
    expect(rules(await connect.domains.update({ ref, egressPolicies: two }))).toEqual(['b', 'c']);
    expect(rules(await connect.domains.update({ ref, egressPolicies: [] }))).toEqual(['b', 'c']);
  });

  test('keeps a password that is empty', async () => {
    const { ref } = await credentials();
    expect(await connect.credentials.update({ ref, username: '1002', password: '' })).toMatchObject({
      username: '1002',
      password: '1234',
    });
  });

  test('refuses a taken inboundUri as create does', async () => {
    const trunk = (inboundUri: string) => connect.trunks.create({ name: 'Carrier', inboundUri });
    await trunk('a.example');
    const { ref } = await trunk('b.example');
    expect((await failure(trunk('a.example'))).code).toBe(ALREADY_EXISTS);
    expect((await failure(connect.trunks.update({ ref, inboundUri: 'a.example' }))).code).toBe(
      ALREADY_EXISTS,
    );
  });
});

describe('delete', () => {
  test('takes away one resource, once', async () => {
    const { ref } = await acl();
    expect(await connect.acls.delete(ref)).toEqual({});
    for (const call of [
      connect.acls.get(ref),
      connect.acls.delete(ref),
      connect.acls.update({ ref, name: 'x' }),
    ])
      expect((await failure(call)).code).toBe(NOT_FOUND);
  });

  test('refuses what is referred to, naming who refers, and detaches nothing', async () => {
    const { ref } = await acl();
    const { ref: domainRef } = await domain('sip.local', { accessControlListRef: ref });
    expect(await failure(connect.acls.delete(ref))).toMatchObject({
      code: FAILED_PRECONDITION,
      details: expect.stringContaining('domain sip.local'),
    });
    expect((await connect.domains.get(domainRef))['accessControlList'].ref).toBe(ref);
  });
});
