/** Whoever answers many calls: a daemon, or a snapshot in this process. What proves things asks no one else. */
import { CtlError } from '../errors.js';
import { answer, type Answering, type TokenVerifier } from '../routing/answer.js';
import type { Decision } from '../routing/decision.js';
import { type Outcome, outcomeOf } from '../routing/outcome.js';
import { readRequest } from '../routing/request.js';
import type { Snapshot } from '../routing/snapshot.js';
import { batched } from './batches.js';

/** A call request as a JSON object; `readRequest` in routing/request.ts says what it may have. */
export type CallDocument = Readonly<Record<string, unknown>>;

/** The decision of a call, or why the call could not be decided: it is malformed, or its caller is nobody. */
export type Answer = { readonly decision: Decision } | { readonly error: CtlError };

/** The outcome of a call, or why it could not be decided. */
export type Summary = { readonly outcome: Outcome } | { readonly error: CtlError };

export interface AskOptions {
  /** With every rule tried in the trace. */
  readonly explain?: boolean | undefined;
}

type Batches<T> = AsyncIterable<readonly T[]>;

export class Engine {
  /**
   * @param ask answers batches of up to BATCH calls in their order, as they come
   * @param askOutcomes the same for outcomes, where they can be had for less than decisions
   */
  constructor(
    private readonly ask: (calls: Batches<CallDocument>, options: AskOptions) => Batches<Answer>,
    private readonly askOutcomes?: (calls: Batches<CallDocument>) => Batches<Summary>,
  ) {}

  /** Answers calls in their order, as they come; takes no more of them than it needs to keep busy. */
  async *answers(
    calls: Iterable<CallDocument> | AsyncIterable<CallDocument>,
    options: AskOptions = {},
  ): AsyncGenerator<Answer> {
    for await (const answers of this.inBatches(batched(calls), options)) yield* answers;
  }

  /** The same for calls that are there many at once, up to BATCH; as many answers, not always in the same batches. */
  inBatches(calls: Batches<CallDocument>, options: AskOptions = {}): Batches<Answer> {
    return this.ask(calls, options);
  }

  /** Outcomes alone, several times as fast from a daemon. */
  outcomes(calls: Batches<CallDocument>): Batches<Summary> {
    return this.askOutcomes ? this.askOutcomes(calls) : summarised(this.ask(calls, {}));
  }
}

/** Outcomes instead of decisions. */
async function* summarised(batches: Batches<Answer>): AsyncGenerator<readonly Summary[]> {
  for await (const answers of batches)
    yield answers.map((found) => ('error' in found ? found : { outcome: outcomeOf(found.decision) }));
}

/** An engine in this process. `now` is the time of calls that do not say when, in milliseconds since the epoch. */
export function snapshotEngine(snapshot: Snapshot, verify: TokenVerifier, now: () => number): Engine {
  return new Engine(async function* (calls, { explain }) {
    for await (const batch of calls) {
      const answering = { verify, now: now(), explain };
      const answers: Answer[] = [];
      for (const call of batch) {
        const found = answerOf(snapshot, call, answering);
        answers.push(found instanceof Promise ? await found : found);
      }
      yield answers;
    }
  });
}

function answerOf(snapshot: Snapshot, call: CallDocument, answering: Answering): Answer | Promise<Answer> {
  try {
    const found = answer(snapshot, readRequest(call), answering);
    return found instanceof Promise ? found.then((decision) => ({ decision }), faultOf) : { decision: found };
  } catch (error) {
    return faultOf(error);
  }
}

function faultOf(error: unknown): Answer {
  if (error instanceof CtlError) return { error };
  throw error;
}
