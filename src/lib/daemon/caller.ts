/** Who calls the daemon. */
import type { ServerSurfaceCall } from '@grpc/grpc-js/build/src/server-call.js';
import { isLoopback } from './listen.js';

export interface Caller {
  /** For the change log: `local` until there are identities. */
  readonly principal: string;
  /** May read secrets: a local caller, while there are no access tokens (docs/wire.md). */
  readonly mayReveal: boolean;
}

/** The caller of a gRPC call, by its address. */
export function callerOf(call: Pick<ServerSurfaceCall, 'getPeer'>): Caller {
  const address = call.getPeer().replace(/:\d+$/, '');
  return { principal: 'local', mayReveal: isLoopback(address) };
}
