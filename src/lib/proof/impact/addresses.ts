/**
 * The exact sets of addresses that a change lets in or shuts out, at whatever an access control list guards. All else
 * that is said of a change assumes addresses that are admitted, as a simulation does.
 */
import type { AccessControlList } from '../../kinds/acl.js';
import type { Agent } from '../../kinds/agent.js';
import type { KindName, Resource } from '../../kinds/kind.js';
import type { TelNumber } from '../../kinds/number.js';
import type { Peer } from '../../kinds/peer.js';
import type { SipRoute } from '../../kinds/sip-route.js';
import { NO_HOST } from '../../routing/caller.js';
import { normalizeUser, parseAddress } from '../../routing/normalize.js';
import type { CallRequest } from '../../routing/request.js';
import type { Snapshot } from '../../routing/snapshot.js';
import { addressText, admitsRange, type Range, rangesOf } from '../addresses.js';
import { dialledAs } from '../dialled.js';
import { type CallerClass, callerClasses, nameOf, requestOf } from './callers.js';
import { differenceOf, type HandedOver } from './compare.js';
import type { Transition } from './rebase.js';

/** What is guarded otherwise; an agent or a number that belongs elsewhere than before. */
export interface GuardedPlace {
  readonly kind: KindName;
  readonly ref: string;
  /** How many others of the kind went the same way. */
  readonly more: number;
}

/** Addresses whose calls were admitted and are refused, or the other way round. */
export interface ChangedAddresses {
  readonly guarded: GuardedPlace;
  /** Whether they are admitted from now on. */
  readonly admitted: boolean;
  /** In order, the family of IPv4 first. */
  readonly ranges: readonly Range[];
  /** A call that fares otherwise; absent where only one with a connect token could. */
  readonly example: CallRequest | undefined;
}

const GUARDED: readonly KindName[] = ['Domain', 'Peer', 'Trunk', 'SipRoute'];

/** What may have a list. */
interface Guarded {
  readonly accessControlListRef?: string | undefined;
  readonly enabled?: boolean;
}

/** Where an agent or a number belongs, which has the list that guards its calls. */
const PLACES = [
  ['Agent', 'domainRef', 'Domain'],
  ['Number', 'trunkRef', 'Trunk'],
] as const satisfies readonly (readonly [KindName, string, KindName])[];

/** What one list guards, or none, and another does. */
interface Guarding {
  readonly guarded: ChangedAddresses['guarded'];
  readonly was: AccessControlList | undefined;
  readonly is: AccessControlList | undefined;
  /** Calls for which it matters. */
  readonly calls: () => Iterable<CallRequest>;
  /** Whether it matters only if one of the calls shows it. */
  readonly isShown: boolean;
}

/** Works list by list; yields between them. */
export function* addressChanges(
  change: Transition,
  classes = callerClasses(change.before, change.after),
  handedOver: readonly HandedOver[] = [],
): Generator<void, ChangedAddresses[]> {
  const found: ChangedAddresses[] = [];
  const all = [ofLists(change, classes), ofPlaces(change, classes), ofRoutes(change, classes, handedOver)];
  for (const guardings of all)
    for (const { guarded, was, is, calls, isShown } of guardings) {
      if (was === is) continue;
      yield;
      for (const admitted of [false, true]) {
        const ranges = rangesThat(admitted, was, is);
        if (ranges.length === 0) continue;
        const example = shownFrom(change, calls, isShown ? ranges : ranges.slice(0, 1));
        if (example || !isShown) found.push({ guarded, admitted, ranges, example });
      }
    }
  return found;
}

/** What has another list than before, or one of other content. */
function* ofLists({ before, after }: Transition, classes: readonly CallerClass[]): Generator<Guarding> {
  for (const kind of GUARDED)
    for (const old of before.all<Guarded>(kind)) {
      const now = after.resource<Guarded>(kind, old.ref);
      if (!now || old.doc.enabled === false || now.doc.enabled === false) continue;
      const [was, is] = [listOf(before, old), listOf(after, now)];
      const calls = () => callsTo([before, after], old, classes);
      yield { guarded: placeOf([old]), was, is, calls, isShown: false };
    }
}

/** Agents and numbers that belong elsewhere than before. */
function* ofPlaces(change: Transition, classes: readonly CallerClass[]): Generator<Guarding> {
  const { before, after } = change;
  const listAt = (side: Snapshot, kind: KindName, ref: string | undefined) => {
    const place = side.resource<Guarded>(kind, ref);
    return place && listOf(side, place);
  };
  for (const [kind, field, place] of PLACES)
    for (const { from, to, resources } of moves(change, kind, field)) {
      const calls = () => callsToAny([before, after], resources, classes);
      const [was, is] = [listAt(before, place, from), listAt(after, place, to)];
      yield { guarded: placeOf(resources), was, is, calls, isShown: true };
    }
}

/** Of many that went the same way so many are tried for a call that shows it. */
const MOST_ALIKE = 1000;

