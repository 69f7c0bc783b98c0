/** Preloaded into a process: says at its end, on descriptor 3, what it loaded from disk and which parts of Node. */
const { writeSync } = process.getBuiltinModule('node:fs');

process.on('exit', () => {
  const files = Object.keys(require.cache).filter((path) => path !== __filename);
  const builtins = process.moduleLoadList
    .filter((name) => name.startsWith('NativeModule '))
    .map((name) => name.slice('NativeModule '.length));
  writeSync(3, JSON.stringify({ files, builtins }));
});
