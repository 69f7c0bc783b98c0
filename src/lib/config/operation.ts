/** What a write asks for and what it did: the vocabulary of planning, free of any wire format. */
import type { Delta } from '../kinds/catalog.js';
import type { KindName } from '../kinds/kind.js';

export type Action = 'create' | 'update' | 'put' | 'delete';

/** Adds an entry to a list, or removes those whose given members are all equal to the entry's. */
export interface ListEdit {
  readonly field: string;
  readonly entry: unknown;
  readonly remove: boolean;
}

/** One resource to write. */
export interface Operation {
  readonly action: Action;
  readonly kind: KindName;
  /**
   * A ref or natural key. On create the wished ref; a put whose key names nothing creates that ref. Absent or
   * empty: create generates a UUID, put finds the resource by the document's natural keys or creates one.
   */
  readonly key?: string | undefined;
  /** The fields to write. Update: absent keeps, null empties, `""` clears a text or reference. */
  readonly document?: unknown;
  /** Update: names of fields to empty. */
  readonly clear?: readonly string[] | undefined;
  /** Update: entries to add to or remove from lists, after `document`. */
  readonly edits?: readonly ListEdit[] | undefined;
  /** Update, put, delete: refused unless the resource is at this revision. Absent or 0: any. */
  readonly expectedRevision?: number | undefined;
  /** Kinds with a declared order: the resource before or after which to place it. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  /** Delete: a key that names nothing is no error, and makes no change. */
  readonly ignoreNotFound?: boolean | undefined;
}

export type Effect = 'created' | 'updated' | 'unchanged' | 'deleted';

/** What became of one resource. `before` and `after` are full, secrets included. */
export interface Change extends Delta {
  readonly effect: Effect;
  /** Why a cascade touched it. */
  readonly because?: string | undefined;
}
