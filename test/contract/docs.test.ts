/** What documents show of commands is what commands print: each of these blocks stands in a scenario. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(process.cwd(), 'docs');
const SCENARIOS = join(process.cwd(), 'test', 'scenarios');

/** Scenarios as a reader sees them: without the marks of stderr, of lines of input, and of empty lines. */
const scenarios = readdirSync(SCENARIOS)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => readFileSync(join(SCENARIOS, name), 'utf8').replaceAll(/^(?:[!>] |\.$)/gm, ''))
  .join('\n');

/** Blocks of a document that begin with a command, by their first line. */
const shown = (name: string): [string, string][] =>
  [...readFileSync(join(DOCS, name), 'utf8').matchAll(/^```\n(\$ [^]*?\n)```$/gm)].map(([, block]) => [
    `${name}: ${block!.split('\n', 1)[0]}`,
    block!,
  ]);

const blocks = readdirSync(DOCS)
  .filter((name) => name.endsWith('.md'))
  .flatMap(shown);

test.each(blocks)('%s', (_, block) => {
  // What a document leaves out stands there as an ellipsis.
  const [start, ...rest] = block.split(/^ *…\n/m);
  let at = scenarios.indexOf(start!);
  expect(at < 0 ? start : '').toBe('');
  for (const part of rest) {
    at = scenarios.indexOf(part, at);
    expect(at < 0 ? part : '').toBe('');
  }
});
