/** Users, numbers and called values that a person could mistake for each other. */
import type { Agent } from '../../../kinds/agent.js';
import type { Resource } from '../../../kinds/kind.js';
import type { TelNumber } from '../../../kinds/number.js';
import type { Peer } from '../../../kinds/peer.js';
import { isCatchAll, type SipRoute } from '../../../kinds/sip-route.js';
import type { Decision } from '../../../routing/decision.js';
import { calledKeys } from '../../../routing/indexes.js';
import { addressOfKey, isNearMiss, nearKey, normalizeUser, userKeyOf } from '../../../routing/normalize.js';
import { aorOf } from '../../../routing/parties.js';
import type { CallDocument } from '../../engine.js';
import type { Check } from '../check.js';
import { userOf } from '../dialled.js';
import type { Facts } from '../facts.js';
import { placeOf, placeText, type Found, type Place } from '../finding.js';
import { dialledAs } from '../../dialled.js';

/** A user, and whose it is. */
interface Owner {
  readonly user: string;
  readonly place: Place;
  /** The host that it stands for; undefined for any. Users of different hosts are not mistaken for each other. */
  readonly host: string | undefined;
}

const named = (username: string): string => userKeyOf({ scheme: 'sip', user: normalizeUser(username) });

function* ownersOf(facts: Facts): Generator<Owner> {
  for (const route of facts.snapshot.sipRoutes)
    if (route.doc.enabled && !isCatchAll(route.doc)) yield* calledOwners(route);
  for (const number of facts.all<TelNumber>('Number'))
    yield { user: userOf(number), place: placeOf(number), host: undefined };
  for (const agent of facts.all<Agent>('Agent')) {
    const host = facts.hostOf(agent) ?? '';
    yield { user: named(agent.doc.username), place: placeOf(agent), host };
  }
  for (const peer of facts.all<Peer>('Peer')) {
    yield { user: named(peer.doc.username), place: placeOf(peer), host: undefined };
    const aor = aorOf(peer.doc);
    if (aor.user !== '') yield { user: userKeyOf(aor), place: placeOf(peer, 'aor'), host: aor.host };
  }
}

function* calledOwners(route: Resource<SipRoute>): Generator<Owner> {
  for (const [i, key] of calledKeys(route.doc).entries()) {
    const address = addressOfKey(key);
    if (address.user !== '')
      yield { user: userKeyOf(address), place: placeOf(route, `called[${i}]`), host: address.host };
  }
}

export const nearDuplicate: Check = {
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
    for (const users of groups.values()) if (users.size > 1) yield* nearIn(facts, [...users]);
  },
};

/** Each user that is near an earlier one of its group, once for each host of the earlier one. */
function* nearIn(facts: Facts, users: readonly (readonly [string, readonly Owner[]])[]): Generator<Found> {
  for (const [i, [user, owners]] of users.entries()) {
    const near = byHost(
      users.slice(0, i).flatMap(([other, others]) => (isNearMiss(other, user) ? others : [])),
    );
    for (const owner of owners) {
      const mistaken = mistakenFor(owner, near);
      if (!mistaken) continue;
      near.delete(mistaken.host);
      yield {
        object: owner.place,
        message: `"${user}" is nearly "${mistaken.user}" of ${placeText(mistaken.place)}, but not equal to it.`,
        witness: callTo(facts, owner),
        related: [mistaken.place],
      };
    }
  }
}

type ByHost = Map<string | undefined, Owner[]>;

function byHost(owners: readonly Owner[]): ByHost {
  const found: ByHost = new Map();
  for (const owner of owners) {
    const known = found.get(owner.host);
    if (known) known.push(owner);
    else found.set(owner.host, [owner]);
  }
  return found;
}

/** Another owner that this one can be mistaken for. Values of one route are spellings that somebody wrote side by side. */
function mistakenFor({ host, place }: Owner, near: ByHost): Owner | undefined {
  const isOther = (other: Owner) => other.place.kind !== place.kind || other.place.ref !== place.ref;
  for (const one of host === undefined ? near.keys() : [host, undefined]) {
    const other = near.get(one)?.find(isOther);
    if (other) return other;
  }
  return undefined;
}

/** A call that finds whose the user is. */
function callTo(facts: Facts, { user, host, place }: Owner): CallDocument | undefined {
  const isIt = ({ callee, profile }: Decision) =>
    place.kind === 'SipRoute'
      ? profile?.sipRoute === place.ref
      : callee?.kind === place.kind && callee.ref === place.ref;
  return facts.callThat(dialledAs(addressOfKey(user).user, host, 'invalid'), isIt);
}
