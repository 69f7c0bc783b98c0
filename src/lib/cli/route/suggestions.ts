/** Suggested cases as a file that `ctl route test` reads. */
import { writeFile } from 'node:fs/promises';
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
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? 'is there already: name a new file' : `cannot be written: ${message}`;
    throw inputError('cannot write the cases', [{ field: FLAG, message: `${path} ${why}` }]);
  }
}

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
