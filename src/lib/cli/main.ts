/** The one place where commands end: results were printed, errors become text and an exit code. */
import { Config, run } from '@oclif/core';
import { CtlError } from '../errors.js';
import { outputFormat } from './base.js';
import { presentError } from './output/errors.js';
import { fromOclif } from './parse-errors.js';
import { OutputClosed, processTerminal } from './terminal.js';

/** Runs a command line; sets the exit code of the process. */
export async function main(argv: string[], root: string): Promise<void> {
  const config = await Config.load(root);
  try {
    await run(argv, config);
  } catch (error) {
    process.exitCode = await report(fromOclif(error, config, argv), argv);
  }
}

async function report(error: unknown, argv: readonly string[]): Promise<number> {
  if (error instanceof OutputClosed) return 0;
  const exit = (error as { oclif?: { exit?: number } }).oclif?.exit;
  if (exit === 0) return 0;
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
