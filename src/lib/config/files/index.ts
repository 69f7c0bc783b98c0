/** Reading files. What writes them stands apart, in `write.ts`, since hardly any command does both. */
export { type ReadOptions, FileStream, readStream } from './read.js';
export { inOrder } from './problems.js';
export type { FileProblem, Input, Located, Parsed } from './types.js';
export { FILE_NAME } from './syntax.js';
export { LARGEST_FILE } from './limits.js';
export { readValues } from './values.js';
