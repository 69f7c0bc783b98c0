/** The files that a command is given. They may be read more than once: stdin is kept. */
import {
  type FileStream,
  type Input,
  LARGEST_FILE,
  type ReadOptions,
  readStream,
} from '../../config/files/index.js';
import { collectInputs, type Inputs } from '../input/files.js';
import { processSources, sourceName } from '../input/source.js';

const STDIN = '-';

export class GivenFiles {
  private inputs: Inputs | undefined;
  private stdin: Input | undefined;

  constructor(
    private readonly paths: readonly string[],
    private readonly lenient: boolean,
  ) {}

  /** Begins to read them. @throws CtlError usage, naming every path that is not there or holds nothing */
  async open(options: ReadOptions = {}): Promise<FileStream> {
    this.inputs = await collectInputs(this.paths.filter((path) => path !== STDIN));
    return readStream(this.all(this.inputs), { lenient: this.lenient, ...options });
  }

  /** How much has been read, from 0 to 1; NaN where that cannot be told, as of stdin and pipes. */
  get share(): number {
    return this.paths.includes(STDIN) || !this.inputs ? NaN : this.inputs.read / this.inputs.size;
  }

  private async *all(files: Inputs): AsyncGenerator<Input> {
    yield* files;
    if (!this.paths.includes(STDIN)) return;
    this.stdin ??= {
      path: sourceName(STDIN),
      content: await processSources.bytes(STDIN, '--file', LARGEST_FILE),
    };
    yield this.stdin;
  }
}
