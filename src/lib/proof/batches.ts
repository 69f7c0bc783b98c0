/** Items many at once: what is done for each costs less than handing them on one by one. */

/** Most items in a batch. */
export const BATCH = 1000;
/** A batch goes on when no item has come for so long. */
const IDLE_MS = 50;

/** Batches of up to BATCH items: full ones, or ones that nothing has been added to for a while. */
export async function* batched<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<readonly T[]> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const ask = () => Promise.resolve(iterator.next());
  let batch: T[] = [];
  let idle: ReturnType<typeof timer> | undefined;
  let next = ask();
  try {
    for (;;) {
      const result = idle ? await Promise.race([next, idle.over]) : await next;
      if (result && !result.done) {
        batch.push(result.value);
        next = ask();
        idle ??= timer(IDLE_MS);
        if (batch.length < BATCH) continue;
      }
      idle?.stop();
      idle = undefined;
      if (batch.length > 0) yield batch;
      batch = [];
      if (result?.done) return;
    }
  } finally {
    idle?.stop();
    await iterator.return?.();
  }
}

function timer(ms: number): { readonly over: Promise<undefined>; stop(): void } {
  let stop = () => {};
  const over = new Promise<undefined>((resolve) => {
    const timeout = setTimeout(resolve, ms, undefined);
    stop = () => clearTimeout(timeout);
  });
  return { over, stop };
}
