/** Where a call goes that no SIP route takes (docs/semantics.md 7). */
import type { Agent } from '../kinds/agent.js';
import type { Domain } from '../kinds/domain.js';
import type { Resource } from '../kinds/kind.js';
import type { Peer } from '../kinds/peer.js';
import type { TelNumber } from '../kinds/number.js';
import type { Refusal } from './access.js';
import { headerOf, type Call } from './call.js';
import type { HeaderChange, RouteOutcome, RoutingType, Target } from './decision.js';
import { Finding } from './finding.js';
import { extraHeaders, maskHeader } from './headers.js';
import { normalizeUser, parseAddress, sipUri } from './normalize.js';
import { Outbound } from './outbound.js';
import { aorOf, linkOf, resolveLink, type Callee, type Caller } from './parties.js';
import type { Snapshot } from './snapshot.js';
import { subjectOf, type Trace } from './trace.js';

/** Finds the targets of a call in the order they would be tried, or why there are none. */
export function findRoute(
  snapshot: Snapshot,
  call: Call,
  caller: Caller,
  callee: Callee,
  routingType: RoutingType,
  trace: Trace | undefined,
): RouteOutcome | Refusal {
  if (callee.kind === 'Number') return new Inbound(snapshot, call, trace).link(callee.number);
  if (callee.kind !== 'unknown') return new Inbound(snapshot, call, trace).deliver(callee, []);
  const outbound = new Outbound(snapshot, call, trace);
  return routingType === 'agent-to-pstn' && caller.kind === 'Agent'
    ? outbound.egress(caller.agent)
    : outbound.directOutwardDial();
}

/** Who takes a call. */
type Reached = Exclude<Callee, { kind: 'Number' | 'unknown' }>;

/** Calls that an endpoint of ours takes. */
class Inbound extends Finding {
  /** from-pstn: what the number's aorLink names. */
  link(number: Resource<TelNumber>): RouteOutcome | Refusal {
    const { aorLink, sessionAffinityHeader } = number.doc;
    const { ref } = number;
    const link = linkOf(number.doc);
    if (aorLink === undefined || !link)
      return this.fail(
        'Number',
        ref,
        'number-not-linked',
        `Link it: ctl numbers update ${ref} --aor-link AOR.`,
      );
    const subject = subjectOf('Number', ref);
    const target = resolveLink(this.snapshot, link.address);
    if (target.kind === 'unknown')
      return this.fail(
        'Number',
        ref,
        'link-target-unknown',
        `${subject} links to "${aorLink}", which nobody has.`,
      );
    this.trace?.add('route', subject, 'match', 'linked', [number.doc.telUrl, aorLink]);
    if (sessionAffinityHeader !== undefined) {
      const value = maskHeader(sessionAffinityHeader, headerOf(this.call, sessionAffinityHeader) ?? '');
      this.trace?.add('route', subject, 'note', 'affinity', [value, sessionAffinityHeader]);
    }
    return this.deliver(target, extraHeaders(number.doc));
  }

  /** To an agent or to the peers that share an aor. */
  deliver(callee: Reached, headers: readonly HeaderChange[]): RouteOutcome | Refusal {
    const targets =
      callee.kind === 'Peer' ? this.peers(callee.peers, headers) : this.agent(callee.agent, headers);
    return 'reason' in targets ? targets : { targets, gatewayCredentialsRef: null, egressPolicy: null };
  }

  private agent(agent: Resource<Agent>, headers: readonly HeaderChange[]): Target[] | Refusal {
    const { enabled, domainRef, username } = agent.doc;
    if (!enabled)
      return this.fail('Agent', agent.ref, 'callee-disabled', `Enable it: ctl agents enable ${agent.ref}.`);
    if (!this.reachable(agent))
      return this.fail(
        'Agent',
        agent.ref,
        'not-registered',
        `${subjectOf('Agent', agent.ref)} has no contact.`,
      );
    const domain = this.snapshot.resource<Domain>('Domain', domainRef)!;
    return [endpoint(agent, normalizeUser(username), domain.doc.domainUri, null, true, headers)];
  }

  private peers(group: readonly Resource<Peer>[], headers: readonly HeaderChange[]): Target[] | Refusal {
    const enabled = group.filter((peer) => peer.doc.enabled);
    const [first] = enabled;
    if (!first) {
      const { ref } = group[0]!;
      return this.fail('Peer', ref, 'callee-disabled', `Enable it: ctl peers enable ${ref}.`);
    }
    const { aor, balancingAlgorithm, withSessionAffinity } = first.doc;
    if (enabled.length > 1)
      this.trace?.add('route', subjectOf('Peer', first.ref), 'note', 'balanced', [
        aor,
        `${balancingAlgorithm}${withSessionAffinity ? ', with session affinity' : ''}`,
      ]);
    const targets = enabled.map((peer) => this.peer(peer, headers)).filter((target) => target !== undefined);
    return targets.length > 0
      ? targets
      : this.fail('Peer', first.ref, 'not-registered', 'No peer of the group has a contact.');
  }

  /** The peer at its contact address, else at its aor; undefined when it is not there. */
  private peer(peer: Resource<Peer>, headers: readonly HeaderChange[]): Target | undefined {
    const { contactAddr, username, aor } = peer.doc;
    if (contactAddr !== undefined) {
      if (this.outOfOrder(peer)) return undefined;
      this.trace?.add('route', subjectOf('Peer', peer.ref), 'match', 'contact-address', [aor, contactAddr]);
      const { host, port } = parseAddress(`@${contactAddr}`);
      return endpoint(peer, normalizeUser(username), host!, port ?? null, false, headers);
    }
    if (!this.reachable(peer)) return undefined;
    const { user, host, port } = aorOf(peer.doc);
    return endpoint(peer, user || normalizeUser(username), host ?? 'invalid', port ?? null, true, headers);
  }

  /** Whether an endpoint that must register is there: assumed, unless the call says otherwise. */
  private reachable(resource: Resource<Agent | Peer>): boolean {
    if (this.outOfOrder(resource) || this.call.registered === 'none') return false;
    this.trace?.add('route', subjectOf(resource.kind, resource.ref), 'assumed', 'registration-assumed');
    return true;
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
