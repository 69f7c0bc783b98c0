/** The schema, as versioned steps that are never edited once released (docs/adding-a-kind.md). */
import type Database from 'libsql';
import { CtlError } from '../errors.js';
import { firstRow } from './rows.js';

/** Marks a file as ours, so that no other SQLite file is taken for a store: "ctlS". */
export const APPLICATION_ID = 0x63746c53;

const steps: readonly string[] = [
  `create table setting (name text primary key, value text not null) strict, without rowid;
   insert into setting values ('revision', '0'), ('page-token-key', lower(hex(randomblob(32))));

   create table resource (
     seq integer primary key autoincrement,
     kind text not null,
     ref text not null,
     document text not null,
     created_at integer not null,
     updated_at integer not null,
     revision integer not null,
     position text,
     unique (kind, ref)
   ) strict;
   create index resource_newest on resource (kind, seq);
   create index resource_declared on resource (kind, position, seq) where position is not null;

   create table unique_key (
     kind text not null,
     fields text not null,
     value text not null,
     ref text not null,
     primary key (kind, fields, value)
   ) strict, without rowid;

   create table reference (
     kind text not null,
     ref text not null,
     path text not null,
     to_kind text not null,
     to_ref text not null,
     primary key (kind, ref, path),
     foreign key (kind, ref) references resource (kind, ref) deferrable initially deferred,
     foreign key (to_kind, to_ref) references resource (kind, ref) deferrable initially deferred
   ) strict, without rowid;
   create index reference_to on reference (to_kind, to_ref);

   create table change (
     revision integer not null,
     seq integer not null,
     who text not null,
     at integer not null,
     message text not null,
     kind text not null,
     ref text not null,
     before text,
     after text,
     primary key (revision, seq)
   ) strict, without rowid;`,

  // The log gains what restoring needs: places, times and creation numbers. What was before had none of these,
  // so no older revision can be restored.
  `create table revision (
     revision integer primary key,
     at integer not null,
     who text not null,
     message text not null,
     created integer not null,
     updated integer not null,
     deleted integer not null
   ) strict;
   insert into revision
     select revision, max(at), max(who), max(message), sum(before is null),
            sum(before is not null and after is not null), sum(after is null)
     from change group by revision;
   insert into setting select 'oldest', value from setting where name = 'revision';

   alter table change rename to plain_change;
   create table change (
     revision integer not null,
     seq integer not null,
     kind text not null,
     ref text not null,
     before text,
     after text,
     primary key (revision, seq)
   ) strict, without rowid;
   insert into change
     select revision, seq, kind, ref,
            iif(before is null, null, json_object('doc', json(before), 'createdAt', at, 'updatedAt', at, 'revision', revision, 'seq', 0)),
            iif(after is null, null, json_object('doc', json(after), 'createdAt', at, 'updatedAt', at, 'revision', revision, 'seq', 0))
     from plain_change;
   drop table plain_change;
   create index change_of on change (kind, ref);`,
];

/**
 * Brings a store to the newest version.
 *
 * @throws CtlError usage when a newer ctl wrote it
 */
export function migrate(db: Database.Database, file: string): void {
  const version = Number(firstRow(db, 'pragma user_version')['user_version']);
  if (version > steps.length)
    throw new CtlError(
      'usage',
      `${file} has version ${version} of the store, and this ctl knows up to ${steps.length}`,
      {
        hint: 'run the newer ctl that wrote it, or give another --data-dir',
      },
    );
  if (version === steps.length) return;
  db.exec('begin immediate');
  try {
    for (const step of steps.slice(version)) db.exec(step);
    db.exec(`pragma application_id = ${APPLICATION_ID}; pragma user_version = ${steps.length}`);
    db.exec('commit');
  } catch (error) {
    db.exec('rollback');
    throw error;
  }
}
