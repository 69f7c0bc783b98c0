/** What Routr's Connect services look like in bytes, where that is more than the messages tell. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadFileDescriptorSetFromBuffer, loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { Connect, type ConnectService, failure, type Message } from '../support/connect.js';
import { TestDaemon } from '../support/daemon.js';

const INVALID_ARGUMENT = 3;

let daemon: TestDaemon;
let connect: Connect;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  connect = new Connect(daemon.daemon.address);
});
afterAll(async () => {
  connect.close();
  await daemon.stop();
});

/** Sends bytes as they are, and gives those of the response. */
const send = ({ client }: ConnectService, path: string, ...parts: (string | number[])[]): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const same = (bytes: Buffer) => bytes;
    const request = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
    client.makeUnaryRequest(`/fonoster.routr.connect.${path}`, same, same, request, (error, response) =>
      error ? reject(error) : resolve(response!),
    );
  });

/** A field of text: tag, length, characters. */
const text = (field: number, value: string): number[] => [field * 8 + 2, value.length, ...Buffer.from(value)];
const zero = (field: number): number[] => [field * 8, 0];

describe('presence', () => {
  const agents = 'agents.v2beta1.Agents';
  let ref: string;
  beforeEach(async () => {
    ({ ref } = (await connect.agents.create({ name: 'John Doe', username: `u${Math.random()}` })) as {
      ref: string;
    });
  });
  afterEach(() => connect.agents.delete(ref));

  test('zero bytes are values: enabled 20 00, privacy 18 00, max_contacts 40 00, expires 48 00', async () => {
    await connect.agents.update({ ref, expires: 5 });
    await send(connect.agents, `${agents}/Update`, text(1, ref), zero(4), zero(3), zero(8), zero(9));
    expect(await connect.agents.get(ref)).toMatchObject({
      name: 'John Doe',
      enabled: false,
      privacy: 0,
      maxContacts: 0,
      expires: 0,
    });
  });

  test('responses carry zeros that mean something, so that no client takes its own default', async () => {
    await connect.agents.update({ ref, enabled: false, privacy: 0 });
    const bytes = await send(connect.agents, `${agents}/Get`, text(1, ref));
    for (const field of [zero(5), zero(6)]) expect(bytes.includes(Buffer.from(field))).toBe(true);
  });

  test('a list of 08 00 12 00 is the first page', async () => {
    const bytes = await send(connect.agents, `${agents}/List`, zero(1), zero(2));
    expect(bytes.includes(ref)).toBe(true);
  });

  test('FindBy has its field names in 1 and 2 in every service', async () => {
    await connect.peers.create({ name: 'Asterisk', username: 'asterisk', aor: 'sip:asterisk@default' });
    const request = [text(1, 'username'), text(2, 'asterisk')];
    expect((await send(connect.peers, 'peers.v2beta1.Peers/FindBy', ...request)).includes('Asterisk')).toBe(
      true,
    );
  });
});

describe('what is no message', () => {
  const path = 'acl.v2beta1.ACLService/Create';

  test.each([
    ['a truncated message', [0x12, 0x20, 0x61]],
    ['text that is no UTF-8', [...text(2, 'a'), 0x12, 1, 0xff]],
  ])('%s is the client’s mistake', async (_, bytes) => {
    const { code } = await failure(send(connect.acls, path, bytes, text(3, '10.0.0.0/8')));
    expect(code).toBe(INVALID_ARGUMENT);
  });

  test('fields that Routr does not have are ignored', async () => {
    const bytes = await send(
      connect.acls,
      path,
      text(1, 'x'),
      text(2, 'Local'),
      text(3, '10.0.0.0/8'),
      text(15, 'x'),
    );
    expect(bytes.includes('Local')).toBe(true);
  });
});

describe('extended', () => {
  const create = (extended: unknown) =>
    connect.acls.create({ name: 'Local', allow: ['10.0.0.0/8'], extended });
  const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });

  const domain = (more: Message) =>
    connect.domains.create({ name: 'Local', domainUri: 'sip.local', ...more });

  test('comes back as it was, also empty, absent and nested in another resource', async () => {
    const extended = {
      text: 'x',
      zero: 0,
      half: 0.5,
      no: false,
      nothing: null,
      list: [1, { a: [] }],
      deep: nested(10),
    };
    const { ref: accessControlListRef } = await create(extended);
    expect((await connect.acls.get(accessControlListRef))['extended']).toEqual(extended);
    expect((await domain({ accessControlListRef }))['accessControlList'].extended).toEqual(extended);
    expect((await create({}))['extended']).toEqual({});
    expect((await create(undefined))['extended']).toBeUndefined();
  });

  test.each([17, 33, 60])('nested %i levels deep is the client’s mistake', async (levels) => {
    expect((await create(nested(16)))['extended']).toEqual(nested(16));
    expect((await failure(create(nested(levels)))).code).toBe(INVALID_ARGUMENT);
  });

  test('holds no numbers that JSON does not have', async () => {
    for (const value of [NaN, Infinity])
      expect((await failure(create({ value }))).code).toBe(INVALID_ARGUMENT);
  });
});

describe('the contract', () => {
  const PUBLISHED = join('test', 'sdk', 'node_modules', '@routr', 'common', 'dist', 'connect', 'protos');
  const check = existsSync(PUBLISHED) ? test : test.skip;

  check('has exactly the services, messages, names and numbers of the protos that Routr publishes', () => {
    const options = { keepCase: true };
    const published = Object.assign(
      {},
      ...readdirSync(PUBLISHED).map((file) =>
        contractOf(loadSync(file, { ...options, includeDirs: [PUBLISHED] })),
      ),
    ) as Message;
    const descriptors = readFileSync(join('proto', 'descriptors.binpb'));
    expect(Object.keys(published)).toHaveLength(71);
    expect(contractOf(loadFileDescriptorSetFromBuffer(descriptors, options))).toEqual(published);
  });

  /** What clients depend on of each Connect type: numbers, names, types and labels of fields; paths of rpcs. */
  function contractOf(definition: PackageDefinition): Message {
    const types = Object.entries(definition).filter(([name]) => name.startsWith('fonoster.routr.connect.'));
    return Object.fromEntries(
      types.map(([name, { type, ...rpcs }]: [string, Message]) => {
        if (type?.field)
          return [
            name,
            type.field
              .map((f: Message) => [f['number'], f['name'], f['type'], f['label'], f['typeName']])
              .sort(),
          ];
        if (type) return [name, type.value.map((v: Message) => [v['name'], v['number']])];
        const signature = (rpc: Message) => [
          rpc['path'],
          rpc['requestType'].type.name,
          rpc['responseType'].type.name,
        ];
        return [name, Object.values(rpcs).map(signature)];
      }),
    );
  }
});
