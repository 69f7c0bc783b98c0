/** Commands start quickly: they load one bundle, V8's code for it, and the parts of Node that they need. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startupRatio } from '../bench/startup.js';
import { BIN, cleanEnvironment, ROOT } from '../support/environment.js';
import { spawnDaemon } from '../support/spawned-daemon.js';

const home = mkdtempSync(join(tmpdir(), 'ctl-'));
const env = cleanEnvironment(home);
const bundles = join(ROOT, 'dist', 'bundle');
let daemon: Awaited<ReturnType<typeof spawnDaemon>>;

beforeAll(async () => {
  daemon = await spawnDaemon(['--ephemeral'], { home });
});
afterAll(async () => {
  await daemon.stop();
  rmSync(home, { recursive: true });
});

/** Runs the bin, or a copy of it, and says what it loaded. */
function run(args: string[], bin = BIN) {
  const { status, stdout, stderr, output } = spawnSync(
    process.execPath,
    ['--require', join(ROOT, 'test', 'support', 'loaded.cjs'), bin, ...args],
    { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
  );
  const loaded = JSON.parse(output[3]!) as { files: string[]; builtins: string[] };
  return { status, stdout, stderr, ...loaded };
}

const listArgs = () => ['agents', 'list', '--endpoint', daemon.address];

test('help loads neither the network nor anything from disk but the bundle', () => {
  for (const args of [['--help'], ['agents'], ['agents', 'create', '--help'], ['help', 'reasons']]) {
    const { status, files, builtins } = run(args);
    expect(status).toBe(0);
    expect(files).toEqual([BIN]);
    for (const name of ['http2', 'tls', 'child_process']) expect(builtins).not.toContain(name);
  }
});

test('a read loads gRPC, and nothing from disk but the bundle', () => {
  const { status, files, builtins } = run(listArgs());
  expect(status).toBe(0);
  expect(files).toEqual([BIN]);
  expect(builtins).toContain('http2');
  expect(builtins).not.toContain('child_process');
  expect(builtins).not.toContain('worker_threads');
});

test('V8 takes the code that was compiled when the bundles were built', () => {
  const script = `
    const { readFileSync } = require('node:fs');
    const [, source, cache] = process.argv;
    const script = new (require('node:vm').Script)(readFileSync(source, 'latin1'), { cachedData: readFileSync(cache) });
    process.exitCode = script.cachedDataRejected ? 1 : 0;`;
  for (const name of ['ctl', 'serve']) {
    const source = join(bundles, `${name}.js`);
    const hash = /^\/\/([\da-f]{16})\n/.exec(readFileSync(source, 'latin1'))![1];
    const cache = join(bundles, `${name}-${hash}-${process.version}-${process.arch}.cache`);
    expect(spawnSync(process.execPath, ['-e', script, source, cache], { env }).status).toBe(0);
  }
});

describe('a copy', () => {
  const copy = join(home, 'copy');
  const bin = join(copy, 'bin', 'run.js');
  const caches = () => readdirSync(join(copy, 'dist', 'bundle')).filter((file) => file.endsWith('.cache'));
  beforeAll(() => {
    for (const part of ['bin', join('dist', 'bundle'), 'oclif.manifest.json'])
      cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  });

  test.each([
    ['is full of zeroes', (path: string) => writeFileSync(path, readFileSync(path).fill(0))],
    ['is cut off', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 1000))],
    ['is empty', (path: string) => writeFileSync(path, '')],
    ['is missing', (path: string) => rmSync(path)],
  ])('works when the compiled code %s', (_, spoil) => {
    for (const file of caches()) spoil(join(copy, 'dist', 'bundle', file));
    const { status, stdout, stderr } = run(listArgs(), bin);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(run(listArgs()).stdout);
  });

  test('says how to build what is not built', () => {
    rmSync(join(copy, 'dist'), { recursive: true });
    const { status, stdout, stderr } = run(['agents', 'list'], bin);
    expect({ status, stdout, stderr }).toEqual({
      status: 70,
      stdout: '',
      stderr: 'ctl is not built yet. Run: npm run build\n',
    });
  });
});

test('a list takes a few times an empty process', () => {
  // About 3.3 on a quiet machine; without V8's code it is 6, without the bundle 13.
  expect(startupRatio(listArgs(), env, 9)).toBeLessThan(5);
});
