/** ctl.v1 Routing: dry runs of calls through the engine that decides them. */
import type { Server, ServerDuplexStream } from '@grpc/grpc-js';
import {
  type Answer,
  type RoutingServer,
  RoutingService,
  type SimulateOptions,
  SimulateOptions_Told as Told,
  type SimulateStreamRequest,
  type SimulateStreamResponse,
} from '../api/generated/v1/ctl.js';
import type { CtlError } from '../errors.js';
import { answer, type Answering, orFault, type TokenVerifier } from '../routing/answer.js';
import type { Call } from '../routing/call.js';
import { decide, effectOf } from '../routing/decide.js';
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
      const { snapshot } = core;
      const answering = { verify, now: Date.now() };
      const decided = (asked: Call) => JSON.stringify(decide(snapshot, asked, { explain }));
      return { decision: await answer(snapshot, parseRequest(call), answering, decided) };
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

type Options = Pick<SimulateOptions, 'explain' | 'told'>;

/** A response goes out when it has so many characters: what is larger outlives its youth, and costs twice as much. */
const RESPONSE_LENGTH = 256 * 1024;

/** The answers to a stream of calls, some in a response; a client that does not read is not read from. */
async function* answersTo(
  core: Core,
  call: ServerDuplexStream<SimulateStreamRequest, SimulateStreamResponse>,
  verify: TokenVerifier,
): AsyncGenerator<SimulateStreamResponse> {
  const candidate = new Operations();
  const turns = new Turns();
  let snapshot: Snapshot | undefined;
  let base: Snapshot | undefined;
  let options: Options = { explain: false, told: Told.DECISION };
  // Iterating destroys a stream at its end, which would leave the call without a status.
  const requests: AsyncIterable<SimulateStreamRequest> = call.iterator({ destroyOnReturn: false });
  for await (const request of requests) {
    if (base && request.options)
      throw invalid('options', 'stand in a later request: expected them in the first one only');
    if (request.options && Told[request.options.told] === undefined)
      throw invalid('options.told', `is ${request.options.told}: expected 0, 1 or 2`);
    base ??= await core.snapshotAt(request.options?.revision ?? 0);
    options = request.options ?? options;
    if (request.candidate.length > 0 && (snapshot || request.calls.length > 0))
      throw invalid('candidate', 'stands beside or after calls: expected it in requests before them');
    candidate.add(request.candidate);
    if (request.calls.length === 0) continue;
    if (request.calls.length > BATCH_ITEMS)
      throw invalid('calls', `are ${request.calls.length}: expected at most ${BATCH_ITEMS} in a request`);
    snapshot ??= candidate.list.length > 0 ? await core.candidate(base, candidate.list) : base;
    yield* responses(snapshot, request.calls, { verify, now: Date.now() }, options, turns);
  }
  // A candidate that cannot be is an error also when nobody calls.
  if (base && !snapshot && candidate.list.length > 0) await core.candidate(base, candidate.list);
}

/** The answers to a batch of calls; others have their turn meanwhile. */
async function* responses(
  snapshot: Snapshot,
  calls: readonly string[],
  answering: Answering,
  options: Options,
  turns: Turns,
): AsyncGenerator<SimulateStreamResponse> {
  const told = tellerOf(snapshot, options);
  let answers: Answer[] = [];
  let length = 0;
  for (const text of calls) {
    // Awaiting only what is to be waited for saves a tenth of the time.
    const found = orFault(() => answer(snapshot, parseRequest(text), answering, told), faultOf);
    const one = found instanceof Promise ? await found : found;
    answers.push(one);
    length += one.decision.length;
    const pause = turns.pass();
    if (pause) await pause;
    if (length < RESPONSE_LENGTH) continue;
    yield { answers };
    answers = [];
    length = 0;
  }
  if (answers.length > 0) yield { answers };
}

/** Tells of a call what is wanted. */
function tellerOf(snapshot: Snapshot, { explain, told }: Options): (call: Call) => Answer {
  const shown = (call: Call): object => {
    if (told === Told.DECISION) return decide(snapshot, call, { explain });
    const effect = effectOf(snapshot, call);
    return told === Told.EFFECT ? effect : outcomeOf(effect, call);
  };
  return (call) => ({ decision: JSON.stringify(shown(call)), fault: undefined });
}

function faultOf({ code, message, hint = '', fields }: CtlError): Answer {
  return { decision: '', fault: { code, message, hint, fields: [...fields] } };
}
