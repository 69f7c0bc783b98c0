/** Reading files. What writes them stands apart, in `write.ts`, since hardly any command does both. */
export { type ReadOptions, type ReadResult, FileStream, readFiles, readStream } from './read.js';
export type { FileProblem, Input, Parsed } from './types.js';
export { FILE_NAME } from './syntax.js';
export { LARGEST_FILE } from './limits.js';
