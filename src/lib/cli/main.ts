/**
 * Where command lines begin and end: from words to a command or a page of help; errors become text and an exit code.
 * It takes the place of oclif's own `run`, which loads its configuration from disk, twice for a command.
 */
import { CtlError } from '../errors.js';
import { outputFormat } from './base.js';
import { ProgramConfig } from './oclif-config.js';
import { presentError } from './output/errors.js';
import { fromOclif, unknownCommand } from './parse-errors.js';
import { leadingWords, longestId, type Program } from './program.js';
import { OutputClosed, processTerminal } from './terminal.js';

/** Runs a command line; sets the exit code of the process. */
export async function main(argv: string[], program: Program): Promise<void> {
  try {
    await dispatch(argv, new ProgramConfig(program));
  } catch (error) {
    process.exitCode = await report(error, argv);
  }
}

/** Does what a command line asks for. @throws what the command throws; CtlError usage, for an unknown command */
async function dispatch(argv: string[], config: ProgramConfig): Promise<void> {
  if (argv[0] === '--version')
    return write(`${config.name}/${config.version} node-${process.version}\n`, argv);
  if (asksForHelp(argv)) return help(argv, config);
  const words = leadingWords(argv);
  const { commands } = config.program;
  const { id, rest } = longestId(words, Object.keys(commands));
  const entry = commands[id];
  if (entry) return run(entry, argv.slice(words.length - rest.length), config);
  if (id !== '' && words.length === argv.length && rest.length === 0) return help(argv, config);
  throw unknownCommand(argv, config);
}

/** Like oclif: without any words, and wherever a help flag stands before `--`. */
function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  return argv.length === 0 || words.includes('--help') || words.includes('-h');
}

async function run(
  { id, load }: Program['commands'][string],
  argv: string[],
  config: ProgramConfig,
): Promise<void> {
  const { default: Command } = await load();
  Command.id = id;
  try {
    await new Command(argv, config.forOclif).run();
  } catch (error) {
    throw fromOclif(error, id);
  }
}

async function help(argv: readonly string[], config: ProgramConfig): Promise<void> {
  const { helpPage } = await import('./help.js');
  const { out } = processTerminal({ noColor: argv.includes('--no-color') });
  const words = argv.filter((word) => !word.startsWith('-'));
  await out.write(helpPage(config, words, out));
}

const write = (text: string, argv: readonly string[]): Promise<void> =>
  processTerminal({ noColor: argv.includes('--no-color') }).out.write(text);

/** Shows an error. @returns the exit code */
async function report(error: unknown, argv: readonly string[]): Promise<number> {
  if (error instanceof OutputClosed) return 0;
  const terminal = processTerminal({ noColor: argv.includes('--no-color') });
  const known = error instanceof CtlError ? error : bug(error);
  await presentError(terminal, known, { format: requestedFormat(argv), debug: argv.includes('--debug') });
  return known.exitCode;
}

const bug = (error: unknown): CtlError =>
  new CtlError('internal', error instanceof Error ? error.message : String(error), { cause: error });

/** The format that the command line asks for, even where it could not be parsed. */
function requestedFormat(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => word === '-o' || word === '--output');
  const joined = argv.map((word) => /^(?:-o=?|--output=)(\w+)$/.exec(word)?.[1]).find(Boolean);
  return outputFormat({ json: argv.includes('--json'), output: at >= 0 ? argv[at + 1] : joined });
}
