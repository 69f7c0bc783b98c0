/** The same calls on two configurations, side by side. */
import type { CallDocument, Effective, Engine } from './engine.js';

type Batches<T> = AsyncIterable<readonly T[]>;

/** What each of two engines does to the calls, in their order, some at once. */
export async function* onBoth(
  calls: Batches<CallDocument>,
  before: Engine,
  after: Engine,
): AsyncGenerator<readonly (readonly [before: Effective, after: Effective])[]> {
  const [forBefore, forAfter] = forked(calls);
  const earlier = new Taker(before.effects(forBefore));
  try {
    for await (const answers of after.effects(forAfter)) {
      const others = await earlier.take(answers.length);
      yield answers.map((answer, i) => [others[i]!, answer]);
    }
  } finally {
    // Who stops early ends both: a stream that is left open keeps the process alive.
    await earlier.end();
  }
}

/** The same items for two readers; what one of them has not read yet waits for it. The source ends with the last one. */
function forked<T>(source: AsyncIterable<T>): [AsyncIterable<T>, AsyncIterable<T>] {
  const iterator = source[Symbol.asyncIterator]();
  const queues: [T[], T[]] = [[], []];
  let pulling: Promise<boolean> | undefined;
  const pull = async () => {
    const result = await iterator.next();
    pulling = undefined;
    if (!result.done) for (const queue of queues) queue.push(result.value);
    return !result.done;
  };
  let readers = queues.length;
  const reader = async function* (queue: T[]): AsyncGenerator<T> {
    try {
      for (;;) {
        if (queue.length > 0) yield queue.shift()!;
        else if (!(await (pulling ??= pull()))) return;
      }
    } finally {
      if (--readers === 0) await iterator.return?.();
    }
  };
  return [reader(queues[0]), reader(queues[1])];
}

/** Takes as many answers as are wanted from batches of any size. */
class Taker {
  private readonly iterator: AsyncIterator<readonly Effective[]>;
  private waiting: Effective[] = [];

  constructor(batches: Batches<Effective>) {
    this.iterator = batches[Symbol.asyncIterator]();
  }

  async take(count: number): Promise<Effective[]> {
    while (this.waiting.length < count) {
      const result = await this.iterator.next();
      if (result.done) throw new Error('the engine gave too few answers');
      this.waiting.push(...result.value);
    }
    return this.waiting.splice(0, count);
  }

  async end(): Promise<void> {
    await this.iterator.return?.();
  }
}
