/** A daemon killed in the midst of a large write holds, when it comes back, the revision before it or after it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '../../src/lib/api/client.js';
import type { Operation } from '../../src/lib/api/generated/v1/ctl.js';
import { operation, PUT } from '../support/daemon.js';
import { spawnDaemon } from '../support/spawned-daemon.js';

const KILLS = 6;
const RESOURCES = 3000;

const home = mkdtempSync(join(tmpdir(), 'ctl-atomic-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const connect = (address: string): Client =>
  new Client({ address, source: 'test', loopback: true, plaintext: true }, 30_000);

/** Creates some, changes others, and deletes the rest, by a sync. */
async function* configuration(round: number): AsyncGenerator<Operation[]> {
  yield [operation(PUT, 'Trunk', 'trunk-01', { name: 'T', inboundUri: `trunk-${round}.example` })];
  for (let first = round * 500; first < round * 500 + RESOURCES; first += 1000)
    yield Array.from({ length: 1000 }, (_, i) =>
      operation(PUT, 'Number', `number-${first + i}`, {
        name: `In round ${round}`,
        telUrl: `tel:+1${String(first + i).padStart(10, '0')}`,
        city: 'Durham',
        country: 'USA',
        countryIsoCode: 'US',
        trunkRef: 'trunk-01',
      }),
    );
}
const sync = { syncKinds: ['Number', 'Trunk'], allowMassDelete: true };

/** The round of every resource, and how many there are. */
async function held(client: Client): Promise<string> {
  const rounds = new Set<string>();
  let count = 0;
  for await (const { kind, document } of client.export({})) {
    rounds.add((kind === 'Number' ? /round (\d+)/ : /trunk-(\d+)/).exec(document)![1]!);
    count++;
  }
  return `${count} of round ${[...rounds].join(' and ')}`;
}

test('kill -9 at any moment of a write: all of it or nothing', async () => {
  const start = () => spawnDaemon(['--data-dir', join(home, 'data')], { home });
  let daemon = await start();
  let client = connect(daemon.address);
  const began = Date.now();
  await client.write(configuration(0), sync);
  const whole = Date.now() - began;
  let before = 0;
  for (let round = 1; round <= KILLS; round++) {
    const written = client.write(configuration(round), sync).then(
      () => true,
      () => false,
    );
    await new Promise((resolve) => setTimeout(resolve, (whole * 1.3 * (round - Math.random())) / KILLS));
    await daemon.kill();
    const acknowledged = await written;
    client.close();
    daemon = await start();
    client = connect(daemon.address);
    const now = await held(client);
    const after = `${RESOURCES + 1} of round ${round}`;
    expect(acknowledged ? [after] : [`${RESOURCES + 1} of round ${before}`, after]).toContain(now);
    const { revisions } = await client.history({ pageSize: 1 });
    if (now === after) before = round;
    else expect(revisions[0]!.revision).toBeLessThanOrEqual(round);
  }
  client.close();
  await daemon.stop();
}, 180_000);
