/** Trunks, agents and peers: whether calls reach them, and whether theirs are let in. */
import type { Agent } from '../../../kinds/agent.js';
import type { Domain } from '../../../kinds/domain.js';
import type { Resource } from '../../../kinds/kind.js';
import type { TelNumber } from '../../../kinds/number.js';
import type { Peer } from '../../../kinds/peer.js';
import type { Trunk } from '../../../kinds/trunk.js';
import type { Target } from '../../../routing/decision.js';
import { keyOf } from '../../../routing/normalize.js';
import { aorOf } from '../../../routing/parties.js';
import type { CallDocument } from '../../engine.js';
import type { Check } from '../check.js';
import { mayCall, userOf } from '../dialled.js';
import type { Facts } from '../facts.js';
import { placeOf } from '../finding.js';

const noUri: Check = {
  code: 'trunk-no-uri',
  severity: 'warning',
  summary: 'a trunk with no enabled URI',
  advice:
    'No call can leave by it. `egress-dead-end` names the rules that try; a trunk that only takes calls can be suppressed.',
  *run(facts) {
    for (const trunk of facts.all<Trunk>('Trunk'))
      if (!trunk.doc.uris.some(({ enabled }) => enabled))
        yield {
          object: placeOf(trunk, 'uris'),
          message: trunk.doc.uris.length === 0 ? 'It has no URI.' : 'No URI of it is enabled.',
          witness: callBy(facts, trunk),
        };
  },
};

/** A call that would leave by a trunk, if an egress rule leads there. */
function callBy(facts: Facts, { ref }: Resource<Trunk>): CallDocument | undefined {
  for (const domain of facts.all<Domain>('Domain'))
    for (const planned of facts.plan(domain).rules) {
      const { numberRef } = domain.doc.egressPolicies[planned.index]!;
      if (facts.snapshot.resource<TelNumber>('Number', numberRef)!.doc.trunkRef !== ref) continue;
      const user = facts.firstUser(domain, planned);
      const call = user === undefined ? undefined : facts.callIn(domain, user);
      if (call && facts.decide(call)?.rejection?.reason === 'no-trunk-uri') return call;
    }
  return undefined;
}

const agentCannotAuthenticate: Check = {
  code: 'agent-cannot-authenticate',
  severity: 'error',
  summary: 'an enabled agent without credentials or without domain',
  advice: 'Every call of it is rejected, and it cannot register. Give it what it lacks, or disable it.',
  *run(facts) {
    for (const agent of facts.all<Agent>('Agent')) {
      const { enabled, credentialsRef, domainRef } = agent.doc;
      if (!enabled || (credentialsRef !== undefined && domainRef !== undefined)) continue;
      const [path, lacks] =
        domainRef === undefined ? ['domainRef', 'no domain'] : ['credentialsRef', 'no credentials'];
      yield {
        object: placeOf(agent, path),
        message: `It has ${lacks}: every call of it is rejected.`,
        witness: { dialled: agent.doc.username, from: facts.nameOf(agent) },
      };
    }
  },
};

const peerCannotAuthenticate: Check = {
  code: 'peer-cannot-authenticate',
  severity: 'error',
  summary: 'an enabled peer with neither credentials nor an access control list',
  advice:
    'Every call of it is rejected with 401, since nothing says who it is. Give it credentials, or a list of its addresses.',
  *run(facts) {
    for (const peer of facts.all<Peer>('Peer'))
      if (isUnguarded(peer.doc))
        yield {
          object: placeOf(peer, 'credentialsRef'),
          message: 'It has neither credentials nor an access control list: every call of it is rejected.',
          witness: { dialled: peer.doc.username, from: facts.nameOf(peer) },
        };
  },
};

const isUnguarded = (peer: Peer): boolean => peer.enabled && !mayCall(peer);

const peerUnreachable: Check = {
  code: 'peer-unreachable',
  severity: 'error',
  summary: 'an enabled peer that has no contact address and can never register',
  advice:
    'Calls to it have nowhere to go. Give it a contact address, or what it needs to register: credentials or an access control list, and a `maxContacts` that is not 0.',
  *run(facts) {
    for (const peer of facts.all<Peer>('Peer')) {
      const { enabled, contactAddr, maxContacts } = peer.doc;
      if (!enabled || contactAddr !== undefined) continue;
      const why = isUnguarded(peer.doc)
        ? 'nothing to register with'
        : maxContacts === 0
          ? 'may register none'
          : undefined;
      if (why !== undefined)
        yield {
          object: placeOf(peer, 'contactAddr'),
          message: `It has no contact address, and ${why}.`,
          witness: callToPeer(facts, peer),
        };
    }
  },
};

/** A call to a number that is sent to this peer, if one is. */
function callToPeer(facts: Facts, { ref, doc }: Resource<Peer>): CallDocument | undefined {
  const isHere = ({ via }: Target) => via.kind === 'Peer' && via.ref === ref;
  const key = keyOf(aorOf(doc));
  for (const number of facts.numbersLinkedTo(key)) {
    const call = facts.callThat(userOf(number), ({ route }) => route?.targets.some(isHere) ?? false);
    if (call) return call;
  }
  return undefined;
}

export const endpointChecks: readonly Check[] = [
  noUri,
  agentCannotAuthenticate,
  peerCannotAuthenticate,
  peerUnreachable,
];
