/**
 * Configurations with one mistake in them, such as people make: a rule that is gone, stands in the wrong place, or
 * takes too much. Mutants change documents of resources that are there, and never what a resource is named by.
 */
import { RE2JS } from 're2js';
import type { Delta } from '../../kinds/catalog.js';
import type { Domain } from '../../kinds/domain.js';
import type { KindName, Resource } from '../../kinds/kind.js';
import type { TelNumber } from '../../kinds/number.js';
import type { Peer } from '../../kinds/peer.js';
import { isCatchAll, type SipRoute } from '../../kinds/sip-route.js';
import type { Trunk } from '../../kinds/trunk.js';
import { calledKeys } from '../../routing/indexes.js';
import { failover } from '../../routing/outbound.js';
import type { CallDocument } from '../engine.js';
import { Language, languageOf } from '../language/language.js';
import type { Calls, Circumstances } from './search/calls.js';
import { over, type Region } from './search/egress.js';

export type Operator = 'drop' | 'swap' | 'widen' | 'disable' | 'enable';

export interface Mutant {
  readonly operator: Operator;
  readonly kind: KindName;
  readonly ref: string;
  /** What of the resource is changed: `egressPolicies[0]`; empty for the resource itself. */
  readonly path: string;
  /** What it says, and what it is changed to or swapped with. */
  readonly detail: string;
  readonly deltas: readonly Delta[];
  /** Calls of which one does something else, if any call without a connect token does. */
  calls(): Iterable<CallDocument>;
}

/** All mutants of a configuration, as they are asked for. */
export function* mutantsOf(calls: Calls): Iterable<Mutant> {
  for (const domain of calls.domains) yield* ofDomain(calls, domain);
  yield* ofRoutes(calls);
  for (const trunk of calls.trunks) yield* ofTrunk(calls, trunk);
  for (const number of calls.numbers) yield* ofNumber(calls, number);
  for (const peer of calls.peers) yield* ofPeer(calls, peer);
}

/** One change of a document. */
function changed<D>(before: Resource<D>, fields: Partial<D>): Delta {
  const doc = { ...before.doc, ...fields };
  for (const name of Object.keys(fields) as (keyof D)[]) if (doc[name] === undefined) delete doc[name];
  return { before, after: { ...before, doc } } as unknown as Delta;
}

function mutant<D>(
  { kind, ref }: Resource<D>,
  operator: Operator,
  path: string,
  detail: string,
  deltas: readonly Delta[],
  calls: () => Iterable<CallDocument>,
): Mutant {
  return { operator, kind, ref, path, detail, deltas, calls };
}

/** Entries of a list, those at some places replaced by others or, with undefined, left out. */
const edited = <T>(entries: readonly T[], changes: { readonly [i: number]: T | undefined }): T[] =>
  entries.flatMap((entry, i) => (i in changes ? (changes[i] ?? []) : entry) as T | T[]);

/** A rule that takes more: without the anchors it has, or anything at all. */
export function widened(rule: string): string[] {
  const found = new Set([
    rule.replace(/^\^/, ''),
    // A dollar sign behind a backslash stands for itself.
    rule.replace(/(^|[^\\])\$$/, '$1'),
    '.*',
  ]);
  found.delete(rule);
  return [...found].filter(isRule);
}

function isRule(text: string): boolean {
  try {
    return text !== '' && RE2JS.compile(text) !== undefined;
  } catch {
    return false;
  }
}

