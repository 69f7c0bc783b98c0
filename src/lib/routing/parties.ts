/** Who calls and who is called (docs/semantics.md 3), and the routing type that follows (4). */
import type { Agent } from '../kinds/agent.js';
import type { KindName, Resource } from '../kinds/kind.js';
import type { Peer } from '../kinds/peer.js';
import type { TelNumber } from '../kinds/number.js';
import type { Call, ConnectClaims } from './call.js';
import type { Party, RoutingType } from './decision.js';
import { keyOf, parseAddress, userKeyOf, type Address } from './normalize.js';
import type { Snapshot } from './snapshot.js';
import { subjectOf, type Trace } from './trace.js';

export type Caller =
  | { readonly kind: 'Agent'; readonly agent: Resource<Agent> }
  /** The ephemeral agent of a valid connect token. */
  | { readonly kind: 'Token'; readonly claims: ConnectClaims }
  | { readonly kind: 'Peer'; readonly peer: Resource<Peer> }
  | { readonly kind: 'Number'; readonly number: Resource<TelNumber> }
  | { readonly kind: 'unknown' };

export type Callee =
  | { readonly kind: 'Agent'; readonly agent: Resource<Agent> }
  /** The peers that share an aor, in creation order. */
  | { readonly kind: 'Peer'; readonly peers: readonly Resource<Peer>[] }
  | { readonly kind: 'Number'; readonly number: Resource<TelNumber> }
  | { readonly kind: 'unknown' };

/** Whether the caller is neither an Agent nor a Peer of ours. */
export const isOutside = (caller: Caller): boolean => caller.kind === 'Number' || caller.kind === 'unknown';

/** The caller by ref where the call names one, else by its address: agent, peer, number, in that order. */
export function resolveCaller(snapshot: Snapshot, call: Call, trace: Trace | undefined): Caller {
  const { user, host } = call.from;
  const address = `${user}@${host}`;
  if (call.connectToken.state === 'valid') {
    const { claims } = call.connectToken;
    trace?.add('caller', subjectOf('Agent', claims.ref), 'match', 'token-caller', [address, claims.aor]);
    return { kind: 'Token', claims };
  }
  const named = call.caller;
  const is = (kind: KindName) => named?.kind === kind;
  const domain = named ? undefined : snapshot.domainOf(host);
  const agent = is('Agent')
    ? snapshot.resource<Agent>('Agent', named!.ref)
    : domain && snapshot.agentAt(domain.ref, user);
  if (agent) {
    found(trace, 'caller', agent, address, agent.doc.username);
    return { kind: 'Agent', agent };
  }
  tried(trace, 'caller', 'agents', address);
  const peer = is('Peer')
    ? snapshot.resource<Peer>('Peer', named!.ref)
    : named
      ? undefined
      : snapshot.peerByUser(user);
  if (peer) {
    found(trace, 'caller', peer, user, peer.doc.username);
    return { kind: 'Peer', peer };
  }
  tried(trace, 'caller', 'peers', user);
  const number = is('Number')
    ? snapshot.resource<TelNumber>('Number', named!.ref)
    : named
      ? undefined
      : snapshot.numberByUser(user);
  if (number) {
    found(trace, 'caller', number, user, number.doc.telUrl);
    return { kind: 'Number', number };
  }
  tried(trace, 'caller', 'numbers', user);
  trace?.add('caller', address, 'no-match', 'unknown');
  return { kind: 'unknown' };
}

/** The callee: what a valid token links to, else number, agent of that domain, peer, in that order. */
export function resolveCallee(snapshot: Snapshot, call: Call, trace: Trace | undefined): Callee {
  const { user, host } = call.requestUri;
  const address = `${user}@${host}`;
  if (call.connectToken.state === 'valid') {
    const { aorLink } = call.connectToken.claims;
    const callee = resolveLink(snapshot, parseAddress(aorLink));
    const party = partyOf(callee);
    if (party)
      trace?.add('callee', subjectOf(party.kind, party.ref), 'match', 'token-callee', [aorLink, party.name]);
    else trace?.add('callee', aorLink, 'no-match', 'unknown');
    return callee;
  }
  const number = snapshot.numberByUser(user);
  if (number) {
    found(trace, 'callee', number, user, number.doc.telUrl);
    return { kind: 'Number', number };
  }
  tried(trace, 'callee', 'numbers', user);
  const domain = snapshot.domainOf(host);
  const agent = domain && snapshot.agentAt(domain.ref, user);
  if (agent) {
    found(trace, 'callee', agent, address, agent.doc.username);
    return { kind: 'Agent', agent };
  }
  tried(trace, 'callee', 'agents', address);
  const peer = snapshot.peerByUser(user);
  const peers = snapshot.peersByAor(peer ? aorOf(peer.doc) : { scheme: 'sip', user, host, port: undefined });
  if (peers.length > 0) {
    const named = peer ?? enabledFirst(peers)[0]!;
    found(trace, 'callee', named, peer ? user : address, named.doc.username);
    return { kind: 'Peer', peers };
  }
  tried(trace, 'callee', 'peers', address);
  trace?.add('callee', address, 'no-match', 'unknown');
  return { kind: 'unknown' };
}

