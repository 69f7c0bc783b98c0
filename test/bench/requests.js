/** What a request costs: Get against a bare echo, and durable creates, each through a daemon in its own process. */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials, makeClientConstructor, Metadata } from '@grpc/grpc-js';
import { ResourcesClient } from '../../dist/lib/api/generated/v1/ctl.js';
import { Client } from '../../dist/lib/api/client.js';
import { operation } from '../../dist/lib/api/requests.js';
import { spawnDaemon } from '../support/spawned-daemon.js';
import { echo } from './echo.js';
import { median } from './median.js';

const GETS = 4000;
const CREATES = 1000;
const BATCH = 1000;
const BATCHES = 10;

async function timed(call) {
  const started = process.hrtime.bigint();
  await call();
  return Number(process.hrtime.bigint() - started) / 1e3;
}

const numberOf = (i) => ({
  name: `Number ${i}`,
  telUrl: `tel:+1${String(2_000_000_000 + i)}`,
  city: 'Durham',
  country: 'USA',
  countryIsoCode: 'US',
});

const create = (i) =>
  operation({ action: 1, kind: 'Number', key: `number-${i}`, document: JSON.stringify(numberOf(i)) });

async function startEcho() {
  const child = fork(new URL('./echo-server.js', import.meta.url));
  const port = await new Promise((resolve) => child.once('message', resolve));
  const Echo = makeClientConstructor({ echo }, 'bench.Echo');
  const client = new Echo(`127.0.0.1:${port}`, credentials.createInsecure());
  return { child, client };
}

/** @returns {Promise<{name: string, value: number, unit: string}[]>} */
export async function benchRequests() {
  const home = mkdtempSync(join(tmpdir(), 'ctl-bench-'));
  const daemon = await spawnDaemon(['--data-dir', join(home, 'data')], { home });
  const bare = await startEcho();
  const endpoint = { address: daemon.address, source: 'bench', loopback: true, plaintext: true };
  const client = new Client(endpoint, 60_000);
  const resources = new ResourcesClient(daemon.address, credentials.createInsecure());
  try {
    const single = await timed(async () => {
      for (let i = 0; i < CREATES; i++) await client.write([create(i)], {});
    });
    const batched = await timed(async () => {
      for (let b = 1; b <= BATCHES; b++)
        await client.write(
          Array.from({ length: BATCH }, (_, i) => create(b * 100_000 + i)),
          {},
        );
    });
    const bytes = Buffer.alloc(300);
    const gets = [];
    const echoes = [];
    const get = (i) =>
      new Promise((resolve, reject) => {
        const request = { kind: 'Number', key: `number-${i % CREATES}`, reveal: false };
        resources.get(request, new Metadata(), (error) => (error ? reject(error) : resolve()));
      });
    const ping = () =>
      new Promise((resolve, reject) =>
        bare.client.echo(bytes, (error) => (error ? reject(error) : resolve())),
      );
    for (let i = 0; i < GETS; i++) {
      const [a, b] = [await timed(() => get(i)), await timed(ping)];
      if (i < GETS / 4) continue;
      gets.push(a);
      echoes.push(b);
    }
    const [getP50, echoP50] = [median(gets), median(echoes)];
    return [
      { name: 'Get, p50', value: getP50, unit: 'µs' },
      { name: 'bare echo, p50', value: echoP50, unit: 'µs' },
      { name: 'Get ÷ echo', value: getP50 / echoP50, unit: '×' },
      { name: 'durable creates, one a write', value: (CREATES / single) * 1e6, unit: '/s' },
      { name: `durable creates, ${BATCH} a write`, value: ((BATCH * BATCHES) / batched) * 1e6, unit: '/s' },
    ];
  } finally {
    client.close();
    resources.close();
    bare.client.close();
    bare.child.disconnect();
    await daemon.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