function* ofDomain(calls: Calls, domain: Resource<Domain>): Iterable<Mutant> {
  const { egressPolicies, accessControlListRef } = domain.doc;
  const rules = calls.rulesOf(domain.doc);
  const make = (
    operator: Operator,
    i: number,
    detail: string,
    after: Domain['egressPolicies'],
    region: () => Region,
  ) =>
    mutant(
      domain,
      operator,
      `egressPolicies[${i}]`,
      detail,
      [changed(domain, { egressPolicies: after })],
      () => movedCalls(calls, domain, i, region()),
    );
  for (const [i, policy] of egressPolicies.entries()) {
    const { rule } = policy;
    const next = egressPolicies[i + 1];
    yield make('drop', i, rule, edited(egressPolicies, { [i]: undefined }), () =>
      // Without any rule, calls that none takes are rejected for another reason.
      egressPolicies.length === 1 ? Language.all : rules.first(i),
    );
    if (next)
      yield make(
        'swap',
        i,
        `${rule} with ${next.rule}`,
        edited(egressPolicies, { [i]: next, [i + 1]: policy }),
        () => rules.reaching(i, both(rule, next.rule)),
      );
    for (const wide of widened(rule))
      yield make(
        'widen',
        i,
        `${rule} to ${wide}`,
        edited(egressPolicies, { [i]: { ...policy, rule: wide } }),
        () =>
          rules.reaching(
            i,
            over([languageOf(wide), languageOf(rule)], (more, less) => more.minus(less)),
          ),
      );
  }
  if (accessControlListRef !== undefined)
    yield mutant(
      domain,
      'drop',
      'accessControlListRef',
      accessControlListRef,
      [changed(domain, { accessControlListRef: undefined })],
      () =>
        withEach(calls.refusedBy(accessControlListRef), (from) =>
          calls.toNobody(calls.callers.of(domain.ref), from),
        ),
    );
}

const both = (left: string, right: string): Region =>
  over([languageOf(left), languageOf(right)], (a, b) => a.intersect(b));

/**
 * Calls that a change of rule `i` moves: those of the region that it takes or loses, and of these one for each
 * number that another rule then has for them, or had.
 */
function* movedCalls(
  calls: Calls,
  domain: Resource<Domain>,
  i: number,
  region: Region,
): Iterable<CallDocument> {
  yield* calls.leaving(domain, region);
  let rest = region;
  for (const { rule } of domain.doc.egressPolicies.slice(i + 1)) {
    const language = languageOf(rule);
    yield* calls.leaving(
      domain,
      over([rest, language], (users, taken) => users.intersect(taken)),
    );
    rest = over([rest, language], (users, taken) => users.minus(taken));
  }
  yield* calls.leaving(domain, rest);
}

function* withEach<C>(circumstances: readonly C[], make: (one: C) => Iterable<CallDocument>) {
  for (const one of circumstances) yield* make(one);
}

function* ofRoutes(calls: Calls): Iterable<Mutant> {
  const routes = calls.snapshot.sipRoutes;
  for (const [i, route] of routes.entries()) {
    const { enabled, called } = route.doc;
    const keys = calledKeys(route.doc);
    const toggled = [changed(route, { enabled: !enabled })];
    yield mutant(route, enabled ? 'disable' : 'enable', '', called.join(', '), toggled, () =>
      calls.calledAny(keys),
    );
    if (!enabled) continue;
    // The catch-all has its place behind all others.
    const next = routes.slice(i + 1).find(({ doc }) => doc.enabled && !isCatchAll(doc));
    if (next && !isCatchAll(route.doc)) yield swappedRoutes(calls, route, next);
    yield* ofRoute(calls, route);
  }
}

function swappedRoutes(calls: Calls, route: Resource<SipRoute>, next: Resource<SipRoute>): Mutant {
  const moved = (before: Resource<SipRoute>, position: string): Delta =>
    ({ before, after: { ...before, position } }) as unknown as Delta;
  const deltas = [moved(route, next.position!), moved(next, route.position!)];
  return mutant(route, 'swap', '', `with ${next.ref}`, deltas, () => calls.calledAny(calledKeys(route.doc)));
}