/** Calls for which it matters what guards any of these. */
export function* callsToAny(
  sides: readonly [Snapshot, Snapshot],
  resources: readonly Resource<unknown>[],
  classes: readonly CallerClass[],
): Generator<CallRequest> {
  for (const one of resources.slice(0, MOST_ALIKE)) yield* callsTo(sides, one, classes);
}

/** SIP routes that take what another one took. */
function* ofRoutes(
  { before, after }: Transition,
  classes: readonly CallerClass[],
  handedOver: readonly HandedOver[],
): Generator<Guarding> {
  for (const { before: from, after: to, dialled } of handedOver) {
    const was = listOf(before, before.resource<Guarded>('SipRoute', from)!);
    const is = listOf(after, after.resource<Guarded>('SipRoute', to)!);
    // Agents and peers may have a list of their own that refuses the address anyway.
    const calls = () => [...dialled].flatMap((value) => classes.map((one) => requestOf(one, value)));
    yield { guarded: { kind: 'SipRoute', ref: to, more: 0 }, was, is, calls, isShown: true };
  }
}

/** Resources of a kind that went from one place to another. */
export interface Move {
  /** The ref of the place; undefined for none. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** As they were. */
  readonly resources: Resource[];
}

/** Resources of which a reference is another than before, by where they went. */
export function moves({ deltas }: Transition, kind: KindName, field: string): Iterable<Move> {
  const found = new Map<string, Move>();
  for (const { before, after } of deltas) {
    if (before?.kind !== kind || !after || before.doc[field] === after.doc[field]) continue;
    const [from, to] = [before, after].map(({ doc }) => doc[field] as string | undefined);
    const key = JSON.stringify([from, to]);
    const known = found.get(key);
    if (known) known.resources.push(before);
    else found.set(key, { from, to, resources: [before] });
  }
  return found.values();
}

/** The first of some resources, of which there is one at least. */
export function placeOf(resources: readonly Resource<unknown>[]): GuardedPlace {
  const { kind, ref } = resources[0]!;
  return { kind, ref, more: resources.length - 1 };
}

const listOf = (snapshot: Snapshot, { doc }: Resource<Guarded>): AccessControlList | undefined =>
  snapshot.resource<AccessControlList>('AccessControlList', doc.accessControlListRef)?.doc;

/** The addresses that are admitted now and were not, or the other way round; neighbours are joined. */
function rangesThat(
  admitted: boolean,
  was: AccessControlList | undefined,
  is: AccessControlList | undefined,
): Range[] {
  const lists = [was, is].flatMap((list) => list ?? []);
  const joined: Range[] = [];
  for (const range of [...rangesOf(4, lists), ...rangesOf(6, lists)]) {
    if (admitsRange(was, range) === admitted || admitsRange(is, range) !== admitted) continue;
    const last = joined.at(-1);
    if (last?.family === range.family && last.last + 1n === range.first)
      joined[joined.length - 1] = { ...last, last: range.last };
    else joined.push(range);
  }
  return joined;
}

/** The first of these calls that fares otherwise from the first address of one of these ranges. */
function shownFrom(
  { before, after }: Transition,
  calls: () => Iterable<CallRequest>,
  ranges: readonly Range[],
): CallRequest | undefined {
  for (const { family, first } of ranges)
    for (const call of calls()) {
      const request = { ...call, source: { ip: addressText(family, first) } };
      if (differenceOf(before, after, request)) return request;
    }
  return undefined;
}

const OUTSIDE = { call: {} };

/** Calls for which it matters what guards this resource; mostly the first one shows it. */
function* callsTo(
  sides: readonly [Snapshot, Snapshot],
  { kind, ref, doc }: Resource<unknown>,
  classes: readonly CallerClass[],
): Generator<CallRequest> {
  const itself = (from: string) => requestOf({ call: { from } }, from);
  if (kind === 'Domain') {
    for (const { resource, call } of classes)
      if (resource && 'domainRef' in resource.doc && resource.doc.domainRef === ref) yield itself(call.from!);
  } else if (kind === 'Peer' || kind === 'Agent') {
    const from = nameOf(sides, { kind, ref });
    // Its user rather than its name, which may be a ref.
    const dialled = dialledAs(normalizeUser((doc as Agent | Peer).username), undefined, NO_HOST);
    if (from !== undefined && dialled !== undefined) yield requestOf({ call: { from } }, dialled);
  } else if (kind === 'Trunk') {
    for (const referrer of sides[0].catalog.referrers(kind, ref)) {
      const number = sides[0].resource<TelNumber>(referrer.kind, referrer.ref)!;
      yield requestOf(OUTSIDE, parseAddress(number.doc.telUrl).user);
    }
  } else if (kind === 'Number') {
    yield requestOf(OUTSIDE, parseAddress((doc as TelNumber).telUrl).user);
  } else {
    for (const value of (doc as SipRoute).called)
      for (const caller of classes) yield requestOf(caller, value === '*' ? 'anybody' : value);
  }
}
