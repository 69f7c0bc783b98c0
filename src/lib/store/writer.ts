/** Commits: resources, their keys and references, and the change log, in one transaction. */
import type Database from 'libsql';
import { type Delta, keyValue } from '../kinds/catalog.js';
import { kindOf } from '../kinds/index.js';
import { type Resource, referencesOf } from '../kinds/kind.js';
import { toLog } from './rows.js';
import type { Commit } from './store.js';

/** Selects columns of rows that come as one JSON array of arrays: a parameter each would cost more than the rows. */
const rows = (columns: number): string =>
  `select ${Array.from({ length: columns }, (_, i) => `value ->> ${i}`).join(', ')} from json_each(?)`;

const sql = {
  forgetKeys: `delete from unique_key where (kind, fields, value) in (${rows(3)})`,
  forgetReferences: `delete from reference where (kind, ref) in (${rows(2)})`,
  remove: `delete from resource where seq in (${rows(1)})`,
  update: `update resource set document = new.value ->> 1, updated_at = new.value ->> 2,
             revision = new.value ->> 3, position = new.value ->> 4
           from json_each(?) as new where resource.seq = new.value ->> 0`,
  insert: `insert into resource (seq, kind, ref, document, created_at, updated_at, revision, position) ${rows(8)}`,
  key: `insert into unique_key (kind, fields, value, ref) ${rows(4)}`,
  reference: `insert into reference (kind, ref, path, to_kind, to_ref) ${rows(5)}`,
  change: `insert into change (revision, seq, kind, ref, before, after) ${rows(6)}`,
};
type Row = readonly (string | number | null)[];

/** Deltas written together: enough to save calls, few enough to keep the JSON and each step small. */
const BATCH = 1000;
/** Rows after whose writing others may have their turn. */
const PAUSE_AT = 200;

export class Writer {
  private readonly run: Record<keyof typeof sql, Database.Statement>;
  private readonly advance: Database.Statement;
  private readonly summarise: Database.Statement;
  private readonly pend: Database.Statement;
  private readonly settle: Database.Statement;

  constructor(private readonly db: Database.Database) {
    this.run = Object.fromEntries(
      Object.entries(sql).map(([name, text]) => [name, db.prepare(text)]),
    ) as never;
    this.advance = db.prepare("update setting set value = ? where name = 'revision' and value = ?");
    this.summarise = db.prepare(
      'insert into revision (revision, at, who, message, created, updated, deleted) values (?, ?, ?, ?, ?, ?, ?)',
    );
    this.pend = db.prepare("insert into setting values ('pending', ?)");
    this.settle = db.prepare("delete from setting where name = 'pending'");
  }

  /**
   * Writes a commit, in steps between which other work of the process may have its turn; until the last one is done
   * nothing is stored, and the database must not be used for anything else.
   *
   * @throws whatever the database does; nothing is stored then
   */
  *commit(commit: Commit): Generator<void> {
    this.db.exec('begin immediate');
    try {
      yield* this.write(commit);
      this.db.exec('commit');
    } catch (error) {
      this.undo();
      throw error;
    }
  }

  /** Nothing waits for confirmation any more. */
  confirm(): void {
    this.settle.run();
  }

  /** Forgets the revisions before `oldest`. */
  trim(oldest: number): void {
    this.db.exec('begin immediate');
    try {
      this.db.prepare("update setting set value = ? where name = 'oldest'").run(String(oldest));
      this.db.prepare('delete from change where revision < ?').run(oldest);
      this.db.prepare('delete from revision where revision < ?').run(oldest);
      this.db.exec('commit');
    } catch (error) {
      this.undo();
      throw error;
    }
  }

  private undo(): void {
    if (this.db.inTransaction) this.db.exec('rollback');
  }

