/** Streams of many messages: in batches, and no faster than the client takes them. */
/** Most items in a message. */
export const BATCH_ITEMS = 1000;
const BATCH_BYTES = 1024 * 1024;
/** Between signs of life; well below the time a client waits for an answer. */
const SIGN_MS = 1000;

/** The sending side of a gRPC call. */
interface Out<A> {
  readonly cancelled: boolean;
  write(message: A): boolean;
  on(event: 'drain' | 'cancelled', listener: () => void): unknown;
  off(event: 'drain' | 'cancelled', listener: () => void): unknown;
}

/** Items in batches that fit a message. */
export function* batches<T>(items: Iterable<T>, size: (item: T) => number): Generator<T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const item of items) {
    batch.push(item);
    bytes += size(item);
    if (batch.length < BATCH_ITEMS && bytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

/**
 * Sends messages until the client is gone; other calls have their turn between two of them. While the next message
 * is long in the making, `idle` ones tell the client that it is.
 */
export async function sendAll<A>(
  call: Out<A>,
  idle: A,
  messages: Iterable<A> | AsyncIterable<A>,
): Promise<void> {
  const sign = setInterval(() => !call.cancelled && call.write(idle), SIGN_MS);
  try {
    for await (const message of messages) {
      if (call.cancelled) return;
      sign.refresh();
      if (!call.write(message)) await drained(call);
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    clearInterval(sign);
  }
}

/** Resolves when the client can take more, or is gone. */
function drained<A>(call: Out<A>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      call.off('drain', done);
      call.off('cancelled', done);
      resolve();
    };
    call.on('drain', done);
    call.on('cancelled', done);
  });
}
