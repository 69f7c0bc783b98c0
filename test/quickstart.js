/**
 * `npm run quickstart`: both worlds of connect-ctl on an embedded store, from nothing to decided calls. It runs
 * test/scenarios/quickstart.txt against a daemon in a temporary folder, shows every command as a terminal shows it,
 * and fails when anything is printed that the file does not say.
 */
import { isDeepStrictEqual, styleText } from 'node:util';
import { readScenario, runScenario } from './support/scenario.js';

const file = new URL('scenarios/quickstart.txt', import.meta.url);
const bold = (text) => (process.stdout.isTTY ? styleText('bold', text) : text);
const started = Date.now();

const steps = await runScenario(readScenario(file), {
  env: process.stdout.isTTY ? { FORCE_COLOR: '1' } : {},
  onStep({ remark, command, actual, shown }) {
    if (remark !== undefined) console.log(remark.replace(/^# terminal \d+$/, ''));
    else if (actual === undefined) console.log(bold(`$ ${command}`));
    else process.stdout.write(shown);
  },
});

const wrong = steps.filter(
  ({ command, expected, actual }) => command !== undefined && !isDeepStrictEqual(expected, actual),
);
for (const { command, expected, actual } of wrong)
  console.error(`\n$ ${command}\nexpected:\n${expected.join('\n')}\nprinted:\n${actual.join('\n')}`);
const count = steps.filter(({ command }) => command !== undefined).length;
const seconds = ((Date.now() - started) / 1000).toFixed(0);
console.log(
  wrong.length === 0
    ? `\nAll ${count} commands did what they should, in ${seconds} s. Next: the tour in README.md.`
    : `\n${wrong.length} of ${count} commands did something else than they should.`,
);
process.exitCode = wrong.length === 0 ? 0 : 1;
