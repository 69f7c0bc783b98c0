/** What a change does to calls: every caller that matters × every value that matters, decided before and after. */
import { type Address, parseAddress } from '../../routing/normalize.js';
import type { CallRequest } from '../../routing/request.js';
import { effectOf } from '../../routing/decide.js';
import type { Effect } from '../../routing/decision.js';
import { callsOf } from '../../routing/simulate.js';
import type { Snapshot } from '../../routing/snapshot.js';
import { callerClasses, type CallerClass, possibly, requestOf } from './callers.js';
import { arrivals, dialledValues } from './dialled.js';
import { type Group, Groups } from './groups.js';
import { difference } from '../outcome.js';
import type { Transition } from './rebase.js';
import { Taint } from './taint.js';

export interface Comparison {
  /** The largest first. */
  readonly groups: readonly Group[];
  /** All calls that were considered, each caller with each value. */
  readonly calls: number;
  /** Those of them that were decided, for the others cannot differ. */
  readonly decided: number;
  /** Calls that one route took and another takes, to the same effect but for who may call: one for each two routes. */
  readonly handedOver: readonly HandedOver[];
}

export interface HandedOver {
  readonly before: string;
  readonly after: string;
  /** What is dialled, some of it. */
  readonly dialled: Set<string>;
}

/** Values for which one route has calls that another had: what guards them otherwise may hide that it does. */
const MOST_HANDED_OVER = 50;

/** Calls between two steps. */
const STEP = 256;

/**
 * Compares the calls of all known callers to all values that the configurations tell apart. Yields now and then how
 * far it has come, from 0 to 1, so that others have their turn.
 */
export function* compare(
  change: Transition,
  classes = callerClasses(change.before, change.after),
): Generator<number, Comparison> {
  const { before, after } = change;
  const values = [...dialledValues(before, after)];
  const taint = new Taint(change);
  const [always, leaving] = (['all', 'leaving'] as const).map(
    (which) => new Set(classes.filter((one) => taint.caller(one) === which)),
  ) as [Set<CallerClass>, Set<CallerClass>];
  const reached = [...always, ...leaving];
  const outside = classes.find(({ call }) => call.from === undefined)!;
  const tally = new Tally(before, after);
  for (const [i, dialled] of values.entries()) {
    const address = parseAddress(dialled);
    const isTainted = taint.dialled(address);
    const stays = isNumber(address, before) && isNumber(address, after);
    for (const caller of isTainted ? classes : stays ? always : reached) {
      const isReached = always.has(caller) || (!stays && leaving.has(caller));
      if (!isReached && !taint.dialled(address, caller.home)) continue;
      tally.ask(caller, dialled);
      if (tally.decided % STEP === 0) yield i / values.length;
    }
    if (taint.arriving(address) && !always.has(outside) && !isTainted) tally.ask(outside, dialled);
  }
  const moved = new Set(arrivals(change));
  for (const dialled of moved) {
    tally.ask(outside, dialled);
    if (tally.decided % STEP === 0) yield 1;
  }
  const callers = classes.reduce((sum, { count }) => sum + count, 0);
  const { decided, groups, handedOver } = tally;
  const calls = callers * values.length + moved.size;
  return { groups: groups.list(), calls, decided, handedOver: [...handedOver.values()] };
}

/** Whether an address is a number of ours, so that no call to it leaves. */
const isNumber = ({ user }: Address, snapshot: Snapshot): boolean =>
  snapshot.numberByUser(user) !== undefined;

/** Compares the outcome of one call. `undefined`: it stays the same. */
export function differenceOf(
  before: Snapshot,
  after: Snapshot,
  request: CallRequest,
): readonly [before: string, after: string] | undefined {
  return difference(effectOn(before, request), effectOn(after, request));
}

/** What is done to a call; undefined when its caller is nobody there, or it cannot be dialled. */
export const effectOn = (snapshot: Snapshot, request: CallRequest): Effect | undefined =>
  sideOf(snapshot, request)?.(request.dialled);

/** How a caller's calls are decided on one side; undefined when the caller is nobody there. */
type Side = ((dialled: string) => Effect | undefined) | undefined;

function sideOf(snapshot: Snapshot, request: CallRequest): Side {
  const calls = possibly(() => callsOf(snapshot, request, { connectToken: { state: 'none' }, now: 0 }));
  return calls && ((dialled) => possibly(() => effectOf(snapshot, calls(dialled))));
}

/** The same, which is not asked anew what it was asked last. */
function rememberingOne(side: Side): Side {
  let last: { readonly dialled: string; readonly effect: Effect | undefined } | undefined;
  return (
    side &&
    ((dialled) => (last?.dialled === dialled ? last : (last = { dialled, effect: side(dialled) })).effect)
  );
}

/** The calls of a class, one for each number that a peer may give. */
interface Prepared {
  readonly request: CallRequest;
  readonly before: Side;
  readonly after: Side;
}

class Tally {
  decided = 0;
  readonly groups = new Groups();
  readonly handedOver = new Map<string, HandedOver>();
  private readonly prepared = new Map<CallerClass, readonly Prepared[]>();
  /** Whoever is alike on a side has the same done there: a caller that is renamed is two addresses more. */
  private readonly sides = new Map<string, Side>();

  constructor(
    private readonly before: Snapshot,
    private readonly after: Snapshot,
  ) {}

  /** Asks one call; for a peer that calls out, one with each number that it may give. */
  ask(caller: CallerClass, dialled: string): void {
    const [first, ...others] = this.preparedFor(caller);
    const [old, now] = this.askAs(caller, first!, dialled);
    if (old?.routingType !== 'peer-to-pstn' && now?.routingType !== 'peer-to-pstn') return;
    for (const other of others) this.askAs(caller, other, dialled);
  }

  private preparedFor(caller: CallerClass): readonly Prepared[] {
    let prepared = this.prepared.get(caller);
    if (!prepared) {
      const numbers = caller.outward.length > 0 ? caller.outward : [undefined];
      prepared = numbers.map((number) => {
        const request = requestOf(caller, '', number);
        const [before, after] = [this.before, this.after].map((side, i) =>
          this.sideFor(side, request, JSON.stringify([i, caller.likeness[i], number])),
        );
        return { request, before, after };
      });
      this.prepared.set(caller, prepared);
    }
    return prepared;
  }

  private sideFor(snapshot: Snapshot, request: CallRequest, key: string): Side {
    if (!this.sides.has(key)) this.sides.set(key, rememberingOne(sideOf(snapshot, request)));
    return this.sides.get(key);
  }

  private askAs({ count }: CallerClass, { request, before, after }: Prepared, dialled: string) {
    const [old, now] = [before?.(dialled), after?.(dialled)] as const;
    this.decided++;
    const outcomes = difference(old, now);
    const { from = null, headers } = request;
    if (outcomes) this.groups.add(outcomes, count, { dialled, from, headers });
    else this.noteRoutes(old?.profile?.sipRoute, now?.profile?.sipRoute, dialled);
    return [old, now] as const;
  }

  private noteRoutes(before: string | undefined, after: string | undefined, dialled: string): void {
    if (before === undefined || after === undefined || before === after) return;
    const key = `${before} ${after}`;
    let found = this.handedOver.get(key);
    if (!found) this.handedOver.set(key, (found = { before, after, dialled: new Set() }));
    if (found.dialled.size < MOST_HANDED_OVER) found.dialled.add(dialled);
  }
}
