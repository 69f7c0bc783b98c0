/**
 * Calls made from a configuration: enough of them that whatever a call without a connect token can bring about, one
 * of these does. Routing tells callers apart by their class (callers.ts), users by what is configured under them,
 * hosts by whether that user is known there, and dialled numbers by the first egress rule that takes them.
 */
import type { AccessControlList } from '../../../kinds/acl.js';
import type { Agent } from '../../../kinds/agent.js';
import type { Domain } from '../../../kinds/domain.js';
import type { Resource } from '../../../kinds/kind.js';
import type { TelNumber } from '../../../kinds/number.js';
import type { Peer } from '../../../kinds/peer.js';
import type { SipRoute } from '../../../kinds/sip-route.js';
import type { Trunk } from '../../../kinds/trunk.js';
import { calledKeys, CATCH_ALL } from '../../../routing/indexes.js';
import { parseAddress, sipUri } from '../../../routing/normalize.js';
import { linkOf } from '../../../routing/parties.js';
import type { Snapshot } from '../../../routing/snapshot.js';
import type { CallDocument } from '../../engine.js';
import { analysed, isAnalysable } from '../../language/language.js';
import { refusedAddress } from './addresses.js';
import { type Caller, Callers, inOrder } from './callers.js';
import { EgressRules, examplesOf, type Region } from './egress.js';

/** Members of a call but for who calls and what is dialled. */
export type Circumstances = Omit<CallDocument, 'dialled' | 'from'>;
type Found = Iterable<CallDocument>;

const push = <K, V>(map: Map<K, V[]>, key: K, value: V): void => {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
};

export class Calls {
  readonly callers: Callers;
  /** Why calls that were made since it was cleared may not be all there are. */
  readonly doubts = new Set<string>();
  readonly numbers: readonly Resource<TelNumber>[];
  private readonly numbersByLink = new Map<string, Resource<TelNumber>[]>();
  private readonly numbersByTrunk = new Map<string, Resource<TelNumber>[]>();
  /** Hosts of called values by their user. */
  private readonly calledHosts = new Map<string, string[]>();
  private readonly aorHosts = new Map<string, string[]>();
  private readonly policies = new Map<string, { domain: Resource<Domain>; index: number }[]>();
  private readonly rules = new Map<string, EgressRules>();
  private readonly taken = new Set<string>();
  /** A number that nobody has, and a host that is nothing of ours. */
  readonly nobody: string;
  readonly elsewhere: string;

  constructor(readonly snapshot: Snapshot) {
    this.callers = new Callers(snapshot);
    this.numbers = inOrder<TelNumber>(snapshot, 'Number');
    for (const number of this.numbers) this.addNumber(number);
    for (const domain of this.domains)
      for (const [index, { numberRef }] of domain.doc.egressPolicies.entries())
        push(this.policies, numberRef, { domain, index });
    for (const { doc } of this.peers) this.addPeer(doc);
    const hosts = new Set<string>();
    for (const { doc } of snapshot.sipRoutes) this.addCalled(doc, hosts);
    for (const { doc } of this.domains) hosts.add(doc.domainUri.toLowerCase());
    for (const { doc } of this.trunks) hosts.add(doc.inboundUri.toLowerCase());
    const isTaken = (user: string) => this.taken.has(user) || snapshot.agentsByUser(user).length > 0;
    this.nobody = fresh((i) => `+1785317${8070 + i}`, isTaken);
    this.elsewhere = fresh(
      (i) => `elsewhere${i || ''}.invalid`,
      (host) => hosts.has(host),
    );
  }

  get domains(): Resource<Domain>[] {
    return inOrder<Domain>(this.snapshot, 'Domain');
  }

  get trunks(): Resource<Trunk>[] {
    return inOrder<Trunk>(this.snapshot, 'Trunk');
  }

  get peers(): Resource<Peer>[] {
    return inOrder<Peer>(this.snapshot, 'Peer');
  }

