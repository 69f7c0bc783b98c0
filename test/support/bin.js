/** Runs the bin with its streams in pipes. */
import { spawn } from 'node:child_process';
import { BIN, cleanEnvironment } from './environment.js';

const LONGEST_MS = 30_000;

/**
 * Ended with code null after half a minute.
 * @param {readonly string[]} args
 * @param {{home: string, endpoint?: string, input?: string, env?: object}} options
 * @returns {Promise<{code: number | null, stdout: string, stderr: string}>}
 */
export function runBin(args, { home, endpoint, input = '', env = {} }) {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: home,
    env: cleanEnvironment(home, { ...(endpoint && { CTL_ENDPOINT: endpoint }), ...env }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
  return new Promise((resolve) =>
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    }),
  );
}
