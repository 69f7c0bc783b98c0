import { describe, expect, test } from '@jest/globals';
import { CtlError } from '../../src/lib/errors.js';
import { errorText, presentError } from '../../src/lib/cli/output/errors.js';
import { memoryTerminal } from '../support/terminal.js';

const invalid = new CtlError('usage', 'cannot create agent 1001', {
  fields: [
    { field: '--username', message: 'is "10 01": expected text without spaces' },
    { field: 'agents.yaml:3:1 domainRef', message: 'names no domain' },
  ],
  hint: 'See "ctl agents create --help".',
});

describe('errors for people', () => {
  test('what failed, why, what to type', () => {
    expect(errorText(invalid)).toBe(
      'Error: cannot create agent 1001\n' +
        '  --username is "10 01": expected text without spaces\n' +
        '  agents.yaml:3:1 domainRef names no domain\n' +
        'See "ctl agents create --help".\n',
    );
  });

  test('a reason that the first line has is not repeated', () => {
    const error = new CtlError('usage', 'cannot print: --output "x" is no format', {
      fields: [{ field: '--output', message: '"x" is no format' }],
    });
    expect(errorText(error)).toBe('Error: cannot print: --output "x" is no format\n');
  });

  test('hostile text is shown, not obeyed, and lines cannot be forged', () => {
    const text = errorText(
      new CtlError('conflict', 'agent \u001b[2J\nError: other', {
        fields: [{ field: 'na\nme', message: '\u009b31m' }],
      }),
    );
    expect(text).toBe('Error: agent \\x1b[2J\n  Error: other\n  na\\nme \\x9b31m\n');
  });

  test('red on a terminal with colour', async () => {
    const { terminal, stderr } = memoryTerminal({ width: 80 });
    await presentError(terminal, new CtlError('usage', 'no'));
    expect(stderr.text).toBe('\u001b[31mError:\u001b[39m no\n');
  });
});

describe('errors for programs', () => {
  test.each(['json', 'yaml'])('-o %s is one JSON object on stderr', async (format) => {
    const { terminal, stdout, stderr } = memoryTerminal();
    await presentError(terminal, invalid, { format });
    expect(stdout.text).toBe('');
    expect(stderr.text.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stderr.text)).toEqual({
      code: 'usage',
      message: 'cannot create agent 1001',
      hint: invalid.hint,
      field: '--username',
      fields: invalid.fields,
    });
  });

  test('absent members are null', async () => {
    const { terminal, stderr } = memoryTerminal();
    await presentError(terminal, new CtlError('not-found', 'gone'), { format: 'json' });
    expect(JSON.parse(stderr.text)).toEqual({
      code: 'not-found',
      message: 'gone',
      hint: null,
      field: null,
      fields: [],
    });
  });
});

describe('stack traces', () => {
  const error = new CtlError('internal', 'broken', { cause: new TypeError('inner') });

  test('only with --debug, and with what caused it', async () => {
    const quiet = memoryTerminal();
    await presentError(quiet.terminal, error);
    expect(quiet.stderr.text).toBe('Error: broken\n');
    const loud = memoryTerminal();
    await presentError(loud.terminal, error, { debug: true });
    expect(loud.stderr.text).toMatch(
      /^Error: broken\nCtlError: broken\n {4}at [^]*Caused by: TypeError: inner\n {4}at /,
    );
  });

  test('are a member of the JSON object', async () => {
    const { terminal, stderr } = memoryTerminal();
    await presentError(terminal, error, { debug: true, format: 'json' });
    expect((JSON.parse(stderr.text) as { stack: string }).stack).toMatch(
      /^CtlError: broken\n[^]*TypeError: inner/,
    );
  });
});
