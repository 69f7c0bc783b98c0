/**
 * What every face of the daemon stands on: the current catalog and routing snapshot, and the one way to write.
 * Writes run one after another; the store commits first, then readers see the new revision, whole.
 */
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { Operation } from '../config/operation.js';
import { type Plan, planInSteps } from '../config/plan.js';
import { restore } from '../config/restore.js';
import { Catalog, type Delta } from '../kinds/catalog.js';
import { Snapshot } from '../routing/snapshot.js';
import type { ListQuery, Loaded, Page, Pending, Store } from '../store/store.js';
import { Alarm, checkWithin, nothingPending, pendingError, takenBack } from './confirmation.js';
import { resolved } from './list-query.js';
import type { Logger } from './logger.js';
import { checkMessage, type Outcome, type WriteOptions } from './outcome.js';
import { checkKept, pastOf, touchedIn, undone } from './past.js';
import { staleError } from './stale.js';
import { inTurns } from './turns.js';

/** Between attempts to take a change back while the store cannot be written. */
const RETRY_MS = 1000;

export interface CoreOptions {
  /** So many revisions are kept, the newest; at least 1. Absent: all. */
  readonly keep?: number | undefined;
  readonly logger?: Logger | undefined;
}

export type ChangeListener = (deltas: readonly Delta[], catalog: Catalog) => void;

export class Core {
  private readonly listeners = new Set<ChangeListener>();
  private readonly alarm = new Alarm(() => this.queued(() => this.expire()));
  private queue: Promise<unknown> = Promise.resolve();
  private current: Snapshot;
  private lastSeq: number;
  private oldest: number;
  private waiting: Pending | undefined;

  private constructor(
    readonly store: Store,
    readonly logger: Logger,
    private readonly keep: number,
    { revision, resources, lastSeq, oldest, pending }: Loaded,
  ) {
    const deltas = resources.map((after) => ({ after }));
    this.current = Snapshot.of(Catalog.empty.apply(deltas, revision));
    this.lastSeq = lastSeq;
    this.oldest = oldest;
    this.waiting = pending;
  }

  /**
   * Loads all there is in the store, and takes back what was not confirmed in time. The core closes the store.
   */
  static async open(
    store: Store,
    { keep = Infinity, logger = pino({ level: 'silent' }) }: CoreOptions = {},
  ): Promise<Core> {
    const core = new Core(store, logger, keep, await store.load());
    await core.expire();
    await core.trim();
    return core;
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
    return this.queued(async () => {
      await this.expire();
      return this.perform(operations, options);
    });
  }

  /** What is taken back unless it is confirmed, if anything is. */
  get pending(): Pending | undefined {
    return this.waiting;
  }

  /** Keeps what would otherwise be taken back; returns its revision. @throws CtlError conflict: nothing is pending */
  confirm(): Promise<number> {
    return this.queued(async () => {
      await this.expire();
      if (!this.waiting) throw nothingPending();
      const { revision } = this.waiting;
      await this.store.confirm();
      this.wait(undefined);
      return revision;
    });
  }

  /**
   * All resources at a revision.
   *
   * @throws CtlError not-found when it is not kept any more
   */
  async at(revision: number): Promise<Catalog> {
    this.checkKept(revision);
    const catalog = await this.near(revision);
    // What has been trimmed meanwhile could not be undone.
    this.checkKept(revision);
    return catalog;
  }

  /** What calls would be decided on at a revision; 0 is the newest. Errors as `at`. */
  async snapshotAt(revision: number): Promise<Snapshot> {
    const { current } = this;
    return revision === 0 || revision === current.revision ? current : Snapshot.of(await this.at(revision));
  }

  /**
   * What calls would be decided on after a write of these operations; nothing is written.
   * @throws PlanError when such a write would be refused
   */
  async candidate(base: Snapshot, operations: readonly Operation[]): Promise<Snapshot> {
    const { catalog, deltas } = await this.planOn(base.catalog, operations, {}, Date.now());
    return base.apply(deltas, catalog);
  }

  /** All resources at a revision, as far as the change log goes back. */
  async near(revision: number): Promise<Catalog> {
    const { catalog } = this;
    if (revision === catalog.revision) return catalog;
    const touched = await touchedIn(this.store, { above: revision, upTo: catalog.revision });
    return undone(catalog, touched, revision);
  }

  /** @throws CtlError not-found for a revision that is not kept any more, or not yet there */
  checkKept(revision: number): void {
    checkKept(revision, this.oldest, this.catalog.revision);
  }

