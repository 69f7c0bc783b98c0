/** A store of the first version, opened by this one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { Core } from '../../src/lib/daemon/core.js';
import { handleHistory } from '../../src/lib/daemon/history.js';
import { SqliteStore } from '../../src/lib/store/sqlite.js';
import { update } from '../support/plan.js';

const FIRST = `
  create table setting (name text primary key, value text not null) strict, without rowid;
  insert into setting values ('revision', '2'), ('page-token-key', 'key');
  create table resource (
    seq integer primary key autoincrement, kind text not null, ref text not null, document text not null,
    created_at integer not null, updated_at integer not null, revision integer not null, position text,
    unique (kind, ref)) strict;
  create index resource_newest on resource (kind, seq);
  create index resource_declared on resource (kind, position, seq) where position is not null;
  create table unique_key (
    kind text not null, fields text not null, value text not null, ref text not null,
    primary key (kind, fields, value)) strict, without rowid;
  create table reference (
    kind text not null, ref text not null, path text not null, to_kind text not null, to_ref text not null,
    primary key (kind, ref, path),
    foreign key (kind, ref) references resource (kind, ref) deferrable initially deferred,
    foreign key (to_kind, to_ref) references resource (kind, ref) deferrable initially deferred
  ) strict, without rowid;
  create index reference_to on reference (to_kind, to_ref);
  create table change (
    revision integer not null, seq integer not null, who text not null, at integer not null,
    message text not null, kind text not null, ref text not null, before text, after text,
    primary key (revision, seq)) strict, without rowid;
  insert into resource values
    (1, 'Domain', 'local', '{"name":"New","domainUri":"sip.local","egressPolicies":[]}', 1000, 2000, 2, null);
  insert into unique_key values ('Domain', 'domainUri', 'sip.local', 'local');
  insert into change values
    (1, 0, 'local', 1000, 'first', 'Domain', 'local', null, '{"name":"Old","domainUri":"sip.local","egressPolicies":[]}'),
    (1, 1, 'local', 1000, 'first', 'Persona', 'p', null, '{"name":"p","instructions":"x"}'),
    (2, 0, 'local', 2000, '', 'Domain', 'local', '{"name":"Old","domainUri":"sip.local","egressPolicies":[]}',
     '{"name":"New","domainUri":"sip.local","egressPolicies":[]}'),
    (2, 1, 'local', 2000, '', 'Persona', 'p', '{"name":"p","instructions":"x"}', null);
  pragma application_id = ${0x63746c53};
  pragma user_version = 1;`;

test('keeps its history, which can be shown but not restored; what comes after can', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ctl-first-'));
  const db = new Database(join(folder, 'ctl.db'));
  db.exec(FIRST);
  db.close();
  const core = await Core.open(await SqliteStore.open(folder));
  const query = { kind: '', key: '', revision: 0, pageSize: 0, pageToken: '' };
  expect((await handleHistory(core, query)).revisions).toMatchObject([
    { revision: 2, at: 2000, who: 'local', message: '', created: 0, updated: 1, deleted: 1 },
    { revision: 1, at: 1000, message: 'first', created: 2, updated: 0, deleted: 0 },
  ]);
  const [second] = (await handleHistory(core, { ...query, revision: 2 })).revisions;
  expect(second!.changes).toMatchObject([
    { fields: [{ path: 'name', before: '"Old"', after: '"New"' }] },
    { resource: { label: 'p' } },
  ]);
  const caller = { principal: 'tester' };
  await expect(core.write([], { ...caller, rollbackTo: 1 })).rejects.toMatchObject({
    message: 'revision 1 cannot be restored any more: the oldest that is kept is 2',
  });
  await core.write([update('Domain', 'local', { name: 'Newest' })], caller);
  await core.write([], { ...caller, rollbackTo: 2 });
  expect(core.catalog.get('Domain', 'local')).toMatchObject({ doc: { name: 'New' }, createdAt: 1000 });
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});
