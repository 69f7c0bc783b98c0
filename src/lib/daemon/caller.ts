/** Who calls the daemon. */
import type { ServerSurfaceCall } from '@grpc/grpc-js/build/src/server-call.js';
import { CtlError } from '../errors.js';
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

/** @throws CtlError permission for a caller that may not read secrets */
export function checkReveal({ mayReveal }: Caller): void {
  if (mayReveal) return;
  throw new CtlError('permission', 'secrets are shown to callers on the same machine only', {
    hint: 'run the command where the daemon runs',
  });
}
