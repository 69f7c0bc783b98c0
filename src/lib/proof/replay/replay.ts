/** Past calls, asked of one configuration or of two, and what comes of it. */
import type { Answer, CallDocument, Engine } from '../engine.js';
import { isBroken, type PastCall, type Replayed } from './past.js';
import type { Replay, Report } from './report.js';

type Batches<T> = AsyncIterable<readonly T[]>;

/**
 * Replays calls as they come.
 * @param after decides them
 * @param before the configuration that is compared with; absent: the records say what became of the calls
 * @returns how each call fares, in order, once the report has counted it
 */
export async function* replay(
  past: Batches<Replayed>,
  report: Report,
  after: Engine,
  before?: Engine,
): AsyncGenerator<readonly Replay[]> {
  const asked: PastCall[] = [];
  const calls = callsOf(past, report, asked);
  const [forAfter, forBefore] = before ? forBoth(calls) : [calls, undefined];
  const earlier = before && new Taker(before.inBatches(forBefore!));
  for await (const answers of after.inBatches(forAfter)) {
    const others = await earlier?.take(answers.length);
    const these = asked.splice(0, answers.length);
    yield answers.flatMap((answer, i) => report.add(these[i]!, answer, others?.[i]) ?? []);
  }
}

/** The documents of the calls; those on their way are kept, in order. */
async function* callsOf(
  past: Batches<Replayed>,
  report: Report,
  asked: PastCall[],
): AsyncGenerator<readonly CallDocument[]> {
  for await (const batch of past) {
    const calls: CallDocument[] = [];
    for (const replayed of batch) {
      if (isBroken(replayed)) report.break(replayed);
      else {
        asked.push(replayed);
        calls.push(replayed.call);
      }
    }
    if (calls.length > 0) yield calls;
  }
}

/** The same items for two readers; what one of them has not read yet waits for it. */
function forBoth<T>(source: AsyncIterable<T>): [AsyncIterable<T>, AsyncIterable<T>] {
  const iterator = source[Symbol.asyncIterator]();
  const queues: [T[], T[]] = [[], []];
  let pulling: Promise<boolean> | undefined;
  const pull = async () => {
    const result = await iterator.next();
    pulling = undefined;
    if (!result.done) for (const queue of queues) queue.push(result.value);
    return !result.done;
  };
  const reader = async function* (queue: T[]): AsyncGenerator<T> {
    for (;;) {
      if (queue.length > 0) yield queue.shift()!;
      else if (!(await (pulling ??= pull()))) return;
    }
  };
  return [reader(queues[0]), reader(queues[1])];
}

/** Takes as many answers as are wanted from batches of any size. */
class Taker {
  private readonly iterator: AsyncIterator<readonly Answer[]>;
  private waiting: Answer[] = [];

  constructor(batches: Batches<Answer>) {
    this.iterator = batches[Symbol.asyncIterator]();
  }

  async take(count: number): Promise<Answer[]> {
    while (this.waiting.length < count) {
      const result = await this.iterator.next();
      if (result.done) throw new Error('the engine gave too few answers');
      this.waiting.push(...result.value);
    }
    return this.waiting.splice(0, count);
  }
}
