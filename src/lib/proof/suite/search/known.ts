/** What a configuration knows, by what calls are made from: numbers by link and trunk, hosts by user, users that are taken. */
import type { Agent } from '../../../kinds/agent.js';
import type { Domain } from '../../../kinds/domain.js';
import type { Resource } from '../../../kinds/kind.js';
import type { TelNumber } from '../../../kinds/number.js';
import type { Peer } from '../../../kinds/peer.js';
import type { SipRoute } from '../../../kinds/sip-route.js';
import type { Trunk } from '../../../kinds/trunk.js';
import { calledKeys } from '../../../routing/indexes.js';
import { addressOfKey, normalizeUser, parseAddress } from '../../../routing/normalize.js';
import { linkOf } from '../../../routing/parties.js';
import type { Snapshot } from '../../../routing/snapshot.js';
import { inOrder } from './callers.js';

/** An egress policy, by its place. */
export interface Policy {
  readonly domain: Resource<Domain>;
  readonly index: number;
}

/** Values under keys, several under each. */
class Groups<V> {
  private readonly groups = new Map<string, V[]>();

  add(key: string, value: V): void {
    const group = this.groups.get(key);
    if (group) group.push(value);
    else this.groups.set(key, [value]);
  }

  at(key: string): readonly V[] {
    return this.groups.get(key) ?? [];
  }
}

export class Known {
  readonly agents: readonly Resource<Agent>[];
  readonly domains: readonly Resource<Domain>[];
  readonly numbers: readonly Resource<TelNumber>[];
  readonly peers: readonly Resource<Peer>[];
  readonly trunks: readonly Resource<Trunk>[];
  /** Numbers by the keys of their aorLink (see `linkOf`). */
  readonly numbersByLink = new Groups<Resource<TelNumber>>();
  readonly numbersByTrunk = new Groups<Resource<TelNumber>>();
  /** Egress policies by the number that calls leave by. */
  readonly policies = new Groups<Policy>();
  /** Hosts with which a user stands among called values or aors of peers. */
  readonly hosts = new Groups<string>();
  /** Users that numbers, peers or called values take from any host. */
  readonly taken = new Set<string>();
  /** A number that nobody has. */
  readonly nobody: string;
  /** A host that is nothing of ours. */
  readonly elsewhere: string;

  constructor(readonly snapshot: Snapshot) {
    this.agents = inOrder<Agent>(snapshot, 'Agent');
    this.domains = inOrder<Domain>(snapshot, 'Domain');
    this.numbers = inOrder<TelNumber>(snapshot, 'Number');
    this.peers = inOrder<Peer>(snapshot, 'Peer');
    this.trunks = inOrder<Trunk>(snapshot, 'Trunk');
    const ours = new Set<string>();
    for (const number of this.numbers) this.addNumber(number);
    for (const domain of this.domains)
      for (const [index, { numberRef }] of domain.doc.egressPolicies.entries())
        this.policies.add(numberRef, { domain, index });
    for (const { doc } of this.peers) this.addPeer(doc);
    for (const { doc } of snapshot.sipRoutes) this.addCalled(doc, ours);
    for (const { doc } of this.domains) ours.add(doc.domainUri.toLowerCase());
    for (const { doc } of this.trunks) ours.add(doc.inboundUri.toLowerCase());
    const called = new Set(snapshot.sipRoutes.flatMap(({ doc }) => calledKeys(doc)));
    const isSomebody = (user: string) =>
      this.taken.has(user) || called.has(user) || snapshot.agentsByUser(user).length > 0;
    this.nobody = fresh((i) => `+1785317${8070 + i}`, isSomebody);
    this.elsewhere = fresh(
      (i) => `elsewhere${i || ''}.invalid`,
      (host) => ours.has(host),
    );
  }

  private addNumber(number: Resource<TelNumber>): void {
    const { doc } = number;
    this.taken.add(parseAddress(doc.telUrl).user);
    const link = linkOf(doc);
    for (const key of new Set(link ? [link.key, link.userKey] : [])) this.numbersByLink.add(key, number);
    if (doc.trunkRef !== undefined) this.numbersByTrunk.add(doc.trunkRef, number);
  }

  private addPeer(peer: Peer): void {
    this.taken.add(normalizeUser(peer.username));
    const { user, host, scheme } = parseAddress(peer.aor);
    if (scheme === 'sip' && host !== undefined && user !== '') this.hosts.add(user, host);
  }

  private addCalled(route: SipRoute, ours: Set<string>): void {
    for (const key of calledKeys(route)) {
      const { scheme, user, host } = addressOfKey(key);
      // Nobody dials these.
      if (scheme === 'backend') continue;
      if (host !== undefined) {
        ours.add(host);
        this.hosts.add(user, host);
      } else if (route.enabled) this.taken.add(user);
    }
  }
}

/** The first name that is free. */
function fresh(nameOf: (i: number) => string, isTaken: (name: string) => boolean): string {
  for (let i = 0; ; i++) if (!isTaken(nameOf(i))) return nameOf(i);
}
