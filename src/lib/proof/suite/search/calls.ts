/**
 * Calls made from a configuration: enough of them that whatever a call without a connect token can bring about, one
 * of these does. Routing tells callers apart by their class (callers.ts), users by what is configured under them,
 * hosts by whether that user is known there, and dialled numbers by the first egress rule that takes them.
 */
import type { AccessControlList } from '../../../kinds/acl.js';
import type { Domain } from '../../../kinds/domain.js';
import type { Resource } from '../../../kinds/kind.js';
import type { TelNumber } from '../../../kinds/number.js';
import type { Trunk } from '../../../kinds/trunk.js';
import { CATCH_ALL } from '../../../routing/indexes.js';
import { addressOfKey, parseAddress } from '../../../routing/normalize.js';
import type { Snapshot } from '../../../routing/snapshot.js';
import type { CallDocument } from '../../engine.js';
import { analysed, isAnalysable } from '../../language/language.js';
import { refusedAddress } from '../../addresses.js';
import { type Caller, Callers } from './callers.js';
import { EgressRules, examplesOf, type Region } from './egress.js';
import { Known } from './known.js';
import { dialledAs } from '../../dialled.js';

/** Members of a call but for who calls and what is dialled. */
export type Circumstances = Omit<CallDocument, 'dialled' | 'from'>;
type Found = Iterable<CallDocument>;

/** How many resources of one name are told apart; beyond, some are left out, which is noted as a doubt. */
const MOST_ALIKE = 100;

export class Calls extends Known {
  readonly callers: Callers;
  /** Why calls that were made since it was cleared may not be all there are. */
  readonly doubts = new Set<string>();
  private readonly rules = new Map<string, EgressRules>();

  constructor(snapshot: Snapshot) {
    super(snapshot);
    this.callers = new Callers(snapshot);
  }

  /** Calls to a user, at every host where it makes a difference, from every class of callers. */
  *to(user: string, circumstances: Circumstances = {}): Found {
    const agents = this.some(this.snapshot.agentsByUser(user), `agents have the user ${user}`);
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
      const dialled = dialledAs(user, host);
      if (dialled === undefined) continue;
      for (const { from } of callers)
        yield { dialled, ...(from !== undefined && { from }), ...circumstances };
    }
  }

  /** Some of many resources that are alike. */
  private some<T>(found: readonly T[], what: string): readonly T[] {
    if (found.length > MOST_ALIKE) this.doubts.add(`${found.length} ${what}: only ${MOST_ALIKE} were tried`);
    return found.slice(0, MOST_ALIKE);
  }

  private hostsOf(user: string, domainRefs: Iterable<string | undefined>): string[] {
    const number = this.snapshot.numberByUser(user);
    const trunk = this.snapshot.resource<Trunk>('Trunk', number?.doc.trunkRef);
    const domains = [...domainRefs].flatMap((ref) => this.snapshot.resource<Domain>('Domain', ref) ?? []);
    const hosts = [
      ...(trunk ? [trunk.doc.inboundUri] : []),
      ...domains.map(({ doc }) => doc.domainUri),
      ...this.hosts.at(user),
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
    const { scheme, user } = addressOfKey(key);
    if (scheme === 'sip') yield* this.to(user, circumstances);
    // Several numbers with one link differ in whether their trunk lets a call in.
    for (const number of this.some(this.numbersByLink.at(key), `numbers link to ${key}`))
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
    for (const { domain, index } of this.policies.at(number.ref))
      for (const call of this.leaving(domain, this.rulesOf(domain.doc).first(index)))
        yield { ...call, ...circumstances };
    const value = number.doc.telUrl.slice('tel:'.length);
    const headers = [{ name: 'X-DOD-Number', value }];
    yield* this.toNobody(this.callers.peers, { headers, ...circumstances });
  }

  /** Calls that leave by a trunk. Numbers without a rule differ in nothing that a trunk could tell. */
  *viaTrunk({ ref }: Resource<Trunk>, circumstances: Circumstances = {}): Found {
    const numbers = this.numbersByTrunk.at(ref);
    const hasRule = (number: Resource<TelNumber>) => this.policies.at(number.ref).length > 0;
    for (const number of numbers) if (hasRule(number)) yield* this.outBy(number, circumstances);
    const other = numbers.find((number) => !hasRule(number));
    if (other) yield* this.outBy(other, circumstances);
  }

  /** A source that an access control list refuses, as circumstances of a call; none when it admits all. */
  refusedBy(aclRef: string | undefined): Circumstances[] {
    const acl = this.snapshot.resource<AccessControlList>('AccessControlList', aclRef);
    const ip = acl && refusedAddress(acl.doc);
    return ip === undefined ? [] : [{ source: { ip } }];
  }
}
