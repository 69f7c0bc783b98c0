/** Mistakes in SIP routes, their order and their called values. */
import type { Delta } from '../../../kinds/catalog.js';
import type { Resource } from '../../../kinds/kind.js';
import { isCatchAll, type SipRoute } from '../../../kinds/sip-route.js';
import { calledKeys } from '../../../routing/indexes.js';
import type { Calls } from '../search/calls.js';
import { changing, edited, losing, type Mutant, underEach } from './mutant.js';
import { addressKey, addressOfKey, userKeyOf } from '../../../routing/normalize.js';

type Route = Resource<SipRoute>;

export function* ofRoutes(calls: Calls): Iterable<Mutant> {
  const routes = calls.snapshot.sipRoutes;
  for (const [i, route] of routes.entries()) {
    const { enabled, called } = route.doc;
    yield changing(
      route,
      { enabled: !enabled },
      {
        operator: enabled ? 'disable' : 'enable',
        path: '',
        detail: called.join(', '),
        calls: () => calls.calledAny(calledKeys(route.doc)),
      },
    );
    if (!enabled) continue;
    // The catch-all has its place behind all others.
    const next = routes.slice(i + 1).find(({ doc }) => doc.enabled && !isCatchAll(doc));
    if (next && !isCatchAll(route.doc)) yield swapped(calls, route, next);
    for (const n of called.keys()) yield* ofCalled(calls, route, n);
    yield* losing(route, 'accessControlListRef', (acl) =>
      underEach(calls.refusedBy(acl), (from) => calls.calledAny(calledKeys(route.doc), from)),
    );
  }
}

function swapped(calls: Calls, route: Route, next: Route): Mutant {
  const moved = (before: Route, { position }: Route) =>
    ({ before, after: { ...before, position } }) as unknown as Delta;
  return {
    operator: 'swap',
    kind: route.kind,
    ref: route.ref,
    path: '',
    detail: `with ${next.ref}`,
    deltas: [moved(route, next), moved(next, route)],
    calls: () => calls.calledAny(calledKeys(route.doc)),
  };
}

function* ofCalled(calls: Calls, route: Route, n: number): Iterable<Mutant> {
  const { called } = route.doc;
  const [value, key, path] = [called[n]!, calledKeys(route.doc)[n]!, `called[${n}]`];
  if (called.length > 1)
    yield changing(
      route,
      { called: edited(called, { [n]: undefined }) },
      { operator: 'drop', path, detail: value, calls: () => calls.called(key) },
    );
  const { host, ...address } = addressOfKey(key);
  if (host === undefined || address.user === '') return;
  const user = userKeyOf(address);
  yield changing(
    route,
    { called: edited(called, { [n]: user }) },
    {
      operator: 'widen',
      path,
      detail: `${value} to ${user}`,
      calls: () => calls.calledAny([addressKey(user), key]),
    },
  );
}
