/** Errors about the input: all problems at once, each under the name that the user gave it. */
import { CtlError, type FieldError } from '../../errors.js';

/**
 * The error for bad input.
 * @param task what cannot be done: `cannot create agent`
 * @param problems flags or places in a file, and what is wrong with each
 */
export function inputError(task: string, problems: readonly FieldError[], hint?: string): CtlError {
  const [first] = problems;
  const why =
    problems.length === 1 ? `${first!.field} ${first!.message}` : `${problems.length} values are not valid`;
  return new CtlError('usage', `${task}: ${why}`, { fields: problems, hint });
}

/**
 * The same error with its fields named as the user knows them.
 * @param nameOf the name for a path in the document; undefined keeps the path
 */
export function renameFields(error: CtlError, nameOf: (path: string) => string | undefined): CtlError {
  if (error.fields.length === 0) return error;
  const fields = error.fields.map(({ field, message }) => ({ field: nameOf(field) ?? field, message }));
  const renamed = new CtlError(error.code, error.message, { hint: error.hint, fields, cause: error.cause });
  if (error.stack) renamed.stack = error.stack;
  return renamed;
}
