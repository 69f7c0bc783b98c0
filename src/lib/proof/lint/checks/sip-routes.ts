/** SIP routes: called values that another route takes, and those that the catch-all nearly has. */
import { calledKeys, calledText, CATCH_ALL } from '../../../routing/indexes.js';
import { isTelephone } from '../../../routing/normalize.js';
import type { Check } from '../check.js';
import { listText, placeOf, placeText } from '../finding.js';
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

const catchAllNear: Check = {
  code: 'catch-all-near-called',
  severity: 'note',
  summary: 'a catch-all SIP route that takes calls which a called value nearly matches',
  advice:
    'Carriers write the same number with or without +. What no other route is called goes to the catch-all; add the other way of writing to the route that is meant.',
  *run(facts) {
    const catchAll = facts.snapshot.routesByCalled(CATCH_ALL)[0];
    if (!catchAll) return;
    const missed = enabledRoutes(facts).flatMap((route) =>
      calledKeys(route.doc).flatMap((key) => {
        const other = otherWriting(key);
        const call = other === undefined ? undefined : callTaken(facts, other, catchAll);
        return call ? [{ route, key, other, call }] : [];
      }),
    );
    const [first] = missed;
    if (!first) return;
    const more = missed.length > 1 ? ` (and so with ${missed.length - 1} more called values)` : '';
    yield {
      object: placeOf(catchAll),
      message: `It takes ${first.other}, which differs only in + from "${first.key}" of ${placeText(placeOf(first.route))}${more}.`,
      witness: first.call,
      related: missed.map(({ route, key }) => calledPlace(route, key)),
    };
  },
};

/** The number with `+` if it has none, and without if it has one; undefined for what is no number. */
function otherWriting(key: string): string | undefined {
  const at = key.lastIndexOf('@');
  const user = at < 0 ? key : key.slice(0, at);
  if (!isTelephone(user)) return undefined;
  return key.startsWith('+') ? key.slice(1) : `+${key}`;
}

/** But for what they shadow: sip-route-shadows.ts. */
export const calledChecks = { neverTaken, calledTwice, catchAllNear } as const;
