/** Starting, stopping and everything beside the resources: status, health, reflection, simulation, logs. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import * as net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import { Client, credentials, status } from '@grpc/grpc-js';
import { SignJWT } from 'jose';
import { pino } from 'pino';
import { startDaemon } from '../../src/lib/daemon/server.js';
import { ask, CREATE, failureOf, operation, TestDaemon } from '../support/daemon.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const running: TestDaemon[] = [];
const start = async (...options: Parameters<typeof TestDaemon.start>): Promise<TestDaemon> => {
  const daemon = await TestDaemon.start(...options);
  running.push(daemon);
  return daemon;
};
afterEach(async () => {
  for (const daemon of running.splice(0)) await daemon.stop();
});

const logger = pino({ level: 'silent' });
const starting = (options: Partial<Parameters<typeof startDaemon>[0]>) =>
  startDaemon({ listen: '127.0.0.1:0', logger, version: 'test', ...options });
const domain = operation(CREATE, 'Domain', 'domain-01', { name: 'Local', domainUri: 'sip.local' });

/** A unary call of bytes, for services that have no generated client. */
async function raw(address: string, path: string, request: Uint8Array): Promise<Buffer> {
  const client = new Client(address, credentials.createInsecure());
  const same = (bytes: Buffer) => bytes;
  try {
    return await new Promise((resolve, reject) => {
      client.makeUnaryRequest(path, same, same, Buffer.from(request), (error, answer) =>
        error ? reject(error) : resolve(answer!),
      );
    });
  } finally {
    client.close();
  }
}

/** The first answer on a stream. */
const first = (address: string, path: string, request: Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const client = new Client(address, credentials.createInsecure());
    const same = (bytes: Buffer) => bytes;
    const call = client.makeBidiStreamRequest(path, same, same);
    call.on('data', resolve);
    call.on('error', reject);
    call.on('end', () => client.close());
    call.write(Buffer.from(request));
    call.end();
  });

describe('start', () => {
  test('says where it listens, what it keeps and at which revision', async () => {
    const { daemon } = await start();
    expect(daemon).toMatchObject({ store: 'memory', revision: 0, address: `127.0.0.1:${daemon.port}` });
    expect(daemon.port).toBeGreaterThan(0);
  });

  test.each(['0.0.0.0:0', '10.0.0.1:0', '[::]:0', 'example.com:0'])(
    'not on %s without insecure',
    async (listen) => {
      await expect(starting({ listen })).rejects.toMatchObject({
        code: 'usage',
        hint: expect.stringContaining('--insecure'),
      });
    },
  );

  test.each(['', 'localhost', '127.0.0.1', '127.0.0.1:99999', '::1:0', '127.0.0.1:x'])(
    'not on "%s"',
    async (listen) => {
      await expect(starting({ listen })).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringContaining('host:port'),
      });
    },
  );

  test('on other loopback addresses, and on all when told so', async () => {
    for (const listen of ['localhost:0', '127.0.0.2:0'])
      expect((await start({ listen })).daemon.port).toBeGreaterThan(0);
    expect((await start({ listen: '0.0.0.0:0', insecure: true })).daemon.address).toMatch(/^0\.0\.0\.0:\d+$/);
  });

  test('an address that is taken, and the store is let go', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as net.AddressInfo;
    await expect(starting({ listen: `127.0.0.1:${port}` })).rejects.toMatchObject({
      code: 'conflict',
      message: `cannot listen on 127.0.0.1:${port}: another process does`,
    });
    server.close();
  });

  test('a key that cannot verify tokens', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    const pem = (key: { export(options: object): string | Buffer }, type: string) =>
      String(key.export({ type, format: 'pem' }));
    for (const connectTokenKey of ['garbage', pem(privateKey, 'pkcs8'), pem(small, 'spki')])
      await expect(starting({ connectTokenKey })).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringContaining('--connect-token-key'),
      });
  });
});

describe('on disk', () => {
  test('a restart keeps everything; two daemons cannot share it', async () => {
    const dataDir = join(mkdtempSync(join(tmpdir(), 'ctl-daemon-')), 'data');
    const before = await TestDaemon.start({ dataDir });
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    await before.write([domain]);
    const found = await before.get('Domain', 'sip.local');
    await expect(starting({ dataDir })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(dataDir),
    });
    await before.stop();
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    await new Promise((resolve) => setImmediate(resolve));
    const again = await start({ dataDir });
    expect(again.daemon).toMatchObject({ revision: 1, store: `sqlite ${join(dataDir, 'ctl.db')}` });
    expect(await again.get('Domain', 'sip.local')).toEqual(found);
    expect(
      await again.write([{ ...domain, key: 'd2', document: '{"name":"x","domainUri":"b.example"}' }]),
    ).toMatchObject({ revision: 2 });
    expect(await again.all('Domain')).toEqual(['d2', 'domain-01']);
    rmSync(dataDir, { recursive: true });
  });
});