  private *write(commit: Commit): Generator<void> {
    const { revision, deltas } = commit;
    const { changes } = this.advance.run(String(revision), String(revision - 1));
    if (changes !== 1) throw new Error(`the store is not at revision ${revision - 1}`);
    this.summarise.run(revision, commit.at, commit.who, commit.message, ...counts(deltas));
    this.settle.run();
    if (commit.pending) this.pend.run(JSON.stringify(commit.pending));
    // Keys go first, since resources may swap them.
    for (const { batch } of batches(deltas)) {
      yield* this.put('forgetKeys', batch.flatMap(forgottenKeys));
      yield* this.put('forgetReferences', batch.flatMap(forgottenReferences));
    }
    for (const { batch, first } of batches(deltas)) {
      yield* this.put('remove', batch.flatMap(removed));
      yield* this.put('update', batch.flatMap(updated));
      yield* this.put('insert', batch.flatMap(inserted));
      yield* this.put('key', batch.flatMap(newKeys));
      yield* this.put('reference', batch.flatMap(newReferences));
      const logged = batch.map((delta, i) => logRow(delta, revision, first + i));
      yield* this.put('change', logged);
    }
  }

  private *put(statement: keyof typeof sql, values: readonly Row[]): Generator<void> {
    if (values.length === 0) return;
    this.run[statement].run(JSON.stringify(values));
    // Small writes are done in one go.
    if (values.length >= PAUSE_AT) yield;
  }
}

function* batches(deltas: readonly Delta[]): Generator<{ batch: readonly Delta[]; first: number }> {
  for (let first = 0; first < deltas.length; first += BATCH)
    yield { batch: deltas.slice(first, first + BATCH), first };
}

/** A resource that takes the place of a deleted one with its ref is another row. */
const isSameRow = ({ before, after }: Delta): boolean => before?.seq === after?.seq;

/** How many were created, updated and deleted. */
const counts = (deltas: readonly Delta[]): [number, number, number] => {
  const created = deltas.filter(({ before }) => !before).length;
  const deleted = deltas.filter(({ after }) => !after).length;
  return [created, deltas.length - created - deleted, deleted];
};

const removed = (delta: Delta): Row[] => (delta.before && !isSameRow(delta) ? [[delta.before.seq]] : []);

function updated(delta: Delta): Row[] {
  const { before, after } = delta;
  if (!before || !after || !isSameRow(delta)) return [];
  return [[after.seq, JSON.stringify(after.doc), after.updatedAt, after.revision, after.position ?? null]];
}

function inserted(delta: Delta): Row[] {
  if (!delta.after || isSameRow(delta)) return [];
  const { seq, kind, ref, doc, createdAt, updatedAt, revision, position = null } = delta.after;
  return [[seq, kind, ref, JSON.stringify(doc), createdAt, updatedAt, revision, position]];
}

const forgottenKeys = ({ before, after }: Delta): Row[] =>
  before && !(after && hasSame(keys, before, after)) ? keys(before).map((key) => key.slice(0, 3)) : [];

const newKeys = ({ before, after }: Delta): Row[] =>
  after && !(before && hasSame(keys, before, after)) ? keys(after) : [];

const forgottenReferences = ({ before, after }: Delta): Row[] =>
  before && !(after && hasSame(references, before, after)) ? [[before.kind, before.ref]] : [];

const newReferences = ({ before, after }: Delta): Row[] =>
  after && !(before && hasSame(references, before, after)) ? references(after) : [];

/** Whether a change leaves these rows of a resource as they are: most do. */
const hasSame = (rowsOf: (resource: Resource) => Row[], before: Resource, after: Resource): boolean =>
  JSON.stringify(rowsOf(before)) === JSON.stringify(rowsOf(after));

function keys(resource: Resource): Row[] {
  const kind = kindOf(resource.kind);
  return kind.keys.flatMap((key) => {
    const value = key.unique ? keyValue(kind, key, resource.doc) : undefined;
    // NUL ends text for some tools that read SQLite files.
    return value === undefined
      ? []
      : [[kind.name, key.fields.join(' '), value.replaceAll('\0', '\u001f'), resource.ref]];
  });
}

const references = (resource: Resource): Row[] =>
  referencesOf(kindOf(resource.kind), resource.doc).map(({ path, field, ref }) => [
    resource.kind,
    resource.ref,
    path,
    field.to,
    ref,
  ]);

function logRow({ before, after }: Delta, revision: number, place: number): Row {
  const { kind, ref } = (after ?? before)!;
  return [revision, place, kind, ref, toLog(before), toLog(after)];
}
