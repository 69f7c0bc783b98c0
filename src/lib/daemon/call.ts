/** How a handler becomes a gRPC method: its errors become statuses, and it learns who calls. */
import type { handleUnaryCall } from '@grpc/grpc-js';
import { type Caller, callerOf } from './caller.js';
import type { Core } from './core.js';
import { statusOf } from './status.js';

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
