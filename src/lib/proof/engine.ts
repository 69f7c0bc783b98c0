/** Whoever answers many calls: a daemon, or a snapshot in this process. What proves things asks no one else. */
import type { CtlError } from '../errors.js';
import { answer, orFault, type TokenVerifier } from '../routing/answer.js';
import type { Call } from '../routing/call.js';
import { decide, effectOf } from '../routing/decide.js';
import type { Decision, Effect } from '../routing/decision.js';
import { type Outcome, outcomeOf } from '../routing/outcome.js';
import { readRequest } from '../routing/request.js';
import type { Snapshot } from '../routing/snapshot.js';

/** A call request as a JSON object; `readRequest` in routing/request.ts says what it may have. */
export type CallDocument = Readonly<Record<string, unknown>>;

/** Why a call could not be decided: it is malformed, or its caller is nobody. */
interface Undecided {
  readonly error: CtlError;
}
export type Answer = { readonly decision: Decision } | Undecided;
export type Summary = { readonly outcome: Outcome } | Undecided;
export type Effective = { readonly effect: Effect } | Undecided;

export interface AskOptions {
  /** With every rule tried in the trace. */
  readonly explain?: boolean | undefined;
}

type Batches<T> = AsyncIterable<readonly T[]>;

/** Answers calls that are there many at once, up to BATCH, in their order; not always in the same batches. */
export interface Engine {
  decisions(calls: Batches<CallDocument>, options?: AskOptions): Batches<Answer>;
  /** Outcomes alone, for less. */
  outcomes(calls: Batches<CallDocument>): Batches<Summary>;
  /** Effects alone, for less. */
  effects(calls: Batches<CallDocument>): Batches<Effective>;
}

/** The answers to a few calls. */
export async function answersTo(
  engine: Engine,
  calls: readonly CallDocument[],
  options: AskOptions = {},
): Promise<Answer[]> {
  const batch = (async function* () {
    yield calls;
  })();
  const answers: Answer[] = [];
  for await (const some of engine.decisions(batch, options)) answers.push(...some);
  return answers;
}

/** An engine in this process. `now` is the time of calls that do not say when, in milliseconds since the epoch. */
export function snapshotEngine(snapshot: Snapshot, verify: TokenVerifier, now: () => number): Engine {
  const each = async function* <Found>(calls: Batches<CallDocument>, decided: (call: Call) => Found) {
    for await (const batch of calls) {
      const answering = { verify, now: now() };
      const answers: (Found | Undecided)[] = [];
      for (const call of batch) {
        const found = orFault<Found | Undecided>(
          () => answer(snapshot, readRequest(call), answering, decided),
          (error) => ({ error }),
        );
        answers.push(found instanceof Promise ? await found : found);
      }
      yield answers;
    }
  };
  return {
    decisions: (calls, { explain = false } = {}) =>
      each(calls, (call) => ({ decision: decide(snapshot, call, { explain }) })),
    outcomes: (calls) => each(calls, (call) => ({ outcome: outcomeOf(effectOf(snapshot, call), call) })),
    effects: (calls) => each(calls, (call) => ({ effect: effectOf(snapshot, call) })),
  };
}
