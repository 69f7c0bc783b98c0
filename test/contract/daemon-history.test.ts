/** Whole configurations in and out, and every revision shown, undone, or undoing itself, through our own client. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Client, type Written } from '../../src/lib/api/client.js';
import {
  Change_Effect,
  type Operation,
  type WriteOptions,
  WriteOptions_Detail,
} from '../../src/lib/api/generated/v1/ctl.js';
import type { DaemonOptions } from '../../src/lib/daemon/server.js';
import { Connect } from '../support/connect.js';
import { CREATE, DELETE, operation, PUT, TestDaemon, UPDATE } from '../support/daemon.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

let daemon: TestDaemon;
let client: Client;
async function start(options: Partial<DaemonOptions> = {}): Promise<void> {
  daemon = await TestDaemon.start(options);
  const { address } = daemon.daemon;
  client = new Client({ address, source: 'test', loopback: true, plaintext: true }, 10_000);
}
async function stop(): Promise<void> {
  client.close();
  await daemon.stop();
}
beforeEach(() => start());
afterEach(stop);

const domain = (ref: string, uri: string, more: object = {}) =>
  operation(PUT, 'Domain', ref, { name: ref, domainUri: uri, ...more });
const agent = (ref: string, username: string, more: object = {}) =>
  operation(PUT, 'Agent', ref, { name: ref, username, domainRef: 'domain-01', ...more });
const persona = (ref: string) => operation(PUT, 'Persona', ref, { name: ref, instructions: 'Be kind.' });
const route = (ref: string, called: string, more: Partial<Operation> = {}) =>
  operation(PUT, 'SipRoute', ref, { name: ref, called: [called], profileRef: 'main' }, more);
const main = [
  persona('main'),
  operation(PUT, 'Policy', 'main', { name: 'main' }),
  operation(PUT, 'Modality', 'main', { name: 'main', type: 'realtime', provider: 'p' }),
  operation(PUT, 'Profile', 'main', {
    name: 'main',
    personaRef: 'main',
    policyRef: 'main',
    realtimeRef: 'main',
  }),
];
const secret = (password: string) =>
  operation(PUT, 'Credentials', 'digest', {
    name: 'digest',
    username: '1001',
    ...(password && { password }),
  });

const write = (operations: Operation[], options: Partial<WriteOptions> = {}): Promise<Written> =>
  client.write(operations, options);
const effects = ({ changes }: { changes: Written['changes'] }): string[] =>
  changes.map(({ effect, resource }) => `${Change_Effect[effect]} ${resource!.kind}/${resource!.ref}`);
async function gathered<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
/** All that a revision holds, as text. */
const dump = async (revision = 0): Promise<string> =>
  (await gathered(client.export({ revision, reveal: true })))
    .map(({ kind, ref, document, position, label }) => [kind, ref, position, label, document].join(' '))
    .join('\n');
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => Promise.reject(new Error('the call was not refused')),
    (error: unknown) => error as { code: string; message: string; hint: string },
  );

