/** Finds calls that reach an item of coverage, by deciding calls that may. */
import { CtlError } from '../../../errors.js';
import type { Decision } from '../../../routing/decision.js';
import { calledKeys } from '../../../routing/indexes.js';
import { readRequest } from '../../../routing/request.js';
import { simulate } from '../../../routing/simulate.js';
import type { Snapshot } from '../../../routing/snapshot.js';
import type { CallDocument } from '../../engine.js';
import { type Item, reachedBy } from '../items.js';
import type { Calls } from './calls.js';
import { tries } from './reasons.js';
import { callsOfType } from './types.js';

/** A call, and what it does. */
export interface Witness {
  readonly call: CallDocument;
  readonly decision: Decision;
}

/** What a search found, or how sure it is that there is nothing to find. */
export type Finding =
  | Witness
  /** No call does. */
  | { readonly unreachable: string }
  /** None was found, but there may be one. */
  | { readonly unknown: string };

/** After so many calls that do but are rejected, one of them will do. */
const ENOUGH = 200;

/**
 * The decision of a call that was made for a search; undefined where it cannot be one. Tokens are no real ones
 * there, and nothing depends on the time.
 */
export function decideCall(snapshot: Snapshot, call: CallDocument): Decision | undefined {
  const state = call['connectToken'] === undefined ? 'none' : 'invalid';
  try {
    return simulate(snapshot, readRequest(call), { connectToken: { state }, now: 0 });
  } catch (error) {
    if (error instanceof CtlError) return undefined;
    throw error;
  }
}

/** The call among these that reaches an item, one that is delivered if there is any near. */
export function witnessOf(calls: Calls, item: Item): Finding {
  if (item.group === 'SIP route' || item.group === 'called value') {
    if (!item.route.doc.enabled) return { unreachable: 'the SIP route is disabled' };
  } else if (item.group === 'trunk URI' && !item.trunk.doc.uris[item.index]!.enabled)
    return { unreachable: 'the URI is disabled' };
  const tried = callsFor(calls, item);
  if (!tried) return { unknown: 'only a call with a signed connect token can' };
  calls.doubts.clear();
  let rejected: Witness | undefined;
  let count = 0;
  for (const call of tried) {
    const decision = decideCall(calls.snapshot, call);
    if (!decision || !reachedBy(calls.snapshot, decision).includes(item.id)) {
      if (rejected && ++count > ENOUGH) break;
      continue;
    }
    if (decision.verdict !== 'reject' || item.group === 'reason') return { call, decision };
    rejected ??= { call, decision };
  }
  if (rejected) return rejected;
  const [doubt] = calls.doubts;
  return doubt === undefined ? { unreachable: 'no call does' } : { unknown: doubt };
}

/** Calls of which one reaches an item, if any call does. */
function callsFor(calls: Calls, item: Item): Iterable<CallDocument> | undefined {
  switch (item.group) {
    case 'SIP route':
      return calls.calledAny(calledKeys(item.route.doc));
    case 'called value':
      return calls.called(item.key);
    case 'egress rule':
      return calls.leaving(item.domain, calls.rulesOf(item.domain.doc).first(item.index));
    case 'trunk URI':
      return calls.viaTrunk(item.trunk);
    case 'routing type':
      return callsOfType[item.type](calls);
    case 'reason':
      return tries[item.reason]?.(calls);
  }
}
