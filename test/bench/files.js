/**
 * Whole configurations through the bin and a daemon on disk: apply, apply again, diff, export of 100,000 numbers; and
 * four times as many, because the command's memory should not depend on that.
 */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BIN, cleanEnvironment } from '../support/environment.js';
import { spawnDaemon } from '../support/spawned-daemon.js';

const COUNT = 100_000;
const POLL_MS = 20;

async function writeNumbers(path, count) {
  const file = createWriteStream(path);
  for (let i = 0; i < count; i++) {
    const text = `---\nkind: Number\nref: number-${i}\nname: Number ${i}\ntelUrl: tel:+1${2_000_000_000 + i}\naorLink: sip:${i}@sip.local\ncity: Durham\ncountry: USA\ncountryIsoCode: US\n`;
    if (!file.write(text)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

/** Highest resident memory of a process so far, in MB; undefined where there is no /proc. */
function peakMemory(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
  } catch {
    return undefined;
  }
}

/** Runs the bin; its wall time in seconds and its peak memory in MB. */
async function timed(args, home, endpoint) {
  const started = performance.now();
  const child = spawn(process.execPath, [BIN, ...args, '--timeout', '5m'], {
    env: cleanEnvironment(home, { CTL_ENDPOINT: endpoint }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  let memory;
  child.stdout.resume();
  child.stderr.on('data', (chunk) => (text += chunk));
  const timer = setInterval(() => (memory = peakMemory(child.pid) ?? memory), POLL_MS);
  const [code] = await once(child, 'close');
  clearInterval(timer);
  if (code !== 0) throw new Error(`ctl ${args.join(' ')} ended with ${code}: ${text}`);
  return { seconds: (performance.now() - started) / 1000, memory };
}

/** @returns {Promise<{name: string, value: number, unit: string}[]>} */
export async function benchFiles() {
  const home = mkdtempSync(join(tmpdir(), 'ctl-bench-'));
  const daemon = await spawnDaemon(['--data-dir', join(home, 'data')], { home });
  try {
    const path = join(home, 'numbers.yaml');
    const more = join(home, 'more.yaml');
    await writeNumbers(path, COUNT);
    await writeNumbers(more, 4 * COUNT);
    const rows = [];
    for (const [name, args, count = COUNT] of [
      ['apply into an empty store', ['apply', '-f', path]],
      ['apply of the same', ['apply', '-f', path]],
      ['diff of the same', ['diff', '-f', path]],
      ['export', ['export']],
      ['apply of these and three times as many', ['apply', '-f', more], 4 * COUNT],
    ]) {
      const { seconds, memory } = await timed(args, home, daemon.address);
      rows.push({ name, value: count / seconds, unit: 'resources/s' });
      if (memory !== undefined)
        rows.push({ name: `  peak memory of the command`, value: memory, unit: 'MB' });
      const served = peakMemory(daemon.pid);
      if (served !== undefined) rows.push({ name: `  peak memory of the daemon`, value: served, unit: 'MB' });
    }
    return rows;
  } finally {
    await daemon.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