describe('sync', () => {
  test('deletes what no operation names, referrers before what they refer to', async () => {
    await write([domain('domain-01', 'sip.local'), agent('a1', '1'), agent('a2', '2'), persona('p')]);
    const options = { syncKinds: ['Domain', 'Agent'], allowMassDelete: true };
    const files = [domain('domain-02', 'other.example')];
    expect(effects(await write(files, { ...options, dryRun: true }))).toEqual([
      'CREATED Domain/domain-02',
      'DELETED Domain/domain-01',
      'DELETED Agent/a1',
      'DELETED Agent/a2',
    ]);
    expect((await write(files, options)).revision).toBe(2);
    expect(await daemon.all('Domain')).toEqual(['domain-02']);
    expect(await daemon.all('Agent')).toEqual([]);
    expect(await daemon.all('Persona')).toEqual(['p']);
    const [logged] = (await client.history({ revision: 2 })).revisions;
    expect(effects(logged as never)).toEqual([
      'CREATED Domain/domain-02',
      'DELETED Agent/a1',
      'DELETED Agent/a2',
      'DELETED Domain/domain-01',
    ]);
    expect(effects(await write(files, options))).toEqual(['UNCHANGED Domain/domain-02']);
  });

  test('what other kinds refer to stays, unless cascade takes them along', async () => {
    await write([domain('domain-01', 'sip.local'), domain('d2', 'b.example'), agent('a1', '1')]);
    const files = [domain('d2', 'b.example')];
    expect(await refusal(write(files, { syncKinds: ['Domain'] }))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('nothing was written'),
      fields: [{ field: 'domains/domain-01', message: expect.stringContaining('1 resource refers to it') }],
    });
    const gone = await write(files, { syncKinds: ['Domain'], cascade: true });
    expect(effects(gone)).toEqual(['UNCHANGED Domain/d2', 'DELETED Domain/domain-01', 'DELETED Agent/a1']);
  });

  test('more than a third of a kind only when allowed; a single one may always go', async () => {
    const personas = ['a', 'b', 'c', 'd', 'e', 'f'].map(persona);
    await write([...personas, domain('domain-01', 'sip.local')]);
    expect(await refusal(write(personas.slice(3), { syncKinds: ['Persona'] }))).toMatchObject({
      code: 'conflict',
      message: 'nothing was written: this would delete 3 of 6 personas, more than a third',
      hint: expect.stringContaining('--allow-mass-delete'),
    });
    expect((await write(personas.slice(2), { syncKinds: ['Persona'] })).changes).toHaveLength(6);
    expect(effects(await write([], { syncKinds: ['Domain'] }))).toEqual(['DELETED Domain/domain-01']);
    await write([], { syncKinds: ['Persona'], allowMassDelete: true });
    expect(await dump()).toBe('');
  });

  test('a key, a natural key and the catch-all pass from the deleted to the new', async () => {
    await write([...main, route('old', '*'), route('r1', '1')]);
    await write([route('new', '*'), route('r2', '1')], { syncKinds: ['SipRoute'], allowMassDelete: true });
    expect(await daemon.all('SipRoute')).toEqual(['r2', 'new']);
  });
});

describe('history', () => {
  test('revisions with who, why and how much, newest first, page by page', async () => {
    await write([domain('domain-01', 'sip.local'), agent('a1', '1')], { message: 'first' });
    await write([agent('a1', '1', { name: 'Jane' }), agent('a2', '2')]);
    await write([operation(DELETE, 'Agent', 'a1')], { message: 'gone' });
    const { revisions } = await client.history({});
    expect(revisions).toMatchObject([
      { revision: 3, who: 'local', message: 'gone', created: 0, updated: 0, deleted: 1, changes: [] },
      { revision: 2, message: '', created: 1, updated: 1, deleted: 0 },
      { revision: 1, message: 'first', created: 2, updated: 0, deleted: 0 },
    ]);
    expect(Math.abs(revisions[0]!.at - Date.now())).toBeLessThan(60_000);
    const first = await client.history({ pageSize: 2 });
    const second = await client.history({ pageSize: 2, pageToken: first.nextPageToken });
    expect([...first.revisions, ...second.revisions]).toEqual(revisions);
    expect(second.nextPageToken).toBe('');
  });

  test('of one resource, by its key, and by its ref after it was deleted', async () => {
    await write([domain('domain-01', 'sip.local'), agent('a1', '1')]);
    await write([agent('a2', '2')]);
    await write([agent('a1', '1', { name: 'Jane' })]);
    expect((await client.history({ kind: 'Agent', key: '1@sip.local' })).revisions).toMatchObject([
      { revision: 3, changes: [{ fields: [{ path: 'name', before: '"a1"', after: '"Jane"' }] }] },
      { revision: 1, changes: [{ effect: Change_Effect.CREATED }] },
    ]);
    await write([operation(DELETE, 'Agent', 'a1')]);
    const { revisions } = await client.history({ kind: 'Agent', key: 'a1' });
    expect(revisions.map(({ revision }) => revision)).toEqual([4, 3, 1]);
    expect(await refusal(client.history({ kind: 'Agent', key: 'a9' }))).toMatchObject({ code: 'not-found' });
  });

  test('one revision, with its places and labels as they were', async () => {
    await write([...main, route('r1', '1'), route('r2', '2')]);
    await write([operation(UPDATE, 'SipRoute', 'r2', undefined, { before: 'r1' })]);
    await write([operation(DELETE, 'SipRoute', 'r1'), operation(DELETE, 'SipRoute', 'r2')]);
    const moved = { effect: Change_Effect.UPDATED, fields: [{ path: 'position', before: '2', after: '1' }] };
    expect((await client.history({ revision: 2 })).revisions).toMatchObject([{ changes: [moved] }]);
    const { revisions } = await client.history({ kind: 'SipRoute', key: 'r2' });
    expect(revisions.map(({ changes }) => changes[0]!)).toMatchObject([{}, moved, {}]);
    expect(await refusal(client.history({ revision: 9 }))).toMatchObject({
      code: 'not-found',
      message: 'there is no revision 9: the newest is 3',
    });
  });

  test('a large revision, page by page; never a secret', async () => {
    await write([secret('hunter2'), ...Array.from({ length: 2500 }, (_, i) => persona(`p${i}`))]);
    const refs: string[] = [];
    for (let pageToken: string | undefined; pageToken !== '';) {
      const page = await client.history({ revision: 1, pageToken: pageToken ?? '' });
      expect(JSON.stringify(page)).not.toContain('hunter2');
      refs.push(...page.revisions[0]!.changes.map(({ resource }) => resource!.ref));
      pageToken = page.nextPageToken;
    }
    expect(new Set(refs).size).toBe(2501);
    expect(await refusal(client.history({ revision: 1, pageToken: 'x' }))).toMatchObject({ code: 'usage' });
    expect(await refusal(client.history({ pageToken: 'x' }))).toMatchObject({ code: 'usage' });
  });
});

