/** What `ctl serve` starts: a logger and the daemon, and the folder it keeps its store in by default. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createLogger, type LogOptions } from './logger.js';
import { type Daemon, type DaemonOptions, startDaemon } from './server.js';

export interface ServeOptions extends Omit<DaemonOptions, 'logger'> {
  readonly log: LogOptions;
}

/** Starts the daemon. Errors as `startDaemon` and `createLogger`. */
export const start = async ({ log, ...options }: ServeOptions): Promise<Daemon> =>
  startDaemon({ ...options, logger: await createLogger(log) });

/** The platform's folder for state that should outlive a restart (XDG Base Directory Specification on Linux). */
export function defaultDataDir(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'ctl');
  if (process.platform === 'win32')
    return join(process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'ctl');
  return join(process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'ctl');
}
