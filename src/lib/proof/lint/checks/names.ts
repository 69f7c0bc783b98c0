/** Users that stand for two things, or nearly. */
import type { Agent } from '../../../kinds/agent.js';
import type { Domain } from '../../../kinds/domain.js';
import type { KindName, Resource } from '../../../kinds/kind.js';
import type { Peer } from '../../../kinds/peer.js';
import { normalizeUser } from '../../../routing/normalize.js';
import { aorOf } from '../../../routing/parties.js';
import type { Check } from '../check.js';
import type { Facts } from '../facts.js';
import { listText, placeOf, placeText, type Found } from '../finding.js';
import { nearDuplicate } from './near-duplicates.js';
import { dialledAs } from '../../dialled.js';

const collision: Check = {
  code: 'collision',
  severity: 'warning',
  summary: 'an agent or peer whose user or address a number, an agent or another peer has too',
  advice:
    'A number is found before an agent, an agent of the dialled domain before a peer, and of two with the same user the one that was there first: who is found later cannot be dialled by that user. Separators of telephone numbers do not count: 10-01 is 1001. A link finds peers by their address of record before an agent.',
  *run(facts) {
    for (const agent of facts.all<Agent>('Agent')) yield* ofAgent(facts, agent);
    for (const peer of facts.all<Peer>('Peer')) yield* ofPeer(facts, peer);
  },
};

function* ofAgent(facts: Facts, agent: Resource<Agent>): Generator<Found> {
  const { snapshot } = facts;
  const user = normalizeUser(agent.doc.username);
  const domain = snapshot.resource<Domain>('Domain', agent.doc.domainRef);
  const winner = snapshot.numberByUser(user) ?? (domain && snapshot.agentAt(domain.ref, user));
  if (winner && !isSame(winner, agent)) yield taken(facts, agent, user, [winner], domain?.doc.domainUri);
}

const isSame = (one: Resource<unknown>, other: Resource<unknown>): boolean =>
  one.kind === other.kind && one.ref === other.ref;

function* ofPeer(facts: Facts, peer: Resource<Peer>): Generator<Found> {
  const { snapshot } = facts;
  const user = normalizeUser(peer.doc.username);
  const number = snapshot.numberByUser(user);
  const winners = number ? [number] : snapshot.agentsByUser(user);
  if (winners.length > 0) yield taken(facts, peer, user, winners, undefined);
  else {
    const first = snapshot.peerByUser(user)!;
    // Peers that share an address are one group: whoever dials the one finds both.
    const group = snapshot.peersByAor(aorOf(first.doc));
    if (!group.some((one) => isSame(one, peer))) yield taken(facts, peer, user, [first], undefined);
  }
  yield* ofAddress(facts, peer);
}

/** An agent that has the address of record of the peer. */
function* ofAddress(facts: Facts, peer: Resource<Peer>): Generator<Found> {
  const { snapshot } = facts;
  const { scheme, user, host } = aorOf(peer.doc);
  const domain = scheme === 'sip' && host !== undefined ? snapshot.domainOf(host) : undefined;
  const agent = domain && snapshot.agentAt(domain.ref, user);
  if (!agent) return;
  yield {
    object: placeOf(peer, 'aor'),
    message: `Whoever dials ${peer.doc.aor} finds ${placeText(placeOf(agent))}, a link to it this peer.`,
    witness: facts.callThat(dialledAs(user, host), ({ callee }) => callee?.kind === 'Agent'),
    related: [placeOf(agent)],
  };
}

/** The user of this one finds those instead. */
function taken(
  facts: Facts,
  loser: Resource<Agent> | Resource<Peer>,
  user: string,
  winners: readonly Resource<unknown>[],
  host: string | undefined,
): Found {
  const winner = winners[0]!;
  const domain = facts.snapshot.resource<Domain>('Domain', (winner.doc as Partial<Agent>).domainRef);
  const at = domain?.doc.domainUri ?? host;
  return {
    object: placeOf(loser),
    message: `Whoever dials ${user} finds ${listText(winners.map((one) => placeText(placeOf(one))))} instead.`,
    witness: facts.callThat(
      dialledAs(user, at, 'invalid'),
      ({ callee }) => callee?.kind === (winner.kind satisfies KindName) && callee.ref === winner.ref,
    ),
    related: winners.map((one) => placeOf(one)),
  };
}

export const nameChecks: readonly Check[] = [collision, nearDuplicate];
