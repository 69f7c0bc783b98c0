/** Numbers, trunks, agents and peers: whether calls reach them, and whether theirs are let in. */
import type { Agent } from '../../../kinds/agent.js';
import type { TelNumber } from '../../../kinds/number.js';
import type { Peer } from '../../../kinds/peer.js';
import type { Trunk } from '../../../kinds/trunk.js';
import type { RejectReason } from '../../../routing/reasons.js';
import { parseAddress } from '../../../routing/normalize.js';
import type { Check } from '../check.js';
import type { Facts } from '../facts.js';
import { placeOf, type Found } from '../finding.js';

/** Numbers whose calls are rejected for this reason, those from outside or else those of an agent. */
const rejected = (
  reason: RejectReason,
  message: (doc: TelNumber) => string,
): ((facts: Facts) => Generator<Found>) =>
  function* (facts) {
    for (const number of facts.all<TelNumber>('Number')) {
      const { user } = parseAddress(number.doc.telUrl);
      const witness = facts.callThat(user, ({ rejection }) => rejection?.reason === reason);
      if (witness) yield { object: placeOf(number, 'aorLink'), message: message(number.doc), witness };
    }
  };

const unlinked: Check = {
  code: 'number-unlinked',
  severity: 'warning',
  summary: 'a number that links to nothing and that no SIP route takes',
  advice:
    'Calls to it are rejected with 404. Link it, or call a SIP route by it. A number that only calls out can be suppressed.',
  // The catch-all takes calls from outside alone: that agents do not reach the number is no fault then.
  *run(facts) {
    for (const number of facts.all<TelNumber>('Number')) {
      const witness = { dialled: parseAddress(number.doc.telUrl).user };
      if (facts.decide(witness)?.rejection?.reason === 'number-not-linked')
        yield {
          object: placeOf(number, 'aorLink'),
          message: 'It links to nothing, and no SIP route takes its calls.',
          witness,
        };
    }
  },
};

const linkUnknown: Check = {
  code: 'number-link-unknown',
  severity: 'error',
  summary: 'a number that links to an address nobody has',
  advice: 'Calls to it are rejected with 404. Correct the link, or create who is meant.',
  run: rejected('link-target-unknown', ({ aorLink }) => `It links to ${aorLink}, which nobody has.`),
};

const linkDisabled: Check = {
  code: 'number-link-disabled',
  severity: 'error',
  summary: 'a number that links to a disabled agent, or to peers that are all disabled',
  advice: 'Calls to it are rejected with 480. Enable who is meant, or link it elsewhere.',
  run: rejected('callee-disabled', ({ aorLink }) => `It links to ${aorLink}, which is disabled.`),
};

const noTrunk: Check = {
  code: 'number-no-trunk',
  severity: 'warning',
  summary: 'a number without trunk, which no call from outside can reach',
  advice: 'Give it the trunk at which its calls arrive, or remove it.',
  *run(facts) {
    for (const number of facts.all<TelNumber>('Number'))
      if (number.doc.trunkRef === undefined)
        yield {
          object: placeOf(number, 'trunkRef'),
          message: 'It has no trunk: calls from outside to it are rejected.',
          witness: { dialled: parseAddress(number.doc.telUrl).user },
        };
  },
};

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
        };
  },
};

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
        witness: { dialled: agent.doc.username, from: agent.ref },
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
          witness: { dialled: peer.doc.username, from: peer.ref },
        };
  },
};

const isUnguarded = ({ enabled, credentialsRef, accessControlListRef }: Peer): boolean =>
  enabled && credentialsRef === undefined && accessControlListRef === undefined;

const peerUnreachable: Check = {
  code: 'peer-unreachable',
  severity: 'error',
  summary: 'an enabled peer that has no contact address and can never register',
  advice: 'Calls to it have nowhere to go. Give it a contact address, or what it needs to register.',
  *run(facts) {
    for (const peer of facts.all<Peer>('Peer'))
      if (isUnguarded(peer.doc) && peer.doc.contactAddr === undefined)
        yield {
          object: placeOf(peer, 'contactAddr'),
          message: 'It has no contact address, and nothing to register with.',
        };
  },
};

export const endpointChecks: readonly Check[] = [
  linkUnknown,
  linkDisabled,
  unlinked,
  noTrunk,
  noUri,
  agentCannotAuthenticate,
  peerCannotAuthenticate,
  peerUnreachable,
];
