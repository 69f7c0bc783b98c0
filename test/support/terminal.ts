/** A terminal over memory: what was written is kept, and what it claims to be is chosen by the test. */
import { PassThrough } from 'node:stream';
import type { Interruptible } from '../../src/lib/cli/spinner.js';
import { Terminal, type Writable } from '../../src/lib/cli/terminal.js';

type Listener = (...args: never[]) => void;

/** A stream that keeps what is written to it; `full` makes it ask for a pause after every write. */
export class MemoryStream implements Writable {
  text = '';
  full = false;
  readonly listeners: Record<string, Listener[]> = {};

  constructor(
    readonly isTTY: boolean,
    readonly columns: number = 80,
  ) {}

  write(text: string): boolean {
    this.text += text;
    return !this.full;
  }

  on(event: string, listener: Listener): this {
    (this.listeners[event] ??= []).push(listener);
    return this;
  }

  once(event: string, listener: Listener): this {
    return this.on(event, listener);
  }

  emit(event: string, ...args: unknown[]): void {
    for (const listener of this.listeners[event] ?? []) (listener as (...args: unknown[]) => void)(...args);
  }
}

export interface MemoryTerminal {
  readonly terminal: Terminal;
  readonly stdout: MemoryStream;
  readonly stderr: MemoryStream;
  readonly stdin: PassThrough & { isTTY?: boolean };
}

/** A terminal of the given width, or a pipe when there is none. */
export function memoryTerminal({
  width,
  env = {},
  ...flags
}: {
  width?: number;
  env?: NodeJS.ProcessEnv;
  noColor?: boolean;
  noInput?: boolean;
  process?: Interruptible;
} = {}): MemoryTerminal {
  const isTTY = width !== undefined;
  const stdout = new MemoryStream(isTTY, width);
  const stderr = new MemoryStream(isTTY, width);
  const stdin = Object.assign(new PassThrough(), { isTTY });
  return { terminal: new Terminal({ stdin, stdout, stderr, env, ...flags }), stdout, stderr, stdin };
}
