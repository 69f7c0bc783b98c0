/** Between rows and resources. */
import type Database from 'libsql';
import type { Document, KindName, Resource } from '../kinds/kind.js';

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

/** The only row of a statement that is run once. */
export const firstRow = (db: Database.Database, sql: string): Record<string, unknown> =>
  db.prepare(sql).get() as Record<string, unknown>;
