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

/** The asker of a terminal. Its questions throw CtlError interrupted on Ctrl-C and at the end of the input. */
export async function askerFor(terminal: Terminal): Promise<Asker> {
  const { default: inquirer } = await import('inquirer');
  const ask = async (question: object): Promise<unknown> => {
    const ended = endOfInput(terminal.stdin);
    const prompt = inquirer.createPromptModule({
      input: terminal.stdin,
      output: outputOf(terminal),
      signal: ended.signal,
    });
    const questions = [{ ...question, name: 'answer' }] as unknown as Parameters<typeof prompt>[0];
    try {
      return ((await prompt(questions)) as { answer: unknown }).answer;
    } catch (error) {
      if (!(error instanceof Error && INTERRUPTED.has(error.name))) throw error;
      throw new CtlError('interrupted', 'interrupted: nothing was written', { cause: error });
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
 * A signal for the end of the terminal's input (Ctrl-D on an empty line), for which inquirer itself would wait for
 * ever: the input pauses, and no answer follows. It also pauses once when a suspended process goes on, and is to be
 * resumed then.
 */
function endOfInput(stdin: NodeJS.ReadableStream): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  let continued = false;
  const onContinue = () => void (continued = true);
  const onPause = () => {
    if (continued) stdin.resume();
    else setImmediate(() => controller.abort());
    continued = false;
  };
  process.on('SIGCONT', onContinue);
  stdin.on('pause', onPause);
  const stop = () => {
    process.off('SIGCONT', onContinue);
    stdin.off('pause', onPause);
  };
  return { signal: controller.signal, stop };
}
