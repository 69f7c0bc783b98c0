/** The answer to one call request: read, its token verified, decided. The same for the daemon and without one. */
import { CtlError } from '../errors.js';
import { headerOf, type Call, type ConnectToken } from './call.js';
import type { CallRequest } from './request.js';
import { callOf } from './simulate.js';
import type { Snapshot } from './snapshot.js';

/** Gives the verdict on a connect token (a JWT) at a time in milliseconds. */
export type TokenVerifier = (jwt: string, at: number) => Promise<ConnectToken>;

export interface Answering {
  readonly verify: TokenVerifier;
  /** Milliseconds since the epoch, for requests that do not say when. */
  readonly now: number;
}

/**
 * What some work gives, or what stands for a call that cannot be decided: it is malformed, or its caller is nobody.
 * Other errors are thrown.
 */
export function orFault<Found>(
  work: () => Found | Promise<Found>,
  faultOf: (error: CtlError) => Found,
): Found | Promise<Found> {
  const told = (error: unknown): Found => {
    if (error instanceof CtlError) return faultOf(error);
    throw error;
  };
  try {
    const found = work();
    return found instanceof Promise ? found.catch(told) : found;
  } catch (error) {
    return told(error);
  }
}

const NO_TOKEN: ConnectToken = { state: 'none' };

/**
 * Answers at once, unless there is a token to verify. Errors as `simulate`.
 * @param decided what is wanted of the call: its decision, its effect, its outcome
 */
export function answer<Found>(
  snapshot: Snapshot,
  request: CallRequest,
  { verify, now }: Answering,
  decided: (call: Call) => Found,
): Found | Promise<Found> {
  const token = request.connectToken ?? headerOf(request, 'X-Connect-Token');
  if (token === undefined) return decided(callOf(snapshot, request, { connectToken: NO_TOKEN, now }));
  return verify(token, request.at ?? now).then((connectToken) =>
    decided(callOf(snapshot, request, { connectToken, now })),
  );
}
