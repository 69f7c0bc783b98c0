/** What is wrong with a command line, in our words: what it is, the nearest real name, what to type. */
import { stripVTControlCharacters } from 'node:util';
import { CtlError } from '../errors.js';
import { didYouMean, nearest } from '../kinds/nearest.js';
import type { ProgramConfig } from './oclif-config.js';
import { leadingWords, longestId } from './program.js';

/** What oclif's parser throws. */
interface ParseError extends Error {
  readonly flags?: readonly string[];
  readonly args?: readonly string[];
  readonly parse?: { readonly input?: { readonly flags?: Record<string, { hidden?: boolean }> } };
}

/** The usage error for an error of oclif's parser about the command with this id; anything else comes back as it is. */
export function fromOclif(error: unknown, id: string): unknown {
  if (!(error instanceof Error) || error instanceof CtlError) return error;
  const { name } = error.constructor;
  const help = `See "ctl ${spaced(id)} --help".`;
  if (name === 'NonExistentFlagsError') return unknownFlags(error as ParseError, help);
  if (name === 'UnexpectedArgsError') {
    const args = (error as ParseError).args ?? [];
    return usage(`unexpected ${args.length === 1 ? 'argument' : 'arguments'}: ${args.join(' ')}`, help);
  }
  if ('parse' in error || /^Flag --|^--\w/.test(error.message)) {
    const lines = stripVTControlCharacters(error.message).split('\n');
    const reasons = lines
      .map((line) => line.trim())
      .filter((line) => !/^(See more help|The following error)/.test(line));
    return usage(reasons.join('; '), help);
  }
  return error;
}

const usage = (message: string, hint: string): CtlError => new CtlError('usage', message, { hint });

const spaced = (id: string): string => id.replaceAll(':', ' ');

/** The error for flags that no one knows, with the nearest of those that are. Their values are never shown. */
function unknownFlags(error: ParseError, help: string): CtlError {
  const known = Object.entries(error.parse?.input?.flags ?? {})
    .filter(([, flag]) => !flag.hidden)
    .map(([name]) => `--${name}`);
  const texts = (error.flags ?? []).map(withoutValue);
  return new CtlError(
    'usage',
    `unknown flag ${texts.map((flag) => `${flag}${didYouMean(flag, known)}`).join(', ')}`,
    {
      hint: help,
      fields: texts.map((field) => ({ field, message: 'is no flag of this command' })),
    },
  );
}

const withoutValue = (flag: string): string => flag.replace(/=.*$/s, '');

/** The error for a command line that names no command: with the nearest that do, or where all of them are. */
export function unknownCommand(argv: readonly string[], config: ProgramConfig): CtlError {
  const words = leadingWords(argv);
  const [flag] = argv;
  if (words.length === 0 && flag !== undefined)
    return usage(
      `no command in front of ${withoutValue(flag)}`,
      `Flags follow the command: ctl agents list ${withoutValue(flag)}. See "ctl --help".`,
    );
  const { id, rest } = longestId(words, config.commandIDs);
  const place = id === '' ? 'ctl' : `ctl ${spaced(id)}`;
  const names = namesBelow(id, config);
  const known = id === '' ? 'See "ctl --help".' : `Commands of ${spaced(id)}: ${names.join(', ')}.`;
  const [word] = rest;
  if (word === undefined) return usage(`${place} is no command by itself`, known);
  const near = nearest(word, names).map((name) => `"${place} ${name}"`);
  const hint = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : known;
  return usage(`unknown command: ${place} ${word}`, hint);
}

/** The words that may follow an id, hidden aliases aside. */
function namesBelow(id: string, config: ProgramConfig): string[] {
  const prefix = id === '' ? '' : `${id}:`;
  const ids = config.commands.map((command) => command.id).filter((one) => one.startsWith(prefix));
  return [...new Set(ids.map((one) => one.slice(prefix.length).split(':')[0]!))].sort();
}
