/**
 * What every face of the daemon stands on: the current catalog and routing snapshot, and the one way to write.
 * Writes run one after another; the store commits first, then readers see the new revision, whole.
 */
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { Change, Operation } from '../config/operation.js';
import { isEffective, plan } from '../config/plan.js';
import { PlanError } from '../config/problems.js';
import { CtlError } from '../errors.js';
import { Catalog, type Delta } from '../kinds/catalog.js';
import { characterFault } from '../kinds/checks.js';
import { kindOf } from '../kinds/index.js';
import { Snapshot } from '../routing/snapshot.js';
import type { Filter, ListQuery, Page, Store } from '../store/store.js';
import type { Logger } from './logger.js';

/** Longest message of a write, in characters. */
const MAX_MESSAGE = 1000;

export interface WriteOptions {
  /** Who writes, for the change log. */
  readonly principal: string;
  /** Plan only. */
  readonly dryRun?: boolean | undefined;
  readonly cascade?: boolean | undefined;
  /** Refused unless the global revision is this. Absent or 0: any. */
  readonly expectedRevision?: number | undefined;
  /** Kept in the change log. */
  readonly message?: string | undefined;
}

export interface Outcome {
  /** One for each operation in their order, but for deletions of nothing; then what a cascade touched. */
  readonly changes: readonly Change[];
  /** The global revision after the write; unchanged when nothing changed or on a dry run. */
  readonly revision: number;
  readonly before: Catalog;
  /** What the write led to, or would. */
  readonly after: Catalog;
}

export type ChangeListener = (deltas: readonly Delta[], catalog: Catalog) => void;

export class Core {
  private readonly listeners = new Set<ChangeListener>();
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly store: Store,
    readonly logger: Logger,
    private current: Snapshot,
    private lastSeq: number,
  ) {}

  /** Loads all there is in the store. The core closes it. */
  static async open(store: Store, logger: Logger = pino({ level: 'silent' })): Promise<Core> {
    const { revision, lastSeq, resources } = await store.load();
    const catalog = Catalog.empty.apply(
      resources.map((after) => ({ after })),
      revision,
    );
    return new Core(store, logger, Snapshot.of(catalog), lastSeq);
  }

  /** All resources at the current revision. */
  get catalog(): Catalog {
    return this.current.catalog;
  }

  /** What calls are decided on at the current revision. */
  get snapshot(): Snapshot {
    return this.current;
  }

  /** Calls the listener after each write that changed something, in order; returns how to stop that. */
  onChange(listener: ChangeListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Writes operations as one transaction.
   *
   * @throws PlanError when the write is refused; CtlError when the store cannot be written. Nothing is done then.
   */
  write(operations: readonly Operation[], options: WriteOptions): Promise<Outcome> {
    const done = this.queue.then(() => this.perform(operations, options));
    this.queue = done.catch(() => undefined);
    return done;
  }

  /**
   * A page of resources. Filters by a key of one field use the catalog's index; filters on references accept
   * natural keys.
   *
   * @throws CtlError usage
   */
  list(query: ListQuery): Promise<Page> {
    const filters = (query.filters ?? []).map((filter) => this.withRef(query, filter));
    return this.store.list({ ...query, filters, refs: query.refs ?? this.keyHolders(query, filters) });
  }

  /** Waits for writes under way, then closes the store. */
  async close(): Promise<void> {
    await this.queue;
    await this.store.close();
  }

  private async perform(operations: readonly Operation[], options: WriteOptions): Promise<Outcome> {
    const before = this.catalog;
    const { expectedRevision, principal, message = '' } = options;
    if (expectedRevision && expectedRevision !== before.revision)
      throw new PlanError(
        'ABORTED',
        `the configuration is at revision ${before.revision}, not ${expectedRevision}`,
        {
          hint: 'read it again, and repeat the change on what is there now',
        },
      );
    checkMessage(message);
    let seq = this.lastSeq;
    const at = Date.now();
    const { changes, catalog: after } = plan(before, operations, {
      cascade: options.cascade ?? false,
      now: at,
      newRef: randomUUID,
      nextSeq: () => ++seq,
    });
    if (options.dryRun || after === before) return { changes, revision: before.revision, before, after };
    const deltas = changes.filter(isEffective);
    const next = this.current.apply(deltas, after);
    await this.store.commit({ revision: after.revision, at, who: principal, message, deltas });
    this.current = next;
    this.lastSeq = seq;
    for (const listener of this.listeners) listener(deltas, after);
    return { changes, revision: after.revision, before, after };
  }

  private withRef({ kind }: ListQuery, filter: Filter): Filter {
    const [name = '', member] = filter.field.split('.');
    const outer = kindOf(kind).fields[name];
    const field = outer?.type === 'structs' && member !== undefined ? outer.of[member] : outer;
    if (field?.type !== 'reference') return filter;
    const found = this.catalog.find(field.to, filter.value);
    return found.length === 1 ? { field: filter.field, value: found[0]! } : filter;
  }

  private keyHolders({ kind }: ListQuery, filters: readonly Filter[]): string[] | undefined {
    for (const [i, key] of kindOf(kind).keys.entries()) {
      const filter = key.fields.length === 1 && filters.find(({ field }) => field === key.fields[0]);
      if (filter && filter.value !== '') return this.catalog.holdersOf(kind, i, filter.value);
    }
    return undefined;
  }
}

function checkMessage(message: string): void {
  const fault = message.length > MAX_MESSAGE ? `${message.length} characters` : characterFault(message, true);
  if (fault === undefined) return;
  const problem = `holds ${fault}: expected at most ${MAX_MESSAGE} characters of text`;
  throw new CtlError('usage', `the message ${problem}`, { fields: [{ field: 'message', message: problem }] });
}
