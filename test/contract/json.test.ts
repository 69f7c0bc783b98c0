/** With `-o json` stdout holds one JSON value and nothing else, for every command; and the examples of help work. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { hasToggle } from '../../src/lib/kinds/kind.js';
import { kinds } from '../../src/lib/kinds/index.js';
import { runBin } from '../support/bin.js';
import { ROOT } from '../support/environment.js';
import { spawnDaemon } from '../support/spawned-daemon.js';

interface ManifestCommand {
  readonly id: string;
  readonly flags: Readonly<Record<string, unknown>>;
  readonly examples: readonly { readonly command: string }[];
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'oclif.manifest.json'), 'utf8')) as {
  commands: Record<string, ManifestCommand>;
};
const commands = Object.values(manifest.commands);
const printing = commands.filter(({ flags }) => 'output' in flags).map(({ id }) => id);
const tried = new Set<string>();
const home = mkdtempSync(join(tmpdir(), 'ctl-'));
let daemon: Awaited<ReturnType<typeof spawnDaemon>>;

beforeAll(async () => {
  const pem = { type: 'pkcs8', format: 'pem' } as const;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(join(home, 'private.pem'), privateKey.export(pem));
  writeFileSync(join(home, 'password.txt'), 'a secret');
  writeFileSync(join(home, 'file.yaml'), 'kind: Persona\nref: filed\nname: filed\ninstructions: Be kind.\n');
  writeFileSync(join(home, 'cdr.csv'), 'dialled\n1000\n');
  daemon = await spawnDaemon(['--ephemeral'], { home });
});
afterAll(async () => {
  await daemon.stop();
  rmSync(home, { recursive: true });
});

/** Runs a command with `-o json`; what it prints, parsed. */
async function json(id: string, args: readonly string[], code = 0): Promise<unknown> {
  tried.add(id);
  const all = [...id.split(':'), ...args, '-o', 'json'];
  const ended = await runBin(all, { home, endpoint: daemon.address });
  if (ended.code !== code) throw new Error(`ctl ${all.join(' ')} ended with ${ended.code}: ${ended.stderr}`);
  return JSON.parse(ended.stdout);
}

/** The words of an example behind the names of its command, as a shell would read them. */
const wordsOf = (command: string): string[] =>
  [...command.replace(/^<%.*?%> \S+ \S+ /, '').matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, bare]) => quoted ?? bare!,
  );

test.each(kinds)(
  '$topic',
  async (kind) => {
    const { topic, example } = kind;
    const create = manifest.commands[`${topic}:create`]!.examples[0]!.command;
    const created = await json(`${topic}:create`, wordsOf(create));
    expect(created).toMatchObject({ kind: kind.name, ref: example.ref });
    expect(await json(`${topic}:list`, [])).toMatchObject([{ kind: kind.name }]);
    expect(await json(`${topic}:get`, [example.ref])).toEqual(created);
    expect(await json(`${topic}:update`, [example.ref, '--name', 'renamed'])).toMatchObject({
      name: 'renamed',
    });
    await json(`${topic}:update`, [example.ref, '--name', String(example['name'])]);
    if (!hasToggle(kind)) return;
    expect(await json(`${topic}:disable`, [example.ref])).toMatchObject([{ enabled: false }]);
    expect(await json(`${topic}:enable`, [example.ref])).toMatchObject([{ enabled: true }]);
  },
  60_000,
);

test('calls, tokens, daemon and configuration', async () => {
  expect(await json('status', [])).toMatchObject({ address: daemon.address });
  expect(await json('version', [])).toMatchObject({ client: expect.any(String), server: expect.any(String) });
  expect(await json('route:simulate', ['1000'])).toMatchObject({ verdict: 'profile' });
  expect(await json('route:simulate', ['4000'], 1)).toMatchObject({ verdict: 'reject' });
  writeFileSync(
    join(home, 'cases.yaml'),
    '{ name: x, call: { dialled: "1000" }, expect: { profile: main } }',
  );
  expect(await json('route:test', ['cases.yaml'])).toMatchObject({ passed: 1, failed: 0 });
  expect(await json('route:lint', ['--config', 'file.yaml'])).toMatchObject([{ code: 'unused' }]);
  expect(await json('route:diff', ['live', 'file.yaml'])).toMatchObject({ schema: 'ctl.impact/v1' });
  expect(await json('route:replay', ['cdr.csv'])).toMatchObject([{ change: 'untold', calls: 1 }]);
  expect(await json('route:diff', ['live', 'live'])).toMatchObject({ schema: 'ctl.impact/v1', groups: [] });
  expect(await json('route:why', ['1000', '--expect', 'profile=main'])).toMatchObject({ met: true });
  expect(await json('route:uses', ['profiles', 'main'])).toMatchObject({ kind: 'Profile', ref: 'main' });
  writeFileSync(
    join(home, 'invariants.yaml'),
    '{ name: x, from: outside, dialled: "1000", must: { profile: main } }',
  );
  expect(await json('route:assert', ['invariants.yaml'])).toMatchObject([{ status: 'proved' }]);
  const key = ['--signing-key', 'private.pem'];
  const token = await json('connect-tokens:create', ['--agent', 'agent-01', '--peer', 'peer-01', ...key]);
  expect(await json('connect-tokens:inspect', [(token as { token: string }).token])).toMatchObject({
    state: 'unverified',
  });
  expect(await json('validate', ['-f', 'file.yaml'])).toMatchObject({ valid: true });
  expect(await json('diff', ['-f', 'file.yaml'])).toMatchObject({ created: 1 });
  expect(await json('apply', ['-f', 'file.yaml', '--confirm-within', '10m'])).toMatchObject({ created: 1 });
  expect(await json('confirm', [])).toEqual({ revision: expect.any(Number) });
  expect(await json('sync', ['-f', 'file.yaml', '--dry-run', '--cascade'])).toMatchObject({ unchanged: 1 });
  const [latest] = (await json('history', ['--limit', '1'])) as { revision: number }[];
  expect(await json('history:show', [String(latest!.revision)])).toMatchObject({ created: 1 });
  expect(await json('rollback', [String(latest!.revision - 1), '--yes'])).toMatchObject({ deleted: 1 });
}, 60_000);

test('delete, last', async () => {
  for (const { topic, example } of kinds.toReversed())
    expect(await json(`${topic}:delete`, [example.ref, '--yes'])).toMatchObject([{ ref: example.ref }]);
}, 60_000);

test('no command was left out', () => {
  expect(printing.filter((id) => !tried.has(id))).toEqual([]);
});

test('an error is JSON on stderr, and stdout stays empty', async () => {
  const ended = await runBin(['agents', 'get', 'nobody', '-o', 'json'], { home, endpoint: daemon.address });
  expect(ended).toMatchObject({ code: 3, stdout: '' });
  expect(JSON.parse(ended.stderr)).toMatchObject({ code: 'not-found' });
});