describe('diff', () => {
  test('from one revision to another, either way, or to now', async () => {
    await write([domain('domain-01', 'sip.local'), agent('a1', '1'), secret('old')]);
    await write([agent('a1', '1', { name: 'Jane' }), agent('a2', '2'), secret('new')]);
    await write([operation(DELETE, 'Agent', 'a1'), agent('a2', '2', { name: 'x' })]);
    await write([agent('a2', '2')]);
    const diff = async (from: number, to: number) =>
      effects({ changes: await gathered(client.diff(from, to)) });
    expect(await diff(1, 2)).toEqual(['UPDATED Credentials/digest', 'UPDATED Agent/a1', 'CREATED Agent/a2']);
    expect(await diff(2, 1)).toEqual(['UPDATED Credentials/digest', 'UPDATED Agent/a1', 'DELETED Agent/a2']);
    expect(await diff(2, 0)).toEqual(['DELETED Agent/a1']);
    expect(await diff(4, 0)).toEqual([]);
    expect((await diff(0, 0)).length).toBe(3);
    const [changed] = await gathered(client.diff(1, 2));
    expect(changed!.fields).toEqual([{ path: 'password', before: '"********"', after: '"********"' }]);
    expect(await refusal(gathered(client.diff(1, 9)))).toMatchObject({ code: 'not-found' });
  });
});

