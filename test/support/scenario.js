/**
 * Scenarios: files that anyone can read and write, of commands and what they print.
 *
 *     # a remark
 *     $ ctl agents list        a command for bash, in a folder of its own, against a daemon of its own
 *     > more                   a further line of it
 *     REF ...                  what it prints on stdout
 *     ! Created agent ...      what it prints on stderr
 *     [3]                      its exit code, where that is not 0
 *
 * After a remark `# terminal 120` the commands run in a terminal of that width, where stdout and stderr are one.
 *
 * The folder has a pair of keys, private.pem and public.pem, and the daemon knows the public one. Times, UUIDs, the
 * port and the folder are replaced by <time>, <uuid>, <address> and <folder>.
 */
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { spawnDaemon } from './spawned-daemon.js';
import { cleanEnvironment, makeShims } from './environment.js';

const LONGEST_MS = 60_000;

/** Splits a scenario into remarks and steps. */
export function parseScenario(text) {
  const steps = [];
  for (const line of text.split('\n')) {
    const last = steps.at(-1);
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), expected: [] });
    else if (/^>( |$)/.test(line) && last?.command && last.expected.length === 0)
      last.command += `\n${line.slice(2)}`;
    else if (line.startsWith('# ') || line === '') steps.push({ remark: line });
    else if (last?.command) last.expected.push(line);
    else throw new Error(`a line belongs to no command: ${line}`);
  }
  return steps;
}

/** The text of a scenario with what its commands really print. */
export const formatScenario = (steps) =>
  steps
    .flatMap((step) =>
      step.command === undefined
        ? [step.remark]
        : [
            `$ ${step.command.replaceAll('\n', '\n> ').replaceAll('> \n', '>\n')}`,
            ...(step.actual ?? step.expected),
          ],
    )
    .join('\n');

/** Runs a scenario; every step gets `actual`, the lines that it printed. */
export async function runScenario(steps, { env = {}, onStep = () => {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'ctl-'));
  try {
    writeKeys(folder);
    const daemon = await spawnDaemon(
      ['--data-dir', join(folder, 'data'), '--connect-token-key', 'public.pem'],
      {
        home: folder,
      },
    );
    try {
      const path = `${makeShims(join(folder, 'bin'))}${delimiter}${process.env.PATH}`;
      const all = cleanEnvironment(folder, { PATH: path, CTL_ENDPOINT: daemon.address, ...env });
      const columns = steps.map(({ remark }) => /^# terminal (\d+)$/.exec(remark ?? '')?.[1]).find(Boolean);
      const run = columns === undefined ? runPiped : await terminalRunner(Number(columns));
      for (const step of steps) {
        if (step.command !== undefined) {
          onStep(step);
          const ended = await run(step.command, folder, all);
          step.shown = ended.stdout;
          step.actual = linesOf(ended, (text) => normalize(text, folder, daemon.address));
        }
        onStep(step);
      }
    } finally {
      await daemon.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return steps;
}

function writeKeys(folder) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  writeFileSync(join(folder, 'private.pem'), privateKey, { mode: 0o600 });
  writeFileSync(join(folder, 'public.pem'), publicKey);
}

/** Runs a command with its streams in pipes. */
function runPiped(command, cwd, env) {
  const child = spawn('bash', ['-c', command], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (text) => (texts[name] += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
  return new Promise((resolve) =>
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ ...texts, exit: signal ?? code });
    }),
  );
}

/** Stands around the exit code, behind all that a command prints: a terminal can close before its last output came. */
const END = '\u001e';

/** Runs commands in a terminal; a dumb one, so that no spinner depends on the time. */
async function terminalRunner(cols) {
  const { spawn: spawnTerminal } = await import('@lydell/node-pty');
  return (command, cwd, env) => {
    const script = `${command}\nprintf '\\036%d\\036' "$?"`;
    const options = { cwd, cols, rows: 40, env: { ...env, TERM: 'dumb', CTL_NO_INPUT: '1' } };
    const child = spawnTerminal('bash', ['-c', script], options);
    return new Promise((resolve) => {
      let text = '';
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        resolve({ stdout: text, stderr: '', exit: 'SIGKILL' });
      }, LONGEST_MS);
      child.onData((chunk) => {
        text += chunk;
        const [stdout, exit, rest] = text.split(END);
        if (rest === undefined) return;
        clearTimeout(timer);
        resolve({ stdout: stdout.replaceAll('\r\n', '\n'), stderr: '', exit: Number(exit) });
      });
    });
  };
}

/** What a command printed, as the file has it. An empty line is a full stop, since a bare one would end the step. */
function linesOf({ stdout, stderr, exit }, tidy) {
  const split = (text) => (text === '' ? [] : tidy(text).replace(/\n$/, '').split('\n'));
  return [
    ...split(stripColor(stdout)).map((line) => (line === '' ? '.' : line)),
    ...split(stderr).map((line) => `! ${line}`.trimEnd()),
    ...(exit === 0 ? [] : [`[${exit}]`]),
  ];
}

const stripColor = (text) => text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g'), '');

const normalize = (text, folder, address) =>
  text
    .replaceAll(address, '<address>')
    .replaceAll(folder, '<folder>')
    .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
    .replace(/\b[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}\b/g, '<uuid>')
    .replace(/\S*\/ctl-edit-\w+/g, '<edit>')
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<token>');

export const readScenario = (path) => parseScenario(readFileSync(path, 'utf8').replace(/\n$/, ''));
