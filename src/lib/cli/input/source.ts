/** Files and stdin as input: bounded, valid UTF-8, and stdin for one taker only. */
import { createReadStream } from 'node:fs';
import { CtlError } from '../../errors.js';
import { inputError } from './problems.js';
import { encodingFault } from './utf8.js';

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
};

/** Of files: a whole one in most cases. */
const PIECES = { highWaterMark: 256 * 1024 };

/** How errors call a source: `-` is stdin. */
export const sourceName = (path: string): string => (path === '-' ? 'stdin' : path);

export class Sources {
  private stdinTaker: string | undefined;

  /** @param stdin is called when stdin is first read: opening it has side effects */
  constructor(private readonly stdin: () => AsyncIterable<Buffer | string>) {}

  /**
   * The text of a file, or of stdin for `-`.
   * @param flag the flag that names it, for errors: `--file`
   * @param limit the most bytes it may have
   * @throws CtlError usage: cannot be read, too large, not UTF-8, stdin taken twice
   */
  async read(path: string, flag: string, limit: number): Promise<string> {
    const bytes = await this.bytes(path, flag, limit);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      throw sourceError(path, flag, encodingFault(bytes));
    }
  }

  /** The same as bytes, whatever they are. */
  async bytes(path: string, flag: string, limit: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.pieces(path, flag, limit)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /** The same piece by piece. */
  async *pieces(path: string, flag: string, limit: number): AsyncGenerator<Buffer> {
    let size = 0;
    try {
      for await (const piece of path === '-' ? this.takeStdin(flag) : createReadStream(path, PIECES)) {
        const bytes = Buffer.from(piece as Buffer);
        size += bytes.length;
        if (size > limit) throw problem(path, flag, `is larger than ${limit} bytes: expected less`);
        yield bytes;
      }
    } catch (error) {
      throw openFault(error, path, flag);
    }
  }

  /** Stdin itself. @throws CtlError usage when it was taken before */
  takeStdin(flag: string): AsyncIterable<Buffer | string> {
    if (this.stdinTaker !== undefined)
      throw inputError('cannot read stdin', [
        {
          field: flag,
          message: `is -, and so is ${this.stdinTaker}: stdin can be read once, expected a file`,
        },
      ]);
    this.stdinTaker = flag;
    return this.stdin();
  }
}

/**
 * The error for a source in which something is wrong, in a line or as a whole. A file that nobody names by a flag is
 * named once: `.ctl-lint.yaml`.
 */
export function sourceError(
  path: string,
  flag: string,
  { line, message }: { readonly line?: number | undefined; readonly message: string },
): CtlError {
  const name = sourceName(path);
  const place = line === undefined ? name : `${name}:${line}`;
  const text = flag === path && line === undefined ? message : `${place} ${message}`;
  return inputError(`cannot read ${name}`, [{ field: flag, message: text }]);
}

const problem = (path: string, flag: string, message: string): CtlError =>
  sourceError(path, flag, { message });

/** Why a source cannot be read; an error that says so already stays as it is. */
export function openFault(error: unknown, path: string, flag: string): CtlError {
  if (error instanceof CtlError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return problem(path, flag, `cannot be read: ${REASONS[code] ?? message}`);
}

/** The files and stdin of this process. */
export const processSources = new Sources(() => process.stdin);
