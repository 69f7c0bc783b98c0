/** Revisions as people write them. */
import { quote } from '../../kinds/words.js';
import { inputError } from './problems.js';

/** The revision that `--if-revision` names; 0 when it is not given. @throws CtlError usage */
export const readRevision = (text: string | undefined, flag = '--if-revision'): number =>
  text === undefined ? 0 : parseRevision(text, flag);

/** A whole number from 1. @throws CtlError usage */
export function parseRevision(text: string, name: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw inputError('cannot go on', [{ field: name, message: `${quote(text)} is no whole number from 1` }]);
}
