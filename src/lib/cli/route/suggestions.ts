/** Suggested cases as a file that `ctl route test` reads. */
import { stat, writeFile } from 'node:fs/promises';
import type { CtlError } from '../../errors.js';
import type { Json } from '../../kinds/kind.js';
import type { CaseDocument } from '../../proof/suite/suggest.js';
import type { CallRequest } from '../../routing/request.js';
import { subjectOf } from '../../routing/trace.js';
import { inputError } from '../input/problems.js';
import { yamlText } from '../output/yaml.js';
import type { Terminal } from '../terminal.js';

const FLAG = '--suggest';

/**
 * Writes cases to a new file, or to stdout for `-`.
 * @throws CtlError usage for a file that is there already, or cannot be written
 */
export async function writeSuggestions(
  path: string,
  cases: readonly CaseDocument[],
  terminal: Terminal,
): Promise<void> {
  const documents = cases.map(({ name, call, expect }): Json => ({ name, call: written(call), expect }));
  const text = documents.length === 0 ? '[]\n' : await yamlText(documents);
  if (path === '-') return terminal.out.write(text);
  await writeFile(path, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    throw unwritable(path, error.code === 'EEXIST' ? THERE : `cannot be written: ${error.message}`);
  });
}

/** @throws CtlError usage for a file that is there already */
export async function checkNew(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found) throw unwritable(path, THERE);
}

const THERE = 'is there already: name a new file';

const unwritable = (path: string, why: string): CtlError =>
  inputError('cannot write the cases', [{ field: FLAG, message: `${path} ${why}` }]);

/** A call as a person writes it. */
function written(call: CaseDocument['call']): Json {
  const { source, headers, down, connectToken, ...rest } = call as Partial<CallRequest>;
  return {
    ...(rest as { [member: string]: Json }),
    ...(source && { 'source-ip': source.ip }),
    ...(headers?.length && { header: Object.fromEntries(headers.map(({ name, value }) => [name, value])) }),
    ...(connectToken !== undefined && { 'connect-token': connectToken }),
    ...(down && { down: down.map(({ kind, ref }) => subjectOf(kind, ref)) }),
  };
}