describe('export', () => {
  test('by kind, then declared order or ref; all, kinds, or single resources; secrets when revealed', async () => {
    await write([...main, route('r2', '2'), route('r1', '1'), route('all', '*')]);
    await write([domain('d2', 'b.example'), domain('domain-01', 'sip.local'), agent('a1', '1'), secret('x')]);
    const names = async (request: Parameters<Client['export']>[0]) =>
      (await gathered(client.export(request))).map(({ kind, ref }) => `${kind}/${ref}`);
    expect(await names({})).toEqual([
      'Credentials/digest',
      ...['Domain/d2', 'Domain/domain-01', 'Agent/a1'],
      ...['Modality/main', 'Persona/main', 'Policy/main', 'Profile/main'],
      ...['SipRoute/r2', 'SipRoute/r1', 'SipRoute/all'],
    ]);
    const keys = [
      { kind: 'Agent', key: '1@sip.local' },
      { kind: 'Domain', key: 'd2' },
    ];
    expect(await names({ kinds: ['Domain'], keys })).toEqual(['Domain/d2', 'Domain/domain-01', 'Agent/a1']);
    expect(await dump()).toContain('"password":"x"');
    const [hidden] = await gathered(client.export({ kinds: ['Credentials'] }));
    expect(hidden!.document).not.toContain('password');
    expect(await refusal(gathered(client.export({ kinds: ['Nothing'] })))).toMatchObject({ code: 'usage' });
    expect(await refusal(gathered(client.export({ revision: 9 })))).toMatchObject({ code: 'not-found' });
  });

  test('comes back as unchanged, and an earlier revision as it was', async () => {
    await write([
      ...main,
      route('r2', '2'),
      route('r1', '1'),
      domain('domain-01', 'sip.local'),
      agent('a1', '1'),
    ]);
    const then = await dump();
    const puts = (await gathered(client.export({ reveal: true }))).map(({ kind, ref, document }) =>
      operation(PUT, kind, ref, JSON.parse(document)),
    );
    expect(new Set((await write(puts)).changes.map(({ effect }) => effect))).toEqual(
      new Set([Change_Effect.UNCHANGED]),
    );
    await write([
      operation(UPDATE, 'SipRoute', 'r1', { name: 'x' }, { before: 'r2' }),
      domain('domain-01', 'sip.local', { name: 'x' }),
    ]);
    await write([operation(DELETE, 'Agent', 'a1')]);
    expect(await dump(1)).toBe(then);
    expect(await dump()).not.toBe(then);
  });
});

describe('rollback', () => {
  test('restores everything exactly, as a new revision, and shows it first', async () => {
    await write([
      ...main,
      route('r1', '1'),
      route('r2', '2'),
      secret('old'),
      domain('domain-01', 'sip.local'),
    ]);
    const then = await dump();
    await write([
      operation(UPDATE, 'SipRoute', 'r2', { extended: { a: 1 } }, { before: 'r1' }),
      secret('new'),
      operation(DELETE, 'Domain', 'domain-01'),
      domain('domain-02', 'sip.local'),
    ]);
    const plan = await write([], { rollbackTo: 1, dryRun: true });
    expect(effects(plan)).toEqual([
      'UPDATED Credentials/digest',
      'CREATED Domain/domain-01',
      'UPDATED SipRoute/r2',
      'DELETED Domain/domain-02',
    ]);
    expect(await write([], { rollbackTo: 1, message: 'back' })).toMatchObject({ revision: 3 });
    expect(await dump()).toBe(then);
    expect((await client.history({})).revisions[0]).toMatchObject({ revision: 3, message: 'back' });
    expect(await write([], { rollbackTo: 1 })).toEqual({
      changes: [],
      ...{ revision: 3, created: 0, updated: 0, deleted: 0, unchanged: 0 },
    });
    expect(await write([], { rollbackTo: 2 })).toMatchObject({ revision: 4 });
    expect(await dump()).toBe(await dump(2));
  });

  test('creation order too: it decides between peers of one group', async () => {
    const peer = (ref: string) =>
      operation(PUT, 'Peer', ref, { name: ref, username: ref, aor: 'sip:group@x' });
    await write([peer('p1')]);
    await write([peer('p2')]);
    await write([operation(DELETE, 'Peer', 'p1')]);
    await write([peer('p1')]);
    expect(await daemon.all('Peer')).toEqual(['p1', 'p2']);
    await write([], { rollbackTo: 2 });
    expect(await daemon.all('Peer')).toEqual(['p2', 'p1']);
  });

  test('before the first revision there was nothing', async () => {
    await write([domain('domain-01', 'sip.local'), agent('a1', '1')]);
    const then = await dump();
    expect(effects(await write([], { rollbackTo: 0 }))).toEqual([
      'DELETED Agent/a1',
      'DELETED Domain/domain-01',
    ]);
    expect(await dump()).toBe('');
    await write([], { rollbackTo: 1 });
    expect(await dump()).toBe(then);
  });

  test('not beside operations, nor to what is not there', async () => {
    await write([persona('a')]);
    expect(await refusal(write([persona('b')], { rollbackTo: 0 }))).toMatchObject({ code: 'usage' });
    expect(await refusal(write([persona('b')], { rollbackTo: 1 }))).toMatchObject({ code: 'usage' });
    expect(await refusal(write([], { rollbackTo: 7 }))).toMatchObject({ code: 'not-found' });
  });
});

