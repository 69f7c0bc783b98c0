/** Past calls on two configurations: how many fare otherwise, and how. */
import type { Impact } from '../../proof/impact/impact.js';
import type { Example, Group } from '../../proof/impact/compare.js';
import { difference, NO_CALLER } from '../../proof/impact/outcome.js';
import type { Answer, CallDocument, Engine } from '../../proof/engine.js';
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
  const engines = [await before.engine(), await after.engine()] as const;
  const groups = new Map<string, Group>();
  const lines = new Lines(path);
  let calls = 0;
  let undecided = 0;
  await terminal.progress('Comparing calls', async (say) => {
    for await (const batch of lines.calls()) {
      const [old, now] = await Promise.all(engines.map((engine) => allAnswers(engine, batch)));
      for (const [i, call] of batch.entries()) {
        note(groups, call, old![i]!, now![i]!);
        undecided += lines.next(now![i]!).filter(({ answer }) => 'error' in answer).length;
      }
      calls += batch.length;
      say(`Compared ${calls.toLocaleString('en')} calls`);
    }
  });
  undecided += lines.due().length;
  if (undecided > 0)
    await terminal.warn(`${undecided.toLocaleString('en')} lines hold no call that can be decided`);
  const found = [...groups.values()].sort((a, b) => b.count - a.count || (a.before < b.before ? -1 : 1));
  return { of: 'given', groups: found, sets: [], sampled: [], calls, decided: 2 * calls };
}

async function allAnswers(engine: Engine, calls: readonly CallDocument[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  const batch = (async function* () {
    yield calls;
  })();
  for await (const found of engine.inBatches(batch)) answers.push(...found);
  return answers;
}

function note(groups: Map<string, Group>, call: CallDocument, old: Answer, now: Answer): void {
  const [was, is] = [old, now].map((answer) => ('error' in answer ? undefined : answer.decision));
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
