/**
 * Results of tests as JUnit XML, a suite for each file: what CI servers read. Valid by the schemas of Ant and of
 * Jenkins: the one wants every element, the other none that is empty where it may hold others.
 */
import type { Result } from '../../proof/suite/run.js';
import { type CommandOf, faultLines } from './suite.js';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text of XML 1.0, also in attributes; characters that it cannot have become question marks. */
const xml = (text: string): string =>
  text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '?')
    .replace(/[&<>"]/g, (mark) => ENTITIES[mark]!)
    .replace(/[\t\n\r]/g, (blank) => `&#${blank.charCodeAt(0)};`);

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${xml(String(value))}"`)
    .join('');

/**
 * The document. Ends with a line break.
 * @param at when the tests ran, in milliseconds since the epoch
 * @param seconds how long they took all together
 */
export function junitText(
  results: readonly Result[],
  commandOf: CommandOf,
  at: number,
  seconds: number,
): string {
  const files = new Map<string, Result[]>();
  for (const result of results) {
    const own = files.get(result.test.file);
    if (own) own.push(result);
    else files.set(result.test.file, [result]);
  }
  const share = results.length === 0 ? 0 : seconds / results.length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    ...[...files].flatMap(([file, own], id) => suiteLines(file, own, { commandOf, at, share, id })),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Facts {
  readonly commandOf: CommandOf;
  readonly at: number;
  /** Seconds of a test. */
  readonly share: number;
  readonly id: number;
}

function suiteLines(file: string, results: readonly Result[], { commandOf, at, share, id }: Facts): string[] {
  const errors = results.filter(({ error }) => error).length;
  const facts = {
    id,
    name: file,
    package: 'ctl',
    timestamp: new Date(at).toISOString().slice(0, 19),
    hostname: 'localhost',
    tests: results.length,
    failures: results.filter(({ passed }) => !passed).length - errors,
    errors,
    time: (share * results.length).toFixed(3),
  };
  return [
    `  <testsuite${attributes(facts)}>`,
    '    <properties><property name="tool" value="ctl route test"/></properties>',
    ...results.flatMap((result) => caseLines(result, file, share, commandOf)),
    '    <system-out/>',
    '    <system-err/>',
    '  </testsuite>',
  ];
}

function caseLines(result: Result, file: string, share: number, commandOf: CommandOf): string[] {
  const { test, passed, stage, error } = result;
  const own = attributes({ name: test.name, classname: file, time: share.toFixed(6) });
  if (passed) return [`    <testcase${own}/>`];
  const lines = faultLines(result);
  const element = error ? 'error' : 'failure';
  const text = [...lines, test.place, commandOf(test.call)].map(xml).join('\n');
  return [
    `    <testcase${own}>`,
    `      <${element}${attributes({ type: stage ?? 'call', message: lines[0]! })}>${text}</${element}>`,
    '    </testcase>',
  ];
}