describe('stop', () => {
  test('finishes the calls in flight, then refuses', async () => {
    const daemon = await TestDaemon.start();
    const many = Array.from({ length: 1000 }, (_, i) =>
      operation(CREATE, 'AccessControlList', `a${i}`, { name: `a${i}`, allow: ['10.0.0.0/8'] }),
    );
    await daemon.list('Domain');
    const writing = daemon.write(many);
    // On the same connection: when this is answered, the write has begun.
    await daemon.list('Domain');
    const stopped = daemon.daemon.stop();
    expect((await writing).effects).toHaveLength(1000);
    await stopped;
    expect(await failureOf(daemon.get('Domain', 'x'))).toMatchObject({ code: status.UNAVAILABLE });
    for (const client of [daemon.resources, daemon.routing, daemon.system]) client.close();
  });
});

test('System.Status', async () => {
  const daemon = await start();
  await daemon.write([domain]);
  const answer = await ask(daemon.system, daemon.system.status as never, {});
  expect(answer).toMatchObject({
    version: 'test',
    store: 'memory',
    revision: 1,
    connectTokenKey: false,
    address: daemon.daemon.address,
    counts: expect.arrayContaining([
      { kind: 'Domain', count: 1 },
      { kind: 'Agent', count: 0 },
    ]),
  });
});

test('grpc.health.v1: SERVING, as a whole and for each service', async () => {
  const { daemon } = await start();
  for (const service of ['', 'ctl.v1.Resources']) {
    const request = new BinaryWriter().uint32(10).string(service).finish();
    expect([...(await raw(daemon.address, '/grpc.health.v1.Health/Check', request))]).toEqual([8, 1]);
  }
});

test('reflection lists our services and finds their files', async () => {
  const { daemon } = await start();
  const path = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
  const services = String(
    await first(daemon.address, path, new BinaryWriter().uint32(58).string('*').finish()),
  );
  for (const name of [
    'ctl.v1.Resources',
    'ctl.v1.Routing',
    'ctl.v1.System',
    'fonoster.routr.connect.agents.v2beta1.Agents',
  ])
    expect(services).toContain(name);
  const file = await first(
    daemon.address,
    path,
    new BinaryWriter().uint32(34).string('ctl.v1.Resources').finish(),
  );
  expect(String(file)).toContain('ctl.proto');
  const reader = new BinaryReader(file);
  const fields = new Set<number>();
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    fields.add(number);
    reader.skip(type);
  }
  expect(fields).toContain(4);
});

