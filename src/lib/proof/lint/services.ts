/** The kinds of calls of a configuration that go somewhere, each with a call that stands for it. */
import type { Domain } from '../../kinds/domain.js';
import type { Resource } from '../../kinds/kind.js';
import type { TelNumber } from '../../kinds/number.js';
import type { Peer } from '../../kinds/peer.js';
import type { Decision } from '../../routing/decision.js';
import type { CallDocument } from '../engine.js';
import { Language } from '../language/language.js';
import { rulePlace } from './checks/egress-rules.js';
import { userOf } from './dialled.js';
import type { Facts } from './facts.js';
import { placeOf, placeText, type Place } from './finding.js';

export interface Service {
  /** What the calls have in common. */
  readonly place: Place;
  /** How messages name it. */
  readonly text: string;
  readonly call: CallDocument;
  /** What is decided while all is in order. */
  readonly decision: Decision;
}

/** Peers that are tried for one that may call out. */
const MOST_PEERS = 20;

/** All that one egress rule decides, all to one number, all that peers send out by one trunk. */
export function* servicesOf(facts: Facts): Generator<Service> {
  for (const domain of facts.all<Domain>('Domain')) yield* ofRules(facts, domain);
  for (const number of facts.all<TelNumber>('Number')) yield* toNumber(facts, number);
  yield* ofPeers(facts);
}

function* ofRules(facts: Facts, domain: Resource<Domain>): Generator<Service> {
  for (const planned of facts.plan(domain).rules) {
    const user = facts.callerIn(domain) && facts.firstUser(domain, planned);
    const call = user === undefined ? undefined : facts.callIn(domain, user);
    const decision = call && facts.decide(call);
    // Another rule, which is not analysable, may take it.
    if (!call || decision?.route?.egressPolicy?.index !== planned.index) continue;
    const place = rulePlace(domain, planned.index);
    yield { place, text: placeText(place), call, decision };
  }
}

/** From outside where that is let in, else from one of ours. */
function* toNumber(facts: Facts, number: Resource<TelNumber>): Generator<Service> {
  const call = facts.callThat(userOf(number), isDelivered);
  if (!call) return;
  const place = placeOf(number);
  yield { place, text: placeText(place), call, decision: facts.decide(call)! };
}

/** With X-DOD-Number a peer calls out by any number: one of each trunk stands for all. */
function* ofPeers(facts: Facts): Generator<Service> {
  const numbers = new Map<string, Resource<TelNumber>>();
  for (const number of facts.all<TelNumber>('Number')) {
    const { trunkRef } = number.doc;
    if (trunkRef !== undefined && !numbers.has(trunkRef)) numbers.set(trunkRef, number);
  }
  for (const number of numbers.values()) {
    const found = callOut(facts, number);
    const trunk: Place = { kind: 'Trunk', ref: number.doc.trunkRef!, path: null };
    if (found) yield { place: placeOf(number), text: `calls of peers by ${placeText(trunk)}`, ...found };
  }
}

function callOut(facts: Facts, number: Resource<TelNumber>): Pick<Service, 'call' | 'decision'> | undefined {
  const headers = [{ name: 'X-DOD-Number', value: userOf(number) }];
  const peers = facts.all<Peer>('Peer').filter((peer) => peer.doc.enabled);
  for (const peer of peers.slice(0, MOST_PEERS))
    for (const dialled of Language.telephone.words()) {
      const call = { dialled, from: facts.nameOf(peer), headers };
      const decision = facts.decide(call);
      if (decision?.route && decision.routingType === 'peer-to-pstn') return { call, decision };
      // Only so many users are ours, or those of SIP routes: the next one may be free.
      if (!decision || (decision.callee === null && !decision.profile)) break;
    }
  return undefined;
}

const isDelivered = ({ verdict }: Decision): boolean => verdict !== 'reject';
