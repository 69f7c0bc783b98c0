/** Many calls: decisions streamed from a daemon in its own process, and through the bin, from a file with no daemon. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '../../dist/lib/api/client.js';
import { SimulateOptions_Told as Told } from '../../dist/lib/api/generated/v1/ctl.js';
import { operation } from '../../dist/lib/api/requests.js';
import { BIN, cleanEnvironment } from '../support/environment.js';
import { spawnDaemon } from '../support/spawned-daemon.js';
import { documents } from './world.js';

const SIZES = {
  numbers: 10_000,
  agents: 1_000,
  domains: 10,
  sipRoutes: 1_000,
  rules: 100,
  peers: 20,
  trunks: 20,
};
const BATCH = 1000;
const BATCHES = 200;

/** Every fifth of them a profile, a number, an agent, the PSTN, and nobody. */
const CALLS = [
  (i) => ({ dialled: String(50_000 + (i % SIZES.sipRoutes)) }),
  (i) => ({ dialled: `+1910${String(i % SIZES.numbers).padStart(7, '0')}` }),
  (i) => ({ dialled: String(1000 + (i % 100)), from: `agent-${i % SIZES.agents}` }),
  (i) => ({ dialled: `+${10 + (i % 90)}2${1_000_000 + i}`, from: `agent-${i % SIZES.agents}` }),
  (i) => ({ dialled: `nobody${i}@nowhere.example` }),
];
const callOf = (i) => CALLS[i % CALLS.length](i);

async function load(client) {
  const batches = (async function* () {
    let batch = [];
    for (const [kind, { ref, ...document }] of documents(SIZES)) {
      batch.push(operation({ action: 1, kind, key: ref, document: JSON.stringify(document) }));
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    yield batch;
  })();
  await client.write(batches, {});
}

/** Decisions per second of a stream, the texts of calls being there. */
async function streamed(client, told) {
  const requests = Array.from({ length: BATCHES }, (_, b) => ({
    options: b === 0 ? { revision: 0, explain: false, told } : undefined,
    candidate: [],
    calls: Array.from({ length: BATCH }, (_, i) => JSON.stringify(callOf(b * BATCH + i))),
  }));
  const started = performance.now();
  let count = 0;
  for await (const answers of client.simulateStream(requests)) count += answers.length;
  return count / ((performance.now() - started) / 1000);
}

/** @returns {Promise<{name: string, value: number, unit: string}[]>} */
export async function benchCalls() {
  const home = mkdtempSync(join(tmpdir(), 'ctl-bench-'));
  const daemon = await spawnDaemon(['--ephemeral'], { home });
  const endpoint = { address: daemon.address, source: 'bench', loopback: true, plaintext: true };
  const client = new Client(endpoint, 60_000);
  try {
    await load(client);
    await streamed(client, Told.OUTCOME);
    const outcomes = await streamed(client, Told.OUTCOME);
    const effects = await streamed(client, Told.EFFECT);
    const decisions = await streamed(client, Told.DECISION);
    const path = join(home, 'calls.csv');
    const file = openSync(path, 'w');
    writeSync(file, 'dialled,from\n');
    for (let i = 0; i < BATCH * BATCHES; i++) {
      const { dialled, from = '' } = callOf(i);
      writeSync(file, `${dialled},${from}\n`);
    }
    closeSync(file);
    const env = cleanEnvironment(home, { CTL_ENDPOINT: daemon.address });
    const ctl = (...args) => {
      const started = performance.now();
      const out = execFileSync(process.execPath, [BIN, ...args], {
        env,
        cwd: home,
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: 2 ** 30,
      });
      return { out, seconds: (performance.now() - started) / 1000 };
    };
    writeFileSync(join(home, 'config.json'), ctl('export', '--format', 'json').out);
    const through = ctl('route', 'simulate', '--calls', path, '--output', 'csv');
    const alone = ctl('route', 'simulate', '--calls', path, '--output', 'csv', '--config', 'config.json');
    return [
      { name: 'outcomes streamed from a daemon', value: outcomes, unit: '/s' },
      { name: 'effects: what is done, without the account', value: effects, unit: '/s' },
      { name: 'whole decisions', value: decisions, unit: '/s' },
      {
        name: 'the same through simulate --calls, as CSV',
        value: (BATCH * BATCHES) / through.seconds,
        unit: '/s',
      },
      { name: 'with --config and no daemon', value: (BATCH * BATCHES) / alone.seconds, unit: '/s' },
    ];
  } finally {
    client.close();
    await daemon.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
