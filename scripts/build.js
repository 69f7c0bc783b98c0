/**
 * What bin/run.js needs, after the compiler: no file in dist whose source is gone, the manifest, the bundles, and the
 * code that V8 compiles for them.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from './bundle.js';
import { BUNDLES, ROOT } from './files.js';
import { compile } from './compile.js';

await removeStale();
await import('./manifest.js');
await mkdir(BUNDLES, { recursive: true });
const commands = Object.entries(
  JSON.parse(await readFile(join(ROOT, 'oclif.manifest.json'), 'utf8')).commands,
);
await Promise.all([
  bundle(
    'ctl',
    commands.filter(([id]) => id !== 'serve'),
  ),
  bundle(
    'serve',
    commands.filter(([id]) => id === 'serve'),
  ),
]);
await compile();

/** The compiler leaves the output of deleted files behind, and a command would live on. */
async function removeStale() {
  for (const folder of ['commands', 'lib']) {
    const files = await readdir(join(ROOT, 'dist', folder), { recursive: true });
    const stale = files.filter(
      (file) => file.endsWith('.js') && !existsSync(join(ROOT, 'src', folder, file.replace(/\.js$/, '.ts'))),
    );
    for (const file of stale) await rm(join(ROOT, 'dist', folder, file));
  }
}
