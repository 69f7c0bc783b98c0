/**
 * Keeps the code that V8 compiles for the bundles, after a run of each: functions that were not called before are not
 * in a cache, and compiling them is most of the work. The daemon that is run is the one that the commands speak to.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './files.js';

const LONGEST_MS = 60_000;
const DAEMON = ['serve', '--ephemeral', '--listen', '127.0.0.1:0'];

/** What a command line is mostly about: writing, reading, asking, help. Each more makes the cache larger for all. */
const COMMANDS = [
  ['domains', 'create', '--ref', 'domain-01', '--name', 'Local', '--domain-uri', 'sip.local'],
  [
    'agents',
    'create',
    '--ref',
    'agent-01',
    '--name',
    'John Doe',
    '--username',
    '1001',
    '--domain',
    'sip.local',
  ],
  ['agents', 'list'],
  ['agents', 'get', 'agent-01', '--output', 'json'],
  ['route', 'simulate', '1001', '--from', '1001'],
  ['agents', 'list', '--help'],
];

/** Variables by which a run would become another one, or would compile otherwise. */
const CLEARED = /^(CTL_|NODE_OPTIONS$|NODE_EXTRA_CA_CERTS$|(https?|grpc)_proxy$)/i;

/** @throws when a run fails: then the bundle is no good either */
export async function compile() {
  const daemon = run('serve', [DAEMON]);
  const address = await Promise.race([daemon.printed(/ctl listens on (\S+),/), daemon.done]);
  try {
    await run('ctl', COMMANDS, { CTL_ENDPOINT: address }).done;
  } finally {
    daemon.child.kill('SIGTERM');
  }
  await daemon.done;
}

function run(name, lines, variables = {}) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([variable]) => !CLEARED.test(variable)));
  const words = [
    join(ROOT, 'scripts', 'run-and-keep.js'),
    name,
    ...lines.map((line) => JSON.stringify(line)),
  ];
  const child = spawn(process.execPath, words, {
    env: { ...env, ...variables },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: LONGEST_MS,
  });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  return {
    child,
    /** What a pattern captures in what it prints, as soon as it does. */
    printed: (pattern) =>
      new Promise((resolve) =>
        child.stderr.on('data', () => pattern.test(text) && resolve(pattern.exec(text)[1])),
      ),
    done: new Promise((resolve, reject) =>
      child.once('close', (code) =>
        code === 0 ? resolve() : reject(new Error(`the bundle ${name} ended with ${code}: ${text}`)),
      ),
    ),
  };
}
