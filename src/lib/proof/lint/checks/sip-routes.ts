/** SIP routes: called values that another route takes, and those that the catch-all nearly has. */
import { calledKeys, calledText, CATCH_ALL } from '../../../routing/indexes.js';
import type { TelNumber } from '../../../kinds/number.js';
import type { Trunk } from '../../../kinds/trunk.js';
import type { Decision } from '../../../routing/decision.js';
import { isTelephone, sipUri } from '../../../routing/normalize.js';
import type { CallDocument } from '../../engine.js';
import type { Check } from '../check.js';
import { userOf } from '../dialled.js';
import type { Facts } from '../facts.js';
import { listText, placeOf, placeText, type Place } from '../finding.js';
import {
  calledPlace,
  calledSo,
  callTaken,
  enabledRoutes,
  isDialled,
  isTaken,
  type Route,
  takersOf,
} from './takers.js';

const calledTwice: Check = {
  code: 'called-twice',
  severity: 'warning',
  summary: 'a called value that an earlier SIP route has too, with the same host or for any',
  advice: 'The earlier route takes its calls. Remove the value from one of the two.',
  *run(facts) {
    for (const route of enabledRoutes(facts))
      for (const key of new Set(calledKeys(route.doc))) {
        const routes = calledSo(facts, key);
        const earlier = routes.slice(0, routes.indexOf(route));
        const [winner] = earlier;
        if (!winner) continue;
        yield {
          object: calledPlace(route, key),
          message: `Calls to "${calledText(route.doc, key)}" go to ${placeText(placeOf(winner))}, which comes first.`,
          witness: key === CATCH_ALL ? undefined : callTaken(facts, key, winner),
          related: earlier.map((one) => calledPlace(one, key)),
        };
      }
  },
};

const neverTaken: Check = {
  code: 'sip-route-never-taken',
  severity: 'error',
  summary: 'a SIP route whose called values are all taken by earlier routes, or that nobody can call',
  advice:
    'No call can reach it. Move it before them, give it a value of its own, or remove it. Nobody dials a `backend:` address: it is called by a number that links to it.',
  *run(facts) {
    for (const route of enabledRoutes(facts)) {
      const all = [...new Set(calledKeys(route.doc))];
      if (all.some((key) => isTaken(facts, route, key))) continue;
      const keys = all.filter((key) => isDialled(key) || facts.numbersLinkedTo(key).length > 0);
      const winners = keys.map((key) => takersOf(facts, key)[0]!);
      yield {
        object: placeOf(route),
        message: `No call reaches it: ${whyNot([...new Set(winners)], route)}.`,
        witness: winners[0] && callTaken(facts, keys[0]!, winners[0]),
        related: [...new Set(winners)].map((one) => placeOf(one)),
      };
    }
  },
};

function whyNot(winners: readonly Route[], { doc }: Route): string {
  if (winners.length === 0) return `no number links to ${listText(doc.called)}`;
  const names = listText(winners.map((one) => placeText(placeOf(one))));
  return `${names} ${new Set(calledKeys(doc)).size > 1 ? 'take all its called values' : 'takes its called value'}`;
}

/** What a catch-all nearly leaves to somebody else, and a call by which it does not. */
interface Missed {
  readonly other: string;
  /** How messages name what is meant. */
  readonly meant: string;
  readonly place: Place;
  readonly call: CallDocument;
}

const catchAllNear: Check = {
  code: 'catch-all-near-called',
  severity: 'note',
  summary: 'a catch-all SIP route that takes calls which a called value or a number nearly matches',
  advice:
    'Carriers write the same number with or without +. What no other route is called, and no number, goes to the catch-all; add the other way of writing to the route that is meant, or as a number with the same link.',
  *run(facts) {
    const catchAll = facts.snapshot.routesByCalled(CATCH_ALL)[0];
    if (!catchAll) return;
    const missed = [...nearCalled(facts, catchAll)];
    const told = new Set(missed.flatMap(({ other, call }) => [other, call['dialled']]));
    for (const near of nearNumbers(facts, catchAll))
      if (!told.has(near.other) && !told.has(near.call['dialled'])) missed.push(near);
    const [first] = missed;
    if (!first) return;
    const more = missed.length > 1 ? ` (and so with ${missed.length - 1} more)` : '';
    yield {
      object: placeOf(catchAll),
      message: `It takes ${first.other}, which differs only in + from ${first.meant}${more}.`,
      witness: first.call,
      related: missed.map(({ place }) => place),
    };
  },
};

function* nearCalled(facts: Facts, catchAll: Route): Generator<Missed> {
  for (const route of enabledRoutes(facts))
    for (const key of calledKeys(route.doc)) {
      const other = otherWriting(key);
      const call = other === undefined ? undefined : callTaken(facts, other, catchAll);
      const meant = `"${key}" of ${placeText(placeOf(route))}`;
      if (other !== undefined && call) yield { other, meant, place: calledPlace(route, key), call };
    }
}

/** Numbers that deliver calls from outside elsewhere than by the catch-all, as their carriers may write them. */
function* nearNumbers(facts: Facts, catchAll: Route): Generator<Missed> {
  for (const number of facts.all<TelNumber>('Number')) {
    const user = userOf(number);
    const other = otherWriting(user)!;
    const trunk = facts.snapshot.resource<Trunk>('Trunk', number.doc.trunkRef);
    if (!trunk || facts.snapshot.numberByUser(other)) continue;
    const isTaken = (decision: Decision | undefined) => decision?.profile?.sipRoute === catchAll.ref;
    const own = facts.decide({ dialled: user });
    const call = { dialled: sipUri(other, trunk.doc.inboundUri) };
    if (own && own.verdict !== 'reject' && !isTaken(own) && isTaken(facts.decide(call)))
      yield { other, meant: `"${user}" of ${placeText(placeOf(number))}`, place: placeOf(number), call };
  }
}

/** The number with `+` if it has none, and without if it has one; undefined for what is no number. */
function otherWriting(key: string): string | undefined {
  const at = key.lastIndexOf('@');
  const user = at < 0 ? key : key.slice(0, at);
  if (!isTelephone(user)) return undefined;
  return key.startsWith('+') ? key.slice(1) : `+${key}`;
}

/** But for what they shadow: sip-route-shadows.ts. */
export const calledChecks = { neverTaken, calledTwice, catchAllNear } as const;
