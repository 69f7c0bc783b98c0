/** The doors between folders: planted violations prove that lint would find real ones. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../support/environment.js';

const folder = mkdtempSync(join(tmpdir(), 'ctl-lint-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What lint says about these files under the project's own configuration. */
function lint(files: Readonly<Record<string, string>>): { status: number | null; output: string } {
  for (const one of ['src', 'test']) rmSync(join(folder, one), { recursive: true, force: true });
  cpSync(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  } catch {
    // It is there from the test before.
  }
  const bin = join(ROOT, 'node_modules', '.bin', 'oxlint');
  const { status, stdout, stderr } = spawnSync(bin, ['--format=unix'], { cwd: folder, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

const planted: [string, string, string][] = [
  [
    'gRPC in the engine',
    'src/lib/routing/a.ts',
    "import { status } from '@grpc/grpc-js';\nexport const a = status;\n",
  ],
  ['the store from the engine', 'src/lib/routing/a.ts', "export { b } from '../store/b.js';\n"],
  [
    'I/O in the engine',
    'src/lib/routing/a.ts',
    "import { readFile } from 'node:fs';\nexport const a = readFile;\n",
  ],
  [
    'the engine from a kind',
    'src/lib/kinds/a.ts',
    "import type { B } from '../routing/b.js';\nexport type A = B;\n",
  ],
  [
    'planning from proof',
    'src/lib/proof/a.ts',
    "import type { B } from '../config/b.js';\nexport type A = B;\n",
  ],
  ['I/O in proof', 'src/lib/proof/a.ts', "import { readFile } from 'node:fs';\nexport const a = readFile;\n"],
  ['the daemon from the command line', 'src/lib/cli/a.ts', "export const a = import('../daemon/b.js');\n"],
  ['the driver outside the store', 'src/lib/daemon/a.ts', "import D from 'libsql';\nexport const a = D;\n"],
  [
    'colour outside output',
    'src/lib/cli/verbs/a.ts',
    "import chalk from 'chalk';\nexport const a = chalk;\n",
  ],
  ['prompts outside input', 'src/lib/cli/verbs/a.ts', "import i from 'inquirer';\nexport const a = i;\n"],
  ['a command from the library', 'src/lib/cli/a.ts', "export { b } from '../../commands/b.js';\n"],
  [
    'a property with a seed of its own',
    'test/unit/a.test.ts',
    "import fc from 'fast-check';\nfc.assert(fc.nat());\n",
  ],
  ['the client from a command', 'src/commands/a.ts', "export { b } from '../lib/api/b.js';\n"],
];

test.each(planted)('%s is found', (_name, path, text) => {
  const { status, output } = lint({ [path]: text });
  expect(output).toContain('no-restricted-imports');
  expect(status).toBe(1);
});

test('a cycle is found, of types alone too', () => {
  const { status, output } = lint({
    'src/lib/config/a.ts': "import type { B } from './b.js';\nexport type A = B | 1;\n",
    'src/lib/config/b.ts': "import type { A } from './a.js';\nexport type B = A | 2;\n",
  });
  expect(output).toContain('no-cycle');
  expect(status).toBe(1);
});

test('what is allowed passes', () => {
  const { status, output } = lint({
    'src/lib/kinds/b.ts': 'export const b = 1;\n',
    'src/lib/routing/a.ts': "import { b } from '../kinds/b.js';\nexport const a = b;\n",
  });
  expect(output).not.toContain('restricted');
  expect(status).toBe(0);
});
