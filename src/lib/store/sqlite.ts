/**
 * The store in one SQLite file (or in memory): WAL, synchronous=FULL, locked by one daemon. A commit that
 * resolved survives `kill -9` and power loss.
 */
import type Database from 'libsql';
import { ChangeLog } from './log.js';
import { openDatabase, storeError } from './open.js';
import { Pager } from './pager.js';
import { COLUMNS, firstRow, type Row, toResource } from './rows.js';
import type {
  ChangeRange,
  Commit,
  HistoryPage,
  HistoryQuery,
  ListQuery,
  Loaded,
  LoggedChange,
  Page,
  Pending,
  RevisionRecord,
  Store,
} from './store.js';
import { Writer } from './writer.js';

/** Lets other work of the process have its turn. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class SqliteStore implements Store {
  readonly description: string;
  private writer: Writer | undefined;
  private readonly log: ChangeLog;
  /** The commit that is being written; never rejects. */
  private committing: Promise<unknown> | undefined;

  private constructor(
    private readonly db: Database.Database,
    private readonly file: string,
  ) {
    this.description = file === ':memory:' ? 'memory' : `sqlite ${file}`;
    this.writer = new Writer(db);
    this.log = new ChangeLog(db);
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

  async load(): Promise<Loaded> {
    return this.guard(() => {
      const resources = this.db.prepare(`select ${COLUMNS} from resource order by seq`).all() as Row[];
      const settings = this.db.prepare('select name, value from setting').all() as {
        name: string;
        value: string;
      }[];
      const setting = new Map(settings.map(({ name, value }) => [name, value]));
      const last = firstRow(this.db, "select max(seq) as last from sqlite_sequence where name = 'resource'")[
        'last'
      ];
      const pending = setting.get('pending');
      return {
        revision: Number(setting.get('revision')),
        lastSeq: Number(last ?? 0),
        resources: resources.map(toResource),
        pending: pending === undefined ? undefined : (JSON.parse(pending) as Pending),
        oldest: Number(setting.get('oldest')),
      };
    });
  }

  commit(commit: Commit): Promise<void> {
    const steps = this.writer!.commit(commit);
    const run = async () => {
      while (!this.guard(() => steps.next()).done) await nextTurn();
    };
    const done = run();
    const over = () => (this.committing = undefined);
    this.committing = done.then(over, over);
    // The very promise: who wrote goes on before those who wait to read.
    return done;
  }

  async list(query: ListQuery): Promise<Page> {
    const pager = await this.read(() => new Pager(this.db, query));
    while (!(await this.read(() => pager.advance()))) await nextTurn();
    return pager.page;
  }

  async confirm(): Promise<void> {
    return this.read(() => this.writer!.confirm());
  }

  async *changes(range: ChangeRange): AsyncGenerator<readonly LoggedChange[]> {
    let last: LoggedChange | undefined;
    do {
      const slice = await this.read(() => this.log.slice(range, last));
      if (slice.length > 0) yield slice;
      last = slice.at(-1);
      await nextTurn();
    } while (last);
  }

  async history(query: HistoryQuery): Promise<HistoryPage> {
    return this.read(() => this.log.page(query));
  }

  async revision(revision: number): Promise<RevisionRecord | undefined> {
    return this.read(() => this.log.revision(revision));
  }

  async trim(oldest: number): Promise<void> {
    return this.read(() => this.writer!.trim(oldest));
  }

  /** Leaves one file: what the WAL holds goes into it first. */
  async close(): Promise<void> {
    this.writer = undefined;
    this.guard(() => this.db.exec('pragma wal_checkpoint(truncate)'));
    this.db.close();
  }

  /** Works on what is committed: a commit that is being written would be seen half. */
  private async read<T>(work: () => T): Promise<T> {
    while (this.committing) await this.committing;
    return this.guard(work);
  }

  private guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storeError(error, this.file);
    }
  }
}
