/**
 * Calls that may be rejected for a reason. A configuration can give a reason when one of these is rejected for it;
 * they are all there is to try, but for calls with a connect token, which only the holder of the key can make.
 */
import type { Agent } from '../../../kinds/agent.js';
import type { KindName, Resource } from '../../../kinds/kind.js';
import type { TelNumber } from '../../../kinds/number.js';
import type { Peer } from '../../../kinds/peer.js';
import type { Trunk } from '../../../kinds/trunk.js';
import { normalizeUser, parseAddress } from '../../../routing/normalize.js';
import { linkOf, resolveLink } from '../../../routing/parties.js';
import type { RejectReason } from '../../../routing/reasons.js';
import type { CallDocument } from '../../engine.js';
import { calledKeys } from '../../../routing/indexes.js';
import { NO_TOKEN } from '../no-token.js';
import type { Calls } from './calls.js';

type Tried = (calls: Calls) => Iterable<CallDocument>;

const unauthenticated = { unauthenticated: true };
const userOf = ({ doc }: Resource<Agent> | Resource<Peer>): string => normalizeUser(doc.username);

function* toAgents(calls: Calls, of: (agent: Agent) => boolean, circumstances = {}) {
  for (const agent of calls.agents) if (of(agent.doc)) yield* calls.to(userOf(agent), circumstances);
}

function* toPeers(calls: Calls, of: (peer: Peer) => boolean, circumstances = {}) {
  for (const peer of calls.peers) {
    if (!of(peer.doc)) continue;
    yield* calls.to(userOf(peer), circumstances);
    const { scheme, user } = parseAddress(peer.doc.aor);
    if (scheme === 'sip' && user !== '') yield* calls.to(user, circumstances);
  }
}

/** Calls to numbers whose link leads to an agent or peer for which this holds. */
function* toLinked(calls: Calls, of: (target: Agent | Peer) => boolean, circumstances = {}) {
  for (const number of calls.numbers) {
    const link = linkOf(number.doc);
    if (!link) continue;
    const target = resolveLink(calls.snapshot, link.address);
    const docs =
      target.kind === 'Agent'
        ? [target.agent.doc]
        : target.kind === 'Peer'
          ? target.peers.map(({ doc }) => doc)
          : [];
    if (docs.some(of)) yield* calls.toNumber(number, circumstances);
  }
}

function* fromAll(calls: Calls, circumstances = {}) {
  const { allAgents, someAgents, peers, outside } = calls.callers;
  yield* calls.toNobody([...someAgents, ...allAgents, ...peers, outside], circumstances);
}

/** Calls from an address that whoever guards something refuses. */
function* refused(calls: Calls) {
  const { callers } = calls;
  for (const { ref, doc } of calls.domains)
    for (const from of calls.refusedBy(doc.accessControlListRef))
      yield* calls.toNobody(callers.of(ref), from);
  for (const { doc } of calls.peers)
    for (const from of calls.refusedBy(doc.accessControlListRef)) yield* calls.toNobody(callers.peers, from);
  for (const { ref, doc } of calls.trunks)
    for (const from of calls.refusedBy(doc.accessControlListRef))
      for (const number of calls.numbersByTrunk.at(ref)) yield* calls.toNumber(number, from);
  for (const { doc } of calls.snapshot.sipRoutes)
    for (const from of calls.refusedBy(doc.accessControlListRef))
      for (const key of calledKeys(doc)) yield* calls.called(key, from);
}

/** Calls that must authenticate: of agents, of peers, and through trunks that ask for it. */
function* unproven(calls: Calls) {
  yield* fromAll(calls, unauthenticated);
  for (const { ref, doc } of calls.trunks)
    if (doc.inboundCredentialsRef !== undefined)
      for (const number of calls.numbersByTrunk.at(ref)) yield* calls.toNumber(number, unauthenticated);
}

function* unregistered(calls: Calls) {
  yield* toAgents(calls, ({ enabled }) => enabled, { registered: 'none' });
  yield* toPeers(calls, ({ enabled }) => enabled, { registered: 'none' });
  yield* toLinked(calls, ({ enabled }) => enabled, { registered: 'none' });
  // What has a contact address needs no registration: it has to be out of order.
  const down = calls.peers.map(({ ref }) => ({ kind: 'Peer' satisfies KindName, ref }));
  yield* toPeers(calls, ({ enabled }) => enabled, { down });
  yield* toLinked(calls, ({ enabled }) => enabled, { down });
}

function* unmatched(calls: Calls) {
  for (const domain of calls.domains)
    if (domain.doc.egressPolicies.length > 0) yield* calls.leaving(domain, calls.rulesOf(domain.doc).none());
}

function* withoutTrunk(calls: Calls) {
  for (const number of calls.numbers) if (number.doc.trunkRef === undefined) yield* calls.outBy(number);
}

function* withoutUri(calls: Calls) {
  const isDead = ({ doc }: Resource<Trunk>) => !doc.uris.some(({ enabled }) => enabled);
  for (const trunk of calls.trunks) if (isDead(trunk)) yield* calls.viaTrunk(trunk);
  for (const trunk of calls.trunks)
    yield* calls.viaTrunk(trunk, { down: [{ kind: 'Trunk', ref: trunk.ref }] });
}

function* toNumbers(calls: Calls, of: (number: TelNumber) => boolean) {
  for (const number of calls.numbers) if (of(number.doc)) yield* calls.toNumber(number);
}

function leadsNowhere({ snapshot }: Calls, number: TelNumber): boolean {
  const link = linkOf(number);
  return link !== undefined && resolveLink(snapshot, link.address).kind === 'unknown';
}

const dialledByPeers =
  (headers: readonly object[]): Tried =>
  (calls) =>
    calls.toNobody(calls.callers.peers, { headers });

/** A number that nobody has, whatever the configuration: longer than any telephone number. */
const NO_NUMBER = '+0000000000000000';

/** The reasons, and the calls that may be rejected for each; none where only a signed token brings it about. */
export const tries: Readonly<Record<RejectReason, Tried | undefined>> = {
  'connect-token-invalid': (calls) => fromAll(calls, { connectToken: NO_TOKEN }),
  'connect-token-expired': undefined,
  'connect-token-method': undefined,
  'connect-token-missing': (calls) => toPeers(calls, () => true),
  'caller-disabled': fromAll,
  'no-domain': fromAll,
  'cross-domain': (calls) => toAgents(calls, ({ domainRef }) => domainRef !== undefined),
  'acl-denied': refused,
  'no-credentials': fromAll,
  unauthenticated: unproven,
  'trunk-mismatch': (calls) => toNumbers(calls, () => true),
  'unknown-parties': (calls) => calls.toNobody([calls.callers.outside]),
  'unsupported-pair': (calls) => toPeers(calls, () => true),
  'dod-number-missing': dialledByPeers([]),
  'dod-number-unknown': dialledByPeers([{ name: 'X-DOD-Number', value: NO_NUMBER }]),
  'no-egress-policy': fromAll,
  'no-egress-match': unmatched,
  'number-not-linked': (calls) => toNumbers(calls, (number) => number.aorLink === undefined),
  'link-target-unknown': (calls) => toNumbers(calls, (number) => leadsNowhere(calls, number)),
  'callee-disabled': function* (calls) {
    yield* toAgents(calls, ({ enabled }) => !enabled);
    yield* toPeers(calls, ({ enabled }) => !enabled);
    yield* toLinked(calls, ({ enabled }) => !enabled);
  },
  'not-registered': unregistered,
  'no-trunk': withoutTrunk,
  'no-trunk-uri': withoutUri,
};
