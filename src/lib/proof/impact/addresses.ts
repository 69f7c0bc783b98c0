/**
 * The exact sets of addresses that a change lets in or shuts out, at whatever an access control list guards. All else
 * that is said of a change assumes addresses that are admitted, as a simulation does.
 */
import type { AccessControlList } from '../../kinds/acl.js';
import type { KindName, Resource } from '../../kinds/kind.js';
import type { TelNumber } from '../../kinds/number.js';
import type { SipRoute } from '../../kinds/sip-route.js';
import { parseAddress } from '../../routing/normalize.js';
import type { CallRequest } from '../../routing/request.js';
import type { Snapshot } from '../../routing/snapshot.js';
import { addressText, admitsRange, type Range, rangesOf } from '../addresses.js';
import { type CallerClass, callerClasses, nameOf, requestOf } from './callers.js';
import { differenceOf } from './compare.js';
import type { Transition } from './rebase.js';

/** Addresses whose calls were admitted and are refused, or the other way round. */
export interface ChangedAddresses {
  /** What the list guards. */
  readonly guarded: { readonly kind: KindName; readonly ref: string };
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

/** Works list by list; yields between them. */
export function* addressChanges(
  change: Transition,
  classes = callerClasses(change.before, change.after),
): Generator<void, ChangedAddresses[]> {
  const { before, after } = change;
  const found: ChangedAddresses[] = [];
  for (const kind of GUARDED)
    for (const old of before.all<Guarded>(kind)) {
      const now = after.resource<Guarded>(kind, old.ref);
      if (!now || old.doc.enabled === false || now.doc.enabled === false) continue;
      const [was, is] = [listOf(before, old), listOf(after, now)];
      if (was === is) continue;
      yield;
      for (const admitted of [false, true]) {
        const ranges = rangesThat(admitted, was, is);
        if (ranges.length === 0) continue;
        const example = exampleOf(change, old, classes, ranges[0]!);
        found.push({ guarded: { kind, ref: old.ref }, admitted, ranges, example });
      }
    }
  return found;
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

/** A call from these addresses that fares otherwise. */
function exampleOf(
  { before, after }: Transition,
  guarded: Resource<Guarded>,
  classes: readonly CallerClass[],
  { family, first }: Range,
): CallRequest | undefined {
  const source = { ip: addressText(family, first) };
  for (const call of callsTo([before, after], guarded, classes)) {
    const request = { ...call, source };
    if (differenceOf(before, after, request)) return request;
  }
  return undefined;
}

const OUTSIDE = { call: {} };

/** Calls for which it matters what guards this resource; mostly the first one shows it. */
export function* callsTo(
  sides: readonly [Snapshot, Snapshot],
  { kind, ref, doc }: Resource<unknown>,
  classes: readonly CallerClass[],
): Generator<CallRequest> {
  const itself = (from: string) => requestOf({ call: { from } }, from);
  if (kind === 'Domain') {
    for (const { resource, call } of classes)
      if (resource && 'domainRef' in resource.doc && resource.doc.domainRef === ref) yield itself(call.from!);
  } else if (kind === 'Peer') {
    const from = nameOf(sides, { kind, ref });
    if (from !== undefined) yield itself(from);
  } else if (kind === 'Trunk') {
    for (const referrer of sides[0].catalog.referrers(kind, ref)) {
      const number = sides[0].resource<TelNumber>(referrer.kind, referrer.ref)!;
      yield requestOf(OUTSIDE, parseAddress(number.doc.telUrl).user);
    }
  } else {
    for (const value of (doc as SipRoute).called)
      for (const caller of classes) yield requestOf(caller, value === '*' ? 'anybody' : value);
  }
}
