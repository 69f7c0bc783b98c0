/** Where a call goes that no SIP route takes (docs/semantics.md 7). */
import type { Agent } from '../kinds/agent.js';
import type { Domain } from '../kinds/domain.js';
import type { Resource } from '../kinds/kind.js';
import type { Peer } from '../kinds/peer.js';
import type { TelNumber } from '../kinds/number.js';
import type { Trunk } from '../kinds/trunk.js';
import type { Refusal } from './access.js';
import { headerOf, isDown, type Call } from './call.js';
import type { HeaderChange, RouteOutcome, RoutingType, Target } from './decision.js';
import { matchingRules } from './egress.js';
import { extraHeaders, trunkHeaders } from './headers.js';
import { parseAddress, sipUri } from './normalize.js';
import { resolveLink, type Callee, type Caller } from './parties.js';
import type { RejectReason } from './reasons.js';
import type { Snapshot } from './snapshot.js';
import { subjectOf, type Trace } from './trace.js';

/** Finds the targets of a call in the order they would be tried, or why there are none. */
export function findRoute(
  snapshot: Snapshot,
  call: Call,
  caller: Caller,
  callee: Callee,
  routingType: RoutingType,
  trace: Trace,
): RouteOutcome | Refusal {
  const finder = new Finder(snapshot, call, trace);
  if (routingType === 'agent-to-pstn') return finder.egress((caller as { agent: Resource<Agent> }).agent);
  if (routingType === 'peer-to-pstn') return finder.directOutwardDial();
  if (callee.kind === 'Number') return finder.link(callee.number);
  return finder.deliver(callee, []);
}

class Finder {
  constructor(
    private readonly snapshot: Snapshot,
    private readonly call: Call,
    private readonly trace: Trace,
  ) {}

  private fail(subject: string, reason: RejectReason, detail: string): Refusal {
    this.trace.add('route', subject, 'fail', reason);
    return { reason, detail };
  }

  /** from-pstn: what the number's aorLink names. */
  link(number: Resource<TelNumber>): RouteOutcome | Refusal {
    const subject = subjectOf('Number', number.ref);
    const { aorLink, sessionAffinityHeader } = number.doc;
    if (aorLink === undefined)
      return this.fail(
        subject,
        'number-not-linked',
        `Link it: ctl numbers update ${number.ref} --aor-link AOR.`,
      );
    const target = resolveLink(this.snapshot, aorLink);
    if (target.kind === 'unknown')
      return this.fail(subject, 'link-target-unknown', `${subject} links to "${aorLink}", which nobody has.`);
    this.trace.add('route', subject, 'match', 'linked', [number.doc.telUrl, aorLink]);
    if (sessionAffinityHeader !== undefined) {
      const value = headerOf(this.call, sessionAffinityHeader) ?? '';
      this.trace.add('route', subject, 'note', 'affinity', [value, sessionAffinityHeader]);
    }
    return this.deliver(target, extraHeaders(number.doc));
  }

  /** To an agent or to the peers that share an aor. */
  deliver(callee: Callee, headers: readonly HeaderChange[]): RouteOutcome | Refusal {
    const targets = callee.kind === 'Peer' ? this.peers(callee.peers, headers) : this.agent(callee, headers);
    return 'reason' in targets ? targets : { targets, gatewayCredentialsRef: null, egressPolicy: null };
  }

  private agent(callee: Callee, headers: readonly HeaderChange[]): Target[] | Refusal {
    if (callee.kind !== 'Agent') throw new Error(`no route for a callee of kind ${callee.kind}`);
    const { agent } = callee;
    const subject = subjectOf('Agent', agent.ref);
    if (!agent.doc.enabled)
      return this.fail(subject, 'callee-disabled', `Enable it: ctl agents enable ${agent.ref}.`);
    if (!this.reachable(agent)) return this.fail(subject, 'not-registered', `${subject} has no contact.`);
    const host = this.snapshot.resource<Domain>('Domain', agent.doc.domainRef)!.doc.domainUri;
    return [endpoint(agent, agent.doc.username, host, null, true, headers)];
  }

  private peers(group: readonly Resource<Peer>[], headers: readonly HeaderChange[]): Target[] | Refusal {
    const first = subjectOf('Peer', group[0]!.ref);
    const enabled = group.filter((peer) => peer.doc.enabled);
    if (enabled.length === 0)
      return this.fail(first, 'callee-disabled', `Enable it: ctl peers enable ${group[0]!.ref}.`);
    if (enabled.length > 1)
      this.trace.add('route', subjectOf('Peer', enabled[0]!.ref), 'note', 'balanced', [
        enabled[0]!.doc.aor,
        `${enabled[0]!.doc.balancingAlgorithm}${enabled[0]!.doc.withSessionAffinity ? ', with session affinity' : ''}`,
      ]);
    const targets = enabled.flatMap((peer) => this.peer(peer, headers));
    return targets.length > 0
      ? targets
      : this.fail(
          subjectOf('Peer', enabled[0]!.ref),
          'not-registered',
          'No peer of the group has a contact.',
        );
  }

  private peer(peer: Resource<Peer>, headers: readonly HeaderChange[]): Target[] {
    const { contactAddr, username, aor } = peer.doc;
    if (contactAddr !== undefined) {
      if (this.outOfOrder(peer)) return [];
      this.trace.add('route', subjectOf('Peer', peer.ref), 'match', 'contact-address', [aor, contactAddr]);
      const { host, port } = parseAddress(`${username}@${contactAddr}`);
      return [endpoint(peer, username, host!, port ?? null, false, headers)];
    }
    if (!this.reachable(peer)) return [];
    const address = parseAddress(aor);
    return [
      endpoint(
        peer,
        address.user || username,
        address.host ?? 'invalid',
        address.port ?? null,
        true,
        headers,
      ),
    ];
  }

