/** What checks ask about a configuration: its resources in order, and calls that show something. */
import { CtlError } from '../../errors.js';
import type { Agent } from '../../kinds/agent.js';
import type { Domain } from '../../kinds/domain.js';
import type { KindName, Resource } from '../../kinds/kind.js';
import type { TelNumber } from '../../kinds/number.js';
import type { Peer } from '../../kinds/peer.js';
import { callerOf } from '../../routing/caller.js';
import type { Decision } from '../../routing/decision.js';
import { isTelephone, parseAddress } from '../../routing/normalize.js';
import { linkOf } from '../../routing/parties.js';
import { readRequest } from '../../routing/request.js';
import { simulate } from '../../routing/simulate.js';
import type { Snapshot } from '../../routing/snapshot.js';
import type { CallDocument } from '../engine.js';
import { analysed, isAnalysable, Language } from '../language/language.js';
import { mayCall } from './dialled.js';
import type { DialSpace } from './dial-space.js';
import type { Place } from './finding.js';
import { egressPlan, type EgressPlan, type PlannedRule } from './egress-plan.js';
import { dialledAs } from '../dialled.js';

/** Witnesses do not depend on the time of day. */
const NOON = Date.UTC(2026, 0, 1, 12);
/** Domains whose callers are tried for a witness. */
const MOST_CALLERS = 20;

export class Facts {
  private readonly sorted = new Map<KindName, readonly Resource<unknown>[]>();
  private readonly callers = new Map<string, string | undefined>();
  private readonly firstUsers = new Map<string, string | undefined>();
  private numbersByLink: Map<string, Resource<TelNumber>[]> | undefined;
  private peers: readonly string[] | undefined;
  private agentsByDomain: Map<string, Resource<Agent>[]> | undefined;

  /** Rules and ranges about which an analysis grew too large, and why. */
  readonly tooComplex: { readonly place: Place; readonly reason: string }[] = [];

  constructor(
    readonly snapshot: Snapshot,
    readonly dialSpace: DialSpace | undefined = undefined,
  ) {}

  /** All resources of a kind in the order of creation. */
  all<D>(kind: KindName): readonly Resource<D>[] {
    let found = this.sorted.get(kind);
    if (!found) {
      found = [...this.snapshot.catalog.all(kind)].sort((a, b) => a.seq - b.seq);
      this.sorted.set(kind, found);
    }
    return found as readonly Resource<D>[];
  }

  /** What the egress rules of a domain do with dialled users. */
  plan(domain: Resource<Domain>): EgressPlan {
    return egressPlan(domain.doc.egressPolicies.map(({ rule }) => rule));
  }

  /** `--from` for an agent of the domain whose calls get as far as a route; undefined when it has none. */
  callerIn(domain: Resource<Domain>): string | undefined {
    if (!this.callers.has(domain.ref)) {
      const agent = this.agentsOf(domain).find(({ doc }) => doc.enabled && doc.credentialsRef !== undefined);
      this.callers.set(domain.ref, agent && this.nameOf(agent));
    }
    return this.callers.get(domain.ref);
  }

  /** Agents of a domain in the order of creation. */
  agentsOf(domain: Resource<Domain>): readonly Resource<Agent>[] {
    if (!this.agentsByDomain) {
      this.agentsByDomain = new Map();
      for (const agent of this.all<Agent>('Agent')) {
        const { domainRef } = agent.doc;
        if (domainRef === undefined) continue;
        const known = this.agentsByDomain.get(domainRef);
        if (known) known.push(agent);
        else this.agentsByDomain.set(domainRef, [agent]);
      }
    }
    return this.agentsByDomain.get(domain.ref) ?? [];
  }

  /** Numbers whose link has this called value: its user, or its user and host. */
  numbersLinkedTo(key: string): readonly Resource<TelNumber>[] {
    if (!this.numbersByLink) {
      this.numbersByLink = new Map();
      for (const number of this.all<TelNumber>('Number')) {
        const link = linkOf(number.doc);
        for (const one of new Set(link ? [link.key, link.userKey] : [])) {
          const known = this.numbersByLink.get(one);
          if (known) known.push(number);
          else this.numbersByLink.set(one, [number]);
        }
      }
    }
    return this.numbersByLink.get(key) ?? [];
  }

  /** The host of an agent, as addresses are compared; undefined for one without a domain. */
  hostOf({ doc }: Resource<Agent>): string | undefined {
    return this.snapshot.resource<Domain>('Domain', doc.domainRef)?.doc.domainUri.toLowerCase();
  }

