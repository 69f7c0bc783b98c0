#!/usr/bin/env node
/**
 * Runs the bundle that `npm run build` made, with the code that V8 compiled for it then. CommonJS, because Node needs
 * a quarter of its own start-up time to get ready for an ES module. A code cache that is missing, or that V8 refuses
 * (another version of Node), only costs time.
 */
'use strict';
const { readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

const root = dirname(__dirname);
const read = (path, encoding) => {
  try {
    return readFileSync(path, encoding);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/** The exports of a bundle: a function expression in ASCII, behind a line that holds the hash of its text. */
function load(name) {
  const folder = join(root, 'dist', 'bundle');
  const filename = join(folder, `${name}.js`);
  const source = read(filename, 'latin1');
  if (source === undefined) return undefined;
  const hash = source.slice(2, source.indexOf('\n'));
  const cachedData = read(join(folder, `${name}-${hash}-${process.version}-${process.arch}.cache`));
  const script = new Script(source, { filename, cachedData });
  const bundle = { exports: {} };
  script.runInThisContext()(bundle.exports, require, bundle, filename, folder);
  return bundle.exports;
}

const argv = process.argv.slice(2);
const program = load(argv[0] === 'serve' ? 'serve' : 'ctl');
if (program) {
  program.run(argv, root);
} else {
  process.stderr.write('ctl is not built yet. Run: npm run build\n');
  process.exitCode = 70;
}
