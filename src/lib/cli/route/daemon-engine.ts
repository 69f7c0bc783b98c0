/** The daemon as an engine: calls stream in, decisions stream back. */
import type { Client } from '../../api/client.js';
import {
  type Answer as WireAnswer,
  type CallFault,
  type SimulateOptions,
  SimulateOptions_Told as Told,
  type SimulateStreamRequest,
} from '../../api/generated/v1/ctl.js';
import type { Parsed } from '../../config/files/index.js';
import { CtlError, type ErrorCode } from '../../errors.js';
import { BATCH } from '../../proof/batches.js';
import type { Answer, CallDocument, Effective, Engine, Summary } from '../../proof/engine.js';
import type { Decision, Effect } from '../../routing/decision.js';
import type { Outcome } from '../../routing/outcome.js';
import { placesOf, put } from '../config/files.js';
import { renameFields } from '../input/problems.js';

/** Decides calls at a revision, 0 being the newest, with documents laid over it. */
export function daemonEngine(client: Client, revision: number, over: readonly Parsed[]): Engine {
  const ask = async function* <Found>(
    calls: AsyncIterable<readonly CallDocument[]>,
    options: Omit<SimulateOptions, 'revision'>,
    read: (answer: WireAnswer) => Found,
  ) {
    try {
      for await (const answers of client.simulateStream(requests({ revision, ...options }, over, calls)))
        yield answers.map(read);
    } catch (error) {
      if (!(error instanceof CtlError) || over.length === 0) throw error;
      throw renameFields(error, placesOf(over));
    }
  };
  return {
    decisions: (calls, { explain = false } = {}) => ask(calls, { explain, told: Told.DECISION }, decisionIn),
    outcomes: (calls) => ask(calls, { explain: false, told: Told.OUTCOME }, outcomeIn),
    effects: (calls) => ask(calls, { explain: false, told: Told.EFFECT }, effectIn),
  };
}

async function* requests(
  options: SimulateStreamRequest['options'],
  over: readonly Parsed[],
  calls: AsyncIterable<readonly CallDocument[]>,
): AsyncGenerator<SimulateStreamRequest> {
  yield { options, candidate: over.slice(0, BATCH).map(put), calls: [] };
  for (let i = BATCH; i < over.length; i += BATCH)
    yield { options: undefined, candidate: over.slice(i, i + BATCH).map(put), calls: [] };
  for await (const batch of calls)
    yield { options: undefined, candidate: [], calls: batch.map((call) => JSON.stringify(call)) };
}

const decisionIn = ({ decision, fault }: WireAnswer): Answer =>
  fault ? { error: errorIn(fault) } : { decision: JSON.parse(decision) as Decision };

const effectIn = ({ decision, fault }: WireAnswer): Effective =>
  fault ? { error: errorIn(fault) } : { effect: JSON.parse(decision) as Effect };

const outcomeIn = ({ decision, fault }: WireAnswer): Summary =>
  fault ? { error: errorIn(fault) } : { outcome: JSON.parse(decision) as Outcome };

const errorIn = ({ code, message, hint, fields }: CallFault): CtlError =>
  new CtlError(code as ErrorCode, message, { hint: hint || undefined, fields });
