/**
 * Which calls a change can reach: everything that refers to what changed, by reference or by address, is tainted. A
 * call of whose caller and dialled value nothing is tainted is decided as before and need not be asked. This may
 * taint too much, never too little: a test compares it with asking everything.
 */
import type { Agent } from '../../kinds/agent.js';
import type { KindName, Resource } from '../../kinds/kind.js';
import type { TelNumber } from '../../kinds/number.js';
import type { Peer } from '../../kinds/peer.js';
import { isCatchAll, type SipRoute } from '../../kinds/sip-route.js';
import { normalizeUser, parseAddress } from '../../routing/normalize.js';
import type { Snapshot } from '../../routing/snapshot.js';
import type { CallerClass } from './callers.js';
import type { Transition } from './rebase.js';

const idOf = (kind: KindName, ref: string): string => `${kind}\0${ref}`;
const userOf = (text: string): string => parseAddress(text).user;

export class Taint {
  private readonly resources = new Set<string>();
  /** User parts that are dialled or linked to, and mean something else, or something tainted. */
  private readonly users = new Set<string>();
  /** The catch-all takes other calls, or handles them in another way. */
  private catchAll = false;
  /** A value without a host may be at another one: the only domain is the host of those. */
  private hosts = false;

  constructor({ before, after, deltas }: Transition) {
    const sides = [before, after];
    this.spread(
      sides,
      deltas.map(({ before: old, after: now }) => (old ?? now)!),
    );
    this.hosts = deltas.some(
      (delta) => (delta.before ?? delta.after)!.kind === 'Domain' && !(delta.before && delta.after),
    );
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

  /** Whether what a value means may differ, for whoever dials it. */
  dialled(value: string): boolean {
    return this.users.has(userOf(value));
  }

  /** To everything that refers to these resources, and to that. */
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

  /** The users of tainted resources: whoever dials them gets there. */
  private taintUsers(side: Snapshot): void {
    for (const id of this.resources) {
      const [kind, ref] = id.split('\0') as [KindName, string];
      const doc = side.catalog.get(kind, ref)?.doc as unknown;
      if (!doc) continue;
      if (kind === 'Number') this.taint((doc as TelNumber).telUrl);
      if (kind === 'Agent') this.users.add(normalizeUser((doc as Agent).username));
      if (kind === 'Peer') {
        this.users.add(normalizeUser((doc as Peer).username));
        this.taint((doc as Peer).aor);
      }
      if (kind !== 'SipRoute') continue;
      this.taint(...(doc as SipRoute).called);
      if (isCatchAll(doc as SipRoute)) this.catchAll = true;
    }
  }

  private taint(...texts: readonly string[]): void {
    for (const text of texts) this.users.add(userOf(text));
  }

  /** Peers that share an address of record are one group, under the user of each. */
  private taintPeers(side: Snapshot): void {
    for (const { doc } of side.catalog.all('Peer') as Iterable<unknown> as Iterable<Resource<Peer>>)
      if (this.dialled(doc.aor)) this.users.add(normalizeUser(doc.username));
  }

  /** Numbers that link to a tainted user are as tainted as it is. */
  private taintLinks(side: Snapshot): void {
    for (const { doc } of side.catalog.all('Number') as Iterable<unknown> as Iterable<Resource<TelNumber>>)
      if (doc.aorLink !== undefined && this.dialled(doc.aorLink)) this.taint(doc.telUrl);
  }
}
