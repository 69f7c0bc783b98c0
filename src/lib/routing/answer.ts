/** The answer to one call request: read, its token verified, decided. The same for the daemon and without one. */
import { headerOf, type ConnectToken } from './call.js';
import type { Decision } from './decision.js';
import type { CallRequest } from './request.js';
import { simulate } from './simulate.js';
import type { Snapshot } from './snapshot.js';

/** Gives the verdict on a connect token (a JWT) at a time in milliseconds. */
export type TokenVerifier = (jwt: string, at: number) => Promise<ConnectToken>;

export interface Answering {
  readonly verify: TokenVerifier;
  /** Milliseconds since the epoch, for requests that do not say when. */
  readonly now: number;
  readonly explain?: boolean | undefined;
}

const NO_TOKEN: ConnectToken = { state: 'none' };

/** Answers at once, unless there is a token to verify. Errors as `simulate`. */
export function answer(
  snapshot: Snapshot,
  request: CallRequest,
  { verify, now, explain = false }: Answering,
): Decision | Promise<Decision> {
  const token = request.connectToken ?? headerOf(request, 'X-Connect-Token');
  if (token === undefined) return simulate(snapshot, request, { connectToken: NO_TOKEN, now, explain });
  return verify(token, request.at ?? now).then((connectToken) =>
    simulate(snapshot, request, { connectToken, now, explain }),
  );
}
