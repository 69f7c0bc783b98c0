/**
 * Bundles what bin/run.js runs: `dist/bundle/ctl.js`, every command, and `dist/bundle/serve.js`, the daemon. A process
 * loads one of them, so no class is there twice.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { bundlePath, BUNDLES, replaceFile, ROOT } from './files.js';

const HERE = join(ROOT, 'scripts');

/** Stays outside: a native module, and one that oclif looks for and does without. */
const EXTERNAL = ['libsql', 'typescript'];

/**
 * Writes a bundle: a function expression with the parameters of a CommonJS module that exports `run(argv, root)`. Its
 * first line is a comment with the hash of the rest. Modules that are imported dynamically wait until they are.
 * @param {string} name
 * @param {[id: string, command: {hiddenAliases: string[], relativePath: string[]}][]} commands as in the manifest
 */
export async function bundle(name, commands) {
  const { outputFiles } = await build({
    stdin: { contents: entry(commands), resolveDir: ROOT, sourcefile: `${name}.js` },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    charset: 'ascii',
    // Names stay: errors are told apart and reported by the names of their classes.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    external: EXTERNAL,
    plugins: [partOfOclif, absent, builtins, ownPlaces],
    banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
    footer: { js: '})' },
    write: false,
    logLevel: 'warning',
  });
  const text = outputFiles[0].text;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  await replaceFile(bundlePath(name), `//${hash}\n${text}`);
}

/** The program: package.json, and every command under its id and its hidden aliases, loaded when it is run. */
function entry(commands) {
  const lines = commands.flatMap(([id, { hiddenAliases, relativePath }]) =>
    [id, ...hiddenAliases].map(
      (name) =>
        `${JSON.stringify(name)}: { id: ${JSON.stringify(id)}, load: () => import('./${relativePath.join('/')}') },`,
    ),
  );
  return `import { main } from './dist/lib/cli/main.js';
import { name, version, description, oclif } from './package.json';
const pjson = { name, version, description, oclif };
const commands = {
${lines.join('\n')}
};
export const run = (argv, root) => main(argv, { root, pjson, commands });
`;
}

/** Our modules get @oclif/core without its index. */
const partOfOclif = {
  name: 'part-of-oclif',
  setup: ({ onResolve }) => onResolve({ filter: /^@oclif\/core$/ }, () => ({ path: join(HERE, 'oclif.js') })),
};

/** What finds plugins and their commands; an editor for prompts. */
const ABSENT = /@oclif[\\/]core[\\/]lib[\\/]config[\\/]index\.js$|@inquirer[\\/]external-editor[\\/]/;

/** Modules that others require and no command of ours gets to. */
const absent = {
  name: 'absent',
  setup: ({ onLoad }) =>
    onLoad({ filter: ABSENT }, () => ({
      contents: 'module.exports = {}',
    })),
};

/** Parts of Node that oclif and grpc-js require at once, and use rarely here or never. */
const RARE = /^(node:readline|node:fs\/promises|http|zlib|dns)$/;

/** These are loaded when something of them is first used; and grpc-js gets a quicker node:net. */
const builtins = {
  name: 'builtins',
  setup({ onLoad, onResolve }) {
    const ofTheirs = (importer) => /[\\/](@oclif|@grpc)[\\/]/.test(importer);
    onResolve({ filter: RARE }, ({ path, importer }) =>
      ofTheirs(importer) ? { path, namespace: 'rare' } : undefined,
    );
    onLoad({ filter: RARE, namespace: 'rare' }, ({ path }) => ({
      contents: `const get = (_, name) => (name === '__esModule' ? undefined : require('${path}')[name]);
        module.exports = new Proxy({}, { get });`,
    }));
    onResolve({ filter: /^net$/ }, ({ importer }) =>
      ofTheirs(importer) ? { path: join(HERE, 'net.cjs') } : undefined,
    );
  },
};

const PLACED = /[\\/](dist[\\/]lib|grpc-health-check|@grpc[\\/]reflection)[\\/].*\.js$/;

/** Modules that find files by where they are keep their place: a bundle has no import.meta, and another __dirname. */
const ownPlaces = {
  name: 'own-places',
  setup({ onLoad }) {
    onLoad({ filter: PLACED }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const folder = `require('node:path').join(__dirname, ${JSON.stringify(relative(BUNDLES, dirname(path)))})`;
      const url = `require('node:url').pathToFileURL(${folder} + '/').href`;
      return { contents: text.replaceAll('__dirname', folder).replaceAll('import.meta.url', url) };
    });
  },
};
