/** Commits: resources, their keys and references, and the change log, in one transaction. */
import type Database from 'libsql';
import { type Delta, keyValue } from '../kinds/catalog.js';
import { kindOf } from '../kinds/index.js';
import { type Resource, referencesOf } from '../kinds/kind.js';
import type { Commit } from './store.js';

const sql = {
  insert: `insert into resource (kind, ref, document, created_at, updated_at, revision, position, seq)
           values (?, ?, ?, ?, ?, ?, ?, ?)`,
  update: 'update resource set document = ?, updated_at = ?, revision = ?, position = ? where seq = ?',
  remove: 'delete from resource where seq = ?',
  forgetKeys: 'delete from unique_key where kind = ? and ref = ?',
  forgetReferences: 'delete from reference where kind = ? and ref = ?',
  key: 'insert into unique_key (kind, fields, value, ref) values (?, ?, ?, ?)',
  reference: 'insert into reference (kind, ref, path, to_kind, to_ref) values (?, ?, ?, ?, ?)',
  change: `insert into change (revision, seq, who, at, message, kind, ref, before, after)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  revision: "update setting set value = ? where name = 'revision' and value = ?",
};

type Statements = Record<keyof typeof sql, Database.Statement>;

export class Writer {
  private readonly run: Statements;

  constructor(private readonly db: Database.Database) {
    this.run = Object.fromEntries(
      Object.entries(sql).map(([name, text]) => [name, db.prepare(text)]),
    ) as Statements;
  }

  /** @throws whatever the database does; nothing is stored then */
  commit(commit: Commit): void {
    this.db.exec('begin immediate');
    try {
      this.write(commit);
      this.db.exec('commit');
    } catch (error) {
      if (this.db.inTransaction) this.db.exec('rollback');
      throw error;
    }
  }

  private write({ revision, at, who, message, deltas }: Commit): void {
    const { changes } = this.run.revision.run(String(revision), String(revision - 1));
    if (changes !== 1) throw new Error(`the store is not at revision ${revision - 1}`);
    // Keys go first, since resources may swap them.
    for (const { before } of deltas) if (before) this.forget(before);
    deltas.forEach((delta, i) => {
      this.store(delta);
      const { kind, ref } = (delta.after ?? delta.before)!;
      this.run.change.run(revision, i, who, at, message, kind, ref, text(delta.before), text(delta.after));
    });
  }

  private forget({ kind, ref }: Resource): void {
    this.run.forgetKeys.run(kind, ref);
    this.run.forgetReferences.run(kind, ref);
  }

  private store({ before, after }: Delta): void {
    if (!after) {
      this.run.remove.run(before!.seq);
      return;
    }
    const { kind, ref, createdAt, updatedAt, revision, seq, position = null } = after;
    if (before) this.run.update.run(text(after), updatedAt, revision, position, seq);
    else this.run.insert.run(kind, ref, text(after), createdAt, updatedAt, revision, position, seq);
    const definition = kindOf(kind);
    for (const key of definition.keys) {
      const value = key.unique ? keyValue(definition, key, after.doc) : undefined;
      if (value !== undefined) this.run.key.run(kind, key.fields.join(' '), value, ref);
    }
    for (const { path, field, ref: target } of referencesOf(definition, after.doc))
      this.run.reference.run(kind, ref, path, field.to, target);
  }
}

const text = (resource: Resource | undefined): string | null =>
  resource === undefined ? null : JSON.stringify(resource.doc);
