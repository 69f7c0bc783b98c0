/** The files that `-f` names: files, folders with all that is in them, and stdin. */
import type { Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FILE_NAME, type Input, LARGEST_FILE } from '../../config/files/index.js';
import type { FieldError } from '../../errors.js';
import { inputError } from './problems.js';
import { processSources, type Sources, sourceName } from './source.js';

/** Which files of a folder are meant. */
export interface Names {
  readonly pattern: RegExp;
  /** How their names end, for whoever has none there. */
  readonly shown: string;
}

const CONFIGURATION: Names = { pattern: FILE_NAME, shown: '.yaml, .yml, .json or .toml' };

/**
 * Finds files, and reads each when it is asked for. A folder stands for the YAML, JSON and TOML files in it and in
 * its folders, by name; hidden ones are left out, and what several paths or links lead to comes once.
 * Other names of files in folders can be asked for.
 * @param paths files, folders, or `-` for stdin
 * @param flag the flag that names them, for errors
 * @throws CtlError usage, naming every path that is not there or holds nothing
 */
export async function collectInputs(
  paths: readonly string[],
  sources: Sources = processSources,
  flag = '--file',
  names = CONFIGURATION,
): Promise<Inputs> {
  const finder = new Finder(flag, names);
  for (const path of paths) await finder.add(path);
  if (finder.problems.length > 0) throw inputError('cannot read the files', finder.problems);
  return new Inputs(finder.files, finder.size, sources, flag);
}

/** Files, read as they are asked for. */
export class Inputs implements AsyncIterable<Input> {
  /** Bytes that have been read so far. */
  read = 0;

  /** @param size the bytes of all of them; NaN where that is not known */
  constructor(
    private readonly files: readonly string[],
    readonly size: number,
    private readonly sources: Sources,
    private readonly flag: string,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Input> {
    for (const file of this.files) yield { path: sourceName(file), content: this.pieces(file) };
  }

  private async *pieces(file: string): AsyncGenerator<Uint8Array> {
    for await (const piece of this.sources.pieces(file, this.flag, LARGEST_FILE)) {
      this.read += piece.length;
      yield piece;
    }
  }
}

class Finder {
  readonly files: string[] = [];
  readonly problems: FieldError[] = [];
  /** Bytes of all files; NaN when one is a pipe or the like. */
  size = 0;
  /** Real paths of all that was met, so that no link leads round in a circle. */
  private readonly seen = new Set<string>();

  constructor(
    private readonly flag: string,
    private readonly names: Names,
  ) {}

  async add(path: string): Promise<void> {
    if (path === '-') {
      this.files.push(path);
      this.size = NaN;
      return;
    }
    try {
      const found = await stat(path);
      if (found.isDirectory() ? await this.folder(path) : await this.file(path, found)) return;
      this.refuse(`${path} holds no files: expected some that end with ${this.names.shown}`);
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

  private async file(path: string, found: Stats): Promise<true> {
    if (await this.isNew(path)) {
      this.files.push(path);
      this.size += found.isFile() ? found.size : NaN;
    }
    return true;
  }

  /** Whether there is any file in a folder; in one that was met before there was. */
  private async folder(path: string): Promise<boolean> {
    if (!(await this.isNew(path))) return true;
    let any = false;
    for (const name of (await readdir(path)).sort()) {
      if (name.startsWith('.')) continue;
      const inner = join(path, name);
      const isFile = this.names.pattern.test(name);
      const found = await stat(inner).catch(() => undefined);
      if (found?.isDirectory()) any = (await this.folder(inner)) || any;
      else if (found && isFile) any = await this.file(inner, found);
      else if (isFile) this.refuse(`${inner} cannot be read: it is a link to nothing`);
    }
    return any;
  }
}
