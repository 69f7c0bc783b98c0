import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import Database from 'libsql';
import type { Change } from '../../src/lib/config/operation.js';
import { Catalog } from '../../src/lib/kinds/catalog.js';
import type { KindName, Resource } from '../../src/lib/kinds/kind.js';
import { SqliteStore } from '../../src/lib/store/sqlite.js';
import type { ListQuery, Store } from '../../src/lib/store/store.js';
import {
  acl,
  agent,
  contents,
  create,
  credentials,
  domain,
  number,
  planOf,
  profile,
  remove,
  route,
  trunk,
  update,
} from '../support/plan.js';
import { cases, fc } from '../support/property.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** A store with the catalog that it should hold. */
class Held {
  catalog = Catalog.empty;

  constructor(readonly store: Store) {}

  async write(...operations: Parameters<typeof planOf>[1]): Promise<readonly Change[]> {
    const { changes, deltas, catalog } = planOf(this.catalog, operations);
    if (deltas.length === 0) return changes;
    await this.store.commit({ revision: catalog.revision, at: 1, who: 'tester', message: 'why', deltas });
    this.catalog = catalog;
    return changes;
  }

  /** Refs of all pages. */
  async refs(query: ListQuery): Promise<string[]> {
    return (await allOf(this.store, query)).map(({ ref }) => ref);
  }
}

async function allOf(store: Store, query: ListQuery): Promise<Resource[]> {
  const items: Resource[] = [];
  let pageToken = '';
  do {
    const page = await store.list({ ...query, pageToken });
    items.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return items;
}

const folders: string[] = [];
const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'ctl-store-'));
  folders.push(path);
  return path;
};
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

/** Closes a store so that its lock goes: live statements would keep it. */
async function close(store: Store): Promise<void> {
  await store.close();
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  await new Promise((resolve) => setImmediate(resolve));
}

const world = [
  acl('acl-01'),
  credentials('credentials-01', 'geheim'),
  trunk('trunk-01', { uris: [{ host: 'a.example' }, { host: 'B.example', port: 5080 }] }),
  number('number-01', '+1', { trunkRef: 'trunk-01', aorLink: 'sip:1001@sip.local' }),
  number('number-02', '+2'),
  domain('domain-01', 'sip.local', { egressPolicies: [{ rule: '^1', numberRef: 'number-01' }] }),
  agent('agent-01', '1001', 'sip.local', { enabled: false, maxContacts: 3 }),
  agent('agent-02', '1002', 'sip.local', {
    credentialsRef: 'credentials-01',
    extended: { note: 'Überfall' },
  }),
  ...profile('main'),
  route('r1', '1000'),
  route('r2', '*'),
  route('r3', '3000', { before: 'r1' }),
];

describe('on disk', () => {
  test('what was committed is there again, the change log too', async () => {
    const path = folder();
    const held = new Held(await SqliteStore.open(path));
    await held.write(...world);
    await held.write(update('Number', 'number-02', { telUrl: 'tel:+3' }), remove('Agent', 'agent-01'));
    const { seq } = held.catalog.get('SipRoute', 'r3')!;
    await close(held.store);
    const store = await SqliteStore.open(path);
    const { revision, lastSeq, resources } = await store.load();
    expect(revision).toBe(2);
    expect(lastSeq).toBeGreaterThanOrEqual(seq);
    const loaded = Catalog.empty.apply(
      resources.map((after) => ({ after })),
      revision,
    );
    expect(contents(loaded)).toEqual(contents(held.catalog));
    await close(store);
    const db = new Database(join(path, 'ctl.db'));
    const log = db
      .prepare(
        'select change.*, who, message from change join revision using (revision) where revision = 2 order by seq',
      )
      .all() as Record<string, string>[];
    expect(log).toMatchObject([
      { revision: 2, seq: 0, who: 'tester', message: 'why', kind: 'Number', ref: 'number-02' },
      { revision: 2, seq: 1, kind: 'Agent', ref: 'agent-01', after: null },
    ]);
    expect(JSON.parse(log[0]!['before']!)).toMatchObject({ doc: { telUrl: 'tel:+2' } });
    expect(JSON.parse(log[0]!['after']!)).toMatchObject({ doc: { telUrl: 'tel:+3' } });
    db.close();
  });

  test('the last creation number is never given again, even when its resource is gone', async () => {
    const path = folder();
    const held = new Held(await SqliteStore.open(path));
    await held.write(acl('a'), acl('b'));
    const { seq } = held.catalog.get('AccessControlList', 'b')!;
    await held.write(remove('AccessControlList', 'b'));
    await close(held.store);
    const store = await SqliteStore.open(path);
    expect((await store.load()).lastSeq).toBe(seq);
    await close(store);
  });

  test('only its owner may read it', async () => {
    const path = join(folder(), 'deep', 'down');
    const held = new Held(await SqliteStore.open(path));
    await held.write(acl('a'));
    expect(statSync(path).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(path)) expect(statSync(join(path, file)).mode & 0o777).toBe(0o600);
    await close(held.store);
    expect(readdirSync(path)).toContain('ctl.db');
  });

  test('one daemon at a time', async () => {
    const path = folder();
    const store = await SqliteStore.open(path);
    await expect(SqliteStore.open(path)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('another daemon'),
    });
    await close(store);
    await close(await SqliteStore.open(path));
  });

  test('a file that is no store, one of another program, one of a newer ctl', async () => {
    const garbage = folder();
    writeFileSync(
      join(garbage, 'ctl.db'),
      'this is not a database, but it is long enough to look at'.repeat(50),
    );
    await expect(SqliteStore.open(garbage)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('no store of ctl'),
    });
    const other = folder();
    const db = new Database(join(other, 'ctl.db'));
    db.exec('create table theirs (a)');
    db.close();
    await expect(SqliteStore.open(other)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('another program'),
    });
    const newer = folder();
    await close(await SqliteStore.open(newer));
    const future = new Database(join(newer, 'ctl.db'));
    future.exec('pragma user_version = 99');
    future.close();
    await expect(SqliteStore.open(newer)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('version 99'),
    });
  });

  test('a folder that cannot be one', async () => {
    const path = join(folder(), 'file');
    writeFileSync(path, '');
    await expect(SqliteStore.open(join(path, 'sub'))).rejects.toMatchObject({
      code: 'permission',
      message: expect.stringContaining(path),
    });
  });
});

