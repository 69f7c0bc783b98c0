/**
 * What decisions are made on: the catalog of one revision, and indexes under normalised values. Immutable; a
 * change yields the next snapshot, sharing the rest, equal to one built anew.
 */
import { Map as PMap } from 'immutable';
import type { Agent } from '../kinds/agent.js';
import type { Catalog, Delta } from '../kinds/catalog.js';
import type { Domain } from '../kinds/domain.js';
import type { KindName, Resource } from '../kinds/kind.js';
import type { TelNumber } from '../kinds/number.js';
import type { Peer } from '../kinds/peer.js';
import { addRef, emptyRefs, refsAt, removeRef, type RefIndex } from '../kinds/refs.js';
import { isCatchAll, type SipRoute } from '../kinds/sip-route.js';
import { addressKey, nearKey, normalizeUser, parseAddress } from './normalize.js';

/** Stands for the catch-all among called values; no dialled value can be it. */
export const CATCH_ALL = '\0catch-all';

/** An enabled SIP route under one of its called values. */
export interface RouteEntry {
  readonly position: string;
  readonly ref: string;
}

type Routes = PMap<string, readonly RouteEntry[]>;

interface Indexes {
  /** `domainRef NUL user` → agents. */
  agentsAt: RefIndex;
  /** user → agents of all domains. */
  agentsByUser: RefIndex;
  peersByUser: RefIndex;
  peersByAor: RefIndex;
  /** Called value → enabled routes by position. */
  routesByCalled: Routes;
  /** `nearKey` of users, numbers and called values → `kind NUL text NUL ref`, for hints. */
  near: RefIndex;
}

const NEAR_KINDS: Partial<Record<KindName, (doc: never) => readonly string[]>> = {
  Agent: (agent: Agent) => [agent.username],
  Peer: (peer: Peer) => [peer.username],
  Number: (number: TelNumber) => [number.telUrl],
  SipRoute: (route: SipRoute) => route.called.filter((value) => value !== '*'),
};

export interface Near {
  readonly kind: KindName;
  readonly text: string;
  readonly ref: string;
}

export class Snapshot {
  private constructor(
    readonly catalog: Catalog,
    private readonly indexes: Readonly<Indexes>,
  ) {}

  /** Builds the indexes of a whole catalog. */
  static of(catalog: Catalog): Snapshot {
    const kinds: KindName[] = ['Agent', 'Peer', 'Number', 'SipRoute'];
    const deltas = kinds.flatMap((kind) => Array.from(catalog.all(kind), (after): Delta => ({ after })));
    const none = {
      agentsAt: emptyRefs,
      agentsByUser: emptyRefs,
      peersByUser: emptyRefs,
      peersByAor: emptyRefs,
      routesByCalled: PMap() as Routes,
      near: emptyRefs,
    };
    return new Snapshot(catalog, none).apply(deltas, catalog);
  }

  /** The snapshot of `catalog`, which is this one's after the deltas. */
  apply(deltas: Iterable<Delta>, catalog: Catalog): Snapshot {
    const next = Object.fromEntries(
      Object.entries(this.indexes).map(([name, index]) => [name, (index as RefIndex).asMutable()]),
    ) as unknown as Indexes;
    for (const { before, after } of deltas) {
      if (before) visit(before, next, removeRef, removeRoute);
      if (after) visit(after, next, addRef, addRoute);
    }
    for (const index of Object.values(next)) (index as RefIndex).asImmutable();
    return new Snapshot(catalog, next);
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
    return this.pick<Agent>('Agent', refsAt(this.indexes.agentsAt, `${domainRef}\0${user}`))[0];
  }

  /** Agents with that user in any domain, in creation order. */
  agentsByUser(user: string): Resource<Agent>[] {
    return this.pick('Agent', refsAt(this.indexes.agentsByUser, user));
  }

  /** The peer with that user; usernames are unique, the first created where they differ only in separators. */
  peerByUser(user: string): Resource<Peer> | undefined {
    return this.pick<Peer>('Peer', refsAt(this.indexes.peersByUser, user))[0];
  }

  /** Peers with that address of record (see `addressKey`), in creation order. */
  peersByAor(key: string): Resource<Peer>[] {
    return this.pick('Peer', refsAt(this.indexes.peersByAor, key));
  }

  /** The number whose telUrl is `tel:user`. */
  numberByUser(user: string): Resource<TelNumber> | undefined {
    return this.resource<TelNumber>('Number', this.catalog.holders('Number', 0, user)[0]);
  }

  /** Enabled routes that have this called value (see `addressKey`), by position. */
  routesByCalled(key: string): readonly RouteEntry[] {
    return this.indexes.routesByCalled.get(key) ?? [];
  }

  /** Configured values that could be mistaken for a user (see `nearKey`); the caller checks `isNearMiss`. */
  near(user: string): Near[] {
    return refsAt(this.indexes.near, nearKey(user)).map((id) => {
      const [kind, text, ref] = id.split('\0') as [KindName, string, string];
      return { kind, text, ref };
    });
  }
}

type Put = (index: RefIndex, key: string, ref: string) => RefIndex;
type PutRoute = (routes: Routes, key: string, entry: RouteEntry) => void;

function visit(resource: Resource, indexes: Indexes, put: Put, putRoute: PutRoute): void {
  const { ref } = resource;
  if (resource.kind === 'Agent') {
    const agent = resource.doc as unknown as Agent;
    const user = normalizeUser(agent.username);
    put(indexes.agentsByUser, user, ref);
    if (agent.domainRef !== undefined) put(indexes.agentsAt, `${agent.domainRef}\0${user}`, ref);
  } else if (resource.kind === 'Peer') {
    const peer = resource.doc as unknown as Peer;
    put(indexes.peersByUser, normalizeUser(peer.username), ref);
    put(indexes.peersByAor, addressKey(peer.aor), ref);
  } else if (resource.kind === 'SipRoute') {
    const route = resource.doc as unknown as SipRoute;
    const entry = { position: resource.position ?? '', ref };
    const keys = isCatchAll(route) ? [CATCH_ALL] : new Set(route.called.map(addressKey));
    if (route.enabled) for (const key of keys) putRoute(indexes.routesByCalled, key, entry);
  }
  for (const text of NEAR_KINDS[resource.kind]?.(resource.doc as never) ?? []) {
    const { user } = parseAddress(text);
    put(indexes.near, nearKey(user), `${resource.kind}\0${text}\0${ref}`);
  }
}

function addRoute(routes: Routes, key: string, entry: RouteEntry): void {
  const entries = [...(routes.get(key) ?? []), entry];
  routes.set(
    key,
    entries.sort((a, b) => (a.position < b.position ? -1 : 1)),
  );
}

function removeRoute(routes: Routes, key: string, entry: RouteEntry): void {
  const rest = routes.get(key)?.filter(({ ref }) => ref !== entry.ref) ?? [];
  if (rest.length === 0) routes.delete(key);
  else routes.set(key, rest);
}
