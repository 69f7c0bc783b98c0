/**
 * Which calls a change can reach. A caller is tainted when what it is, or what its calls leave by, has changed; a
 * dialled value, when what it names has. A call of which neither is tainted is decided as before and need not be
 * asked. This may taint too much, never too little: a test compares it with asking everything.
 */
import type { Agent } from '../../kinds/agent.js';
import type { Delta } from '../../kinds/catalog.js';
import type { Domain } from '../../kinds/domain.js';
import type { KindName, Resource } from '../../kinds/kind.js';
import type { TelNumber } from '../../kinds/number.js';
import type { Peer } from '../../kinds/peer.js';
import { isCatchAll, type SipRoute } from '../../kinds/sip-route.js';
import { normalizeUser, parseAddress } from '../../routing/normalize.js';
import type { Snapshot } from '../../routing/snapshot.js';
import type { CallerClass } from './callers.js';
import type { Transition } from './rebase.js';

const idOf = (kind: KindName, ref: string): string => `${kind}\0${ref}`;

/** Stands for any host. */
const ANY = '*';

export class Taint {
  /** What changed, and everything that refers to it, and to that. */
  private readonly resources = new Set<string>();
  /** What changed itself, or is at another host. */
  private readonly changed: ReadonlySet<string>;
  /** User → hosts at which it means something else, or something tainted; ANY among them for all. */
  private readonly users = new Map<string, Set<string>>();
  /** The catch-all takes other calls, or handles them in another way. */
  private catchAll = false;
  /** A value without a host may be at another one: the only domain is the host of those. */
  private readonly hosts: boolean;

  constructor({ before, after, deltas }: Transition) {
    const sides = [before, after];
    const open = deltas.map((delta) => (delta.before ?? delta.after)!);
    const moved = deltas.filter(movesHost).map((delta) => (delta.before ?? delta.after)!);
    const theirs = moved.flatMap(({ kind, ref }) =>
      sides.flatMap(({ catalog }) => catalog.referrers(kind, ref)),
    );
    this.changed = new Set([...open, ...theirs].map(({ kind, ref }) => idOf(kind, ref)));
    this.spread(sides, open);
    this.hosts = moved.length > 0;
    for (const side of sides) this.taintUsers(side);
    for (const side of sides) this.taintPeers(side);
    for (const side of sides) this.taintLinks(side);
  }

  /** Whether a caller's own part of a decision may differ. */
  caller({ resource, outward }: CallerClass): boolean {
    if (this.hosts && !(resource && 'domainRef' in resource.doc)) return true;
    if (!resource) return this.catchAll;
    return (
      this.resources.has(idOf(resource.kind, resource.ref)) || outward.some((number) => this.dialled(number))
    );
  }

  /**
   * Whether what a value means may differ.
   * @param home the host of a value without one, where the caller has such a host
   */
  dialled(value: string, home?: string): boolean {
    const { user, host = home } = parseAddress(value);
    return this.at(user, host);
  }

  private at(user: string, host: string | undefined): boolean {
    const hosts = this.users.get(user);
    if (!hosts) return false;
    return host === undefined || hosts.has(ANY) || hosts.has(host.toLowerCase());
  }

  private spread(sides: readonly Snapshot[], open: Resource[]): void {
    for (let one = open.pop(); one; one = open.pop()) {
      const { kind, ref } = one;
      if (this.resources.has(idOf(kind, ref))) continue;
      this.resources.add(idOf(kind, ref));
      for (const side of sides)
        for (const referrer of side.catalog.referrers(kind, ref))
          open.push(side.catalog.get(referrer.kind, referrer.ref)!);
    }
  }

  private taintUsers(side: Snapshot): void {
    for (const id of this.resources) {
      const [kind, ref] = id.split('\0') as [KindName, string];
      const doc = side.catalog.get(kind, ref)?.doc as unknown;
      if (!doc) continue;
      if (kind === 'Number') this.taintAddress((doc as TelNumber).telUrl);
      if (kind === 'SipRoute') this.taintRoute(doc as SipRoute);
      // As callees these are what their own documents say.
      if (kind === 'Agent' && this.changed.has(id)) this.taintAgent(side, doc as Agent);
      if (kind === 'Peer' && this.changed.has(id)) this.taintPeer(doc as Peer);
    }
  }

  private taintRoute(route: SipRoute): void {
    for (const called of route.called) this.taintAddress(called);
    if (isCatchAll(route)) this.catchAll = true;
  }

  private taintAgent(side: Snapshot, { username, domainRef }: Agent): void {
    const domain = side.resource<Domain>('Domain', domainRef);
    if (domain) this.taint(normalizeUser(username), domain.doc.domainUri);
  }

  private taintPeer({ username, aor }: Peer): void {
    this.taint(normalizeUser(username), ANY);
    this.taintAddress(aor);
  }

  private taintAddress(text: string): void {
    const { user, host = ANY } = parseAddress(text);
    this.taint(user, host);
  }

  private taint(user: string, host: string): void {
    const hosts = this.users.get(user);
    if (hosts) hosts.add(host.toLowerCase());
    else this.users.set(user, new Set([host.toLowerCase()]));
  }

  /** Peers that share an address of record are one group, under the user of each. */
  private taintPeers(side: Snapshot): void {
    for (const { doc } of side.all<Peer>('Peer'))
      if (this.dialled(doc.aor)) this.taint(normalizeUser(doc.username), ANY);
  }

  /** Numbers that link to a tainted address are as tainted as it is. */
  private taintLinks(side: Snapshot): void {
    for (const { doc } of side.all<TelNumber>('Number'))
      if (doc.aorLink !== undefined && this.dialled(doc.aorLink)) this.taintAddress(doc.telUrl);
  }
}

/** Whether a domain comes, goes, or is at another host than before. */
const movesHost = ({ before, after }: Delta): boolean =>
  (before ?? after)!.kind === 'Domain' && before?.doc['domainUri'] !== after?.doc['domainUri'];
