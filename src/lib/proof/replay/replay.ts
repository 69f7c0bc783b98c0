/** Past calls, asked of one configuration or of two, and what comes of it. */
import { onBoth } from '../both.js';
import type { CallDocument, Effective, Engine } from '../engine.js';
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
  for await (const answers of before ? onBoth(calls, before, after) : alone(calls, after)) {
    const these = asked.splice(0, answers.length);
    yield answers.flatMap(([old, now], i) => report.add(these[i]!, now, old) ?? []);
  }
}

async function* alone(
  calls: Batches<CallDocument>,
  engine: Engine,
): AsyncGenerator<readonly (readonly [before: undefined, after: Effective])[]> {
  for await (const answers of engine.effects(calls)) yield answers.map((answer) => [undefined, answer]);
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
