/** Where the build finds and puts things. */
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the package. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Folder of the bundles and of their compiled code. */
export const BUNDLES = join(ROOT, 'dist', 'bundle');

export const bundlePath = (name) => join(BUNDLES, `${name}.js`);

/** The hash in the first line of a bundle. */
export const hashOf = (source) => source.slice(2, source.indexOf('\n'));

/** Where bin/run.js looks for the compiled code of a bundle with this hash. */
export const cachePath = (name, hash) =>
  join(BUNDLES, `${name}-${hash}-${process.version}-${process.arch}.cache`);

/** Writes a file in one step: whoever reads it meanwhile gets the old one or the new one. */
export async function replaceFile(path, content) {
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, content);
  await rename(temporary, path);
}