  get agents(): Resource<Agent>[] {
    return inOrder<Agent>(this.snapshot, 'Agent');
  }

  private addNumber(number: Resource<TelNumber>): void {
    const { doc } = number;
    this.taken.add(parseAddress(doc.telUrl).user);
    const link = linkOf(doc);
    for (const key of new Set(link ? [link.key, link.userKey] : [])) push(this.numbersByLink, key, number);
    if (doc.trunkRef !== undefined) push(this.numbersByTrunk, doc.trunkRef, number);
  }

  private addPeer(peer: Peer): void {
    this.taken.add(parseAddress(peer.username).user);
    const { user, host, scheme } = parseAddress(peer.aor);
    if (scheme === 'sip' && host !== undefined && user !== '') push(this.aorHosts, user, host);
  }

  private addCalled(route: SipRoute, hosts: Set<string>): void {
    for (const key of calledKeys(route)) {
      const at = key.lastIndexOf('@');
      if (at < 0) this.taken.add(key);
      else {
        hosts.add(key.slice(at + 1));
        push(this.calledHosts, key.slice(0, at), key.slice(at + 1));
      }
    }
  }

  /** Numbers that a trunk carries. */
  carriedBy(trunkRef: string): readonly Resource<TelNumber>[] {
    return this.numbersByTrunk.get(trunkRef) ?? [];
  }

  /** Calls to a user, at every host where it makes a difference, from every class of callers. */
  *to(user: string, circumstances: Circumstances = {}): Found {
    const agents = this.snapshot.agentsByUser(user).slice(0, 100);
    const domainRefs = new Set(agents.map(({ doc }) => doc.domainRef));
    const callers = [
      this.callers.outside,
      ...this.callers.someAgents,
      ...[...domainRefs].flatMap((ref) => this.callers.of(ref)),
      ...this.callers.peers,
    ];
    const hosts = this.hostsOf(user, domainRefs);
    yield* this.between(new Set(callers), user, [undefined, ...hosts], circumstances);
  }

  /** Calls from these callers to a user at these hosts; undefined is the host that is assumed. */
  *between(
    callers: Iterable<Caller>,
    user: string,
    hosts: readonly (string | undefined)[],
    circumstances: Circumstances = {},
  ): Found {
    for (const host of hosts) {
      const dialled = dialledOf(user, host);
      if (dialled === undefined) continue;
      for (const { from } of callers)
        yield { dialled, ...(from !== undefined && { from }), ...circumstances };
    }
  }

  private hostsOf(user: string, domainRefs: Iterable<string | undefined>): string[] {
    const number = this.snapshot.numberByUser(user);
    const trunk = this.snapshot.resource<Trunk>('Trunk', number?.doc.trunkRef);
    const domains = [...domainRefs].flatMap((ref) => this.snapshot.resource<Domain>('Domain', ref) ?? []);
    const hosts = [
      ...(trunk ? [trunk.doc.inboundUri] : []),
      ...domains.map(({ doc }) => doc.domainUri),
      ...(this.calledHosts.get(user) ?? []),
      ...(this.aorHosts.get(user) ?? []),
      this.elsewhere,
    ];
    return [...new Set(hosts.map((host) => host.toLowerCase()))];
  }

  /** Calls to a number. */
  *toNumber({ doc }: Resource<TelNumber>, circumstances: Circumstances = {}): Found {
    yield* this.to(parseAddress(doc.telUrl).user, circumstances);
  }

  /** Calls that have this called value (see `calledKeys`), by their user, by user and host, or by a number's link. */
  *called(key: string, circumstances: Circumstances = {}): Found {
    if (key === CATCH_ALL) {
      yield* this.to(this.nobody, circumstances);
      for (const number of this.numbers)
        if (number.doc.aorLink === undefined) yield* this.toNumber(number, circumstances);
      return;
    }
    const at = key.lastIndexOf('@');
    if (at < 0) yield* this.to(key, circumstances);
    else yield* this.to(key.slice(0, at), circumstances);
    // Several numbers with one link differ in whether their trunk lets a call in.
    for (const number of (this.numbersByLink.get(key) ?? []).slice(0, 100))
      yield* this.toNumber(number, circumstances);
  }