describe('a trimmed history', () => {
  test('keeps the newest; the rest can be neither shown nor restored', async () => {
    await stop();
    await start({ keep: 2 });
    for (const ref of ['a', 'b', 'c', 'd']) await write([persona(ref)]);
    expect((await client.history({})).revisions.map(({ revision }) => revision)).toEqual([4, 3]);
    const gone = {
      code: 'not-found',
      message: 'revision 2 cannot be restored any more: the oldest that is kept is 3',
    };
    expect(await refusal(write([], { rollbackTo: 2 }))).toMatchObject(gone);
    expect(await refusal(gathered(client.export({ revision: 2 })))).toMatchObject(gone);
    expect(await refusal(client.history({ revision: 2 }))).toMatchObject(gone);
    expect((await write([], { rollbackTo: 3 })).revision).toBe(5);
    await expect(TestDaemon.start({ keep: 0 })).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('commit-confirmed', () => {
  const within = { confirmWithinMs: 60_000, message: 'risky' };

  test('shows in status, refuses all other writes, and stays once confirmed', async () => {
    await write([persona('a')]);
    await write([persona('b')], within);
    const { pending } = await client.status();
    expect(pending).toMatchObject({ revision: 2, previous: 1, who: 'local', message: 'risky' });
    expect(Math.abs(pending!.deadline - Date.now() - 60_000)).toBeLessThan(5000);
    const refused = {
      code: 'conflict',
      message: expect.stringMatching(/^revision 2, by local \(risky\), waits for confirmation until \d{4}-/),
      hint: 'keep it with "ctl confirm", or take it back now with "ctl rollback 1"',
    };
    expect(await refusal(write([persona('c')]))).toMatchObject(refused);
    const connect = new Connect(daemon.daemon.address);
    await expect(connect.acls.create({ name: 'x', allow: ['10.0.0.0/8'] })).rejects.toMatchObject({
      code: 9,
    });
    connect.close();
    expect(effects(await write([persona('c')], { dryRun: true }))).toEqual(['CREATED Persona/c']);
    expect(await client.confirm()).toBe(2);
    expect((await client.status()).pending).toBeUndefined();
    expect((await write([persona('c')])).revision).toBe(3);
    expect(await refusal(client.confirm())).toMatchObject({
      code: 'conflict',
      message: 'no change waits for confirmation',
    });
  });

  test('is taken back at the deadline, by the daemon itself', async () => {
    await write([persona('a')]);
    const then = await dump();
    await write([persona('b'), operation(UPDATE, 'Persona', 'a', { name: 'x' })], { confirmWithinMs: 150 });
    while ((await client.status()).pending) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await dump()).toBe(then);
    expect((await client.history({ pageSize: 1 })).revisions).toMatchObject([
      { revision: 3, who: 'ctl serve', message: expect.stringContaining('revision 2 was not confirmed by') },
    ]);
    expect(await refusal(client.confirm())).toMatchObject({ code: 'conflict' });
  });

  test('a rollback to the revision before takes it back at once', async () => {
    await write([persona('a')]);
    await write([persona('b')]);
    await write([persona('c')], within);
    expect(await refusal(write([], { rollbackTo: 1 }))).toMatchObject({ code: 'conflict' });
    expect((await write([], { rollbackTo: 2 })).revision).toBe(4);
    expect((await client.status()).pending).toBeUndefined();
  });

  test('of a first write that is revision 0, as the refusal says', async () => {
    await write([persona('a')], within);
    expect(await refusal(write([persona('b')]))).toMatchObject({
      hint: 'keep it with "ctl confirm", or take it back now with "ctl rollback 0"',
    });
    expect((await write([], { rollbackTo: 0 })).revision).toBe(2);
    expect((await client.status()).pending).toBeUndefined();
    expect(await dump()).toBe('');
  });

  test('nothing waits when nothing changes; a time that cannot be is refused', async () => {
    await write([persona('a')]);
    await write([persona('a')], within);
    await write([persona('b')], { ...within, dryRun: true });
    expect((await client.status()).pending).toBeUndefined();
    for (const confirmWithinMs of [-1, 40 * 24 * 60 * 60 * 1000])
      expect(await refusal(write([persona('b')], { confirmWithinMs }))).toMatchObject({ code: 'usage' });
  });

  test('outlives a restart: the time goes on, or is over when it starts', async () => {
    const dataDir = join(mkdtempSync(join(tmpdir(), 'ctl-confirm-')), 'data');
    const restart = async () => {
      await stop();
      await new Promise((resolve) => setImmediate(resolve));
      collect();
      await new Promise((resolve) => setImmediate(resolve));
      await start({ dataDir, keep: 1 });
    };
    await restart();
    await write([persona('a')]);
    await write([persona('b')], { confirmWithinMs: 60_000 });
    await restart();
    expect((await client.status()).pending).toMatchObject({ revision: 2, previous: 1 });
    expect(await client.confirm()).toBe(2);
    await write([persona('c')], { confirmWithinMs: 1500 });
    await restart();
    expect((await client.status()).pending).toMatchObject({ revision: 3 });
    await stop();
    await new Promise((resolve) => setTimeout(resolve, 1600));
    await start({ dataDir: undefined });
    await restart();
    expect((await client.status()).pending).toBeUndefined();
    expect(daemon.daemon.revision).toBe(4);
    expect(await daemon.all('Persona')).toEqual(['b', 'a']);
    rmSync(dataDir, { recursive: true });
  });
});

describe('a stale revision', () => {
  test('is refused, and says what has changed since', async () => {
    await write([persona('a')]);
    await write([persona('b')], { message: 'why not' });
    await write([persona('c'), persona('d')]);
    expect(await refusal(write([persona('e')], { expectedRevision: 1 }))).toMatchObject({
      code: 'conflict',
      message:
        'the configuration is at revision 3, not 1; since then: revision 3 by local, revision 2 by local (why not); changed: personas/b, personas/c, personas/d',
    });
    expect(await refusal(write([persona('e')], { expectedRevision: 9 }))).toMatchObject({ code: 'conflict' });
    expect((await write([persona('e')], { expectedRevision: 3 })).revision).toBe(4);
  });
});

test('what streams back can be cut to what changes, or to how much that is', async () => {
  await write([domain('domain-01', 'sip.local'), agent('a1', '1'), persona('p1')]);
  const again = [
    domain('domain-01', 'sip.local'),
    agent('a1', '1', { name: 'Jane' }),
    persona('p2'),
    operation(DELETE, 'Persona', 'p1'),
  ];
  const ofDetail = (detail: WriteOptions_Detail) => write(again, { dryRun: true, detail });
  const counts = { revision: 1, created: 1, updated: 1, deleted: 1, unchanged: 1 };
  const full = await ofDetail(WriteOptions_Detail.FULL);
  expect(full).toMatchObject(counts);
  expect(effects(full)).toContain('UNCHANGED Domain/domain-01');
  const changed = await ofDetail(WriteOptions_Detail.CHANGED);
  expect(changed).toMatchObject(counts);
  expect(effects(changed)).toEqual(effects(full).filter((effect) => !effect.startsWith('UNCHANGED')));
  expect(changed.changes[0]).toMatchObject({
    resource: { label: '1@sip.local', links: [{ ref: 'domain-01' }] },
    fields: [{ path: 'name' }],
  });
  expect(await ofDetail(WriteOptions_Detail.COUNTS)).toEqual({ ...counts, changes: [] });
});

test('a write of many batches is one, and one that fails midway leaves nothing', async () => {
  const many = async function* (fail: boolean) {
    for (let i = 0; i < 5; i++) {
      if (fail && i === 3) throw new Error('the file ends');
      yield Array.from({ length: 100 }, (_, j) =>
        operation(CREATE, 'Persona', `p${i}-${j}`, { name: `p${i}-${j}`, instructions: 'x' }),
      );
    }
  };
  await expect(client.write(many(true), {})).rejects.toThrow('the file ends');
  expect(await dump()).toBe('');
  const { changes, revision } = await client.write(many(false), {});
  expect(changes).toHaveLength(500);
  expect(revision).toBe(1);
});
