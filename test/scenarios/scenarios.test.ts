/** Every scenario prints exactly what its file says. `UPDATE_SCENARIOS=1` writes what it prints: review the diff. */
import { readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatScenario, readScenario, runScenario } from '../support/scenario.js';

const folder = fileURLToPath(new URL('.', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));

test.each(files)(
  '%s',
  async (file) => {
    const steps = await runScenario(readScenario(folder + file));
    const actual = `${formatScenario(steps)}\n`;
    if (process.env['UPDATE_SCENARIOS']) return writeFileSync(folder + file, actual);
    const expected = steps.map((step: object) => ({ ...step, actual: undefined }));
    expect(actual).toBe(`${formatScenario(expected)}\n`);
  },
  180_000,
);
