/** Users that stand for two things, or nearly. */
import type { Agent } from '../../../kinds/agent.js';
import type { KindName, Resource } from '../../../kinds/kind.js';
import { isCatchAll, type SipRoute } from '../../../kinds/sip-route.js';
import type { Peer } from '../../../kinds/peer.js';
import type { TelNumber } from '../../../kinds/number.js';
import { calledKeys } from '../../../routing/indexes.js';
import { isNearMiss, nearKey, normalizeUser, parseAddress, sipUri } from '../../../routing/normalize.js';
import type { Check } from '../check.js';
import { dialledAs, type Facts } from '../facts.js';
import { listText, placeOf, placeText, type Found, type Place } from '../finding.js';
import type { Domain } from '../../../kinds/domain.js';

/** A user, and whose it is. */
interface Owner {
  readonly user: string;
  readonly place: Place;
  /** Users of different scopes are not mistaken for each other: agents of two domains. */
  readonly scope: string | undefined;
}

function* ownersOf(facts: Facts): Generator<Owner> {
  for (const route of facts.snapshot.sipRoutes)
    if (route.doc.enabled && !isCatchAll(route.doc)) yield* calledOwners(route);
  for (const number of facts.all<TelNumber>('Number'))
    yield { user: parseAddress(number.doc.telUrl).user, place: placeOf(number), scope: undefined };
  for (const agent of facts.all<Agent>('Agent'))
    yield { user: normalizeUser(agent.doc.username), place: placeOf(agent), scope: agent.doc.domainRef };
  for (const peer of facts.all<Peer>('Peer'))
    yield { user: normalizeUser(peer.doc.username), place: placeOf(peer), scope: undefined };
}

function* calledOwners(route: Resource<SipRoute>): Generator<Owner> {
  for (const [i, key] of calledKeys(route.doc).entries())
    if (!key.includes('@')) yield { user: key, place: placeOf(route, `called[${i}]`), scope: undefined };
}

const nearDuplicate: Check = {
  code: 'near-duplicate',
  severity: 'note',
  summary: 'two users or called values that differ only in +, country code, case or separators',
  advice:
    'Comparison is exact, so a caller who dials the one never reaches the other. Is one of them a slip?',
  *run(facts) {
    const groups = new Map<string, Map<string, Owner[]>>();
    for (const owner of ownersOf(facts)) {
      const key = nearKey(owner.user);
      let users = groups.get(key);
      if (!users) groups.set(key, (users = new Map()));
      const known = users.get(owner.user);
      if (known) known.push(owner);
      else users.set(owner.user, [owner]);
    }
    for (const users of groups.values()) if (users.size > 1) yield* nearIn([...users]);
  },
};

/** Each user that is near an earlier one of its group. */
function* nearIn(users: readonly (readonly [string, readonly Owner[]])[]): Generator<Found> {
  for (const [i, [user, owners]] of users.entries()) {
    const near = users.slice(0, i).filter(([other]) => isNearMiss(other, user));
    for (const owner of owners) {
      const mistaken = near.flatMap(([, others]) => others).find((other) => canBeMistaken(owner, other));
      if (!mistaken) continue;
      yield {
        object: owner.place,
        message: `"${user}" is nearly "${mistaken.user}" of ${placeText(mistaken.place)}, but not equal to it.`,
        related: [mistaken.place],
      };
      break;
    }
  }
}

/** Values of one route are spellings that somebody wrote side by side. */
const canBeMistaken = (one: Owner, other: Owner): boolean =>
  (one.scope === undefined || other.scope === undefined || one.scope === other.scope) &&
  !(one.place.kind === other.place.kind && one.place.ref === other.place.ref);

const collision: Check = {
  code: 'collision',
  severity: 'warning',
  summary: 'an agent or peer whose user a number or an agent has too',
  advice:
    'A number is found before an agent, an agent of the dialled domain before a peer: who is found later cannot be dialled by that user.',
  *run(facts) {
    const { snapshot } = facts;
    for (const agent of facts.all<Agent>('Agent')) {
      const user = normalizeUser(agent.doc.username);
      const number = snapshot.numberByUser(user);
      const domain = snapshot.resource<Domain>('Domain', agent.doc.domainRef);
      if (number) yield taken(facts, agent, user, [number], domain?.doc.domainUri);
    }
    for (const peer of facts.all<Peer>('Peer')) {
      const user = normalizeUser(peer.doc.username);
      const number = snapshot.numberByUser(user);
      const winners = number ? [number] : snapshot.agentsByUser(user);
      if (winners.length > 0) yield taken(facts, peer, user, winners, undefined);
    }
  },
};

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
      at === undefined ? dialledAs(user, 'invalid') : sipUri(user, at),
      ({ callee }) => callee?.kind === (winner.kind satisfies KindName) && callee.ref === winner.ref,
    ),
    related: winners.map((one) => placeOf(one)),
  };
}

export const nameChecks: readonly Check[] = [collision, nearDuplicate];