  private outOfOrder(resource: Resource<unknown>): boolean {
    if (!isDown(this.call, resource.kind, resource.ref)) return false;
    this.trace.add('route', subjectOf(resource.kind, resource.ref), 'fail', 'out-of-order');
    return true;
  }

  /** Whether an endpoint that must register is there: assumed, unless the call says otherwise. */
  private reachable(resource: Resource<Agent | Peer>): boolean {
    if (this.outOfOrder(resource) || this.call.registered === 'none') return false;
    this.trace.add('route', subjectOf(resource.kind, resource.ref), 'assumed', 'registration-assumed');
    return true;
  }

  /** agent-to-pstn: the first egress policy of the caller's domain whose rule matches. */
  egress(agent: Resource<Agent>): RouteOutcome | Refusal {
    const domain = this.snapshot.resource<Domain>('Domain', agent.doc.domainRef)!;
    const subject = subjectOf('Domain', domain.ref);
    const { user } = this.call.requestUri;
    const policies = domain.doc.egressPolicies;
    if (policies.length === 0)
      return this.fail(
        subject,
        'no-egress-policy',
        `Add one: ctl domains update ${domain.ref} --add-egress 'rule=RULE,number=NUMBER'.`,
      );
    const matches = matchingRules(domain.doc, user);
    const index = matches[0];
    if (this.trace.explain)
      policies.forEach(({ rule }, i) => {
        const [outcome, reason] = !matches.includes(i)
          ? (['no-match', 'egress-differs'] as const)
          : i === index
            ? (['match', 'egress-matched'] as const)
            : (['note', 'egress-later'] as const);
        this.trace.add('route', `${subject} egressPolicies[${i}]`, outcome, reason, [user, rule]);
      });
    if (index === undefined)
      return this.fail(
        subject,
        'no-egress-match',
        `None of the ${policies.length} rules of ${subject} matches "${user}".`,
      );
    const { rule, numberRef } = policies[index]!;
    if (!this.trace.explain)
      this.trace.add('route', `${subject} egressPolicies[${index}]`, 'match', 'egress-matched', [user, rule]);
    const number = this.snapshot.resource<TelNumber>('Number', numberRef)!;
    return this.trunk(number, agent.doc.privacy, { index, rule, numberRef });
  }

  /** peer-to-pstn: the number that X-DOD-Number names. */
  directOutwardDial(): RouteOutcome | Refusal {
    const header = headerOf(this.call, 'X-DOD-Number');
    if (header === undefined)
      return this.fail(
        'X-DOD-Number',
        'dod-number-missing',
        "Add it: --header 'X-DOD-Number: +19103434434'.",
      );
    const { user } = parseAddress(header);
    const number = this.snapshot.numberByUser(user);
    if (!number) return this.fail('X-DOD-Number', 'dod-number-unknown', `It says "${user}".`);
    this.trace.add('route', subjectOf('Number', number.ref), 'match', 'dod-number', [
      user,
      number.doc.telUrl,
    ]);
    return this.trunk(number, 'NONE', null);
  }

  /** The enabled URIs of the number's trunk: priority (low first), weight (high first), declared order. */
  private trunk(
    number: Resource<TelNumber>,
    privacy: 'PRIVATE' | 'NONE',
    egressPolicy: RouteOutcome['egressPolicy'],
  ): RouteOutcome | Refusal {
    const { user } = this.call.requestUri;
    const trunk = this.snapshot.resource<Trunk>('Trunk', number.doc.trunkRef);
    if (!trunk)
      return this.fail(
        subjectOf('Number', number.ref),
        'no-trunk',
        `Give it one: ctl numbers update ${number.ref} --trunk TRUNK.`,
      );
    const subject = subjectOf('Trunk', trunk.ref);
    this.trace.add('route', subject, 'match', 'trunk-selected', [
      subjectOf('Number', number.ref),
      trunk.doc.inboundUri,
    ]);
    const down = this.outOfOrder(trunk);
    const uris = trunk.doc.uris.filter((uri) => uri.enabled && !down);
    if (this.trace.explain)
      trunk.doc.uris.forEach((uri, i) => {
        const [outcome, reason] = uri.enabled
          ? (['match', 'uri-selected'] as const)
          : (['no-match', 'uri-disabled'] as const);
        this.trace.add('route', `${subject} uris[${i}]`, outcome, reason, [user, uri.host]);
      });
    if (uris.length === 0)
      return this.fail(
        subject,
        'no-trunk-uri',
        down ? `${subject} is out of order.` : `Add one: ctl trunks update ${trunk.ref} --add-uri host=HOST.`,
      );
    uris.sort((a, b) => a.priority - b.priority || b.weight - a.weight);
    const targets = uris.map((uri): Target => ({
      uri: sipUri(user, uri.host, uri.port, uri.transport),
      host: uri.host,
      port: uri.port || null,
      transport: uri.transport,
      user,
      priority: uri.priority,
      weight: uri.weight,
      via: { kind: 'Trunk', ref: trunk.ref },
      assumed: false,
      headers: trunkHeaders(this.call, number.doc, uri.host, privacy),
    }));
    return { targets, gatewayCredentialsRef: trunk.doc.outboundCredentialsRef ?? null, egressPolicy };
  }
}

function endpoint(
  resource: Resource<Agent | Peer>,
  user: string,
  host: string,
  port: number | null,
  assumed: boolean,
  headers: readonly HeaderChange[],
): Target {
  return {
    uri: sipUri(user, host, port),
    host,
    port,
    transport: null,
    user,
    priority: null,
    weight: null,
    via: { kind: resource.kind, ref: resource.ref },
    assumed,
    headers,
  };
}
