/** How a handler becomes a gRPC method: its errors become statuses, and it learns who calls. */
import type { handleServerStreamingCall, handleUnaryCall } from '@grpc/grpc-js';
import { type Caller, callerOf } from './caller.js';
import type { Core } from './core.js';
import { statusOf } from './status.js';
import { sendAll } from './stream.js';

/** A unary method from a function that returns the response or throws. */
export function unary<Q, A>(
  core: Core,
  handle: (request: Q, caller: Caller) => A | Promise<A>,
): handleUnaryCall<Q, A> {
  return (call, callback) => {
    const answer = async () => handle(call.request, callerOf(call));
    answer().then(
      (response) => callback(null, response),
      (error: unknown) => callback(statusOf(error, core.logger)),
    );
  };
}

/** A method that streams what a function yields, as fast as the client takes it; `idle` is an empty message. */
export function streaming<Q, A>(
  core: Core,
  idle: A,
  handle: (request: Q, caller: Caller) => AsyncIterable<A>,
): handleServerStreamingCall<Q, A> {
  return (call) => {
    sendAll(call, idle, handle(call.request, callerOf(call))).then(
      () => call.end(),
      (error: unknown) => call.emit('error', statusOf(error, core.logger)),
    );
  };
}
