/** Revisions as people write them. */
import { quote } from '../../kinds/words.js';
import { inputError } from './problems.js';

/** The revision that `--if-revision` names; 0 when it is not given. @throws CtlError usage */
export const readRevision = (text: string | undefined, flag = '--if-revision'): number =>
  text === undefined ? 0 : parseRevision(text, flag);

/**
 * A whole number.
 * @param least 0 where the state before the first revision may be meant, in which there was nothing
 * @throws CtlError usage
 */
export function parseRevision(text: string, name: string, least: 0 | 1 = 1): number {
  if (/^(?:0|[1-9]\d{0,14})$/.test(text) && Number(text) >= least) return Number(text);
  const message = `${quote(text)} is no whole number from ${least}`;
  throw inputError('cannot go on', [{ field: name, message }]);
}
