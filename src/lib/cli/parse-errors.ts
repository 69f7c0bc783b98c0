/** oclif's errors about the command line, in our words: what is wrong, the nearest real name, what to type. */
import type { Config } from '@oclif/core';
import { CtlError } from '../errors.js';
import { didYouMean, nearest } from '../kinds/nearest.js';

interface ParseError extends Error {
  readonly flags?: readonly string[];
  readonly args?: readonly string[];
  readonly parse?: { readonly input?: { readonly flags?: Record<string, { hidden?: boolean }> } };
}

/** The usage error for an error of oclif's parser; anything else comes back as it is. */
export function fromOclif(error: unknown, config: Config, argv: readonly string[]): unknown {
  if (!(error instanceof Error) || error instanceof CtlError) return error;
  const { name } = error.constructor;
  const help = `See "ctl ${commandOf(config, argv)} --help".`.replace('  ', ' ');
  if (name === 'NonExistentFlagsError') return unknownFlags(error as ParseError, help);
  if (name === 'UnexpectedArgsError') {
    const args = (error as ParseError).args ?? [];
    return usage(`unexpected ${args.length === 1 ? 'argument' : 'arguments'}: ${args.join(' ')}`, help);
  }
  if ('parse' in error || /^Flag --|^--\w/.test(error.message)) {
    const lines = error.message.replace(/\u001b\[[\d;]*m/g, '').split('\n');
    const reasons = lines
      .map((line) => line.trim())
      .filter((line) => !/^(See more help|The following error)/.test(line));
    return usage(reasons.join('; '), help);
  }
  const unknown = /^command (.*) not found$/s.exec(error.message);
  return unknown ? unknownCommand(unknown[1]!, config, argv) : error;
}

const usage = (message: string, hint: string): CtlError => new CtlError('usage', message, { hint });

/** The error for flags that no one knows, with the nearest of those that are. Their values are never shown. */
export function unknownFlag(flags: readonly string[], known: Iterable<string>, help: string): CtlError {
  const names = [...known].map((name) => `--${name}`);
  const texts = flags.map((flag) => flag.replace(/=.*$/s, ''));
  return new CtlError(
    'usage',
    `unknown flag ${texts.map((flag) => `${flag}${didYouMean(flag, names)}`).join(', ')}`,
    {
      hint: help,
      fields: texts.map((field) => ({ field, message: 'is no flag of this command' })),
    },
  );
}

function unknownFlags(error: ParseError, help: string): CtlError {
  const known = Object.entries(error.parse?.input?.flags ?? {}).filter(([, flag]) => !flag.hidden);
  return unknownFlag(
    error.flags ?? [],
    known.map(([name]) => name),
    help,
  );
}

/** The words of the command line that are a topic or a command. */
function commandOf(config: Config, argv: readonly string[]): string {
  let id = '';
  for (const word of argv) {
    const next = id === '' ? word : `${id}:${word}`;
    if (!config.findCommand(next) && !config.findTopic(next)) break;
    id = next;
  }
  return id.replaceAll(':', ' ');
}

function unknownCommand(id: string, config: Config, argv: readonly string[]): CtlError {
  const topic = commandOf(config, argv);
  const word = id.split(':')[topic === '' ? 0 : topic.split(' ').length] ?? id;
  const prefix = topic === '' ? '' : `${topic.replaceAll(' ', ':')}:`;
  const names = [...config.commandIDs, ...config.topics.map(({ name }) => name)]
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length).split(':')[0]!);
  const near = nearest(word, new Set(names)).map((name) => `ctl ${topic === '' ? '' : `${topic} `}${name}`);
  const known = [...new Set(names)].sort().join(', ');
  return new CtlError('usage', `unknown command: ctl ${topic === '' ? '' : `${topic} `}${word}`, {
    hint:
      near.length > 0
        ? `Did you mean "${near.join('" or "')}"?`
        : `Commands${topic ? ` of ${topic}` : ''}: ${known}.`,
  });
}
