/** How the answers about invariants look. */
import type { Json } from '../../kinds/kind.js';
import { isVacuous, type Verdict } from '../../proof/assert/prove.js';
import type { CommandOf } from './suite.js';
import { outcomeText } from './decision.js';
import type { Painter } from './paint.js';
import { printable } from './printable.js';
import { recordView } from './record.js';
import type { View } from './view.js';

const FIELDS = [
  ...['status', 'name', 'place', 'callers', 'calls', 'vacuous'],
  ...['counterexample', 'outcome', 'notes'],
];

/** The view of answers, for every format but prose. `callers` is null where there is no end of them. */
export function verdictsView(commandOf: CommandOf): View<Verdict> {
  const rows = recordView(FIELDS);
  const recordOf = (verdict: Verdict) => ({
    status: verdict.status,
    name: verdict.invariant.name,
    place: verdict.invariant.place,
    callers: Number.isFinite(verdict.callers) ? verdict.callers : null,
    calls: verdict.calls,
    vacuous: isVacuous(verdict),
    counterexample: verdict.counterexample && commandOf(verdict.counterexample.call),
    outcome: verdict.counterexample && outcomeText(verdict.counterexample.decision),
    notes: [...verdict.notes],
  });
  return {
    columns: rows.columns.map((column) => ({
      ...column,
      value: (verdict) => column.value(recordOf(verdict)),
      texts: (verdict) => column.texts(recordOf(verdict)),
    })),
    document: (verdict) =>
      ({ ...recordOf(verdict), decision: verdict.counterexample?.decision ?? null }) as unknown as Json,
  };
}

/** Answers for a person. Ends with a line break. */
export function verdictsText(verdicts: readonly Verdict[], commandOf: CommandOf, paint: Painter): string {
  const lines = verdicts.flatMap((verdict) => [
    `${headOf(verdict, paint)} ${paint.strong(printable(verdict.invariant.name))}  ${paint.faint(printable(verdict.invariant.place))}`,
    ...linesOf(verdict, commandOf).map((line) => `  ${printable(line)}`),
  ]);
  const count = (status: Verdict['status']) => verdicts.filter((one) => one.status === status).length;
  const [proved, refuted, tried] = [count('proved'), count('refuted'), count('tried')];
  const summary = `${verdicts.length === 1 ? '1 invariant' : `${verdicts.length} invariants`}: ${proved} proved, ${refuted} refuted${tried > 0 ? `, ${tried} only tried` : ''}`;
  return `${[...lines, proved === verdicts.length ? paint.good(summary) : paint.bad(summary)].join('\n')}\n`;
}

const headOf = ({ status }: Verdict, paint: Painter): string =>
  ({ proved: paint.good('PROVED'), refuted: paint.bad('REFUTED'), tried: paint.caution('TRIED') })[status];

function linesOf(
  { counterexample, callers, classes, calls, notes, invariant }: Verdict,
  commandOf: CommandOf,
) {
  if (counterexample) {
    const found = outcomeText(counterexample.decision);
    return [`${invariant.wanted === 'must' ? 'not so' : 'but'}: ${found}`, commandOf(counterexample.call)];
  }
  const who = Number.isFinite(callers)
    ? `${callers.toLocaleString('en')} ${callers === 1 ? 'caller' : 'callers'}`
    : 'all outside callers';
  const alike = `${classes} ${classes === 1 ? 'class' : 'classes'}`;
  const decided = `${calls.toLocaleString('en')} ${calls === 1 ? 'call' : 'calls'} decided`;
  return [`${who} in ${alike}: ${decided}`, ...notes];
}
