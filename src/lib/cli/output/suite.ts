/** How the results of routing tests look: for people, and as one document for programs. */
import type { Json } from '../../kinds/kind.js';
import type { CallDocument } from '../../proof/engine.js';
import type { Reach } from '../../proof/suite/coverage.js';
import type { Fate } from '../../proof/suite/mutation.js';
import type { Mutant } from '../../proof/suite/mutants/index.js';
import type { Result } from '../../proof/suite/run.js';
import { percentOf, scoreOf } from '../../proof/suite/score.js';
import type { TraceEntry } from '../../routing/decision.js';
import { subjectOf } from '../../routing/trace.js';
import type { SuiteReport } from '../route/suite.js';
import type { Painter } from './paint.js';
import { printable } from './printable.js';
import { valueColumn, type View } from './view.js';

/** The command that asks about a call. */
export type CommandOf = (call: CallDocument) => string;

/** One line of a trace: `profile: sip-routes/route-01 match called-equal ("1000", "1000")`. */
export function entryText({ stage, subject, outcome, reason, compared }: TraceEntry): string {
  const values = compared ? ` (${compared.map((text) => JSON.stringify(text)).join(', ')})` : '';
  return `${stage}: ${subject} ${outcome} ${reason}${values}`;
}

/** What is wrong with a result, a line each: expectations that are not met, and where the call went another way. */
export function faultLines({ mismatches, entries, error }: Result): string[] {
  if (error)
    return [`cannot be decided: ${error.message}`, ...(error.hint === undefined ? [] : [error.hint])];
  return [
    ...mismatches.map(
      ({ name, expected, actual }) => `${name}: expected ${shown(expected)}, actual ${shown(actual)}`,
    ),
    ...entries.map((entry) => `decided at ${entryText(entry)}`),
  ];
}

const shown = (value: Json): string =>
  value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);

const percentText = (percent: number): string => `${Math.floor(percent * 10) / 10} %`;

/** `3 tests: 2 passed, 1 failed`. */
export function summaryText(results: readonly Result[]): string {
  const passed = results.filter((result) => result.passed).length;
  const tests = results.length === 1 ? '1 test' : `${results.length.toLocaleString('en')} tests`;
  const failed = results.length - passed;
  return `${tests}: ${passed.toLocaleString('en')} passed, ${failed.toLocaleString('en')} failed`;
}

/** A report for a person. Ends with a line break. */
export function suiteText(report: SuiteReport, commandOf: CommandOf, paint: Painter): string {
  const { results, coverage, fates } = report;
  const failed = results.filter(({ passed }) => !passed);
  const summary = summaryText(results);
  return [
    ...failed.map((result) => failureText(result, commandOf, paint)),
    ...(results.length > 0 ? [failed.length > 0 ? paint.bad(summary) : paint.good(summary)] : []),
    ...analysisTexts(report, commandOf, paint),
  ]
    .map((section) => `${section}\n`)
    .join(coverage || fates || failed.length > 0 ? '\n' : '');
}

/** Coverage and mutation for a person, a section each. */
export const analysisTexts = (
  { coverage, fates }: SuiteReport,
  commandOf: CommandOf,
  paint: Painter,
): string[] => [
  ...(coverage ? [coverageText(coverage, commandOf, paint)] : []),
  ...(fates ? [mutationText(fates, commandOf, paint)] : []),
];

function failureText(result: Result, commandOf: CommandOf, paint: Painter): string {
  const { place, name, call } = result.test;
  return [
    `${paint.bad('FAILED')} ${paint.strong(printable(name))}  ${paint.faint(printable(place))}`,
    ...faultLines(result).map((line) => `  ${printable(line)}`),
    `  ${printable(commandOf(call))}`,
  ].join('\n');
}

function coverageText(coverage: readonly Reach[], commandOf: CommandOf, paint: Painter): string {
  const inState = (state: Reach['state']) => coverage.filter((reach) => reach.state === state);
  const [covered, uncovered] = [inState('covered'), inState('uncovered')];
  const counts = `${covered.length} of ${covered.length + uncovered.length} items`;
  const colour = uncovered.length === 0 ? paint.good : paint.caution;
  const list = (title: string, found: readonly Reach[], textOf: (reach: Reach) => string) =>
    found.length === 0
      ? []
      : [title, ...found.map((reach) => `  ${printable(itemText(reach))}: ${textOf(reach)}`)];
  return [
    colour(`Coverage: ${counts}, ${percentText(percentOf(coverage))}`),
    ...groupLines(coverage),
    ...list('Not covered, and a call that would:', uncovered, ({ witness }) =>
      printable(commandOf(witness!.call)),
    ),
    ...list('Unreachable:', inState('unreachable').filter(isWorthSaying), ({ why }) => why!),
    ...list('Not known whether anything reaches them:', inState('unknown'), ({ why }) => why!),
  ].join('\n');
}