  /** Calls that have one of these called values. */
  *calledAny(keys: readonly string[], circumstances: Circumstances = {}): Found {
    for (const key of new Set(keys)) yield* this.called(key, circumstances);
  }

  /** Calls to nobody. */
  *toNobody(callers: Iterable<Caller>, circumstances: Circumstances = {}): Found {
    yield* this.between(callers, this.nobody, [undefined, this.elsewhere], circumstances);
  }

  /** Calls by agents of a domain to users of a region that nothing but its egress rules may take. */
  *leaving({ ref }: Resource<Domain>, region: Region): Found {
    const callers = this.callers.of(ref);
    if (callers.length === 0) return;
    for (const user of this.usersOf(region)) yield* this.between(callers, user, [undefined, this.elsewhere]);
  }

  private usersOf(region: Region): string[] {
    const isTaken = (user: string) => this.taken.has(user);
    const users = isAnalysable(region)
      ? analysed(() => examplesOf(region, isTaken, () => this.taken))
      : region;
    if (Array.isArray(users)) return users;
    this.doubts.add(users.notAnalysable);
    return [];
  }

  /** The egress rules of a domain; the same for domains that have the same. */
  rulesOf({ egressPolicies }: Domain): EgressRules {
    const rules = egressPolicies.map(({ rule }) => rule);
    const key = JSON.stringify(rules);
    let known = this.rules.get(key);
    if (!known) this.rules.set(key, (known = new EgressRules(rules)));
    return known;
  }

  /** Calls that leave by a number: by an egress rule, or because a peer names it. */
  *outBy(number: Resource<TelNumber>, circumstances: Circumstances = {}): Found {
    for (const { domain, index } of this.policies.get(number.ref) ?? [])
      for (const call of this.leaving(domain, this.rulesOf(domain.doc).first(index)))
        yield { ...call, ...circumstances };
    const value = number.doc.telUrl.slice('tel:'.length);
    const headers = [{ name: 'X-DOD-Number', value }];
    yield* this.toNobody(this.callers.peers, { headers, ...circumstances });
  }

  /** Calls that leave by a trunk. Numbers without a rule differ in nothing that a trunk could tell. */
  *viaTrunk({ ref }: Resource<Trunk>, circumstances: Circumstances = {}): Found {
    const numbers = this.carriedBy(ref);
    for (const number of numbers) if (this.policies.has(number.ref)) yield* this.outBy(number, circumstances);
    const other = numbers.find(({ ref }) => !this.policies.has(ref));
    if (other) yield* this.outBy(other, circumstances);
  }

  /** A source that an access control list refuses, as circumstances of a call; none when it admits all. */
  refusedBy(aclRef: string | undefined): Circumstances[] {
    const acl = this.snapshot.resource<AccessControlList>('AccessControlList', aclRef);
    const ip = acl && refusedAddress(acl.doc);
    return ip === undefined ? [] : [{ source: { ip } }];
  }
}

/** The first name that is free. */
function fresh(nameOf: (i: number) => string, isTaken: (name: string) => boolean): string {
  for (let i = 0; ; i++) if (!isTaken(nameOf(i))) return nameOf(i);
}

/** What is dialled to reach a user at a host; undefined where nothing that can be dialled is read as that user. */
function dialledOf(user: string, host: string | undefined): string | undefined {
  const written = host === undefined ? [user] : [`${user}@${host}`, sipUri(user, host)];
  return written.find((text) => {
    if (/\p{Cc}/u.test(text)) return false;
    const address = parseAddress(text);
    return address.scheme === 'sip' && address.user === user && address.host === host;
  });
}
