/** ctl.v1 Routing: dry runs of calls through the engine that decides them. */
import type { Server, ServerDuplexStream } from '@grpc/grpc-js';
import {
  type Answer,
  type RoutingServer,
  RoutingService,
  type SimulateStreamRequest,
  type SimulateStreamResponse,
} from '../api/generated/v1/ctl.js';
import { CtlError } from '../errors.js';
import { answer, type Answering, type TokenVerifier } from '../routing/answer.js';
import type { Decision } from '../routing/decision.js';
import { outcomeOf } from '../routing/outcome.js';
import { parseRequest } from '../routing/request.js';
import type { Snapshot } from '../routing/snapshot.js';
import { unary } from './call.js';
import type { Core } from './core.js';
import { invalid, Operations } from './operations.js';
import { statusOf } from './status.js';
import { BATCH_ITEMS, sendAll } from './stream.js';
import { Turns } from './turns.js';

/** Adds the service to a server. Tokens are verified before deciding, which stays pure. */
export function registerRouting(server: Server, core: Core, verify: TokenVerifier): void {
  const service: RoutingServer = {
    simulate: unary(core, async ({ call, explain }) => {
      const answering = { verify, now: Date.now(), explain };
      return { decision: JSON.stringify(await answer(core.snapshot, parseRequest(call), answering)) };
    }),
    simulateStream: (call) => {
      sendAll(call, { answers: [] }, answersTo(core, call, verify)).then(
        () => call.end(),
        (error: unknown) => {
          // Whoever went away is told nothing, and that its stream broke off is no fault of ours.
          if (!call.cancelled) call.emit('error', statusOf(error, core.logger));
        },
      );
    },
  };
  server.addService(RoutingService, service);
}

/** The answers to a stream of calls, a response for each request; a client that does not read is not read from. */
async function* answersTo(
  core: Core,
  call: ServerDuplexStream<SimulateStreamRequest, SimulateStreamResponse>,
  verify: TokenVerifier,
): AsyncGenerator<SimulateStreamResponse> {
  const candidate = new Operations();
  const turns = new Turns();
  let snapshot: Snapshot | undefined;
  let base: Snapshot | undefined;
  let options = { explain: false, outcomes: false };
  // Iterating destroys a stream at its end, which would leave the call without a status.
  const requests: AsyncIterable<SimulateStreamRequest> = call.iterator({ destroyOnReturn: false });
  for await (const request of requests) {
    if (base && request.options)
      throw invalid('options', 'stand in a later request: expected them in the first one only');
    base ??= await core.snapshotAt(request.options?.revision ?? 0);
    options = request.options ?? options;
    if (request.candidate.length > 0 && (snapshot || request.calls.length > 0))
      throw invalid('candidate', 'stands beside or after calls: expected it in requests before them');
    candidate.add(request.candidate);
    if (request.calls.length === 0) continue;
    if (request.calls.length > BATCH_ITEMS)
      throw invalid('calls', `are ${request.calls.length}: expected at most ${BATCH_ITEMS} in a request`);
    snapshot ??= candidate.list.length > 0 ? await core.candidate(base, candidate.list) : base;
    const answering = { verify, now: Date.now(), explain: options.explain };
    const shown = options.outcomes ? outcomeOf : whole;
    const answers: Answer[] = [];
    for (const text of request.calls) {
      // Awaiting only what is to be waited for saves a tenth of the time.
      const found = answerTo(snapshot, text, answering, shown);
      answers.push(found instanceof Promise ? await found : found);
      const pause = turns.pass();
      if (pause) await pause;
    }
    yield { answers };
  }
  // A candidate that cannot be is an error also when nobody calls.
  if (base && !snapshot && candidate.list.length > 0) await core.candidate(base, candidate.list);
}

const whole = (decision: Decision): Decision => decision;

function answerTo(
  snapshot: Snapshot,
  text: string,
  answering: Answering,
  shown: (decision: Decision) => object,
): Answer | Promise<Answer> {
  const told = (decision: Decision): Answer => ({
    decision: JSON.stringify(shown(decision)),
    fault: undefined,
  });
  try {
    const decision = answer(snapshot, parseRequest(text), answering);
    return decision instanceof Promise ? decision.then(told, faultOf) : told(decision);
  } catch (error) {
    return faultOf(error);
  }
}

function faultOf(error: unknown): Answer {
  if (!(error instanceof CtlError)) throw error;
  const { code, message, hint = '', fields } = error;
  return { decision: '', fault: { code, message, hint, fields: [...fields] } };
}