/** Reasons and routing types that a configuration does not have are no fault of it. */
const isWorthSaying = ({ item }: Reach): boolean => item.group !== 'reason' && item.group !== 'routing type';

const itemText = ({ item }: Reach): string => (item.text === '' ? item.id : `${item.id} ${item.text}`);

function groupLines(coverage: readonly Reach[]): string[] {
  const groups = new Map<string, { covered: number; all: number }>();
  for (const { item, state } of coverage) {
    if (state !== 'covered' && state !== 'uncovered') continue;
    const counts = groups.get(item.group) ?? { covered: 0, all: 0 };
    groups.set(item.group, counts);
    counts.all++;
    if (state === 'covered') counts.covered++;
  }
  return [...groups].map(([group, { covered, all }]) => `  ${`${group}s`.padEnd(14)}${covered} of ${all}`);
}

function mutationText(fates: readonly Fate[], commandOf: CommandOf, paint: Painter): string {
  const inState = (state: Fate['state']) => fates.filter((fate) => fate.state === state);
  const [killed, survived, equivalent, unknown] = (
    ['killed', 'survived', 'equivalent', 'unknown'] as const
  ).map(inState) as [Fate[], Fate[], Fate[], Fate[]];
  const colour = survived.length === 0 ? paint.good : paint.caution;
  const counts = `${killed.length} of ${killed.length + survived.length} mutants noticed`;
  return [
    colour(`Mutation: ${counts}, ${percentText(scoreOf(fates))}`),
    ...(equivalent.length > 0 ? [`  ${equivalent.length} more change nothing that any call does`] : []),
    ...(survived.length > 0 ? ['Not noticed, and a call that would tell:'] : []),
    ...survived.map(
      ({ mutant, witness }) => `  ${printable(`${mutantText(mutant)}: ${commandOf(witness!.call)}`)}`,
    ),
    ...(unknown.length > 0 ? ['Not noticed, and not known whether any call would tell:'] : []),
    ...unknown.map(({ mutant, why }) => `  ${printable(`${mutantText(mutant)}: ${why}`)}`),
  ].join('\n');
}

/** `widen domains/domain-01 egressPolicies[0] ^\+1 to \+1`. */
export const mutantText = ({ operator, kind, ref, path, detail }: Mutant): string =>
  [operator, subjectOf(kind, ref), path, detail].filter((word) => word !== '').join(' ');

/** The view of results as a list; `commandOf` gives the command that asks again. */
export const resultsView = (commandOf: CommandOf): View<Result> => ({
  columns: [
    valueColumn('result', ({ passed }) => (passed ? 'passed' : 'failed'), { keep: true }),
    valueColumn('name', ({ test }) => test.name, { keep: true }),
    valueColumn('stage', ({ stage }) => stage),
    valueColumn('fault', (result) => (result.passed ? null : faultLines(result).join('; '))),
    valueColumn('place', ({ test }) => test.place, { shown: 'wide' }),
    valueColumn('command', ({ test }) => commandOf(test.call), { shown: 'wide' }),
  ],
  document: (result) => resultDocument(result, commandOf),
});

const resultDocument = (result: Result, commandOf: CommandOf): Json => {
  const { test, passed, stage, entries, mismatches, error } = result;
  return {
    name: test.name,
    place: test.place,
    passed,
    stage,
    entries: entries as unknown as Json,
    mismatches: mismatches.map(({ name, expected, actual }) => ({ part: name, expected, actual })),
    error: error?.message ?? null,
    command: commandOf(test.call),
  };
};

/** The view of a whole report, schema `ctl.suite/v1`; what was not asked for is null. */
export const reportView = (commandOf: CommandOf): View<SuiteReport> => ({
  columns: [],
  document: ({ results, coverage, fates }) => ({
    schema: 'ctl.suite/v1',
    tests: results.length,
    passed: results.filter(({ passed }) => passed).length,
    failed: results.filter(({ passed }) => !passed).length,
    results: results.map((result) => resultDocument(result, commandOf)),
    coverage: coverage ? coverageDocument(coverage, commandOf) : null,
    mutation: fates ? mutationDocument(fates, commandOf) : null,
  }),
});

const coverageDocument = (coverage: readonly Reach[], commandOf: CommandOf): Json => ({
  percent: percentOf(coverage),
  items: coverage.map(({ item, state, why, witness }) => ({
    group: item.group,
    item: item.id,
    text: item.text || null,
    state,
    why,
    command: witness ? commandOf(witness.call) : null,
  })),
});

const mutationDocument = (fates: readonly Fate[], commandOf: CommandOf): Json => ({
  score: scoreOf(fates),
  mutants: fates.map(({ mutant, state, killedBy, why, witness }) => ({
    operator: mutant.operator,
    object: subjectOf(mutant.kind, mutant.ref),
    path: mutant.path || null,
    detail: mutant.detail,
    state,
    killedBy,
    why,
    command: witness ? commandOf(witness.call) : null,
  })),
});