describe('commit', () => {
  test('all or nothing', async () => {
    const held = new Held(await SqliteStore.open());
    await held.write(...world);
    const resource = held.catalog.get('Number', 'number-01')!;
    const dangling = { ...resource, doc: { ...resource.doc, name: 'changed', trunkRef: 'nothing' } };
    const deltas = [
      { before: held.catalog.get('Agent', 'agent-01')! },
      { before: resource, after: dangling },
    ];
    const commit = { revision: 2, at: 1, who: 'x', message: '', deltas };
    await expect(held.store.commit(commit)).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_FOREIGNKEY' });
    await expect(held.store.commit({ ...commit, revision: 9, deltas: [] })).rejects.toThrow(
      'not at revision 8',
    );
    const { revision, resources } = await held.store.load();
    expect(revision).toBe(1);
    expect(resources).toHaveLength(world.length);
    await held.write(update('Number', 'number-01', { name: 'changed' }));
    await held.store.close();
  });

  test('keys of several fields stand apart', async () => {
    const held = new Held(await SqliteStore.open());
    await held.write(
      domain('d1', 'a.example'),
      domain('d2', 'b.example'),
      agent('a1', '1001', 'd1'),
      agent('a2', '1001', 'd2'),
    );
    const twin = { ...held.catalog.get('Agent', 'a2')!, ref: 'twin', seq: 999 };
    await expect(
      held.store.commit({ revision: 2, at: 1, who: 'x', message: '', deltas: [{ after: twin }] }),
    ).rejects.toMatchObject({ code: expect.stringContaining('SQLITE_CONSTRAINT') });
    await held.store.close();
  });

  test('the database too refuses two of one key, and lets keys be swapped', async () => {
    const held = new Held(await SqliteStore.open());
    await held.write(number('a', '+1'), number('b', '+2'));
    await held.write(
      update('Number', 'a', { telUrl: 'tel:+2' }),
      update('Number', 'b', { telUrl: 'tel:+1' }),
    );
    const a = held.catalog.get('Number', 'a')!;
    const twin = { ...a, ref: 'twin', seq: 999 };
    await expect(
      held.store.commit({ revision: 3, at: 1, who: 'x', message: '', deltas: [{ after: twin }] }),
    ).rejects.toMatchObject({ code: expect.stringContaining('SQLITE_CONSTRAINT') });
    await held.store.close();
  });
});

