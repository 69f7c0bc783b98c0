/** Questions at a terminal, asked by inquirer, which is loaded with the first one. */
import { Writable } from 'node:stream';
import { CtlError } from '../../errors.js';
import type { Terminal } from '../terminal.js';

/** True, or what is wrong with an answer. */
export type Verdict = true | string;

export interface Choice {
  readonly value: string;
  readonly name: string;
}

/** The kinds of questions there are. Messages and names are printable already. */
export interface Asker {
  text(message: string, validate: (answer: string) => Verdict, initial?: string): Promise<string>;
  /** Typed behind a mask. */
  secret(message: string, validate: (answer: string) => Verdict): Promise<string>;
  confirm(message: string, initial: boolean): Promise<boolean>;
  select(message: string, choices: readonly Choice[], initial?: string): Promise<string>;
  /** Chosen from what `source` finds for a text. */
  search(message: string, source: (text: string) => Promise<Choice[]>): Promise<string>;
  /** Lines between the questions. */
  say(text: string): Promise<void>;
}

const INTERRUPTED = new Set(['ExitPromptError', 'AbortPromptError', 'CancelPromptError']);

const interrupted = (cause?: unknown): CtlError =>
  new CtlError('interrupted', 'interrupted: nothing was written', { cause });

/** The asker of a terminal. Its questions throw CtlError interrupted on Ctrl-C and at the end of the input. */
export async function askerFor(terminal: Terminal): Promise<Asker> {
  const { default: inquirer } = await import('inquirer');
  const ask = async (question: object): Promise<unknown> => {
    const prompt = inquirer.createPromptModule({ input: terminal.stdin, output: outputOf(terminal) });
    const questions = [{ ...question, name: 'answer' }] as unknown as Parameters<typeof prompt>[0];
    const ended = endOfInput(terminal.stdin);
    try {
      const answers = (await Promise.race([prompt(questions), ended.promise])) as { answer: unknown };
      return answers.answer;
    } catch (error) {
      throw error instanceof Error && INTERRUPTED.has(error.name) ? interrupted(error) : error;
    } finally {
      ended.stop();
    }
  };
  return {
    text: async (message, validate, initial) =>
      (await ask({
        type: 'input',
        message,
        validate,
        ...(initial !== undefined && { default: initial }),
      })) as string,
    secret: async (message, validate) =>
      (await ask({ type: 'password', message, validate, mask: true, toggleMask: false })) as string,
    confirm: async (message, initial) =>
      (await ask({ type: 'confirm', message, default: initial })) as boolean,
    select: async (message, choices, initial) =>
      (await ask({ type: 'select', message, choices, default: initial })) as string,
    search: async (message, source) =>
      (await ask({
        type: 'search',
        message,
        source: (text: string | undefined) => source(text ?? ''),
      })) as string,
    say: (text) => terminal.err.write(text),
  };
}

/** Colour sequences; cursor movements end with other letters. */
const COLORS = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g');

/**
 * Where questions are drawn. A new stream for each question, because inquirer ends it; without colour where the
 * terminal has none, because the library colours regardless.
 */
function outputOf(terminal: Terminal): NodeJS.WritableStream {
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string | Buffer, _, done) => {
      const text = chunk.toString();
      terminal.err.write(terminal.err.color ? text : text.replace(COLORS, '')).then(() => done(), done);
    },
  });
  return Object.assign(stream, { isTTY: true, columns: terminal.err.width });
}

/**
 * Fails when the terminal's input ends (Ctrl-D on an empty line): inquirer itself would wait for ever. The end
 * shows as a pause of the input that no answer follows.
 */
function endOfInput(stdin: NodeJS.ReadableStream): { promise: Promise<never>; stop(): void } {
  let onPause = (): void => undefined;
  const promise = new Promise<never>((_, reject) => {
    onPause = () => void setImmediate(() => reject(interrupted()));
  });
  promise.catch(() => undefined);
  stdin.on('pause', onPause);
  return { promise, stop: () => void stdin.off('pause', onPause) };
}
