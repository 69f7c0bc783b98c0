/** Many calls decided one after another: `ctl route simulate --calls`. */
import type { CtlError } from '../../errors.js';
import type { Json } from '../../kinds/kind.js';
import type { Engine } from '../../proof/engine.js';
import type { Decision } from '../../routing/decision.js';
import { type Outcome, outcomeOf } from '../../routing/outcome.js';
import { sourceName } from '../input/source.js';
import { outcomeColumns } from '../output/decision.js';
import { errorDocument } from '../output/errors.js';
import type { Printer } from '../output/index.js';
import type { View } from '../output/view.js';
import type { Terminal } from '../terminal.js';
import { type Decided, Lines } from './lines.js';

export interface BulkOptions {
  /** CSV or JSONL, `-` for stdin. */
  readonly path: string;
  /** Whole decisions are wanted, not outcomes alone. */
  readonly whole: boolean;
  readonly explain: boolean;
  readonly terminal: Terminal;
  printer(view: View<Told>): Printer<Told>;
}

/** What is told of a call: its outcome, and its decision when that is wanted. */
type Found = { readonly outcome: Outcome; readonly decision?: Decision } | { readonly error: CtlError };
export type Told = Decided<Found>;

export interface Totals {
  readonly rejected: number;
  /** Lines that hold no call, or one that cannot be decided. */
  readonly undecided: number;
}

/** Faults that are named one by one; the others are counted. */
const NAMED = 20;

/** Prints a decision a line, and at the end on stderr how many fared how. @throws CtlError for an unreadable file */
export async function decideCalls(engine: Engine, options: BulkOptions): Promise<Totals> {
  const { path, terminal } = options;
  const printer = options.printer(bulkView);
  const tally = new Tally();
  const lines = new Lines(path);
  const decided = async function* (say: (text: string) => void): AsyncGenerator<readonly Told[]> {
    for await (const answers of told(engine, lines, options)) {
      yield tally.add(answers.flatMap((answer) => lines.next(answer)));
      say(`Decided ${tally.count.toLocaleString('en')} calls`);
    }
    yield tally.add(lines.due());
  };
  await terminal.progress('Deciding', (say) => printer.batches(decided(say)));
  await report(tally, path, terminal);
  return tally;
}

async function* told(
  engine: Engine,
  lines: Lines,
  { whole, explain }: BulkOptions,
): AsyncGenerator<readonly Found[]> {
  if (!whole) yield* engine.outcomes(lines.calls());
  else
    for await (const answers of engine.decisions(lines.calls(), { explain }))
      yield answers.map((answer) =>
        'error' in answer ? answer : { ...answer, outcome: outcomeOf(answer.decision, answer.decision.call) },
      );
}

class Tally implements Totals {
  count = 0;
  rejected = 0;
  undecided = 0;
  readonly outcomes = new Map<string, number>();
  readonly faults: Told[] = [];

  /** Counts, and returns what it counted. */
  add(batch: readonly Told[]): readonly Told[] {
    this.count += batch.length;
    for (const decided of batch) {
      const { answer } = decided;
      if ('error' in answer) {
        this.undecided++;
        if (this.faults.length < NAMED) this.faults.push(decided);
        continue;
      }
      const name = nameOf(answer.outcome);
      this.outcomes.set(name, (this.outcomes.get(name) ?? 0) + 1);
      if (answer.outcome.verdict === 'reject') this.rejected++;
    }
    return batch;
  }
}

/** `agent-to-pstn route`, `unknown reject 403 unknown-parties`. */
const nameOf = ({ routingType, verdict, sipStatus, reason }: Outcome): string =>
  `${routingType} ${verdict}${reason ? ` ${sipStatus} ${reason}` : ''}`;

async function report(tally: Tally, path: string, terminal: Terminal): Promise<void> {
  for (const { line, answer } of tally.faults)
    if ('error' in answer) await terminal.warn(`${sourceName(path)}:${line}: ${answer.error.message}`);
  if (tally.undecided > NAMED) await terminal.warn(`and ${tally.undecided - NAMED} more lines like these`);
  const outcomes = [...tally.outcomes].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const width = Math.max(0, ...outcomes.map(([, count]) => count.toLocaleString('en').length));
  for (const [name, count] of outcomes)
    await terminal.confirm(`${count.toLocaleString('en').padStart(width)}  ${name}`);
  const undecided = tally.undecided > 0 ? `, ${tally.undecided.toLocaleString('en')} undecided` : '';
  const calls = tally.count === 1 ? '1 call' : `${tally.count.toLocaleString('en')} calls`;
  await terminal.confirm(`${calls}: ${tally.rejected.toLocaleString('en')} rejected${undecided}`);
}

/** The columns of a decision after its line; a fault stands where the reason of a rejection would. */
const bulkView: View<Told> = {
  columns: [
    {
      name: 'line',
      header: 'LINE',
      shown: 'always',
      value: ({ line }) => line,
      texts: ({ line }) => [String(line)],
    },
    ...outcomeColumns<Told>(({ answer }) => ('error' in answer ? undefined : answer.outcome)),
    {
      name: 'error',
      header: 'ERROR',
      shown: 'always',
      value: ({ answer }) => ('error' in answer ? answer.error.message : null),
      texts: ({ answer }) => ('error' in answer ? [answer.error.message] : ['']),
    },
  ],
  document: ({ line, answer }): Json =>
    'error' in answer
      ? { line, error: errorDocument(answer.error) }
      : ((answer.decision ?? answer.outcome) as unknown as Json),
};
