/** Results of tests as TAP 14 (https://testanything.org/tap-version-14-specification.html). */
import type { Result } from '../../proof/suite/run.js';
import { escapeJson, printable } from './printable.js';
import { type CommandOf, faultLines } from './suite.js';

/** The results, and remarks at the end. Ends with a line break. */
export function tapText(
  results: readonly Result[],
  commandOf: CommandOf,
  remarks: readonly string[],
): string {
  return [
    'TAP version 14',
    `1..${results.length}`,
    ...results.flatMap((result, i) => pointLines(result, i + 1, commandOf)),
    ...remarks.flatMap((remark) => remark.split('\n')).map((line) => `# ${line}`),
    '',
  ].join('\n');
}

function pointLines(result: Result, number: number, commandOf: CommandOf): string[] {
  const { test, passed, stage } = result;
  // A number sign begins a directive, unless it is escaped.
  const name = printable(test.name).replace(/[\\#]/g, '\\$&');
  if (passed) return [`ok ${number} - ${name}`];
  const diagnosis = {
    at: test.place,
    stage,
    message: faultLines(result).join('\n'),
    command: commandOf(test.call),
  };
  return [
    `not ok ${number} - ${name}`,
    '  ---',
    ...Object.entries(diagnosis).map(([key, value]) => `  ${key}: ${escapeJson(JSON.stringify(value))}`),
    '  ...',
  ];
}