  /**
   * A page of resources. Filters by a key of one field use the catalog's index; filters on references accept
   * natural keys.
   *
   * @throws CtlError usage
   */
  list(query: ListQuery): Promise<Page> {
    return this.store.list(resolved(this.catalog, query));
  }

  /** Waits for writes under way, then closes the store. */
  async close(): Promise<void> {
    this.alarm.set(undefined);
    await this.queue;
    this.alarm.set(undefined);
    await this.store.close();
  }

  private queued<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }

  private async perform(operations: readonly Operation[], options: WriteOptions): Promise<Outcome> {
    const before = this.catalog;
    await this.check(options);
    const at = Date.now();
    const { changes, deltas, catalog: after, seq } = await this.plan(operations, options, at);
    if (options.dryRun || after === before) return { changes, revision: before.revision, before, after };
    const { principal: who, message = '', confirmWithinMs } = options;
    const { revision } = after;
    const next = this.current.apply(deltas, after);
    // Planning may have taken a while of the time to confirm.
    const pending = confirmWithinMs
      ? { revision, previous: before.revision, deadline: Date.now() + confirmWithinMs, who, message }
      : undefined;
    await this.store.commit({ revision, at, who, message, deltas, pending });
    this.current = next;
    this.lastSeq = seq;
    this.wait(pending);
    for (const listener of this.listeners) listener(deltas, after);
    await this.trim();
    return { changes, revision, before, after };
  }

  /** Refuses a write before it is planned. */
  private async check(options: WriteOptions): Promise<void> {
    const { expectedRevision, message = '', confirmWithinMs = 0, rollbackTo } = options;
    const { revision } = this.catalog;
    checkMessage(message);
    checkWithin(confirmWithinMs);
    const takesBack = rollbackTo === this.waiting?.previous && confirmWithinMs === 0;
    if (this.waiting && !options.dryRun && !takesBack) throw pendingError(this.waiting);
    if (expectedRevision && expectedRevision !== revision)
      throw await staleError(this.store, expectedRevision, revision);
    if (rollbackTo !== undefined) this.checkKept(rollbackTo);
  }

  private async plan(
    operations: readonly Operation[],
    options: WriteOptions,
    now: number,
  ): Promise<Plan & { seq: number }> {
    const { catalog } = this;
    const { rollbackTo } = options;
    if (rollbackTo === undefined) return this.planOn(catalog, operations, options, now);
    const touched = await touchedIn(this.store, { above: rollbackTo, upTo: catalog.revision });
    const restored = await inTurns(restore(catalog, pastOf(touched), now));
    return { ...restored, seq: this.lastSeq };
  }

  private async planOn(
    catalog: Catalog,
    operations: readonly Operation[],
    { cascade = false, sync }: Pick<WriteOptions, 'cascade' | 'sync'>,
    now: number,
  ): Promise<Plan & { seq: number }> {
    let seq = this.lastSeq;
    const nextSeq = () => ++seq;
    const context = { cascade, sync, now, newRef: randomUUID, nextSeq };
    const planned = await inTurns(planInSteps(catalog, operations, context));
    return { ...planned, seq };
  }

  private wait(pending: Pending | undefined): void {
    this.waiting = pending;
    this.alarm.set(pending?.deadline);
  }

  /** Takes back what was not confirmed in time; tries again later when the store cannot be written. */
  private async expire(): Promise<void> {
    const { waiting } = this;
    if (!waiting) return;
    if (Date.now() < waiting.deadline) return this.alarm.set(waiting.deadline);
    try {
      const message = takenBack(waiting);
      await this.perform([], { principal: 'ctl serve', message, rollbackTo: waiting.previous });
      this.logger.warn({ revision: waiting.revision, restored: waiting.previous }, message);
    } catch (error) {
      this.alarm.set(Date.now() + RETRY_MS);
      this.logger.error({ err: error, revision: waiting.revision }, 'a change could not be taken back');
    }
  }

  /** Forgets revisions beyond those to keep, but none that may have to be restored. */
  private async trim(): Promise<void> {
    const newest = this.catalog.revision;
    const oldest = Math.min(newest - this.keep + 1, this.waiting?.previous ?? newest);
    if (oldest <= this.oldest) return;
    try {
      await this.store.trim(oldest);
      this.oldest = oldest;
    } catch (error) {
      this.logger.error({ err: error }, 'the history could not be trimmed');
    }
  }
}
