/** ctl.v1 Resources.History and Diff: revisions, and what they changed. */
import type {
  Change as WireChange,
  DiffRequest,
  DiffResponse,
  HistoryRequest,
  HistoryResponse,
  Revision,
} from '../api/generated/v1/ctl.js';
import type { Change } from '../config/operation.js';
import { inSequence } from '../config/sequence.js';
import { CtlError } from '../errors.js';
import type { Catalog, Delta } from '../kinds/catalog.js';
import type { Kind } from '../kinds/kind.js';
import type { LoggedChange, RevisionRecord } from '../store/store.js';
import type { Core } from './core.js';
import { namedKind, namedResource } from './lookup.js';
import { touchedIn } from './past.js';
import { BATCH_ITEMS, batches } from './stream.js';
import { changeSize, changeToWire } from './wire.js';

/** A page of revisions, newest first. @throws CtlError usage, not-found */
export async function handleHistory(core: Core, request: HistoryRequest): Promise<HistoryResponse> {
  if (request.revision > 0) return oneRevision(core, request);
  if (request.kind !== '' || request.key !== '') return ofResource(core, request);
  const { revisions, nextPageToken } = await core.store.history(request);
  return { revisions: revisions.map((record) => ({ ...record, changes: [] })), nextPageToken };
}

/** What changed between two revisions. @throws CtlError not-found */
export async function* handleDiff(core: Core, { from, to }: DiffRequest): AsyncGenerator<DiffResponse> {
  const newest = core.catalog.revision;
  const upTo = to || newest;
  const [before, after] = await Promise.all([core.at(from), core.at(upTo)]);
  const range = { above: Math.min(from, upTo), upTo: Math.max(from, upTo) };
  const touched = await touchedIn(core.store, range);
  const changes: Change[] = [];
  for (const { kind, ref } of touched.values()) {
    const delta = { before: before.get(kind, ref), after: after.get(kind, ref) };
    if (delta.before || delta.after) changes.push(changeOf(delta));
  }
  const messages = function* () {
    for (const change of inSequence(changes)) {
      const wire = changeToWire({ before, after }, change);
      // A sort key may differ where the place does not.
      if (change.effect !== 'updated' || wire.fields.length > 0) yield wire;
    }
  };
  for (const batch of batches(messages(), changeSize)) yield { changes: batch };
}

const changeOf = ({ before, after }: Delta): Change => ({
  effect: before ? (after ? 'updated' : 'deleted') : 'created',
  before,
  after,
});

/** One revision with its changes, page by page: the token is the place of the next change in it. */
async function oneRevision(core: Core, { revision, pageToken }: HistoryRequest): Promise<HistoryResponse> {
  const record = await core.store.revision(revision);
  if (!record) {
    core.checkKept(revision);
    throw new CtlError('not-found', `there is no revision ${revision}`, { hint: 'see "ctl history"' });
  }
  const logged = await pageOf(core, revision, placeFrom(pageToken));
  const after = await core.near(revision);
  const sides = { before: logged.some(looksBack) ? await core.near(revision - 1) : after, after };
  const messages = function* () {
    for (const one of logged) yield changeToWire(sides, changeOf(one));
  };
  const [changes = []] = batches(messages(), changeSize);
  const next = (logged[0]?.seq ?? 0) + changes.length;
  const more = next < record.created + record.updated + record.deleted;
  return { revisions: [{ ...record, changes }], nextPageToken: more ? String(next) : '' };
}

/** At least as many changes as fit on a page, from a place in the revision on. */
async function pageOf(core: Core, revision: number, from: number): Promise<LoggedChange[]> {
  const logged: LoggedChange[] = [];
  for await (const slice of core.store.changes({ above: revision - 1, upTo: revision, from })) {
    logged.push(...slice);
    if (logged.length >= BATCH_ITEMS) break;
  }
  return logged;
}

/** Whether telling a change takes the catalog before it: what is gone is labelled there, and had its place. */
const looksBack = ({ before, after }: LoggedChange): boolean =>
  before !== undefined && (after === undefined || before.position !== after.position);

function placeFrom(pageToken: string): number {
  if (/^\d{0,9}$/.test(pageToken)) return Number(pageToken);
  throw new CtlError('usage', 'the page token is not one that was given for this query', {
    hint: 'start again without a page token',
    fields: [{ field: 'page_token', message: 'is not one that was given for this query' }],
  });
}

/** The revisions of one resource, also of one that is gone, each with its change. */
async function ofResource(core: Core, request: HistoryRequest): Promise<HistoryResponse> {
  const { pageSize, pageToken } = request;
  const kind = namedKind(request.kind);
  const ref = await refOf(core, kind, request.key);
  const { revisions, nextPageToken } = await core.store.history({
    of: { kind: kind.name, ref },
    pageSize,
    pageToken,
  });
  const [newest, oldest] = [revisions[0], revisions.at(-1)];
  if (!newest || !oldest) return { revisions: [], nextPageToken };
  const range = { above: oldest.revision - 1, upTo: newest.revision, kind: kind.name, ref };
  const changes = new Map<number, LoggedChange>();
  for await (const slice of core.store.changes(range))
    for (const change of slice) changes.set(change.revision, change);
  const told = kind.order ? await placed(core, kind, revisions) : undefined;
  return {
    revisions: revisions.map((record): Revision => {
      const sides = told?.get(record.revision) ?? { before: core.catalog, after: core.catalog };
      const change: WireChange = changeToWire(sides, changeOf(changes.get(record.revision)!));
      return { ...record, changes: [change] };
    }),
    nextPageToken,
  };
}

/** A resource that is there, by ref or natural key, or one that was, by ref. */
async function refOf(core: Core, kind: Kind, key: string): Promise<string> {
  try {
    return namedResource(core.catalog, kind, key).ref;
  } catch (error) {
    if (!(error instanceof CtlError) || error.code !== 'not-found') throw error;
    const { revisions } = await core.store.history({ of: { kind: kind.name, ref: key }, pageSize: 1 });
    if (revisions.length === 0) throw error;
    return key;
  }
}

/** For kinds with a declared order: all resources of the kind before and after each revision. */
async function placed(
  core: Core,
  { name }: Kind,
  revisions: readonly RevisionRecord[],
): Promise<Map<number, { before: Catalog; after: Catalog }>> {
  let { catalog } = core;
  const since: LoggedChange[] = [];
  const range = { above: revisions.at(-1)!.revision - 1, upTo: catalog.revision, kind: name };
  for await (const slice of core.store.changes(range)) since.push(...slice);
  const undoDownTo = (revision: number) => {
    const deltas: Delta[] = [];
    for (let last = since.at(-1); last && last.revision > revision; last = since.at(-1)) {
      deltas.push({ before: last.after, after: last.before });
      since.pop();
    }
    catalog = catalog.apply(deltas, revision);
    return catalog;
  };
  const sides = new Map<number, { before: Catalog; after: Catalog }>();
  for (const { revision } of revisions) {
    const after = undoDownTo(revision);
    sides.set(revision, { after, before: undoDownTo(revision - 1) });
  }
  return sides;
}