describe('list', () => {
  const held: { current?: Held } = {};
  beforeAll(async () => {
    held.current = new Held(await SqliteStore.open());
    await held.current.write(...world);
  });
  afterAll(() => held.current!.store.close());
  const refs = (kind: KindName, query: Partial<ListQuery> = {}) => held.current!.refs({ kind, ...query });
  const by = (kind: KindName, field: string, value: string) => refs(kind, { filters: [{ field, value }] });

  test('newest first, or in declared order', async () => {
    expect(await refs('Number')).toEqual(['number-02', 'number-01']);
    expect(await refs('SipRoute', { pageSize: 1 })).toEqual(['r3', 'r1', 'r2']);
  });

  test('resources are what was committed', async () => {
    expect((await held.current!.store.list({ kind: 'SipRoute' })).items[0]).toEqual(
      held.current!.catalog.get('SipRoute', 'r3'),
    );
  });

  test('filters', async () => {
    expect(await by('Agent', 'ref', 'agent-01')).toEqual(['agent-01']);
    expect(await by('Agent', 'name', 'agent-01')).toEqual(['agent-01']);
    expect(await by('Agent', 'enabled', 'false')).toEqual(['agent-01']);
    expect(await by('Agent', 'maxContacts', '3')).toEqual(['agent-01']);
    expect(await by('Agent', 'maxContacts', '-1')).toEqual(['agent-02']);
    expect(await by('Agent', 'domainRef', 'domain-01')).toEqual(['agent-02', 'agent-01']);
    expect(await by('Agent', 'credentialsRef', '')).toEqual(['agent-01']);
    expect(await by('Number', 'telUrl', '+1')).toEqual(['number-01']);
    expect(await by('Domain', 'domainUri', 'SIP.LOCAL')).toEqual(['domain-01']);
    expect(await by('SipRoute', 'called', '1000')).toEqual(['r1']);
    expect(await by('Trunk', 'uris.host', 'b.EXAMPLE')).toEqual(['trunk-01']);
    expect(await by('Trunk', 'uris.port', '5080')).toEqual(['trunk-01']);
    expect(await by('AccessControlList', 'deny', '')).toEqual(['acl-01']);
    expect(await by('Agent', 'username', "1001' or 1=1 --")).toEqual([]);
    expect(
      await refs('Agent', {
        filters: [
          { field: 'username', value: '1001' },
          { field: 'enabled', value: 'true' },
        ],
      }),
    ).toEqual([]);
    expect(await refs('Agent', { refs: ['agent-02', 'nobody'] })).toEqual(['agent-02']);
  });

  test.each([
    ['Credentials', 'password', 'geheim'],
    ['Agent', 'usrname', 'x'],
    ['Agent', 'enabled', 'yes'],
    ['Agent', 'expires', '1.5'],
    ['Agent', 'privacy', 'private'],
    ['Agent', 'extended', 'x'],
    ['Agent', 'extended.note', 'x'],
    ['Agent', "name') or (1=1", 'x'],
    ['Trunk', 'uris', 'x'],
    ['Trunk', 'uris.hosts', 'x'],
    ['Agent', 'constructor', 'x'],
  ] as const)('no filter %s %s=%s', async (kind, field, value) => {
    await expect(by(kind, field, value)).rejects.toMatchObject({ code: 'usage', fields: [{ field }] });
  });

  test('sorted by a field, either way', async () => {
    expect(await refs('Number', { sort: 'telUrl', pageSize: 1 })).toEqual(['number-01', 'number-02']);
    expect(await refs('Number', { sort: '-telUrl', pageSize: 1 })).toEqual(['number-02', 'number-01']);
    expect(await refs('Number', { sort: 'aorLink', pageSize: 1 })).toEqual(['number-02', 'number-01']);
    expect(await refs('Agent', { sort: '-maxContacts', pageSize: 1 })).toEqual(['agent-01', 'agent-02']);
    expect(await refs('Agent', { sort: 'enabled', pageSize: 1 })).toEqual(['agent-01', 'agent-02']);
    expect(await refs('Agent', { sort: 'ref' })).toEqual(['agent-01', 'agent-02']);
    for (const sort of ['password', 'called', 'nope', '-', 'name;drop'])
      await expect(refs(sort === 'called' ? 'SipRoute' : 'Credentials', { sort })).rejects.toMatchObject({
        code: 'usage',
      });
  });

  test('search: refs and fields, any case, never secrets', async () => {
    expect(await refs('Agent', { search: 'AGENT-0' })).toEqual(['agent-02', 'agent-01']);
    expect(await refs('Agent', { search: 'ÜBER' })).toEqual(['agent-02']);
    expect(await refs('Agent', { search: 'username' })).toEqual([]);
    expect(await refs('Trunk', { search: 'B.exa' })).toEqual(['trunk-01']);
    expect(await refs('Credentials', { search: 'geheim' })).toEqual([]);
    expect(await refs('Credentials', { search: 'CREDENTIALS' })).toEqual(['credentials-01']);
    expect(await refs('Agent', { search: '"' })).toEqual([]);
    expect(await refs('Number', { search: '%' })).toEqual([]);
  });

  test('a token of another query, a forged one, a bad size', async () => {
    const { store } = held.current!;
    const { nextPageToken } = await store.list({ kind: 'Number', pageSize: 1 });
    expect(nextPageToken).not.toBe('');
    await expect(store.list({ kind: 'Agent', pageToken: nextPageToken })).rejects.toMatchObject({
      code: 'usage',
    });
    await expect(store.list({ kind: 'Number', sort: 'ref', pageToken: nextPageToken })).rejects.toMatchObject(
      { code: 'usage' },
    );
    for (const token of ['x', `${nextPageToken}x`.slice(1), 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', '💥'])
      await expect(store.list({ kind: 'Number', pageToken: token })).rejects.toMatchObject({
        code: 'usage',
        fields: [{ field: 'page_token' }],
      });
    for (const pageSize of [-1, 1.5, NaN])
      await expect(store.list({ kind: 'Number', pageSize })).rejects.toMatchObject({ code: 'usage' });
    expect(
      (await store.list({ kind: 'Number', pageSize: 5000, pageToken: nextPageToken })).items,
    ).toHaveLength(1);
  });
});

describe('pages', () => {
  test('end at 1,000 items', async () => {
    const held = new Held(await SqliteStore.open());
    await held.write(...Array.from({ length: 1500 }, (_, i) => acl(`a${i}`)));
    const first = await held.store.list({ kind: 'AccessControlList' });
    expect(first.items).toHaveLength(1000);
    expect(
      (await held.store.list({ kind: 'AccessControlList', pageToken: first.nextPageToken })).items,
    ).toHaveLength(500);
    const exact = await held.store.list({
      kind: 'AccessControlList',
      pageSize: 500,
      pageToken: first.nextPageToken,
    });
    expect(exact.nextPageToken).toBe('');
    await held.store.close();
  });

  test('end at 2 MiB, but have one item at least', async () => {
    const held = new Held(await SqliteStore.open());
    const persona = (ref: string) => create('Persona', ref, { name: ref, instructions: 'x'.repeat(60_000) });
    await held.write(...Array.from({ length: 40 }, (_, i) => persona(`p${i}`)));
    expect((await held.store.list({ kind: 'Persona' })).items).toHaveLength(34);
    expect(await held.refs({ kind: 'Persona' })).toHaveLength(40);
    const huge = { kind: 'Persona', measure: () => 1e9 } as const;
    expect((await held.store.list(huge)).items).toHaveLength(1);
    expect(new Set(await held.refs(huge)).size).toBe(40);
    await held.store.close();
  });

  test('give every item that is there throughout exactly once, while others come, change and go', async () => {
    const step = fc.record({ what: fc.constantFrom('create', 'update', 'delete'), at: fc.nat() });
    const query = fc.constantFrom<ListQuery>(
      { kind: 'AccessControlList' },
      { kind: 'AccessControlList', sort: 'ref' },
      { kind: 'AccessControlList', sort: '-ref' },
      { kind: 'AccessControlList', search: 's' },
      { kind: 'SipRoute' },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 30, maxLength: 60 }),
        query,
        fc.integer({ min: 1, max: 7 }),
        async (steps, asked, pageSize) => {
          const held = new Held(await SqliteStore.open());
          const { kind } = asked;
          if (kind === 'SipRoute') await held.write(...profile('main'));
          const make = (ref: string) => (kind === 'SipRoute' ? route(ref, ref) : acl(ref));
          const stay = Array.from({ length: 20 }, (_, i) => `s${i}`);
          const others = Array.from({ length: 10 }, (_, i) => `s-other-${i}`);
          await held.write(
            ...stay.flatMap((ref, i) => (i % 2 ? [make(ref), make(others[i >> 1]!)] : [make(ref)])),
          );
          const seen: string[] = [];
          let pageToken = '';
          let next = 0;
          do {
            const page = await held.store.list({ ...asked, pageSize, pageToken });
            seen.push(...page.items.map(({ ref }) => ref));
            pageToken = page.nextPageToken;
            for (const { what, at } of steps.slice(next, (next += 4))) {
              const ref = others[at % others.length]!;
              const there = held.catalog.get(kind, ref) !== undefined;
              if (what === 'delete' && there) await held.write(remove(kind, ref));
              else if (what === 'create' && !there) await held.write(make(ref));
              else if (what === 'update')
                await held.write(update(kind, stay[at % stay.length]!, { name: `n${at % 97}` }));
            }
          } while (pageToken !== '');
          expect(seen.filter((ref) => stay.includes(ref)).sort()).toEqual([...stay].sort());
          await held.store.close();
        },
      ),
      cases(25),
    );
  });
});
