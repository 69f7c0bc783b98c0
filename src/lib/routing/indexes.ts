/** The indexes of a snapshot, and how they follow changes of the catalog. Persistent: older ones stay as they are. */
import type { Agent } from '../kinds/agent.js';
import type { Catalog, Delta } from '../kinds/catalog.js';
import { KeyIndex, type KeyIndexDraft } from '../kinds/key-index.js';
import type { KindName, Resource } from '../kinds/kind.js';
import { NestedIndex } from '../kinds/nested-index.js';
import type { TelNumber } from '../kinds/number.js';
import type { Peer } from '../kinds/peer.js';
import { PersistentMap, type MapDraft } from '../kinds/persistent-map.js';
import { isCatchAll, type SipRoute } from '../kinds/sip-route.js';
import { addressKey, nearKey, normalizeUser, parseAddress, userKeyOf } from './normalize.js';

/** Stands for the catch-all among called values; those begin with no blank, whatever was dialled. */
export const CATCH_ALL = ' *';

const keys = new WeakMap<SipRoute, readonly string[]>();

/** The keys under which a route is called, one for each of its called values, read once. */
export function calledKeys(route: SipRoute): readonly string[] {
  let found = keys.get(route);
  if (!found) keys.set(route, (found = isCatchAll(route) ? [CATCH_ALL] : route.called.map(addressKey)));
  return found;
}

/** The called value of a route that has this key, as it was written. */
export const calledText = (route: SipRoute, key: string): string =>
  route.called[calledKeys(route).indexOf(key)]!;

/** What decisions look up, under normalised values. */
export interface Indexes {
  /** domainRef, user → agents. */
  readonly agentsAt: NestedIndex<Resource<Agent>>;
  /** user → agents of all domains. */
  readonly agentsByUser: KeyIndex<Resource<Agent>>;
  readonly peersByUser: KeyIndex<Resource<Peer>>;
  /** Host or HOSTLESS, user with its scheme if that is `backend:` → peers with this aor. */
  readonly peersByAor: NestedIndex<Resource<Peer>>;
  /**
   * HOSTLESS, `nearKey` → the users and called values that share it; and host, `nearKey` → called values
   * `user@host`. Each stands there once, however many resources have it, so that the same extension in every
   * domain does not make a hint slow.
   */
  readonly near: NestedIndex<string>;
  /** Called value → enabled routes by position. */
  readonly routesByCalled: PersistentMap<readonly Resource<SipRoute>[]>;
}

/** The indexes while they change. */
type Drafts = { readonly [K in keyof Indexes]: ReturnType<Indexes[K]['edit']> };
type Routes = MapDraft<readonly Resource<SipRoute>[]>;

/** Stands for no host where one is looked up; no host has this character. */
export const HOSTLESS = '@';

const refOf = ({ ref }: Resource<unknown>): string => ref;

export const noIndexes: Indexes = {
  agentsAt: NestedIndex.empty<Resource<Agent>>(refOf),
  agentsByUser: KeyIndex.empty<Resource<Agent>>(refOf),
  peersByUser: KeyIndex.empty<Resource<Peer>>(refOf),
  peersByAor: NestedIndex.empty<Resource<Peer>>(refOf),
  near: NestedIndex.empty((text) => text),
  routesByCalled: PersistentMap.empty(),
};

/** In declared order. */
export const byPosition = (a: Resource<SipRoute>, b: Resource<SipRoute>): number =>
  a.position! < b.position! ? -1 : 1;

/**
 * The indexes after changes. `catalog` is the one after them: it tells whether a number still has what a user or
 * route had.
 */
export function changed(indexes: Indexes, deltas: Iterable<Delta>, catalog: Catalog): Indexes {
  const drafts = edit(indexes);
  for (const { before, after } of deltas) {
    if (before) remove(drafts, before, catalog);
    if (after) insert(drafts, after);
  }
  return done(drafts);
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

/** Adds the key of an index under which a resource stands. */
type Put = <T extends string | object>(index: KeyIndexDraft<T>, key: string, item: T) => void;

const add: Put = (index, key, item) => index.add(key, item);
const drop: Put = (index, key, item) => index.remove(key, item);

/** Puts an agent, peer or number in or out of the indexes; returns the texts that near misses may find. */
function place(indexes: Drafts, resource: Resource<unknown>, put: Put): readonly string[] {
  if (isOf<Agent>(resource, 'Agent')) {
    const { username, domainRef } = resource.doc;
    const user = normalizeUser(username);
    put(indexes.agentsByUser, user, resource);
    if (domainRef !== undefined) put(indexes.agentsAt.part(domainRef), user, resource);
    return [user];
  }
  if (isOf<Peer>(resource, 'Peer')) {
    const user = normalizeUser(resource.doc.username);
    put(indexes.peersByUser, user, resource);
    const aor = parseAddress(resource.doc.aor);
    put(indexes.peersByAor.part(aor.host ?? HOSTLESS), userKeyOf(aor), resource);
    return [user];
  }
  return isOf<TelNumber>(resource, 'Number') ? [parseAddress(resource.doc.telUrl).user] : [];
}

const isOf = <D>(resource: Resource<unknown>, kind: KindName): resource is Resource<D> =>
  resource.kind === kind;

/** The distinct keys under which a resource is called, if it is an enabled route. */
const calledOf = (resource: Resource<unknown>): Iterable<string> =>
  isOf<SipRoute>(resource, 'SipRoute') && resource.doc.enabled ? new Set(calledKeys(resource.doc)) : [];

function insert(indexes: Drafts, resource: Resource<unknown>): void {
  const called = calledOf(resource);
  for (const key of called) addRoute(indexes.routesByCalled, key, resource as Resource<SipRoute>);
  for (const text of [...place(indexes, resource, add), ...called])
    nearPart(indexes, text).add(nearKeyOf(text), text);
}

function remove(indexes: Drafts, resource: Resource<unknown>, catalog: Catalog): void {
  const called = calledOf(resource);
  for (const key of called) removeRoute(indexes.routesByCalled, key, resource.ref);
  for (const text of [...place(indexes, resource, drop), ...called]) {
    const remains =
      indexes.agentsByUser.has(text) ||
      indexes.peersByUser.has(text) ||
      indexes.routesByCalled.has(text) ||
      catalog.havingKey('Number', 0, text).length > 0;
    if (!remains) nearPart(indexes, text).remove(nearKeyOf(text), text);
  }
}

/** Where near misses look for a user, or for a called value `user@host`. */
const nearPart = (indexes: Drafts, text: string): KeyIndexDraft<string> =>
  indexes.near.part(text.includes('@') ? text.slice(text.lastIndexOf('@') + 1) : HOSTLESS);

const nearKeyOf = (text: string): string =>
  nearKey(text.includes('@') ? text.slice(0, text.lastIndexOf('@')) : text);

function addRoute(routes: Routes, key: string, route: Resource<SipRoute>): void {
  routes.set(key, [...(routes.get(key) ?? []), route].sort(byPosition));
}

function removeRoute(routes: Routes, key: string, ref: string): void {
  const rest = (routes.get(key) ?? []).filter((route) => route.ref !== ref);
  if (rest.length === 0) routes.delete(key);
  else routes.set(key, rest);
}
