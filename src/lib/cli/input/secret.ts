/** Secrets come from a file, from stdin or from a prompt: an argument would show in the list of processes. */
import { inputError } from './problems.js';
import { type Sources, sourceName } from './source.js';

const LARGEST = 65_536;

/**
 * A secret from a file, or from stdin for `-`, without the line break that editors and `echo` leave at its end.
 * @param flag the flag that names it: `--password-file`
 * @throws CtlError usage: cannot be read, empty
 */
export async function readSecret(sources: Sources, path: string, flag: string): Promise<string> {
  const secret = (await sources.read(path, flag, LARGEST)).replace(/\r?\n$/, '');
  if (secret !== '') return secret;
  throw inputError('cannot read the secret', [
    { field: flag, message: `${sourceName(path)} is empty: expected the secret` },
  ]);
}
