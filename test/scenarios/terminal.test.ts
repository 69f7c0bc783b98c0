/** What a person sees and does, in a pseudo-terminal. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runBin } from '../support/bin.js';
import { openTerminal } from '../support/pty.js';
import { spawnDaemon } from '../support/spawned-daemon.js';

const home = mkdtempSync(join(tmpdir(), 'ctl-'));
let daemon: Awaited<ReturnType<typeof spawnDaemon>>;
const ctl = (args: string[], input = '') => runBin(args, { home, endpoint: daemon.address, input });

beforeAll(async () => {
  daemon = await spawnDaemon(['--ephemeral'], { home });
  await ctl(['domains', 'create', '--ref', 'domain-01', '--name', 'Local', '--domain-uri', 'sip.local']);
});
afterAll(async () => {
  await daemon.stop();
  rmSync(home, { recursive: true });
});

test('asks for what is missing, checks it, shows it and creates it', async () => {
  const terminal = openTerminal(['agents', 'create', '--domain', 'sip.local'], {
    home,
    endpoint: daemon.address,
  });
  await terminal.sees('name');
  terminal.enter('John Doe');
  await terminal.sees('user part');
  terminal.enter('10 01');
  await terminal.sees('expected text without spaces');
  terminal.types('\u0015');
  terminal.enter('1001');
  await terminal.sees('Create it?');
  terminal.enter();
  await terminal.sees('Created agent 1001@sip.local');
  expect(await terminal.ended).toBe(0);
  const { stdout } = await ctl(['agents', 'get', '1001@sip.local', '-o', 'json']);
  expect(JSON.parse(stdout)).toMatchObject({ name: 'John Doe', username: '1001', domainRef: 'domain-01' });
}, 60_000);

test('Ctrl-C creates nothing and exits with 130', async () => {
  const terminal = openTerminal(['agents', 'create', '--username', '1002'], {
    home,
    endpoint: daemon.address,
  });
  await terminal.sees('name');
  terminal.types('\u0003');
  expect(await terminal.ended).toBe(130);
  const { stdout } = await ctl(['agents', 'list', '--filter', 'username=1002', '-o', 'json']);
  expect(JSON.parse(stdout)).toEqual([]);
}, 60_000);

test('delete asks, and takes no for an answer', async () => {
  const terminal = openTerminal(['domains', 'delete', 'sip.local', '--cascade'], {
    home,
    endpoint: daemon.address,
  });
  await terminal.sees('Would delete domain sip.local');
  await terminal.sees('?');
  terminal.enter('n');
  await terminal.sees('Nothing was deleted.');
  expect(await terminal.ended).toBe(0);
  expect((await ctl(['domains', 'get', 'sip.local', '-o', 'name'])).stdout).toBe('domains/domain-01\n');
}, 60_000);

test('delete says which calls would change before it asks', async () => {
  const number = [
    '--tel-url',
    'tel:+19103434434',
    '--city',
    'Durham',
    '--country',
    'USA',
    '--country-iso-code',
    'US',
  ];
  await ctl(['trunks', 'create', '--ref', 'trunk-01', '--name', 'T', '--inbound-uri', 'trunk.example.com']);
  await ctl([
    ...['numbers', 'create', '--ref', 'number-01', '--name', 'N', '--trunk', 'trunk-01', ...number],
    ...['--aor-link', 'sip:1001@sip.local'],
  ]);
  const terminal = openTerminal(['numbers', 'delete', 'number-01'], { home, endpoint: daemon.address });
  await terminal.sees('Would delete number +19103434434 (number-01)');
  await terminal.sees('2 calls would change:');
  await terminal.sees('1 × from-pstn to an agent → unknown, rejected 403 unknown-parties');
  await terminal.sees('?');
  terminal.enter('n');
  await terminal.sees('Nothing was deleted.');
  expect(await terminal.ended).toBe(0);
}, 60_000);

test('a large file shows how far it is', async () => {
  const numbers = Array.from(
    { length: 60_000 },
    (_, i) =>
      `---\nkind: Number\nref: n${i}\nname: N\ntelUrl: tel:${i}\ncity: Durham\ncountry: USA\ncountryIsoCode: US\n`,
  );
  writeFileSync(join(home, 'numbers.yaml'), numbers.join(''));
  const terminal = openTerminal(['apply', '--file', 'numbers.yaml'], { home, endpoint: daemon.address });
  // How full it is when it first shows depends on the machine: nothing shows for the first 300 ms.
  await terminal.sees('█');
  await terminal.sees('000 resources');
  await terminal.sees('Sent 60,000 resources, waiting for the daemon');
  await terminal.sees('60000 created');
  expect(await terminal.ended).toBe(0);
}, 60_000);

test('a long replay counts its calls, and Ctrl-C takes that away and exits with 130', async () => {
  const rows = Array.from({ length: 1_000_000 }, (_, i) => `${1000 + (i % 100)},1001@sip.local\n`);
  // Packed it is read at once, long before its calls are decided.
  writeFileSync(join(home, 'calls.csv.gz'), gzipSync(`dialled,from\n${rows.join('')}`));
  const terminal = openTerminal(['route', 'replay', 'calls.csv.gz'], { home, endpoint: daemon.address });
  for (let frame = 0; frame < 10; frame++) await terminal.sees(' calls, read ');
  expect(terminal.screen()).toMatch(/Replayed [1-9][\d,]* calls, read \d+ % of calls\.csv\.gz/);
  terminal.types('\u0003');
  expect(await terminal.ended).toBe(130);
  expect(terminal.raw().endsWith('\r\u001b[K')).toBe(true);
}, 60_000);
