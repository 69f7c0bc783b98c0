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
import type { SipRoute } from '../kinds/sip-route.js';
import { byPosition, changed, HOSTLESS, noIndexes, type Indexes } from './indexes.js';
import { userKeyOf, type Address } from './normalize.js';

const seqOf = ({ seq }: { readonly seq: number }): number => seq;

/** In the order of creation. */
const bySeq = <D>(found: Resource<D>[]): Resource<D>[] =>
  found.length > 1 ? found.sort((a, b) => a.seq - b.seq) : found;

export class Snapshot {
  private ordered: readonly Resource<SipRoute>[] | undefined;

  private constructor(
    readonly catalog: Catalog,
    private readonly indexes: Indexes,
  ) {}

  /** Builds the indexes of a whole catalog. */
  static of(catalog: Catalog): Snapshot {
    const kinds: KindName[] = ['Agent', 'Peer', 'Number', 'SipRoute'];
    const deltas = kinds.flatMap((kind) => Array.from(catalog.all(kind), (after): Delta => ({ after })));
    return new Snapshot(catalog, noIndexes).apply(deltas, catalog);
  }

  /** The snapshot of `catalog`, which is this one's after the deltas. */
  apply(deltas: Iterable<Delta>, catalog: Catalog): Snapshot {
    return new Snapshot(catalog, changed(this.indexes, deltas, catalog));
  }

  get revision(): number {
    return this.catalog.revision;
  }

  /** A resource of a kind whose document type the caller knows. */
  resource<D>(kind: KindName, ref: string | undefined): Resource<D> | undefined {
    return ref === undefined ? undefined : (this.catalog.get(kind, ref) as Resource<D> | undefined);
  }

  /** All resources of a kind whose document type the caller knows, in no particular order. */
  all<D>(kind: KindName): Iterable<Resource<D>> {
    return this.catalog.all(kind) as unknown as Iterable<Resource<D>>;
  }

  /** The domain whose domainUri is the host, which is in lower case. */
  domainOf(host: string): Resource<Domain> | undefined {
    return this.catalog.withKey('Domain', 0, host) as Resource<Domain> | undefined;
  }

  /** The agent with that user in a domain; the first created where usernames differ only in separators. */
  agentAt(domainRef: string, user: string): Resource<Agent> | undefined {
    return this.indexes.agentsAt.first(domainRef, user, seqOf);
  }

  /** Agents with that user in any domain, in creation order. */
  agentsByUser(user: string): Resource<Agent>[] {
    return bySeq(this.indexes.agentsByUser.at(user));
  }

  /** The peer with that user; usernames are unique, the first created where they differ only in separators. */
  peerByUser(user: string): Resource<Peer> | undefined {
    return this.indexes.peersByUser.first(user, seqOf);
  }

  /** Peers with that address of record, in creation order. */
  peersByAor(aor: Address): Resource<Peer>[] {
    return bySeq(this.indexes.peersByAor.at(aor.host ?? HOSTLESS, userKeyOf(aor)));
  }

  /** The number whose telUrl is `tel:user`. */
  numberByUser(user: string): Resource<TelNumber> | undefined {
    return this.catalog.withKey('Number', 0, user) as Resource<TelNumber> | undefined;
  }

  /** Enabled routes that have this called value (see `addressKey`), by position. */
  routesByCalled(key: string): readonly Resource<SipRoute>[] {
    return this.indexes.routesByCalled.get(key) ?? [];
  }

  /**
   * Configured users, numbers and called values with this `nearKey`; with a host, called values `user@host`
   * of enabled routes: what a person could mistake. The caller checks `isNearMiss`.
   */
  near(key: string, host = HOSTLESS): string[] {
    return this.indexes.near.at(host, key);
  }

  /** All routes, disabled ones too, by position. */
  get sipRoutes(): readonly Resource<SipRoute>[] {
    this.ordered ??= [...this.all<SipRoute>('SipRoute')].sort(byPosition);
    return this.ordered;
  }
}
