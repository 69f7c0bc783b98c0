/** Why a call is not decided as somebody expects, for a person: what prevented it, and what to type. */
import type { Json } from '../../kinds/kind.js';
import type { Decision } from '../../routing/decision.js';
import type { Stage } from '../../routing/reasons.js';
import type { Painter } from './paint.js';
import { printable } from './printable.js';
import { recordView, type RecordItem } from './record.js';
import type { View } from './view.js';

/** What to change, and the commands for it. */
export interface Advice {
  readonly changes: readonly string[];
  readonly commands: readonly string[];
}

export interface WhyReport {
  readonly from: string | null;
  readonly dialled: string;
  /** `profile main`. */
  readonly expected: readonly string[];
  readonly met: boolean;
  readonly decision: Decision;
  /** One line that says what the call does. */
  readonly outcome: string;
  readonly prevented: { readonly stage: Stage; readonly texts: readonly string[] } | null;
  /** Changes of the call, the best one first. */
  readonly call: readonly Advice[];
  readonly configuration: readonly Advice[];
}

const FIELDS = ['from', 'dialled', 'expected', 'met', 'outcome', 'stage', 'call', 'configuration'];

const rows = recordView(FIELDS);

const recordOf = (report: WhyReport): RecordItem => ({
  from: report.from,
  dialled: report.dialled,
  expected: [...report.expected],
  met: report.met,
  outcome: report.outcome,
  stage: report.prevented?.stage ?? null,
  call: report.call[0]?.commands.join('; ') ?? null,
  configuration: report.configuration[0]?.commands.join('; ') ?? null,
});

export const whyView: View<WhyReport> = {
  columns: rows.columns.map((column) => ({
    ...column,
    value: (report) => column.value(recordOf(report)),
    texts: (report) => column.texts(recordOf(report)),
  })),
  document: (report) => report as unknown as Json,
  prose: async (report, paint) => `${proseOf(report, paint).join('\n')}\n`,
};

function proseOf(report: WhyReport, paint: Painter): string[] {
  const { met, prevented } = report;
  const call = `${report.from ?? 'anonymous'} → ${report.dialled}`;
  const expected = report.expected.join(', ');
  const head = `${paint.strong(printable(call))}: ${printable(report.outcome)}`;
  if (met) return [head, paint.good(printable(`That is as expected: ${expected}`))];
  return [
    head,
    paint.bad(printable(`Expected: ${expected}`)),
    '',
    `${paint.strong('Prevented by')} stage ${prevented!.stage}:`,
    ...prevented!.texts.map((text) => `  ${printable(text)}`),
    '',
    ...adviceLines('change of the call', report.call, paint),
    '',
    ...adviceLines('change of the configuration', report.configuration, paint),
  ];
}

function adviceLines(what: string, ways: readonly Advice[], paint: Painter): string[] {
  const [first, ...others] = ways;
  if (!first) return [`${paint.strong(`No ${what}`)} was found that would do.`];
  const lines = ({ changes, commands }: Advice, start: string) => [
    `${start}${printable(changes.join(', and '))}`,
    ...commands.map((command) => `    ${printable(command)}`),
  ];
  return [
    paint.strong(`Least ${what}:`),
    ...lines(first, '  '),
    ...others.flatMap((way) => lines(way, `  ${paint.faint('or')} `)),
  ];
}
