/** Commits: resources, their keys and references, and the change log, in one transaction. */
import type Database from 'libsql';
import { type Delta, keyValue } from '../kinds/catalog.js';
import { kindOf } from '../kinds/index.js';
import { type Resource, referencesOf } from '../kinds/kind.js';
import { toLog } from './rows.js';
import type { Commit } from './store.js';

type Value = string | number | null;

/** Statements over rows of so many columns each. (As one JSON text, for SQLite to take apart, rows take longer.) */
const statements = {
  forgetKeys: [3, (rows) => `delete from unique_key where (kind, fields, value) in (${rows})`],
  forgetReferences: [2, (rows) => `delete from reference where (kind, ref) in (${rows})`],
  remove: [1, (rows) => `delete from resource where seq in (${rows})`],
  update: [
    5,
    (rows) => `update resource set document = new.column2, updated_at = new.column3, revision = new.column4,
               position = new.column5 from (${rows}) as new where resource.seq = new.column1`,
  ],
  insert: [
    8,
    (rows) =>
      `insert into resource (seq, kind, ref, document, created_at, updated_at, revision, position) ${rows}`,
  ],
  key: [4, (rows) => `insert into unique_key (kind, fields, value, ref) ${rows}`],
  reference: [5, (rows) => `insert into reference (kind, ref, path, to_kind, to_ref) ${rows}`],
  change: [6, (rows) => `insert into change (revision, seq, kind, ref, before, after) ${rows}`],
} satisfies Record<string, readonly [columns: number, sql: (rows: string) => string]>;
type Name = keyof typeof statements;

/** Rows of a statement, where there are as many. */
const MANY = 100;
/** Deltas written together: few enough to keep each step small. */
const BATCH = 1000;

export class Writer {
  /** By name, for one row and for many. */
  private readonly prepared = new Map<string, Database.Statement>();
  private readonly advance: Database.Statement;
  private readonly summarise: Database.Statement;
  private readonly pend: Database.Statement;
  private readonly settle: Database.Statement;

  constructor(private readonly db: Database.Database) {
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
      yield* this.put(
        'change',
        batch.flatMap((delta, i) => logged(delta, revision, first + i)),
      );
    }
  }

  /** Runs a statement over rows, given as their values one after another. */
  private *put(name: Name, values: readonly Value[]): Generator<void> {
    const [columns] = statements[name];
    const many = columns * MANY;
    let at = 0;
    for (; at + many <= values.length; at += many) {
      this.statement(name, MANY).run(values.slice(at, at + many));
      // Small writes are done in one go.
      yield;
    }
    for (; at < values.length; at += columns) this.statement(name, 1).run(values.slice(at, at + columns));
  }

  private statement(name: Name, rows: number): Database.Statement {
    const id = `${name} ${rows}`;
    let statement = this.prepared.get(id);
    if (!statement) {
      const [columns, sql] = statements[name];
      const row = `(${Array.from({ length: columns }, () => '?').join(', ')})`;
      statement = this.db.prepare(sql(`values ${Array.from({ length: rows }, () => row).join(', ')}`));
      this.prepared.set(id, statement);
    }
    return statement;
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

// Rows of the statements for a change, as their values one after another.

const removed = (delta: Delta): Value[] => (delta.before && !isSameRow(delta) ? [delta.before.seq] : []);

function updated(delta: Delta): Value[] {
  const { before, after } = delta;
  if (!before || !after || !isSameRow(delta)) return [];
  return [after.seq, JSON.stringify(after.doc), after.updatedAt, after.revision, after.position ?? null];
}

function inserted(delta: Delta): Value[] {
  if (!delta.after || isSameRow(delta)) return [];
  const { seq, kind, ref, doc, createdAt, updatedAt, revision, position = null } = delta.after;
  return [seq, kind, ref, JSON.stringify(doc), createdAt, updatedAt, revision, position];
}

const forgottenKeys = ({ before, after }: Delta): Value[] =>
  before && !(after && hasSame(keys, before, after)) ? keys(before).flatMap((key) => key.slice(0, 3)) : [];

const newKeys = ({ before, after }: Delta): Value[] =>
  after && !(before && hasSame(keys, before, after)) ? keys(after).flat() : [];

const forgottenReferences = ({ before, after }: Delta): Value[] =>
  before && !(after && hasSame(references, before, after)) ? [before.kind, before.ref] : [];

const newReferences = ({ before, after }: Delta): Value[] =>
  after && !(before && hasSame(references, before, after)) ? references(after).flat() : [];

function logged({ before, after }: Delta, revision: number, place: number): Value[] {
  const { kind, ref } = (after ?? before)!;
  return [revision, place, kind, ref, toLog(before), toLog(after)];
}

/** Whether a change leaves these rows of a resource as they are: most do. */
const hasSame = (rowsOf: (resource: Resource) => Value[][], before: Resource, after: Resource): boolean =>
  JSON.stringify(rowsOf(before)) === JSON.stringify(rowsOf(after));

function keys(resource: Resource): Value[][] {
  const kind = kindOf(resource.kind);
  return kind.keys.flatMap((key) => {
    const value = key.unique ? keyValue(kind, key, resource.doc) : undefined;
    // NUL ends text for some tools that read SQLite files.
    return value === undefined
      ? []
      : [[kind.name, key.fields.join(' '), value.replaceAll('\0', '\u001f'), resource.ref]];
  });
}

const references = (resource: Resource): Value[][] =>
  referencesOf(kindOf(resource.kind), resource.doc).map(({ path, field, ref }) => [
    resource.kind,
    resource.ref,
    path,
    field.to,
    ref,
  ]);
