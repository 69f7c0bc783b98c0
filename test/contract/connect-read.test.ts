/** Get and List of Routr's Connect services, with each quirk that docs/wire.md decides. */
import { networkInterfaces } from 'node:os';
import { Connect, create, failure, type Message, place, writeWorld } from '../support/connect.js';
import { TestDaemon } from '../support/daemon.js';

const [INVALID_ARGUMENT, NOT_FOUND, RESOURCE_EXHAUSTED] = [3, 5, 8];

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

describe('get', () => {
  test('expands an agent down to the credentials of the trunk', async () => {
    await writeWorld(daemon);
    const agent = await connect.agents.get('agent-01');
    const trunk = agent['domain'].egressPolicies[0].number.trunk;
    expect(agent['credentials']).toMatchObject({ ref: 'credentials-01', password: '1234' });
    expect(agent['domain'].egressPolicies[0]).toMatchObject({ rule: '.*', numberRef: 'number-01' });
    expect(trunk).toMatchObject({
      ref: 'trunk-01',
      apiVersion: 'v2',
      uris: [{ host: 'sip.carrier.example' }],
    });
    expect(trunk.inboundCredentials).toMatchObject({ ref: 'credentials-01', password: '1234' });
    expect(trunk.accessControlList).toMatchObject({ ref: 'acl-01', extended: { of: 'acl' } });
    expect(trunk.createdAt).toBe(agent['createdAt']);
  });

  test('stops a domain at the numbers of its policies', async () => {
    await writeWorld(daemon);
    const domain = await connect.domains.get('domain-01');
    expect(domain['accessControlList'].ref).toBe('acl-01');
    expect(domain['egressPolicies'][0].number).toMatchObject({ ref: 'number-01', trunk: undefined });
  });

  test('takes refs alone, and none that is empty', async () => {
    await writeWorld(daemon);
    for (const key of ['1001@sip.local', 'agent-02'])
      expect((await failure(connect.agents.get(key))).code).toBe(NOT_FOUND);
    expect((await failure(connect.agents.update({ ref: '1001@sip.local' }))).code).toBe(NOT_FOUND);
    expect((await failure(connect.peers.delete('asterisk'))).code).toBe(NOT_FOUND);
    for (const call of [connect.agents.get(''), connect.agents.update({}), connect.agents.delete('')])
      expect(await failure(call)).toMatchObject({
        code: INVALID_ARGUMENT,
        details: expect.stringContaining('ref is empty'),
      });
  });

  const address = Object.values(networkInterfaces())
    .flat()
    .find((each) => each && !each.internal && each.family === 'IPv4')?.address;
  (address ? test : test.skip)('shows passwords to callers on this machine alone', async () => {
    const open = await TestDaemon.start({ listen: '0.0.0.0:0', insecure: true });
    const local = new Connect(`127.0.0.1:${open.daemon.port}`);
    const remote = new Connect(`${address}:${open.daemon.port}`);
    const { ref: credentialsRef } = await local.credentials.create({
      name: 'x',
      username: 'x',
      password: 'pw',
    });
    const { ref } = await local.peers.create({ name: 'p', username: 'p', aor: 'sip:p@x', credentialsRef });
    const seen = async (by: Connect): Promise<string[]> => [
      (await by.credentials.get(credentialsRef))['password'],
      (await by.credentials.list())['items'][0].password,
      (await by.peers.get(ref))['credentials'].password,
      (await by.peers.findBy('username', 'p'))['items'][0].credentials.password,
      (await by.peers.update({ ref, name: 'q' }))['credentials'].password,
    ];
    expect(await seen(local)).toEqual(Array(5).fill('pw'));
    expect(await seen(remote)).toEqual(Array(5).fill(''));
    for (const each of [local, remote]) each.close();
    await open.stop();
  });
});

describe('list', () => {
  const acls = (from: number, to: number) =>
    daemon.write(
      Array.from({ length: to - from }, (_, i) =>
        create('AccessControlList', `acl-${from + i}`, { deny: ['::/0'] }),
      ),
    );
  const refs = (page: Message): string[] => page['items'].map(({ ref }: Message) => ref);

  test('gives the newest first, and no token after the last', async () => {
    await acls(0, 5);
    const first = await connect.acls.list({ pageSize: 2 });
    const second = await connect.acls.list({ pageSize: 2, pageToken: first['nextPageToken'] });
    const third = await connect.acls.list({ pageSize: 2, pageToken: second['nextPageToken'] });
    expect([first, second, third].map(refs)).toEqual([['acl-4', 'acl-3'], ['acl-2', 'acl-1'], ['acl-0']]);
    expect(third['nextPageToken']).toBe('');
    expect((await connect.acls.list({ pageSize: 5 }))['nextPageToken']).toBe('');
    expect(await connect.agents.list()).toEqual({ items: [], nextPageToken: '' });
  });

  test('goes on after a resource that is deleted meanwhile', async () => {
    await acls(0, 4);
    const { nextPageToken } = await connect.acls.list({ pageSize: 2 });
    await connect.acls.delete('acl-2');
    await acls(4, 5);
    expect(refs(await connect.acls.list({ pageSize: 2, pageToken: nextPageToken }))).toEqual([
      'acl-1',
      'acl-0',
    ]);
  });

  test('reads no page size, or 0, as the most there is', async () => {
    await acls(0, 1001);
    for (const request of [{}, { pageSize: 0 }, { pageSize: 5000 }, { pageSize: 0, pageToken: '' }]) {
      const page = await connect.acls.list(request);
      expect(page['items']).toHaveLength(1000);
      expect(page['nextPageToken']).not.toBe('');
    }
  });

  test('refuses a negative size and tokens it never gave', async () => {
    await acls(0, 3);
    const { nextPageToken } = await connect.acls.list({ pageSize: 1 });
    const requests = [{ pageSize: -1 }, { pageToken: 'acl-1' }, { pageToken: `x${nextPageToken.slice(1)}` }];
    for (const request of requests)
      expect((await failure(connect.acls.list(request))).code).toBe(INVALID_ARGUMENT);
    expect((await failure(connect.credentials.list({ pageToken: nextPageToken }))).code).toBe(
      INVALID_ARGUMENT,
    );
  });

  test('ends a page at 2 MiB of what nesting makes of it, and loses nothing', async () => {
    const egressPolicies = Array.from({ length: 1000 }, () => ({
      rule: '1'.repeat(90),
      numberRef: 'number-01',
    }));
    await daemon.write([
      create('Number', 'number-01', { ...place, telUrl: 'tel:1' }),
      create('Domain', 'domain-01', { domainUri: 'sip.local', egressPolicies }),
      ...Array.from({ length: 40 }, (_, i) =>
        create('Agent', `agent-${i}`, { username: `${i}`, domainRef: 'domain-01' }),
      ),
    ]);
    const seen: string[] = [];
    let pages = 0;
    for (let pageToken = ''; pages === 0 || pageToken !== ''; pages++) {
      const page = await connect.agents.list({ pageToken });
      seen.push(...refs(page));
      pageToken = page['nextPageToken'];
    }
    expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => `agent-${39 - i}`));
    expect(pages).toBeGreaterThan(2);
    expect((await failure(connect.agents.findBy('domainRef', 'domain-01'))).code).toBe(RESOURCE_EXHAUSTED);
    expect(await connect.agents.names('username', '7')).toEqual(['agent-7']);
  });
});
