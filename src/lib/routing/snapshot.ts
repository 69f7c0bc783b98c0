/**
 * What decisions are made on: the catalog of one revision, and indexes under normalised values. Immutable; a
 * change yields the next snapshot, sharing the rest, equal to one built anew.
 */
import type { Agent } from '../kinds/agent.js';
import type { Catalog, Delta } from '../kinds/catalog.js';
import type { Domain } from '../kinds/domain.js';
import type { KindName, Resource } from '../kinds/kind.js';
import type { TelNumber } from '../kinds/number.js';
import type { Peer } from '../kinds/peer.js';
import { PersistentMap, type MapDraft } from '../kinds/persistent-map.js';
import { RefIndex, type RefIndexDraft } from '../kinds/refs.js';
import { isCatchAll, type SipRoute } from '../kinds/sip-route.js';
import { addressKey, nearKey, normalizeUser, parseAddress } from './normalize.js';

/** Stands for the catch-all among called values; those begin with no blank, whatever was dialled. */
export const CATCH_ALL = ' *';

/** The called value of a route under which the indexes have it, as it was written. */
export const calledText = (route: SipRoute, key: string): string =>
  key === CATCH_ALL ? '*' : route.called.find((text) => addressKey(text) === key)!;

/** An enabled SIP route under one of its called values. */
export interface RouteEntry {
  readonly position: string;
  readonly ref: string;
}

interface Indexes<Refs = RefIndex, Routes = PersistentMap<readonly RouteEntry[]>> {
  /** `domainRef NUL user` → agents. */
  readonly agentsAt: Refs;
  /** user → agents of all domains. */
  readonly agentsByUser: Refs;
  readonly peersByUser: Refs;
  readonly peersByAor: Refs;
  /**
   * `nearKey` → the users and called values that share it. Each stands there once, however many resources have
   * it, so that the same extension in every domain does not make a hint slow.
   */
  readonly near: Refs;
  /** Called value → enabled routes by position. */
  readonly routesByCalled: Routes;
}

type Routes = MapDraft<readonly RouteEntry[]>;
type Drafts = Indexes<RefIndexDraft, Routes>;

const none: Indexes = {
  agentsAt: RefIndex.empty,
  agentsByUser: RefIndex.empty,
  peersByUser: RefIndex.empty,
  peersByAor: RefIndex.empty,
  near: RefIndex.empty,
  routesByCalled: PersistentMap.empty(),
};

export class Snapshot {
  private constructor(
    readonly catalog: Catalog,
    private readonly indexes: Indexes,
  ) {}

  /** Builds the indexes of a whole catalog. */
  static of(catalog: Catalog): Snapshot {
    const kinds: KindName[] = ['Agent', 'Peer', 'Number', 'SipRoute'];
    const deltas = kinds.flatMap((kind) => Array.from(catalog.all(kind), (after): Delta => ({ after })));
    return new Snapshot(catalog, none).apply(deltas, catalog);
  }

  /** The snapshot of `catalog`, which is this one's after the deltas. */
  apply(deltas: Iterable<Delta>, catalog: Catalog): Snapshot {
    const drafts = edit(this.indexes);
    for (const { before, after } of deltas) {
      if (before) remove(drafts, before, catalog);
      if (after) insert(drafts, after);
    }
    return new Snapshot(catalog, done(drafts));
  }

  get revision(): number {
    return this.catalog.revision;
  }

  private pick<D>(kind: KindName, refs: readonly string[]): Resource<D>[] {
    const found = refs.map((ref) => this.catalog.get(kind, ref)!);
    return (found.length > 1 ? found.sort((a, b) => a.seq - b.seq) : found) as unknown as Resource<D>[];
  }

  /** A resource of a kind whose document type the caller knows. */
  resource<D>(kind: KindName, ref: string | undefined): Resource<D> | undefined {
    return ref === undefined ? undefined : (this.catalog.get(kind, ref) as Resource<D> | undefined);
  }

  /** The domain whose domainUri is the host; hosts compare without regard to case. */
  domainOf(host: string): Resource<Domain> | undefined {
    return this.resource<Domain>('Domain', this.catalog.holders('Domain', 0, host.toLowerCase())[0]);
  }

  /** The agent with that user in a domain; the first created where usernames differ only in separators. */
  agentAt(domainRef: string, user: string): Resource<Agent> | undefined {
    return this.pick<Agent>('Agent', this.indexes.agentsAt.at(`${domainRef}\0${user}`))[0];
  }

  /** Agents with that user in any domain, in creation order. */
  agentsByUser(user: string): Resource<Agent>[] {
    return this.pick('Agent', this.indexes.agentsByUser.at(user));
  }

  /** The peer with that user; usernames are unique, the first created where they differ only in separators. */
  peerByUser(user: string): Resource<Peer> | undefined {
    return this.pick<Peer>('Peer', this.indexes.peersByUser.at(user))[0];
  }

  /** Peers with that address of record (see `addressKey`), in creation order. */
  peersByAor(key: string): Resource<Peer>[] {
    return this.pick('Peer', this.indexes.peersByAor.at(key));
  }

