import { EventEmitter } from 'node:events';
import { describe, expect, jest, test } from '@jest/globals';
import { OutputClosed } from '../../src/lib/cli/terminal.js';
import { memoryTerminal } from '../support/terminal.js';

describe('colour', () => {
  const colorOf = (options: Parameters<typeof memoryTerminal>[0]) =>
    memoryTerminal(options).terminal.out.color;

  test.each([
    ['a terminal', { width: 80 }, true],
    ['a pipe', {}, false],
    ['--no-color', { width: 80, noColor: true }, false],
    ['--no-color over FORCE_COLOR', { noColor: true, env: { FORCE_COLOR: '1' } }, false],
    ['NO_COLOR', { width: 80, env: { NO_COLOR: '1' } }, false],
    ['an empty NO_COLOR', { width: 80, env: { NO_COLOR: '' } }, true],
    ['TERM=dumb', { width: 80, env: { TERM: 'dumb' } }, false],
    ['FORCE_COLOR in a pipe', { env: { FORCE_COLOR: '1' } }, true],
    ['FORCE_COLOR=0', { width: 80, env: { FORCE_COLOR: '0' } }, false],
  ])('%s', (_, options, expected) => expect(colorOf(options)).toBe(expected));
});

describe('prompts', () => {
  test.each([
    ['a terminal', { width: 80 }, true],
    ['a pipe', {}, false],
    ['CI', { width: 80, env: { CI: 'true' } }, false],
    ['an empty CI', { width: 80, env: { CI: '' } }, true],
    ['--no-input', { width: 80, noInput: true }, false],
  ])('%s', (_, options, expected) => expect(memoryTerminal(options).terminal.canPrompt).toBe(expected));
});

describe('writing', () => {
  test('waits for the stream to drain', async () => {
    const { terminal, stdout } = memoryTerminal();
    stdout.full = true;
    let done = false;
    const writing = terminal.out.write('a').then(() => (done = true));
    await Promise.resolve();
    expect(done).toBe(false);
    stdout.emit('drain');
    await writing;
    expect(done).toBe(true);
  });

  test('a reader that went away is OutputClosed, at once and afterwards', async () => {
    const { terminal, stdout } = memoryTerminal();
    stdout.full = true;
    const writing = terminal.out.write('a');
    stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    await expect(writing).rejects.toBeInstanceOf(OutputClosed);
    await expect(terminal.out.write('b')).rejects.toBeInstanceOf(OutputClosed);
    expect(stdout.text).toBe('a');
  });

  test('another failure of the stream stays what it is', async () => {
    const { terminal, stdout } = memoryTerminal();
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    stdout.emit('error', full);
    await expect(terminal.out.write('b')).rejects.toBe(full);
  });

  test('confirmations and warnings are one line, whatever a name holds', async () => {
    const { terminal, stdout, stderr } = memoryTerminal();
    await terminal.confirm('Created agent \u001b[2Jevil\nError: fake');
    await terminal.warn('careful');
    expect(stderr.text).toBe('Created agent \\x1b[2Jevil\\nError: fake\nWarning: careful\n');
    expect(stdout.text).toBe('');
  });
});

describe('progress', () => {
  const never = async (work: () => Promise<unknown>, options: Parameters<typeof memoryTerminal>[0]) => {
    const memory = memoryTerminal(options);
    await memory.terminal.progress('Reading', work);
    return memory.stderr.text;
  };
  const after = (ms: number) => () => new Promise((resolve) => setTimeout(resolve, ms));

  test('short work shows nothing', async () => {
    expect(await never(after(5), { width: 80 })).toBe('');
  });

  test('a pipe shows nothing', async () => {
    expect(await never(after(350), {})).toBe('');
  });

  test('long work shows a line, takes it away, and gives way to output', async () => {
    jest.useFakeTimers();
    try {
      const { terminal, stdout, stderr } = memoryTerminal({ width: 40 });
      let finish: (result: string) => void = () => undefined;
      const work = terminal.progress('Reading', () => new Promise<string>((resolve) => (finish = resolve)));
      jest.advanceTimersByTime(299);
      expect(stderr.text).toBe('');
      jest.advanceTimersByTime(1);
      expect(stderr.text).toBe('\r⠋ Reading\u001b[K');
      await terminal.out.write('row\n');
      expect(stderr.text).toBe('\r⠋ Reading\u001b[K\r\u001b[K');
      expect(stdout.text).toBe('row\n');
      jest.advanceTimersByTime(80);
      finish('done');
      expect(await work).toBe('done');
      expect(stderr.text.endsWith('\r⠙ Reading\u001b[K\r\u001b[K')).toBe(true);
    } finally {
      jest.useRealTimers();
    }
  });

  test('gives way to Ctrl-C, which exits with 130; without a line Ctrl-C is left to the system', async () => {
    jest.useFakeTimers();
    try {
      const codes: number[] = [];
      const process = Object.assign(new EventEmitter(), { exit: (code: number) => codes.push(code) });
      const { terminal, stderr } = memoryTerminal({ width: 40, process });
      let finish: (result: string) => void = () => undefined;
      const work = terminal.progress('Reading', () => new Promise<string>((resolve) => (finish = resolve)));
      expect(process.listenerCount('SIGINT')).toBe(0);
      jest.advanceTimersByTime(300 + 80);
      expect(process.listenerCount('SIGINT')).toBe(1);
      process.emit('SIGINT');
      expect(codes).toEqual([130]);
      expect(stderr.text.endsWith('Reading\u001b[K\r\u001b[K')).toBe(true);
      expect(process.listenerCount('SIGINT')).toBe(0);
      finish('done');
      await work;
    } finally {
      jest.useRealTimers();
    }
  });

  test('stops when the work fails', async () => {
    const { terminal } = memoryTerminal({ width: 40 });
    const failure = new Error('no');
    await expect(terminal.progress('Reading', () => Promise.reject(failure))).rejects.toBe(failure);
  });
});
