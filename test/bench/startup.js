/** How long commands take as whole processes, against a Node process that does nothing. Needs `npm run build`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BIN, cleanEnvironment } from '../support/environment.js';
import { spawnDaemon } from '../support/spawned-daemon.js';
import { median } from './median.js';

const PAIRS = 21;

/** Milliseconds from start to end of a process; a rejected call is an answer too. */
function timed(args, env) {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ms = performance.now() - started;
  if (status !== 0 && status !== 1) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return ms;
}

/** The median of `pairs` ratios: a command's time, over that of an empty process run just before it. */
export function startupRatio(args, env, pairs = PAIRS) {
  const ratio = () => {
    const empty = timed(['-e', '0'], env);
    return timed([BIN, ...args], env) / empty;
  };
  ratio();
  return median(Array.from({ length: pairs }, ratio));
}

/** @returns {Promise<{name: string, value: number, unit: string}[]>} */
export async function benchStartup() {
  const home = mkdtempSync(join(tmpdir(), 'ctl-bench-'));
  const env = cleanEnvironment(home);
  const daemon = await spawnDaemon(['--ephemeral'], { home });
  const list = ['agents', 'list', '--endpoint', daemon.address];
  try {
    return [
      ['ctl agents create --help', ['agents', 'create', '--help']],
      ['ctl agents list', list],
      ['ctl agents list --output json', [...list, '--output', 'json']],
      ['ctl route simulate', ['route', 'simulate', '1002', '--endpoint', daemon.address]],
    ].map(([name, args]) => ({ name, value: startupRatio(args, env), unit: '× node -e 0' }));
  } finally {
    await daemon.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
