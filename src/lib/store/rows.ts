/** Between rows and resources. */
import type Database from 'libsql';
import type { Document, KindName, Resource } from '../kinds/kind.js';
import type { LoggedChange } from './store.js';

export interface Row {
  readonly seq: number;
  readonly kind: KindName;
  readonly ref: string;
  readonly document: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly revision: number;
  readonly position: string | null;
}

export const COLUMNS = 'seq, kind, ref, document, created_at, updated_at, revision, position';

export function toResource(row: Row): Resource {
  return {
    kind: row.kind,
    ref: row.ref,
    doc: JSON.parse(row.document) as Document,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    revision: row.revision,
    seq: row.seq,
    ...(row.position !== null && { position: row.position }),
  };
}

/** A resource as the change log has it: all but its kind and ref, which stand in columns. */
export function toLog(resource: Resource | undefined): string | null {
  if (!resource) return null;
  const { seq, doc, createdAt, updatedAt, revision, position } = resource;
  return JSON.stringify({ seq, doc, createdAt, updatedAt, revision, position });
}

export interface ChangeRow {
  readonly revision: number;
  readonly seq: number;
  readonly kind: KindName;
  readonly ref: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** A change as it was logged. */
export const toLogged = ({ revision, seq, kind, ref, before, after }: ChangeRow): LoggedChange => ({
  revision,
  seq,
  kind,
  ref,
  ...(before !== null && { before: fromLog(kind, ref, before) }),
  ...(after !== null && { after: fromLog(kind, ref, after) }),
});

const fromLog = (kind: KindName, ref: string, text: string): Resource => ({
  kind,
  ref,
  ...(JSON.parse(text) as Omit<Resource, 'kind' | 'ref'>),
});

/** The only row of a statement that is run once. */
export const firstRow = (db: Database.Database, sql: string): Record<string, unknown> =>
  db.prepare(sql).get() as Record<string, unknown>;

/** What seals page tokens, made with the store. */
export const pageTokenKey = (db: Database.Database): string =>
  String(firstRow(db, "select value from setting where name = 'page-token-key'")['value']);
