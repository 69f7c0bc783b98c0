/** Past calls on two configurations: how many fare otherwise, and how. */
import { onBoth } from '../../proof/both.js';
import type { CallDocument, Effective } from '../../proof/engine.js';
import type { Example, Group } from '../../proof/impact/compare.js';
import type { Impact } from '../../proof/impact/impact.js';
import { difference, NO_CALLER } from '../../proof/outcome.js';
import type { Terminal } from '../terminal.js';
import { Lines } from './lines.js';
import type { Subject } from './subject.js';

const EXAMPLES = 3;

/** Decides the calls of a file on both sides. Calls that neither side can decide are counted as unchanged. */
export async function compareTraffic(
  terminal: Terminal,
  before: Subject,
  after: Subject,
  path: string,
): Promise<Impact> {
  const groups = new Map<string, Group>();
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
  const found = [...groups.values()].sort((a, b) => b.count - a.count || (a.before < b.before ? -1 : 1));
  return {
    of: 'given',
    groups: found,
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

function note(groups: Map<string, Group>, call: CallDocument, old: Effective, now: Effective): void {
  const [was, is] = [old, now].map((answer) => ('error' in answer ? undefined : answer.effect));
  const outcomes = difference(was, is);
  if (!outcomes || (outcomes[0] === NO_CALLER && outcomes[1] === NO_CALLER)) return;
  const [before, after] = outcomes;
  const key = `${before}\n${after}`;
  const known = groups.get(key) ?? { before, after, count: 0, examples: [] };
  const example: Example = {
    dialled: String(call['dialled']),
    from: (call['from'] as string | undefined) ?? null,
    headers: [],
  };
  const examples = known.examples.length < EXAMPLES ? [...known.examples, example] : known.examples;
  groups.set(key, { before, after, count: known.count + 1, examples });
}
