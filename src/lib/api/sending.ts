/** The sending side of a stream: no faster than the daemon takes what is sent. */
import type { ClientDuplexStream } from '@grpc/grpc-js';

/** Sends all requests, no faster than the stream takes them, until there are no more or the call is over. */
export async function sendAll<Request>(
  call: ClientDuplexStream<Request, unknown>,
  requests: Iterable<Request> | AsyncIterable<Request>,
): Promise<void> {
  const over = new Promise<void>((resolve) => call.once('status', () => resolve()));
  let ended = false;
  void over.then(() => (ended = true));
  for await (const request of requests) {
    if (ended) return;
    await send(call, request, over);
  }
  call.end();
}

/**
 * Sends a request, lets it go out while the next one is made, and waits while the stream is full, unless the call is
 * over.
 */
export async function send<Request>(
  call: ClientDuplexStream<Request, unknown>,
  request: Request,
  over: Promise<void>,
): Promise<void> {
  const hasRoom = call.write(request);
  const drained = hasRoom ? undefined : new Promise((resolve) => call.once('drain', resolve));
  await new Promise((resolve) => setImmediate(resolve));
  if (drained) await Promise.race([drained, over]);
}
