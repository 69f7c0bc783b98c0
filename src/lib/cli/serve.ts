/** `ctl serve`: the daemon in the foreground. The daemon itself is handed in, so that no other command loads it. */
import { Flags } from '@oclif/core';
import { CtlError } from '../errors.js';
import { BaseCommand } from './base.js';
import { parseRevision } from './input/revision.js';
import { readSecret } from './input/secret.js';
import { processSources } from './input/source.js';
import { example } from './verbs/examples.js';

export interface ServeOptions {
  readonly listen: string;
  /** Absent: in memory. */
  readonly dataDir: string | undefined;
  /** PEM of the public key that connect tokens are verified with. */
  readonly connectTokenKey: string | undefined;
  readonly insecure: boolean;
  /** Newest revisions to keep; absent: all. */
  readonly keep: number | undefined;
  readonly log: { readonly level: string; readonly format: string };
  readonly version: string;
}

export interface Running {
  /** `host:port` it listens on. */
  readonly address: string;
  /** What keeps the resources, in words. */
  readonly store: string;
  readonly revision: number;
  /** Finishes the calls in flight and closes the store. */
  stop(): Promise<void>;
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
const FORMATS = ['pretty', 'json'] as const;

/** The command, over what starts a daemon and what names its default data directory. */
export function serveCommand(
  load: () => Promise<{ start(options: ServeOptions): Promise<Running>; defaultDataDir(): string }>,
): typeof BaseCommand {
  return class extends BaseCommand {
    static override summary = 'run the daemon';
    static override description =
      'Keeps the resources and answers over gRPC, in the foreground, until SIGTERM or SIGINT; then it finishes the calls in flight and exits with 0.';
    static override flags = {
      listen: Flags.string({
        summary: 'address to listen on; port 0 picks a free one [default: 127.0.0.1:51908]',
        helpValue: '<host:port>',
      }),
      'data-dir': Flags.string({
        summary: "folder of the store, created when missing [default: the platform's state folder for ctl]",
        helpValue: '<dir>',
        exclusive: ['ephemeral'],
      }),
      ephemeral: Flags.boolean({ summary: 'keep everything in memory, and lose it at the end' }),
      'connect-token-key': Flags.string({
        summary: 'public key (PEM) that connect tokens are verified with',
        helpValue: '<file>',
      }),
      keep: Flags.string({
        summary: 'revisions of the history to keep, the newest [default: all]',
        helpValue: '<number>',
      }),
      insecure: Flags.boolean({ char: 'i', summary: 'allow an address that is not loopback, without TLS' }),
      'log-level': Flags.string({
        summary: 'least severe level to log [default: info]',
        helpValue: LEVELS.join('|'),
      }),
      'log-format': Flags.string({
        summary: 'format of the log [default: pretty on a terminal, else json]',
        helpValue: FORMATS.join('|'),
      }),
    };
    static override examples = [
      example('Try it, without keeping anything', 'serve --ephemeral'),
      example('Keep the store in a folder', 'serve --listen 127.0.0.1:51908 --data-dir ./data'),
    ];

    protected override async execute(): Promise<void> {
      const keyFile = this.text('connect-token-key');
      const log = {
        level: oneOf(LEVELS, this.text('log-level') ?? 'info', '--log-level'),
        format: oneOf(
          FORMATS,
          this.text('log-format') ?? (this.terminal.err.isTTY ? 'pretty' : 'json'),
          '--log-format',
        ),
      };
      const connectTokenKey =
        keyFile === undefined ? undefined : await readSecret(processSources, keyFile, '--connect-token-key');
      const keepText = this.text('keep');
      const keep = keepText === undefined ? undefined : parseRevision(keepText, '--keep');
      const { start, defaultDataDir } = await load();
      const daemon = await start({
        listen: this.text('listen') ?? '127.0.0.1:51908',
        dataDir: this.on('ephemeral') ? undefined : (this.text('data-dir') ?? defaultDataDir()),
        connectTokenKey,
        insecure: this.on('insecure'),
        keep,
        log,
        version: this.config.version,
      });
      await this.terminal.confirm(
        `ctl listens on ${daemon.address}, store ${daemon.store}, revision ${daemon.revision}`,
      );
      await signalled();
      await daemon.stop();
    }
  };
}

function oneOf<T extends string>(values: readonly T[], text: string, flag: string): T {
  const found = values.find((value) => value === text.toLowerCase());
  if (found) return found;
  const message = `${JSON.stringify(text)} is none of ${values.join(', ')}`;
  throw new CtlError('usage', `${flag} ${message}`, { fields: [{ field: flag, message }] });
}

/** Resolves with the first SIGTERM or SIGINT; a second one ends the process at once. */
const signalled = (): Promise<void> =>
  new Promise((resolve) => {
    const signals = ['SIGTERM', 'SIGINT'] as const;
    const stop = () => {
      for (const signal of signals) process.removeListener(signal, stop);
      resolve();
    };
    for (const signal of signals) process.once(signal, stop);
  });