/** What an aorLink names: the peers with that aor, else the agent at that address. */
export function resolveLink(snapshot: Snapshot, link: Address): Exclude<Callee, { kind: 'Number' }> {
  const peers = snapshot.peersByAor(link);
  if (peers.length > 0) return { kind: 'Peer', peers };
  const domain = link.host !== undefined && link.scheme === 'sip' ? snapshot.domainOf(link.host) : undefined;
  const agent = domain && snapshot.agentAt(domain.ref, link.user);
  return agent ? { kind: 'Agent', agent } : { kind: 'unknown' };
}

/** The address that a number links to. */
export interface Link {
  readonly address: Address;
  /** See `keyOf`. */
  readonly key: string;
  /** The key of its user alone. */
  readonly userKey: string;
}

const links = new WeakMap<TelNumber, Link>();

/** The aorLink of a number, read once. */
export function linkOf(number: TelNumber): Link | undefined {
  if (number.aorLink === undefined) return undefined;
  let link = links.get(number);
  if (!link) {
    const address = parseAddress(number.aorLink);
    links.set(number, (link = { address, key: keyOf(address), userKey: userKeyOf(address) }));
  }
  return link;
}

const aors = new WeakMap<Peer, Address>();

/** The address of record of a peer, read once. */
export function aorOf(peer: Peer): Address {
  let aor = aors.get(peer);
  if (!aor) aors.set(peer, (aor = parseAddress(peer.aor)));
  return aor;
}

/** Peers that are enabled, or all of them when none is; the first one stands for the group. */
export function enabledFirst(peers: readonly Resource<Peer>[]): readonly Resource<Peer>[] {
  if (peers.length === 1) return peers;
  const enabled = peers.filter((peer) => peer.doc.enabled);
  return enabled.length > 0 ? enabled : peers;
}

/** A party as the decision names it; null for one that is no resource. */
export function partyOf(party: Caller | Callee, snapshot?: Snapshot): Party | null {
  if (party.kind === 'unknown') return null;
  if (party.kind === 'Token') {
    const agent = snapshot?.resource<Agent>('Agent', party.claims.ref);
    return {
      kind: 'Agent',
      ref: party.claims.ref,
      name: agent?.doc.name ?? parseAddress(party.claims.aor).user,
    };
  }
  const resource =
    party.kind === 'Agent'
      ? party.agent
      : party.kind === 'Number'
        ? party.number
        : 'peer' in party
          ? party.peer
          : enabledFirst(party.peers)[0]!;
  return { kind: resource.kind, ref: resource.ref, name: resource.doc.name };
}

/** The table of docs/semantics.md 4. */
export function classify(caller: Caller, callee: Callee): RoutingType {
  switch (caller.kind) {
    case 'Token':
      return callee.kind === 'Peer'
        ? 'agent-to-peer'
        : callee.kind === 'Agent'
          ? 'agent-to-agent'
          : 'unknown';
    case 'Agent':
      return AGENT[callee.kind];
    case 'Peer':
      return PEER[callee.kind];
    default:
      return callee.kind === 'Number' ? 'from-pstn' : 'unknown';
  }
}

const AGENT = {
  Agent: 'agent-to-agent',
  Peer: 'agent-to-peer',
  Number: 'from-pstn',
  unknown: 'agent-to-pstn',
} as const;
const PEER = {
  Agent: 'peer-to-agent',
  Peer: 'unknown',
  Number: 'from-pstn',
  unknown: 'peer-to-pstn',
} as const;

function found(
  trace: Trace | undefined,
  stage: 'caller' | 'callee',
  { kind, ref }: Resource<unknown>,
  text: string,
  own: string,
): void {
  trace?.add(stage, subjectOf(kind, ref), 'match', 'found', [text, own]);
}

function tried(trace: Trace | undefined, stage: 'caller' | 'callee', topic: string, text: string): void {
  if (trace?.explain) trace?.add(stage, topic, 'no-match', 'not-found', [text, '']);
}
