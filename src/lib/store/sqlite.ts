/**
 * The store in one SQLite file (or in memory): WAL, synchronous=FULL, locked by one daemon. A commit that
 * resolved survives `kill -9` and power loss.
 */
import type Database from 'libsql';
import { openDatabase, storeError } from './open.js';
import { Pager } from './pager.js';
import { COLUMNS, firstRow, type Row, toResource } from './rows.js';
import type { Commit, ListQuery, Page, Store } from './store.js';
import { Writer } from './writer.js';

export class SqliteStore implements Store {
  readonly description: string;
  private writer: Writer | undefined;

  private constructor(
    private readonly db: Database.Database,
    private readonly file: string,
  ) {
    this.description = file === ':memory:' ? 'memory' : `sqlite ${file}`;
    this.writer = new Writer(db);
  }

  /**
   * Opens the store in a folder, or a new one in memory.
   *
   * @throws CtlError see `openDatabase`
   */
  static async open(folder?: string): Promise<SqliteStore> {
    const { db, file } = openDatabase(folder);
    return new SqliteStore(db, file);
  }

  async load(): Promise<Awaited<ReturnType<Store['load']>>> {
    return this.guard(() => {
      const resources = this.db.prepare(`select ${COLUMNS} from resource order by seq`).all() as Row[];
      const revision = firstRow(this.db, "select value from setting where name = 'revision'")['value'];
      const last = firstRow(this.db, "select max(seq) as last from sqlite_sequence where name = 'resource'")[
        'last'
      ];
      return { revision: Number(revision), lastSeq: Number(last ?? 0), resources: resources.map(toResource) };
    });
  }

  async commit(commit: Commit): Promise<void> {
    this.guard(() => this.writer!.commit(commit));
  }

  async list(query: ListQuery): Promise<Page> {
    const pager = this.guard(() => new Pager(this.db, query));
    while (!this.guard(() => pager.advance())) await new Promise((resolve) => setImmediate(resolve));
    return pager.page;
  }

  /** Leaves one file: what the WAL holds goes into it first. */
  async close(): Promise<void> {
    this.writer = undefined;
    this.guard(() => this.db.exec('pragma wal_checkpoint(truncate)'));
    this.db.close();
  }

  private guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storeError(error, this.file);
    }
  }
}
