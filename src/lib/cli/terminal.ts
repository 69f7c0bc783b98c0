/**
 * The streams of a command and what is known about them, decided once and injected: nothing else touches
 * `process.stdout`, `process.stderr` or the variables that speak about terminals.
 */
import { printable } from './output/printable.js';
import { type Interruptible, Spinner } from './spinner.js';

/** Whoever read our output has closed it (`ctl … | head`): a command ends quietly then, as if it were done. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/** The part of a Node stream that a terminal needs. */
export interface Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): boolean;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
  once(event: 'drain', listener: () => void): unknown;
}

export interface Output {
  readonly isTTY: boolean;
  /** Escape sequences for colour are welcome. */
  readonly color: boolean;
  /** Columns of the terminal; 80 where it does not say. */
  readonly width: number;
  /**
   * Writes text as it is; resolves when the stream can take more.
   * @throws OutputClosed when the reader has gone.
   */
  write(text: string): Promise<void>;
}

export interface TerminalOptions {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: NodeJS.ProcessEnv;
  /** `--no-color` was given. */
  readonly noColor?: boolean | undefined;
  /** `--no-input` was given. */
  readonly noInput?: boolean | undefined;
  /** What Ctrl-C interrupts [default: this process]. */
  readonly process?: Interruptible | undefined;
}

const FLUSHED = Promise.resolve();

class StreamOutput implements Output {
  readonly isTTY: boolean;
  private failure: Error | undefined;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly stream: Writable,
    readonly color: boolean,
    private readonly beforeWrite: () => void,
  ) {
    this.isTTY = stream.isTTY === true;
    stream.on('error', (error) => {
      this.failure = error.code === 'EPIPE' ? new OutputClosed('output closed', { cause: error }) : error;
      this.wake();
    });
  }

  get width(): number {
    return this.stream.columns || 80;
  }

  write(text: string): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    this.beforeWrite();
    if (this.stream.write(text)) return FLUSHED;
    if (this.waiting.length === 0) this.stream.once('drain', () => this.wake());
    return new Promise((resolve, reject) =>
      this.waiting.push(() => (this.failure ? reject(this.failure) : resolve())),
    );
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resume of waiting) resume();
  }
}

export class Terminal {
  readonly stdin: TerminalOptions['stdin'];
  readonly out: Output;
  readonly err: Output;
  /** Questions may be asked: stdin and stderr are terminals, CI is unset and --no-input was not given. */
  readonly canPrompt: boolean;
  private readonly stderr: Writable;
  private readonly spinner: Spinner;

  constructor(options: TerminalOptions) {
    const { stdin, stdout, stderr, env, noColor = false, noInput = false } = options;
    this.stdin = stdin;
    this.stderr = stderr;
    const dumb = env['TERM'] === 'dumb';
    const animate = stderr.isTTY === true && !dumb;
    this.spinner = new Spinner((text) => void stderr.write(text), animate, options.process ?? process);
    const clear = () => this.spinner.clear();
    this.out = new StreamOutput(stdout, wantsColor(stdout, env, noColor), clear);
    this.err = new StreamOutput(stderr, wantsColor(stderr, env, noColor), clear);
    this.canPrompt = stdin.isTTY === true && stderr.isTTY === true && !env['CI'] && !noInput;
  }

  /** One line on stderr that says what was done. */
  confirm(line: string): Promise<void> {
    return this.err.write(`${printable(line)}\n`);
  }

  /** One line on stderr about something that may be a mistake. */
  warn(line: string): Promise<void> {
    return this.err.write(`Warning: ${printable(line)}\n`);
  }

  /**
   * Does some work; when it takes more than 300 ms, a spinner with this text turns on stderr, if that is a
   * terminal. Text written meanwhile replaces the spinner's line.
   */
  async progress<T>(text: string, work: (say: (text: string) => void) => Promise<T>): Promise<T> {
    const width = this.stderr.columns || 80;
    this.spinner.start(printable(text), width);
    try {
      return await work((now) => this.spinner.say(printable(now), width));
    } finally {
      this.spinner.stop();
    }
  }
}

/** `--no-color` wins over FORCE_COLOR, and that over NO_COLOR, TERM=dumb and not being a terminal. */
function wantsColor(stream: Writable, env: NodeJS.ProcessEnv, noColor: boolean): boolean {
  if (noColor) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** The terminal of this process. */
export const processTerminal = (flags: Pick<TerminalOptions, 'noColor' | 'noInput'> = {}): Terminal =>
  new Terminal({
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    ...flags,
  });