  /** A text that `--from` takes for this agent or peer: its address where that is clear, else its ref. */
  nameOf(caller: Resource<Agent> | Resource<Peer>): string {
    const host = 'domainRef' in caller.doc ? this.hostOf(caller as Resource<Agent>) : undefined;
    const names = host === undefined ? [] : [`${caller.doc.username}@${host}`];
    const clear = [...names, caller.ref, caller.doc.username].find((name) => this.isCaller(name, caller));
    return clear ?? caller.ref;
  }

  private isCaller(from: string, { kind, ref }: Resource<unknown>): boolean {
    try {
      const { known } = callerOf(this.snapshot, readRequest({ dialled: '1', from }), []);
      return known?.kind === kind && known.ref === ref;
    } catch (error) {
      if (error instanceof CtlError) return false;
      throw error;
    }
  }

  /** The decision of a call; undefined where the call cannot be made. */
  decide(call: CallDocument): Decision | undefined {
    try {
      const established = { connectToken: { state: 'none' }, now: NOON } as const;
      return simulate(this.snapshot, readRequest(call), established);
    } catch (error) {
      if (error instanceof CtlError) return undefined;
      throw error;
    }
  }

  /** The first call to this destination that decides so: from outside, else from an agent of some domain, or a peer. */
  callThat(dialled: string | undefined, shows: (decision: Decision) => boolean): CallDocument | undefined {
    if (dialled === undefined) return undefined;
    const { host } = parseAddress(dialled);
    const own = host === undefined ? undefined : this.snapshot.domainOf(host);
    const domains = own ? [own] : this.all<Domain>('Domain').slice(0, MOST_CALLERS);
    const callers = [...domains.flatMap((domain) => this.callerIn(domain) ?? []), ...this.callingPeer];
    for (const call of [{ dialled }, ...callers.map((from) => ({ dialled, from }))]) {
      const decision = this.decide(call);
      if (decision && shows(decision)) return call;
    }
    return undefined;
  }

  /** `--from` for a peer that may call, if there is one. */
  private get callingPeer(): readonly string[] {
    if (!this.peers) {
      const peer = this.all<Peer>('Peer').find(({ doc }) => mayCall(doc));
      this.peers = peer ? [this.nameOf(peer)] : [];
    }
    return this.peers;
  }

  /** A call of an agent of the domain; undefined when the domain has none that can call. */
  callIn(domain: Resource<Domain>, user: string): CallDocument | undefined {
    const from = this.callerIn(domain);
    const dialled = dialledAs(user, undefined, domain.doc.domainUri);
    return from === undefined || dialled === undefined ? undefined : { dialled, from };
  }

  /**
   * Whether the domain's egress rules are asked about a user that one of its agents dials: nothing of ours has it,
   * no number, agent of the domain or peer, and no SIP route is called so.
   */
  reachesEgress(domain: Resource<Domain>, user: string): boolean {
    const { snapshot } = this;
    const host = domain.doc.domainUri.toLowerCase();
    return (
      snapshot.numberByUser(user) === undefined &&
      snapshot.agentAt(domain.ref, user) === undefined &&
      snapshot.peerByUser(user) === undefined &&
      snapshot.peersByAor({ scheme: 'sip', user, host, port: undefined }).length === 0 &&
      snapshot.routesByCalled(user).length === 0 &&
      snapshot.routesByCalled(`${user}@${host}`).length === 0
    );
  }

  /**
   * A user of a language about whom the egress rules are asked, a telephone number if there is one; undefined when
   * there is none. Ends, however many users there are: only so many are configured.
   */
  egressUser(domain: Resource<Domain>, language: Language): string | undefined {
    const first = this.asked(domain, language);
    if (first === undefined || isTelephone(first)) return first;
    const numbers = analysed(() => language.intersect(Language.telephone));
    return (isAnalysable(numbers) ? this.asked(domain, numbers) : undefined) ?? first;
  }

  private asked(domain: Resource<Domain>, language: Language): string | undefined {
    for (const user of language.words()) if (this.reachesEgress(domain, user)) return user;
    return undefined;
  }

  /** A user whom this rule decides, as `egressUser`; undefined where that cannot be told. */
  firstUser(domain: Resource<Domain>, { index, first }: PlannedRule): string | undefined {
    const key = `${domain.ref} ${index}`;
    if (!this.firstUsers.has(key))
      this.firstUsers.set(key, isAnalysable(first) ? this.egressUser(domain, first) : undefined);
    return this.firstUsers.get(key);
  }
}
