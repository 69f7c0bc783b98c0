/** `ctl help`: the page of a command, or of a subject that is no command. */
import { Args } from '@oclif/core';
import { CtlError, exitCodes, type ErrorCode } from '../errors.js';
import { nearest } from '../kinds/nearest.js';
import { rejections, warnings } from '../routing/reasons.js';
import { BaseCommand } from './base.js';
import type { ProgramConfig } from './oclif-config.js';
import { example } from './verbs/examples.js';

const CODES: Record<ErrorCode, string> = {
  'answer-no':
    'the command worked and the answer is no: the call is rejected, a test fails, lint has errors, an invariant is not proved, --exit-code found changes, a token is not valid',
  usage: 'bad, missing or conflicting input, or an invalid file',
  'not-found': 'not found',
  conflict: 'conflict: it exists, is still referred to, or was changed meanwhile',
  permission: 'not authenticated or not permitted',
  unavailable: 'the daemon is unreachable or overloaded, or the deadline passed',
  internal: 'internal error: a bug, please report it',
  interrupted: 'interrupted',
};

const lines = (rows: readonly (readonly [string | number, string])[]): string => {
  const width = Math.max(...rows.map(([name]) => String(name).length));
  return rows.map(([name, text]) => `  ${String(name).padEnd(width)}  ${text}`).join('\n');
};

const subjects: Record<string, () => string> = {
  'exit-codes': () =>
    `EXIT CODES\n${lines([[0, 'done; the answer is yes'], ...Object.entries(CODES).map(([code, text]) => [exitCodes[code as ErrorCode], text] as const)])}\n`,
  reasons: () =>
    `WHY A CALL IS REJECTED\n${lines(Object.entries(rejections).map(([reason, [status, text]]) => [`${status} ${reason}`, text]))}\n\nWARNINGS\n${lines(Object.entries(warnings))}\n`,
};

export class HelpCommand extends BaseCommand {
  static override summary = 'show help for a command, exit-codes or reasons';
  static override strict = false;
  static override args = {
    subject: Args.string({ description: 'a command, a topic, exit-codes or reasons', required: false }),
  };
  static override examples = [
    example('Help for a command', 'help agents create'),
    example('What the exit codes mean', 'help exit-codes'),
  ];

  protected override async execute(): Promise<void> {
    const [word = ''] = this.positional;
    const subject = subjects[word];
    if (subject) return this.terminal.out.write(subject());
    const near = nearest(word, Object.keys(subjects));
    if (near.length > 0)
      throw new CtlError('usage', `there is no help on "${word}"`, {
        hint: `Did you mean "ctl help ${near.join('" or "ctl help ')}"?`,
      });
    const { helpPage } = await import('./help.js');
    await this.terminal.out.write(
      helpPage(this.config as unknown as ProgramConfig, this.positional, this.terminal.out),
    );
  }
}
