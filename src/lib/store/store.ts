/**
 * Where resources live. The interface is asynchronous and says nothing of SQL, so that a shared database can
 * stand behind it; the order of revisions is the store's.
 */
import type { Delta } from '../kinds/catalog.js';
import type { KindName, Resource } from '../kinds/kind.js';

export interface Filter {
  /** `ref`, a field, or a member of entries (`uris.host`); lists match when any entry does. */
  readonly field: string;
  /** Compared for equality, booleans and integers by their text; `""` matches what has no value. */
  readonly value: string;
}

export interface ListQuery {
  readonly kind: KindName;
  readonly filters?: readonly Filter[] | undefined;
  /**
   * `ref`, `createdAt`, `updatedAt`, `revision` or a field with one value; `-` before it sorts downwards.
   * Absent: declared order where the kind has one, else newest first.
   */
  readonly sort?: string | undefined;
  /** Text that the ref or a field contains, without regard to case. Secrets are not searched. */
  readonly search?: string | undefined;
  /** Only these refs, where they are known already. */
  readonly refs?: readonly string[] | undefined;
  /** Absent or 0: 1,000, the most. */
  readonly pageSize?: number | undefined;
  /** From the page before; absent or empty: the first page. */
  readonly pageToken?: string | undefined;
  /** How many bytes a resource takes in the answer; absent: those of its document. */
  readonly measure?: ((resource: Resource) => number) | undefined;
}

/** Ends at the page size, 1,000 items or 2 MiB, but has at least one item while there are any. */
export interface Page {
  readonly items: readonly Resource[];
  /** Empty on the last page. Stays valid when items are deleted. */
  readonly nextPageToken: string;
}

/** One transaction: it makes one revision and its entries in the change log. */
export interface Commit {
  readonly revision: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly who: string;
  readonly message: string;
  readonly deltas: readonly Delta[];
}

export interface Store {
  /** For people: `sqlite /var/lib/ctl/ctl.db`. */
  readonly description: string;
  /** All there is. `lastSeq` is the highest creation number ever given. */
  load(): Promise<{ revision: number; lastSeq: number; resources: readonly Resource[] }>;
  /** Durable once it resolves; nothing of it is stored when it rejects. */
  commit(commit: Commit): Promise<void>;
  /** @throws CtlError usage for a filter, sort, size or token that cannot be */
  list(query: ListQuery): Promise<Page>;
  close(): Promise<void>;
}
