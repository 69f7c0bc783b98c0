/**
 * Runs command lines with a bundle, one after the other, and keeps what V8 compiled: node scripts/run-and-keep.js
 * BUNDLE COMMAND-LINE..., each command line a JSON array of its words.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { bundlePath, BUNDLES, cachePath, hashOf, replaceFile, ROOT } from './files.js';

const [name, ...commandLines] = process.argv.slice(2);
const filename = bundlePath(name);
const source = await readFile(filename, 'latin1');
const script = new Script(source, { filename });
const bundle = { exports: {} };
script.runInThisContext()(bundle.exports, createRequire(filename), bundle, filename, dirname(filename));
for (const text of commandLines) {
  await bundle.exports.run(JSON.parse(text), ROOT);
  // Whether a resource is there is not the point; a daemon that does not answer, or a bug, is.
  if (process.exitCode >= 6) throw new Error(`${text} failed`);
}
process.exitCode = 0;

const path = cachePath(name, hashOf(source));
await replaceFile(path, script.createCachedData());
const kept = basename(path).slice(0, `${name}-${hashOf(source)}`.length);
for (const file of await readdir(BUNDLES))
  if (file.startsWith(`${name}-`) && !file.startsWith(kept)) await rm(join(BUNDLES, file), { force: true });
