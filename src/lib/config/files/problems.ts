/** The order in which problems are told. */
import type { FileProblem } from './types.js';

/** Problems by file, in the order of the files, then by line and column. */
export function inOrder(problems: readonly FileProblem[]): FileProblem[] {
  const files = new Map<string, number>();
  const keyed = problems.map((problem) => {
    const [, file = problem.place, line, column] = /^(.*):(\d+):(\d+)$/.exec(problem.place) ?? [];
    if (!files.has(file)) files.set(file, files.size);
    return { problem, key: [files.get(file)!, Number(line ?? Infinity), Number(column ?? 0)] as const };
  });
  keyed.sort(({ key: a }, { key: b }) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  return keyed.map(({ problem }) => problem);
}
