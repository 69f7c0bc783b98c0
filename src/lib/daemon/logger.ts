/** The daemon's log, on stderr. Requests and documents are never logged, so secrets cannot be. */
import { pino, type Logger } from 'pino';
import { CtlError } from '../errors.js';

export type { Logger };

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export const logFormats = ['pretty', 'json'] as const;

export interface LogOptions {
  readonly level: string;
  readonly format: string;
}

/** @throws CtlError usage for a level or format that does not exist */
export async function createLogger({ level, format }: LogOptions): Promise<Logger> {
  check('log level', level, logLevels);
  check('log format', format, logFormats);
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (format === 'json') return pino(options, pino.destination({ fd: 2, sync: true }));
  const { default: pretty } = await import('pino-pretty');
  return pino(
    options,
    pretty({ destination: 2, sync: true, colorize: process.stderr.isTTY, translateTime: 'SYS:HH:MM:ss' }),
  );
}

function check(what: string, value: string, values: readonly string[]): void {
  if (!values.includes(value))
    throw new CtlError('usage', `the ${what} is "${value}": expected one of ${values.join(', ')}`);
}