  /** The number whose telUrl is `tel:user`. */
  numberByUser(user: string): Resource<TelNumber> | undefined {
    return this.resource<TelNumber>('Number', this.catalog.holders('Number', 0, user)[0]);
  }

  /** Enabled routes that have this called value (see `addressKey`), by position. */
  routesByCalled(key: string): readonly RouteEntry[] {
    return this.indexes.routesByCalled.get(key) ?? [];
  }

  /**
   * Configured users, and numbers, that could be mistaken for this one; with a host, called values `user@host`
   * of enabled routes. The caller checks `isNearMiss`.
   */
  near(user: string, host?: string): string[] {
    return this.indexes.near.at(host === undefined ? nearKey(user) : `${nearKey(user)}@${host}`);
  }
}

function edit(indexes: Indexes): Drafts {
  return {
    agentsAt: indexes.agentsAt.edit(),
    agentsByUser: indexes.agentsByUser.edit(),
    peersByUser: indexes.peersByUser.edit(),
    peersByAor: indexes.peersByAor.edit(),
    near: indexes.near.edit(),
    routesByCalled: indexes.routesByCalled.edit(),
  };
}

function done(drafts: Drafts): Indexes {
  return {
    agentsAt: drafts.agentsAt.done(),
    agentsByUser: drafts.agentsByUser.done(),
    peersByUser: drafts.peersByUser.done(),
    peersByAor: drafts.peersByAor.done(),
    near: drafts.near.done(),
    routesByCalled: drafts.routesByCalled.done(),
  };
}

/** The values under which the indexes have a resource. */
interface Keys {
  readonly user?: string;
  readonly domainRef?: string | undefined;
  readonly aor?: string;
  readonly called?: readonly string[];
}

function keysOf({ kind, doc }: Resource): Keys {
  if (kind === 'Agent') {
    const { username, domainRef } = doc as unknown as Agent;
    return { user: normalizeUser(username), domainRef };
  }
  if (kind === 'Peer') {
    const { username, aor } = doc as unknown as Peer;
    return { user: normalizeUser(username), aor: addressKey(aor) };
  }
  if (kind === 'Number') return { user: parseAddress((doc as unknown as TelNumber).telUrl).user };
  if (kind !== 'SipRoute') return {};
  const route = doc as unknown as SipRoute;
  if (!route.enabled) return {};
  return { called: isCatchAll(route) ? [CATCH_ALL] : [...new Set(route.called.map(addressKey))] };
}

function insert(indexes: Drafts, resource: Resource): void {
  const { kind, ref } = resource;
  const { user, domainRef, aor, called = [] } = keysOf(resource);
  if (kind === 'Agent') indexes.agentsByUser.add(user!, ref);
  if (domainRef !== undefined) indexes.agentsAt.add(`${domainRef}\0${user}`, ref);
  if (kind === 'Peer') indexes.peersByUser.add(user!, ref);
  if (aor !== undefined) indexes.peersByAor.add(aor, ref);
  const entry = { position: resource.position ?? '', ref };
  for (const key of called) addRoute(indexes.routesByCalled, key, entry);
  for (const text of user === undefined ? called : [user]) indexes.near.add(nearKeyOf(text), text);
}

/** `catalog` is the one after the whole change: it tells whether a number still has what a user or route had. */
function remove(indexes: Drafts, resource: Resource, catalog: Catalog): void {
  const { kind, ref } = resource;
  const { user, domainRef, aor, called = [] } = keysOf(resource);
  if (kind === 'Agent') indexes.agentsByUser.remove(user!, ref);
  if (domainRef !== undefined) indexes.agentsAt.remove(`${domainRef}\0${user}`, ref);
  if (kind === 'Peer') indexes.peersByUser.remove(user!, ref);
  if (aor !== undefined) indexes.peersByAor.remove(aor, ref);
  for (const key of called) removeRoute(indexes.routesByCalled, key, ref);
  for (const text of user === undefined ? called : [user]) {
    const remains =
      indexes.agentsByUser.has(text) ||
      indexes.peersByUser.has(text) ||
      indexes.routesByCalled.has(text) ||
      catalog.holders('Number', 0, text).length > 0;
    if (!remains) indexes.near.remove(nearKeyOf(text), text);
  }
}

/** The key of a user, or of a called value `user@host`, in the index of near ones. */
function nearKeyOf(text: string): string {
  const at = text.lastIndexOf('@');
  return at < 0 ? nearKey(text) : nearKey(text.slice(0, at)) + text.slice(at);
}

function addRoute(routes: Routes, key: string, entry: RouteEntry): void {
  const entries = [...(routes.get(key) ?? []), entry];
  routes.set(
    key,
    entries.sort((a, b) => (a.position < b.position ? -1 : 1)),
  );
}

function removeRoute(routes: Routes, key: string, ref: string): void {
  const rest = (routes.get(key) ?? []).filter((entry) => entry.ref !== ref);
  if (rest.length === 0) routes.delete(key);
  else routes.set(key, rest);
}
