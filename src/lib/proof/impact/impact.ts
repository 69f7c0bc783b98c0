/** All that a change does to calls: those that can be listed, and for egress rules all that can be dialled. */
import type { Json } from '../../kinds/kind.js';
import { Language } from '../language/language.js';
import { subjectOf } from '../../routing/trace.js';
import { rangeText } from '../addresses.js';
import { addressChanges, type ChangedAddresses } from './addresses.js';
import { authenticationChanges, type ChangedAuthentication } from './authentication.js';
import { callerClasses } from './callers.js';
import { compare, type Comparison } from './compare.js';
import { type ChangedSet, egressChanges, type Sampled } from './egress.js';
import type { Transition } from './rebase.js';

export interface Impact extends Omit<Comparison, 'handedOver'> {
  /** Whether the calls were all that can be listed, or those that somebody gave. */
  readonly of: 'all' | 'given';
  /** For agents' calls to whatever stands on no list. */
  readonly sets: readonly ChangedSet[];
  /** Addresses that are let in or shut out; everything else is said of calls from admitted ones. */
  readonly addresses: readonly ChangedAddresses[];
  /** Who must authenticate and needed not to, or the other way round. */
  readonly authentication: readonly ChangedAuthentication[];
  /** Domains whose rules could not be analysed: examples alone speak for them. */
  readonly sampled: readonly Sampled[];
}

/** Works in steps, each of some milliseconds; yields how far it has come, from 0 to 1. */
export function* impactOf(change: Transition): Generator<number, Impact> {
  // Found out once: among many callers it is a good part of the work.
  const classes = callerClasses(change.before, change.after);
  const { handedOver, ...comparison } = yield* compare(change, classes);
  const egress = yield* atTheEnd(egressChanges(change, classes));
  const addresses = yield* atTheEnd(addressChanges(change, classes, handedOver));
  const authentication = yield* atTheEnd(authenticationChanges(change));
  return { of: 'all', ...comparison, ...egress, addresses, authentication };
}

function* atTheEnd<T>(steps: Generator<void, T>): Generator<number, T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    yield 1;
  }
}

/** A pattern that matches all dialled strings but those of a set; undefined when it would be too long to read. */
export const complementOf = ({ users }: ChangedSet): string | undefined =>
  Language.all.minus(users).pattern();

/** Whether any call fares otherwise. */
export const changesCalls = ({ groups, sets, addresses, authentication }: Impact): boolean =>
  groups.length + sets.length + addresses.length + authentication.length > 0;

/** The impact as JSON shows it, schema `ctl.impact/v1`. */
export const impactDocument = ({
  groups,
  sets,
  addresses,
  authentication,
  sampled,
  calls,
  decided,
  of,
}: Impact): Json => ({
  schema: 'ctl.impact/v1',
  of,
  calls,
  decided,
  groups: groups.map(({ before, after, count, examples }) => ({
    before,
    after,
    calls: count,
    examples: examples.map(({ dialled, from, headers }) => ({
      dialled,
      from,
      headers: headers.map(({ name, value }) => ({ name, value })),
    })),
  })),
  egress: sets.map((set) => ({
    domain: set.domain,
    agents: { count: set.agents.count, of: set.agents.of },
    before: set.before,
    after: set.after,
    pattern: set.users.pattern() ?? null,
    complement: complementOf(set) ?? null,
    shortest: set.users.shortest()!,
    strings: Number.isFinite(set.users.size) ? set.users.size : null,
    example: set.example,
  })),
  addresses: addresses.map(({ guarded: { kind, ref, more }, admitted, ranges, example }) => ({
    guarded: subjectOf(kind, ref),
    more,
    admitted,
    ranges: ranges.map(rangeText),
    example: example
      ? { dialled: example.dialled, from: example.from ?? null, sourceIp: example.source!.ip }
      : null,
  })),
  authentication: authentication.map(({ guarded: { kind, ref, more }, before, after, example }) => ({
    guarded: subjectOf(kind, ref),
    more,
    before,
    after,
    example: { dialled: example.dialled, from: example.from ?? null, unauthenticated: true },
  })),
  notAnalysed: sampled.map(({ domain, notAnalysable }) => ({ domain, why: notAnalysable })),
});
