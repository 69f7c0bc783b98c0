import { describe, expect, test } from '@jest/globals';
import { type Asker, askerFor } from '../../src/lib/cli/input/asker.js';
import { type MemoryTerminal, memoryTerminal } from '../support/terminal.js';

/** Types each text once its cue stands on the terminal after the text before. */
async function typing<T>(
  script: readonly (readonly [cue: string, keys: string])[],
  question: (asker: Asker) => Promise<T>,
  options: Parameters<typeof memoryTerminal>[0] = {},
): Promise<{ answer: T; memory: MemoryTerminal }> {
  const memory = memoryTerminal({ width: 80, ...options });
  const pending = [...script];
  let read = 0;
  const timer = setInterval(() => {
    const [next] = pending;
    if (!next || !memory.stderr.text.slice(read).includes(next[0])) return;
    read = memory.stderr.text.length;
    pending.shift();
    memory.stdin.write(next[1]);
  }, 20);
  try {
    return { answer: await question(await askerFor(memory.terminal)), memory };
  } finally {
    clearInterval(timer);
  }
}

const anything = () => true as const;

describe('questions at a terminal', () => {
  test('go to stderr, and check the answer', async () => {
    const { answer, memory } = await typing(
      [
        ['Name:', 'x\r'],
        ['too short', 'yz\r'],
      ],
      (asker) => asker.text('Name:', (text) => (text.length > 1 ? true : 'too short')),
    );
    expect(answer).toBe('xyz');
    expect(memory.stdout.text).toBe('');
  });

  test('have no colour where the terminal has none', async () => {
    const ask = (asker: Asker) => asker.text('\u001b[31mName:\u001b[39m', anything);
    const color = await typing([['Name:', 'x\r']], ask);
    expect(color.memory.stderr.text).toContain('\u001b[31mName:');
    const { memory } = await typing([['Name:', 'x\r']], ask, { noColor: true });
    expect(memory.stderr.text).not.toContain('\u001b[31m');
  });

  test('hide secrets', async () => {
    const { answer, memory } = await typing([['Password:', 'hunter2\r']], (asker) =>
      asker.secret('Password:', anything),
    );
    expect(answer).toBe('hunter2');
    expect(memory.stderr.text).not.toContain('hunter');
  });

  test('choose from what a search finds', async () => {
    const { answer } = await typing(
      [
        ['main', 'oth'],
        ['other', '\r'],
      ],
      (asker) =>
        asker.search('Profile:', (text) =>
          Promise.resolve(text === 'oth' ? [{ value: '2', name: 'other' }] : [{ value: '1', name: 'main' }]),
        ),
    );
    expect(answer).toBe('2');
  });

  test('choose from a list, and say yes or no', async () => {
    const { answer } = await typing([['Privacy:', '\r']], (asker) =>
      asker.select(
        'Privacy:',
        [
          { value: 'PRIVATE', name: 'PRIVATE' },
          { value: 'NONE', name: 'NONE' },
        ],
        'NONE',
      ),
    );
    expect(answer).toBe('NONE');
    expect((await typing([['Sure?', 'n\r']], (asker) => asker.confirm('Sure?', true))).answer).toBe(false);
  });

  test.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('%s interrupts', async (_, key) => {
    const question = typing([['Name:', key]], (asker) => asker.text('Name:', anything));
    await expect(question).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 });
  });
});
