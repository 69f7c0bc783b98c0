/** Files that cannot be used. */
import { type FileProblem, inOrder } from '../../config/files/index.js';
import { CtlError } from '../../errors.js';

/** Names every problem with its place. */
export class Unreadable extends CtlError {
  constructor(found: readonly FileProblem[]) {
    const fields = inOrder(found).map(({ place, path, message }) => ({
      field: `${place} ${path}`.trimEnd(),
      message,
    }));
    const count = found.length === 1 ? '1 problem' : `${found.length} problems`;
    super('usage', `the files cannot be used: ${count}`, { fields });
  }
}
