/** Whoever answers many calls: a daemon, or a snapshot in this process. What proves things asks no one else. */
import { CtlError } from '../errors.js';
import { answer, type TokenVerifier } from '../routing/answer.js';
import type { Decision } from '../routing/decision.js';
import { readRequest } from '../routing/request.js';
import type { Snapshot } from '../routing/snapshot.js';

/** A call request as a JSON object; `readRequest` in routing/request.ts says what it may have. */
export type CallDocument = Readonly<Record<string, unknown>>;

/** The decision of a call, or why the call could not be decided: it is malformed, or its caller is nobody. */
export type Answer = { readonly decision: Decision } | { readonly error: CtlError };

export interface Engine {
  /**
   * Answers calls in their order, as they come; takes no more of them than it needs to keep busy.
   * @param options.explain with every rule tried in the trace
   */
  answers(
    calls: Iterable<CallDocument> | AsyncIterable<CallDocument>,
    options?: { readonly explain?: boolean },
  ): AsyncIterable<Answer>;
}

/** An engine in this process. `now` is the time of calls that do not say when, in milliseconds since the epoch. */
export function snapshotEngine(snapshot: Snapshot, verify: TokenVerifier, now: () => number): Engine {
  return {
    async *answers(calls, { explain = false } = {}) {
      for await (const call of calls) {
        try {
          const request = readRequest(call);
          yield { decision: await answer(snapshot, request, { verify, now: now(), explain }) };
        } catch (error) {
          if (!(error instanceof CtlError)) throw error;
          yield { error };
        }
      }
    },
  };
}
