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
  /** What waits for confirmation from now on; absent: nothing. */
  readonly pending?: Pending | undefined;
}

/** A revision that is taken back unless it is confirmed. */
export interface Pending {
  readonly revision: number;
  /** The revision that would be restored. */
  readonly previous: number;
  /** Milliseconds since the epoch, by the wall clock. */
  readonly deadline: number;
  readonly who: string;
  readonly message: string;
}

/** An entry of the change log. `seq` is its place in the revision, from 0. */
export interface LoggedChange extends Delta {
  readonly revision: number;
  readonly seq: number;
  readonly kind: KindName;
  readonly ref: string;
}

/** Which entries of the change log: those of the revisions above one, up to and with another. */
export interface ChangeRange {
  readonly above: number;
  readonly upTo: number;
  /** Of one kind, or of one resource of it. */
  readonly kind?: KindName | undefined;
  readonly ref?: string | undefined;
  /** From this place in the first of the revisions on. */
  readonly from?: number | undefined;
}

export interface RevisionRecord {
  readonly revision: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly who: string;
  readonly message: string;
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
}

export interface HistoryQuery {
  /** Only revisions that changed this resource. */
  readonly of?: { readonly kind: KindName; readonly ref: string } | undefined;
  /** Absent or 0: 1,000, the most. */
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
}

export interface HistoryPage {
  /** Newest first. */
  readonly revisions: readonly RevisionRecord[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

export interface Loaded {
  readonly revision: number;
  /** The highest creation number ever given. */
  readonly lastSeq: number;
  readonly resources: readonly Resource[];
  readonly pending: Pending | undefined;
  /** The oldest revision that can be restored. */
  readonly oldest: number;
}

export interface Store {
  /** For people: `sqlite /var/lib/ctl/ctl.db`. */
  readonly description: string;
  /** All there is. */
  load(): Promise<Loaded>;
  /** Durable once it resolves; nothing of it is stored when it rejects. */
  commit(commit: Commit): Promise<void>;
  /** @throws CtlError usage for a filter, sort, size or token that cannot be */
  list(query: ListQuery): Promise<Page>;
  /** Nothing waits for confirmation any more; durable once it resolves. */
  confirm(): Promise<void>;
  /** The change log, oldest first, in slices. */
  changes(range: ChangeRange): AsyncIterable<readonly LoggedChange[]>;
  /** @throws CtlError usage for a size or token that cannot be */
  history(query: HistoryQuery): Promise<HistoryPage>;
  /** A revision, while it is kept. */
  revision(revision: number): Promise<RevisionRecord | undefined>;
  /** Forgets the revisions before `oldest`, and their changes. */
  trim(oldest: number): Promise<void>;
  close(): Promise<void>;
}
