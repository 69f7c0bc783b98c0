/** Streams of many messages: in batches, and no faster than the client takes them. */
const BATCH_ITEMS = 1000;
const BATCH_BYTES = 1024 * 1024;

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

/** Sends messages until the client is gone; other calls have their turn between two of them. */
export async function sendAll<A>(call: Out<A>, messages: Iterable<A> | AsyncIterable<A>): Promise<void> {
  for await (const message of messages) {
    if (call.cancelled) return;
    if (!call.write(message)) await drained(call);
    await new Promise((resolve) => setImmediate(resolve));
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
