/** A daemon in a process of its own: `ctl serve` on a free port, stopped or killed by the test. */
import { spawn } from 'node:child_process';
import { BIN, cleanEnvironment } from './environment.js';

const READY = /ctl listens on (\S+),/;
const START_MS = 20_000;

/**
 * Starts `ctl serve --listen 127.0.0.1:0` with more arguments.
 * @returns {Promise<{address: string, log: () => string, stop: () => Promise<number|null>, kill: () => Promise<void>}>}
 */
export function spawnDaemon(args, { home, cwd = home, env = {} }) {
  const child = spawn(process.execPath, [BIN, 'serve', '--listen', '127.0.0.1:0', ...args], {
    cwd,
    env: cleanEnvironment(home, env),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  let log = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail('did not start in time'), START_MS);
    const fail = (why) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`the daemon ${why}: ${log}`));
    };
    ended.then((code) => fail(`ended with ${code}`));
    child.stderr.on('data', (chunk) => {
      log += chunk;
      const ready = READY.exec(log);
      if (!ready) return;
      clearTimeout(timer);
      resolve({
        address: ready[1],
        pid: child.pid,
        log: () => log,
        stop: () => (child.kill('SIGTERM'), ended),
        kill: async () => {
          child.kill('SIGKILL');
          await ended;
        },
      });
    });
  });
}