describe('Routing.Simulate', () => {
  const simulate = async (daemon: TestDaemon, call: unknown, explain = false) => {
    const text = typeof call === 'string' ? call : JSON.stringify(call);
    const { decision } = await ask<object, { decision: string }>(
      daemon.routing,
      daemon.routing.simulate as never,
      { call: text, explain },
    );
    return JSON.parse(decision) as Record<string, unknown>;
  };

  test('decides on what was written before it, with its revision', async () => {
    const daemon = await start();
    await daemon.write([
      domain,
      operation(CREATE, 'Credentials', 'c', { name: 'c', username: 'u', password: 'p' }),
      ...['1001', '1002'].map((username) =>
        operation(CREATE, 'Agent', `a-${username}`, {
          name: username,
          username,
          domainRef: 'sip.local',
          credentialsRef: 'c',
        }),
      ),
    ]);
    const call = { from: '1001', dialled: '1002' };
    expect(await simulate(daemon, call)).toMatchObject({
      verdict: 'route',
      routingType: 'agent-to-agent',
      revision: 1,
    });
    await daemon.write([operation(2, 'Agent', 'a-1002', { enabled: false })]);
    expect(await simulate(daemon, call, true)).toMatchObject({ verdict: 'reject', revision: 2 });
  });

  test('what is no call, and who is nobody', async () => {
    const daemon = await start();
    expect(await failureOf(simulate(daemon, '{'))).toMatchObject({ code: status.INVALID_ARGUMENT });
    expect(await failureOf(simulate(daemon, { dialled: 5 }))).toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
    expect(await failureOf(simulate(daemon, { from: 'nobody', dialled: '1' }))).toMatchObject({
      code: status.NOT_FOUND,
    });
  });

  test('connect tokens are verified before deciding', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const daemon = await start({
      connectTokenKey: String(publicKey.export({ type: 'spki', format: 'pem' })),
    });
    await daemon.write([
      domain,
      operation(CREATE, 'Peer', 'p', { name: 'p', username: 'asterisk', aor: 'sip:asterisk@default' }),
    ]);
    const claims = {
      ref: 'agent-01',
      domainRef: 'domain-01',
      aor: 'sip:1001@sip.local',
      aorLink: 'sip:asterisk@default',
      domain: 'sip.local',
      privacy: 'NONE',
      allowedMethods: ['INVITE'],
    };
    const sign = (change: object, key = privateKey, exp: number | null = 60) => {
      const token = new SignJWT({ ...claims, ...change }).setProtectedHeader({ alg: 'ES256' });
      return (exp === null ? token : token.setExpirationTime(Math.floor(Date.now() / 1000) + exp)).sign(key);
    };
    const outcome = async (connectToken: string, more: object = {}) => {
      const { verdict, rejection } = await simulate(daemon, {
        from: '1001@sip.local',
        dialled: 'asterisk',
        connectToken,
        ...more,
      });
      return (rejection as { reason: string } | null)?.reason ?? verdict;
    };
    const header = async (value: string) =>
      simulate(daemon, {
        from: '1001@sip.local',
        dialled: 'asterisk',
        headers: [{ name: 'x-connect-token', value }],
      });
    expect(await outcome(await sign({}))).toBe('route');
    expect(await header(await sign({}))).toMatchObject({ verdict: 'route' });
    expect(await outcome(await sign({}, privateKey, -5))).toBe('connect-token-expired');
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    for (const token of [
      'x',
      'a.b.c',
      await sign({}, stranger),
      await sign({}, privateKey, null),
      await sign({ privacy: 'ID' }),
      await sign({ allowedMethods: 'INVITE' }),
      await sign({ aorLink: undefined }),
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`,
    ])
      expect(await outcome(token)).toBe('connect-token-invalid');
  });

  test('without a key every token is invalid', async () => {
    const daemon = await start();
    expect(await simulate(daemon, { from: '+12125551234', dialled: '1', connectToken: 'x' })).toMatchObject({
      rejection: { reason: 'connect-token-invalid' },
    });
  });
});

test('the log has a line for each call at debug, with its status, and never a secret', async () => {
  const lines: string[] = [];
  const debug = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const daemon = await start({ logger: debug });
  await daemon.write([
    operation(CREATE, 'Credentials', 'c', { name: 'c', username: 'u', password: 'hunter2' }),
  ]);
  await daemon.get('Credentials', 'c', true);
  await daemon.get('Credentials', 'nobody').catch(() => undefined);
  await failureOf(
    daemon.write([operation(CREATE, 'Credentials', 'd', { name: 'c', username: 'hunter2 x', password: '' })]),
  );
  const calls = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(calls.map(({ method, status: code }) => `${String(method)} ${String(code)}`)).toEqual([
    '/ctl.v1.Resources/Write OK',
    '/ctl.v1.Resources/Get OK',
    '/ctl.v1.Resources/Get NOT_FOUND',
    '/ctl.v1.Resources/Write INVALID_ARGUMENT',
  ]);
  expect(calls.every(({ ms }) => typeof ms === 'number')).toBe(true);
  expect(lines.join('')).not.toContain('hunter2');
});

test('what nobody expected is INTERNAL, told in general words and logged with its stack', async () => {
  const lines: string[] = [];
  const daemon = await start({
    logger: pino({ level: 'error' }, { write: (line: string) => void lines.push(line) }),
  });
  Object.defineProperty(daemon.daemon.core.store, 'list', {
    value: async () => {
      throw new TypeError('/home/somebody/secret.ts is broken');
    },
  });
  expect(await failureOf(daemon.list('Agent'))).toMatchObject({
    code: status.INTERNAL,
    details: 'internal error: the log of the daemon has more',
    fields: [],
  });
  expect(lines.join('')).toContain('secret.ts is broken');
  expect(lines.join('')).toContain('daemon-server.test');
});
