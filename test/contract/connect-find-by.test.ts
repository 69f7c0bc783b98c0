/** FindBy of Routr's Connect services, with each quirk that docs/wire.md decides. */
import { Connect, create, failure, writeWorld } from '../support/connect.js';
import { TestDaemon } from '../support/daemon.js';

const [INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNIMPLEMENTED] = [3, 8, 12];

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

test.each([
  ['agents', 'username', '1001', 'agent-01'],
  ['agents', 'domainRef', 'domain-01', 'agent-01'],
  ['agents', 'domainRef', 'sip.local', 'agent-01'],
  ['agents', 'privacy', 'NONE', 'agent-01'],
  ['agents', 'maxContacts', '-1', 'agent-01'],
  ['agents', 'name', 'agent-01', 'agent-01'],
  ['agents', 'ref', 'agent-01', 'agent-01'],
  ['domains', 'domainUri', 'sip.local', 'domain-01'],
  ['domains', 'domain_uri', 'SIP.local', 'domain-01'],
  ['numbers', 'telUrl', 'tel:+19103434434', 'number-01'],
  ['numbers', 'tel_url', 'tel:+19103434434', 'number-01'],
  ['trunks', 'inboundUri', 'trunk.example.com', 'trunk-01'],
  ['trunks', 'sendRegister', 'true', 'trunk-01'],
  ['peers', 'username', 'asterisk', 'peer-01'],
  ['peers', 'aor', 'sip:asterisk@default', 'peer-01'],
  ['peers', 'withSessionAffinity', 'false', 'peer-01'],
] as const)('finds %s by %s %s', async (service, field, value, ref) => {
  await writeWorld(daemon);
  expect(await connect[service].names(field, value)).toEqual([ref]);
});

test.each([
  ['agents', 'username', '1002'],
  ['agents', 'username', ''],
  ['numbers', 'telUrl', 'tel:19103434434'],
  ['trunks', 'sendRegister', 'false'],
  ['peers', 'aor', 'sip:asterisk@elsewhere'],
] as const)('finds no %s by %s "%s"', async (service, field, value) => {
  await writeWorld(daemon);
  expect(await connect[service].names(field, value)).toEqual([]);
});

test('finds the same username in all domains, newest first, also without a domain', async () => {
  await daemon.write([
    create('Domain', 'a', { domainUri: 'a.example' }),
    create('Agent', 'agent-a', { username: '1001', domainRef: 'a' }),
    create('Agent', 'agent-b', { username: '1001' }),
    create('Agent', 'agent-c', { username: '1-001' }),
  ]);
  expect(await connect.agents.names('username', '1001')).toEqual(['agent-b', 'agent-a']);
});

test('refuses unknown fields, naming the nearest, and none', async () => {
  expect(await failure(connect.agents.findBy('user_nme', '1001'))).toMatchObject({
    code: INVALID_ARGUMENT,
    details: expect.stringContaining('username'),
  });
  for (const field of [undefined, '', '__proto__', 'extended', "username') or 1=1 --"])
    expect((await failure(connect.agents.findBy(field, '1001'))).code).toBe(INVALID_ARGUMENT);
});

test('refuses more than 10,000 matches instead of cutting them', async () => {
  const policy = (i: number) => create('Peer', `peer-${i}`, { username: `${i}`, aor: 'sip:group@default' });
  await daemon.write(Array.from({ length: 10_000 }, (_, i) => policy(i)));
  expect(await connect.peers.names('aor', 'sip:group@default')).toHaveLength(10_000);
  await daemon.write([policy(10_000)]);
  expect(await failure(connect.peers.findBy('aor', 'sip:group@default'))).toMatchObject({
    code: RESOURCE_EXHAUSTED,
    details: expect.stringContaining('10000'),
  });
});

test('does not exist for credentials and access control lists', async () => {
  const path = '/fonoster.routr.connect.credentials.v2beta1.CredentialsService/FindBy';
  const { client } = connect.credentials;
  const call = new Promise((resolve, reject) => {
    const bytes = (value: Buffer) => value;
    client.makeUnaryRequest(path, bytes, bytes, Buffer.of(), (error, answer) =>
      error ? reject(error) : resolve(answer),
    );
  });
  expect((await failure(call)).code).toBe(UNIMPLEMENTED);
});
