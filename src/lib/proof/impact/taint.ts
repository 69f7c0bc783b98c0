/**
 * Which calls a change can reach. A caller is tainted when what it is, or what its calls leave by, has changed; a
 * dialled value, when what it names has. A call of which neither is tainted is decided as before and need not be
 * asked. This may taint too much, never too little: a test compares it with asking everything.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Agent } from '../../kinds/agent.js';
import type { Delta, Referrer } from '../../kinds/catalog.js';
import type { Domain } from '../../kinds/domain.js';
import type { KindName, Resource } from '../../kinds/kind.js';
import type { TelNumber } from '../../kinds/number.js';
import type { Peer } from '../../kinds/peer.js';
import { isCatchAll, type SipRoute } from '../../kinds/sip-route.js';
import type { Trunk } from '../../kinds/trunk.js';
import { type Address, normalizeUser, parseAddress } from '../../routing/normalize.js';
import { aorOf, linkOf } from '../../routing/parties.js';
import type { Snapshot } from '../../routing/snapshot.js';
import type { CallerClass } from './callers.js';
import type { Transition } from './rebase.js';

const idOf = (kind: KindName, ref: string): string => `${kind}\0${ref}`;

/** Stands for any host. */
const ANY = '*';

export class Taint {
  /** What changed, and everything that refers to it, and to that. */
  private readonly resources: ReadonlySet<string>;
  /** The same but for what only calls that leave by an egress policy meet. */
  private readonly always: ReadonlySet<string>;
  /** What changed itself, or is at another host. */
  private readonly changed: ReadonlySet<string>;
  /** User → hosts at which it means something else, or something tainted; ANY among them for all. */
  private readonly users = new Map<string, Set<string>>();
  /** Numbers whose calls arrive in another way: it is calls from outside alone that their trunk lets in. */
  private readonly arrivals = new Set<string>();
  /** Numbers as which calls leave in another way. */
  private readonly leaving = new Set<string>();
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
    this.resources = reach(sides, open, () => true);
    const others = deltas.filter((delta) => !changesEgressAlone(delta));
    this.always = reach(
      sides,
      others.map((delta) => (delta.before ?? delta.after)!),
      (kind, referrer) => kind !== 'Number' || referrer.kind !== 'Domain',
    );
    this.hosts = moved.length > 0;
    for (const side of sides) this.taintUsers(side, sides);
    for (const side of sides) this.taintPeers(side);
    for (const side of sides) this.taintLinks(side);
  }

  /** For which calls a caller's own part of a decision may differ: all, those that leave, or none. */
  caller({ call, resource, outward }: CallerClass): 'all' | 'leaving' | 'none' {
    // An address that is not the same one's any more.
    if (call.from !== undefined && !resource) return 'all';
    if (this.hosts && !(resource && 'domainRef' in resource.doc)) return 'all';
    if (!resource) return this.catchAll ? 'all' : 'none';
    const id = idOf(resource.kind, resource.ref);
    if (this.always.has(id)) return 'all';
    const leaves =
      this.resources.has(id) || outward.some((number) => this.leaving.has(parseAddress(number).user));
    return leaves ? 'leaving' : 'none';
  }

  /**
   * Whether what an address means may differ.
   * @param home the host of one that has none, where the caller has such a host
   */
  dialled(address: Address, home?: string): boolean {
    const hosts = this.users.get(address.user);
    const host = address.host ?? home;
    if (!hosts) return false;
    return host === undefined || hosts.has(ANY) || hosts.has(host.toLowerCase());
  }

  /** Whether calls from outside to an address may arrive in another way. */
  arriving({ user }: Address): boolean {
    return this.arrivals.has(user);
  }

  private taintUsers(side: Snapshot, sides: readonly Snapshot[]): void {
    for (const id of this.resources) {
      const [kind, ref] = id.split('\0') as [KindName, string];
      const doc = side.catalog.get(kind, ref)?.doc as unknown;
      if (!doc) continue;
      if (kind === 'Number') this.taintNumber(sides, id, doc as TelNumber);
      if (kind === 'SipRoute') this.taintRoute(doc as SipRoute);
      // As callees these are what their own documents say.
      if (kind === 'Agent' && this.changed.has(id)) this.taintAgent(side, doc as Agent);
      if (kind === 'Peer' && this.changed.has(id)) this.taintPeer(doc as Peer);
    }
  }

  /** What a number refers to is its trunk, which only lets in what comes from outside. */
  private taintNumber(sides: readonly Snapshot[], id: string, { telUrl, trunkRef }: TelNumber): void {
    this.leaving.add(parseAddress(telUrl).user);
    if (this.changed.has(id)) this.taintAddress(telUrl);
    else if (this.letsInOtherwise(sides, trunkRef)) this.arrivals.add(parseAddress(telUrl).user);
  }

  /** Whether a trunk stands at another host, or something else guards it. */
  private letsInOtherwise(sides: readonly Snapshot[], ref: string | undefined): boolean {
    const [old, now] = sides.map((side) => side.resource<Trunk>('Trunk', ref)?.doc);
    if (!old || !now) return true;
    const { inboundUri, accessControlListRef: acl, inboundCredentialsRef: credentials } = old;
    return (
      inboundUri.toLowerCase() !== now.inboundUri.toLowerCase() ||
      acl !== now.accessControlListRef ||
      credentials !== now.inboundCredentialsRef ||
      (acl !== undefined && this.resources.has(idOf('AccessControlList', acl))) ||
      (credentials !== undefined && this.resources.has(idOf('Credentials', credentials)))
    );
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
      if (this.dialled(aorOf(doc))) this.taint(normalizeUser(doc.username), ANY);
  }

  /** Numbers that link to a tainted address are as tainted as it is. */
  private taintLinks(side: Snapshot): void {
    for (const { doc } of side.all<TelNumber>('Number')) {
      const link = linkOf(doc);
      if (link && this.dialled(link.address)) this.taintAddress(doc.telUrl);
    }
  }
}

/** These resources, and all that refers to them, and to that, where a reference is to be followed. */
function reach(
  sides: readonly Snapshot[],
  start: readonly Resource[],
  follows: (kind: KindName, referrer: Referrer) => boolean,
): Set<string> {
  const found = new Set<string>();
  const open: { readonly kind: KindName; readonly ref: string }[] = [...start];
  for (let one = open.pop(); one; one = open.pop()) {
    const { kind, ref } = one;
    if (found.has(idOf(kind, ref))) continue;
    found.add(idOf(kind, ref));
    for (const side of sides)
      for (const referrer of side.catalog.referrers(kind, ref))
        if (follows(kind, referrer)) open.push(referrer);
  }
  return found;
}

/** Whether a domain stays as it is but for its egress policies. */
const changesEgressAlone = ({ before, after }: Delta): boolean =>
  before?.kind === 'Domain' &&
  after !== undefined &&
  isDeepStrictEqual({ ...before.doc, egressPolicies: null }, { ...after.doc, egressPolicies: null });

/** Whether a domain comes, goes, or is at another host than before. */
const movesHost = ({ before, after }: Delta): boolean =>
  (before ?? after)!.kind === 'Domain' && before?.doc['domainUri'] !== after?.doc['domainUri'];