function* ofRoute(calls: Calls, route: Resource<SipRoute>): Iterable<Mutant> {
  const { called, accessControlListRef } = route.doc;
  const keys = calledKeys(route.doc);
  for (const [i, value] of called.entries()) {
    const path = `called[${i}]`;
    if (called.length > 1)
      yield mutant(
        route,
        'drop',
        path,
        value,
        [changed(route, { called: edited(called, { [i]: undefined }) })],
        () => calls.called(keys[i]!),
      );
    const at = keys[i]!.lastIndexOf('@');
    if (at <= 0) continue;
    const user = keys[i]!.slice(0, at);
    const wide = changed(route, { called: edited(called, { [i]: user }) });
    yield mutant(route, 'widen', path, `${value} to ${user}`, [wide], () =>
      calls.calledAny([user, keys[i]!]),
    );
  }
  if (accessControlListRef !== undefined)
    yield mutant(
      route,
      'drop',
      'accessControlListRef',
      accessControlListRef,
      [changed(route, { accessControlListRef: undefined })],
      () => withEach(calls.refusedBy(accessControlListRef), (from) => calls.calledAny(keys, from)),
    );
}

function* ofTrunk(calls: Calls, trunk: Resource<Trunk>): Iterable<Mutant> {
  const { uris, accessControlListRef, inboundCredentialsRef } = trunk.doc;
  const via = () => calls.viaTrunk(trunk);
  for (const [i, uri] of uris.entries()) {
    const toggled = edited(uris, { [i]: { ...uri, enabled: !uri.enabled } });
    const operator = uri.enabled ? 'disable' : 'enable';
    yield mutant(trunk, operator, `uris[${i}]`, uri.host, [changed(trunk, { uris: toggled })], via);
  }
  const order = failover(trunk.doc);
  for (const [n, uri] of order.slice(0, -1).entries()) {
    const [i, j] = [uris.indexOf(uri), uris.indexOf(order[n + 1]!)];
    const detail = `${uri.host} with ${order[n + 1]!.host}`;
    const after = exchanged(uris, i, j);
    yield mutant(trunk, 'swap', `uris[${i}]`, detail, [changed(trunk, { uris: after })], via);
  }
  const inbound = function* (circumstances: Circumstances) {
    for (const number of calls.carriedBy(trunk.ref)) yield* calls.toNumber(number, circumstances);
  };
  if (accessControlListRef !== undefined)
    yield mutant(
      trunk,
      'drop',
      'accessControlListRef',
      accessControlListRef,
      [changed(trunk, { accessControlListRef: undefined })],
      () => withEach(calls.refusedBy(accessControlListRef), inbound),
    );
  if (inboundCredentialsRef !== undefined)
    yield mutant(
      trunk,
      'drop',
      'inboundCredentialsRef',
      inboundCredentialsRef,
      [changed(trunk, { inboundCredentialsRef: undefined })],
      () => inbound({ unauthenticated: true }),
    );
}

/** Gateways that have changed places in the failover order. */
function exchanged(uris: Trunk['uris'], i: number, j: number): Trunk['uris'] {
  const [a, b] = [uris[i]!, uris[j]!];
  return edited(uris, {
    [i]: { ...b, priority: a.priority, weight: a.weight },
    [j]: { ...a, priority: b.priority, weight: b.weight },
  });
}

function* ofNumber(calls: Calls, number: Resource<TelNumber>): Iterable<Mutant> {
  const { aorLink, trunkRef } = number.doc;
  if (aorLink !== undefined)
    yield mutant(number, 'drop', 'aorLink', aorLink, [changed(number, { aorLink: undefined })], () =>
      calls.toNumber(number),
    );
  if (trunkRef !== undefined)
    yield mutant(
      number,
      'drop',
      'trunkRef',
      trunkRef,
      [changed(number, { trunkRef: undefined })],
      function* () {
        yield* calls.toNumber(number);
        yield* calls.outBy(number);
      },
    );
}

function* ofPeer(calls: Calls, peer: Resource<Peer>): Iterable<Mutant> {
  const { accessControlListRef } = peer.doc;
  if (accessControlListRef === undefined) return;
  const caller = { kind: 'Peer', from: calls.callers.nameOf(peer) } as const;
  yield mutant(
    peer,
    'drop',
    'accessControlListRef',
    accessControlListRef,
    [changed(peer, { accessControlListRef: undefined })],
    () => withEach([{}, ...calls.refusedBy(accessControlListRef)], (from) => calls.toNobody([caller], from)),
  );
}
