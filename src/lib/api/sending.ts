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

/** Sends a request, and waits while the stream is full, unless the call is over. */
export async function send<Request>(
  call: ClientDuplexStream<Request, unknown>,
  request: Request,
  over: Promise<void>,
): Promise<void> {
  if (call.write(request)) return;
  await Promise.race([new Promise((resolve) => call.once('drain', resolve)), over]);
}
