/** What was acknowledged is there after the daemon ends, however it ends; and what cannot be served says why. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBin } from '../support/bin.js';
import { spawnDaemon } from '../support/spawned-daemon.js';

const home = mkdtempSync(join(tmpdir(), 'ctl-'));
const data = join(home, 'data');
afterAll(() => rmSync(home, { recursive: true }));

const serve = () => spawnDaemon(['--data-dir', data], { home });
const persona = (ref: string) => [
  'personas',
  'create',
  '--ref',
  ref,
  '--name',
  ref,
  '--instructions',
  'Be kind.',
];

test('a restart keeps everything, and so does kill -9 after an acknowledged write', async () => {
  let daemon = await serve();
  expect((await runBin(persona('first'), { home, endpoint: daemon.address })).code).toBe(0);
  const before = await runBin(['personas', 'list', '-o', 'json'], { home, endpoint: daemon.address });
  expect(await daemon.stop()).toBe(0);

  daemon = await serve();
  expect(daemon.log()).toContain('revision 1');
  const after = await runBin(['personas', 'list', '-o', 'json'], { home, endpoint: daemon.address });
  expect(after.stdout).toBe(before.stdout);
  expect((await runBin(persona('second'), { home, endpoint: daemon.address })).code).toBe(0);
  await daemon.kill();

  daemon = await serve();
  const { stdout } = await runBin(['personas', 'list', '-o', 'name'], { home, endpoint: daemon.address });
  expect(stdout).toBe('personas/second\npersonas/first\n');
  const status = await runBin(['status', '-o', 'json'], { home, endpoint: daemon.address });
  expect(JSON.parse(status.stdout)).toMatchObject({ revision: 2, resources: { personas: 2 } });

  const second = await runBin(['serve', '--listen', '127.0.0.1:0', '--data-dir', data], { home });
  expect(second.code).toBe(4);
  expect(second.stderr).toContain(data);
  expect(second.stderr).toMatch(/another|already/);
  await daemon.stop();
}, 90_000);

test('a file that is no store, and a folder that cannot be one', async () => {
  const odd = join(home, 'odd');
  mkdirSync(odd);
  writeFileSync(join(odd, 'ctl.db'), 'This is a letter, not a database. '.repeat(100));
  const noStore = await runBin(['serve', '--listen', '127.0.0.1:0', '--data-dir', odd], { home });
  expect(noStore).toMatchObject({ stdout: '' });
  expect(noStore.code).not.toBe(0);
  expect(noStore.stderr).toContain('ctl.db');
  expect(noStore.stderr).not.toContain('    at ');

  writeFileSync(join(home, 'file'), '');
  const noFolder = await runBin(['serve', '--listen', '127.0.0.1:0', '--data-dir', join(home, 'file')], {
    home,
  });
  expect(noFolder.code).not.toBe(0);
  expect(noFolder.stderr).toContain(join(home, 'file'));
}, 60_000);

test('an address that others can reach is refused unless --insecure says so', async () => {
  const { code, stderr } = await runBin(['serve', '--ephemeral', '--listen', '0.0.0.0:0'], { home });
  expect(code).toBe(2);
  expect(stderr).toContain('--insecure');
}, 30_000);
