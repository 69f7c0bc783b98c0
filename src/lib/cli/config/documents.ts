/** All documents of some files at once, for commands that do more with them than send them. */
import { type Parsed, readStream } from '../../config/files/index.js';
import { collect } from '../collect.js';
import { collectInputs } from '../input/files.js';
import { processSources } from '../input/source.js';
import type { Terminal } from '../terminal.js';
import { Unreadable } from './unreadable.js';

/**
 * The documents of files and folders, with a note on stderr for what was passed over.
 * @param flag what named the files, for errors
 * @throws CtlError usage, naming every problem in every file
 */
export async function readDocuments(
  paths: readonly string[],
  flag: string,
  { terminal, lenient }: { readonly terminal: Terminal; readonly lenient: boolean },
): Promise<readonly Parsed[]> {
  const stream = readStream(await collectInputs(paths, processSources, flag), { lenient });
  const documents = await collect(stream);
  if (stream.problems.length > 0) throw new Unreadable(stream.problems);
  for (const note of stream.notes) await terminal.warn(note);
  return documents;
}
