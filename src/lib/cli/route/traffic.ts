/** Past calls on two configurations: how many fare otherwise, and how. */
import { onBoth } from '../../proof/both.js';
import type { CallDocument, Effective } from '../../proof/engine.js';
import { Groups } from '../../proof/impact/groups.js';
import type { Impact } from '../../proof/impact/impact.js';
import { difference, NO_CALLER } from '../../proof/outcome.js';
import type { Terminal } from '../terminal.js';
import { Lines } from './lines.js';
import type { Subject } from './subject.js';

/** Decides the calls of a file on both sides. Calls that neither side can decide are counted as unchanged. */
export async function compareTraffic(
  terminal: Terminal,
  before: Subject,
  after: Subject,
  path: string,
): Promise<Impact> {
  const groups = new Groups();
  const lines = new Lines(path);
  const asked: CallDocument[] = [];
  const engines = [await before.engine(), await after.engine()] as const;
  let calls = 0;
  let undecided = 0;
  await terminal.progress('Comparing calls', async (say) => {
    for await (const answers of onBoth(kept(lines.calls(), asked), ...engines)) {
      for (const [i, call] of asked.splice(0, answers.length).entries()) {
        const [old, now] = answers[i]!;
        note(groups, call, old, now);
        undecided += lines.next(now).filter(({ answer }) => 'error' in answer).length;
      }
      calls += answers.length;
      say(`Compared ${calls.toLocaleString('en')} calls`);
    }
  });
  undecided += lines.due().length;
  if (undecided > 0)
    await terminal.warn(
      `${undecided === 1 ? '1 line holds' : `${undecided.toLocaleString('en')} lines hold`} no call that can be decided`,
    );
  return {
    of: 'given',
    groups: groups.list(),
    sets: [],
    addresses: [],
    authentication: [],
    sampled: [],
    calls,
    decided: 2 * calls,
  };
}

/** The same batches, of which each call is kept until somebody takes it. */
async function* kept(batches: AsyncIterable<readonly CallDocument[]>, calls: CallDocument[]) {
  for await (const batch of batches) {
    calls.push(...batch);
    yield batch;
  }
}

function note(groups: Groups, call: CallDocument, old: Effective, now: Effective): void {
  const [was, is] = [old, now].map((answer) => ('error' in answer ? undefined : answer.effect));
  const outcomes = difference(was, is);
  if (!outcomes || (outcomes[0] === NO_CALLER && outcomes[1] === NO_CALLER)) return;
  const from = (call['from'] as string | undefined) ?? null;
  groups.add(outcomes, 1, { dialled: String(call['dialled']), from, headers: [] });
}
