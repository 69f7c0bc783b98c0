/** The files that `-f` names: files, folders with all that is in them, and stdin. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FILE_NAME, type Input, LARGEST_FILE } from '../../config/files/index.js';
import type { FieldError } from '../../errors.js';
import { inputError } from './problems.js';
import { processSources, type Sources, sourceName } from './source.js';

/**
 * Finds files, and reads each when it is asked for. A folder stands for the YAML, JSON and TOML files in it and in
 * its folders, by name; hidden ones are left out, and what several paths or links lead to comes once.
 * @param paths files, folders, or `-` for stdin
 * @param flag the flag that names them, for errors
 * @throws CtlError usage, naming every path that is not there or holds nothing
 */
export async function collectInputs(
  paths: readonly string[],
  sources: Sources = processSources,
  flag = '--file',
): Promise<AsyncIterable<Input>> {
  const finder = new Finder(flag);
  for (const path of paths) await finder.add(path);
  if (finder.problems.length > 0) throw inputError('cannot read the files', finder.problems);
  return read(finder.files, sources, flag);
}

async function* read(files: readonly string[], sources: Sources, flag: string): AsyncIterable<Input> {
  for (const file of files)
    yield { path: sourceName(file), content: await sources.bytes(file, flag, LARGEST_FILE) };
}

class Finder {
  readonly files: string[] = [];
  readonly problems: FieldError[] = [];
  /** Real paths of all that was met, so that no link leads round in a circle. */
  private readonly seen = new Set<string>();

  constructor(private readonly flag: string) {}

  async add(path: string): Promise<void> {
    if (path === '-') {
      this.files.push(path);
      return;
    }
    try {
      const isFolder = (await stat(path)).isDirectory();
      if (isFolder ? await this.folder(path) : await this.file(path)) return;
      this.refuse(`${path} holds no files: expected some that end with .yaml, .yml, .json or .toml`);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      this.refuse(
        `${path} cannot be read: ${code === 'ENOENT' ? 'there is no such file or folder' : message}`,
      );
    }
  }

  private refuse(message: string): void {
    this.problems.push({ field: this.flag, message });
  }

  private async isNew(path: string): Promise<boolean> {
    const { size } = this.seen;
    return this.seen.add(await realpath(path)).size > size;
  }

  private async file(path: string): Promise<true> {
    if (await this.isNew(path)) this.files.push(path);
    return true;
  }

  /** Whether there is any file in a folder; in one that was met before there was. */
  private async folder(path: string): Promise<boolean> {
    if (!(await this.isNew(path))) return true;
    let any = false;
    for (const name of (await readdir(path)).sort()) {
      if (name.startsWith('.')) continue;
      const inner = join(path, name);
      const isFile = FILE_NAME.test(name);
      const found = await stat(inner).catch(() => undefined);
      if (found?.isDirectory()) any = (await this.folder(inner)) || any;
      else if (found && isFile) any = await this.file(inner);
      else if (isFile) this.refuse(`${inner} cannot be read: it is a link to nothing`);
    }
    return any;
  }
}
