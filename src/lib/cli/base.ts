/** What every command shares: terminal, flags, client, printing. A command says what to do; `main` handles errors. */
import { Command, type Interfaces } from '@oclif/core';
import { endpointFrom, type Endpoint } from '../api/endpoint.js';
import type { Client } from '../api/client.js';
import { parseDuration } from './duration.js';
import { connectionFlags, globalFlags } from './flags.js';
import { printerFor, type Printer } from './output/index.js';
import type { View } from './output/view.js';
import { processTerminal, type Terminal } from './terminal.js';

export type Values = Readonly<Record<string, unknown>>;

export class BaseCommand extends Command {
  static override baseFlags: Interfaces.FlagInput = globalFlags;
  static override enableJsonFlag = false;

  protected terminal!: Terminal;
  /** Values of flags by name. */
  protected values!: Values;
  /** Positional arguments in order. */
  protected positional!: readonly string[];
  private connection: Client | undefined;

  override async run(): Promise<void> {
    // Named one by one: the parser spreads what it gets, which would lose inherited statics.
    const { args: known, flags: own, baseFlags, strict } = this.constructor as typeof BaseCommand;
    const args = withoutStdin(known);
    const { flags, argv } = await this.parse({ args, flags: own, baseFlags, strict });
    this.values = flags as Values;
    this.positional = argv as string[];
    this.terminal = processTerminal({
      noColor: this.on('no-color'),
      noInput: this.on('no-input') || isSet('CTL_NO_INPUT'),
    });
    try {
      await this.execute();
    } finally {
      this.connection?.close();
    }
  }

  /** Does the work. @throws CtlError for everything that is not a bug */
  protected execute(): Promise<void> {
    throw new Error(`${this.id} does nothing`);
  }

  /** The value of a text flag. */
  protected text(flag: string): string | undefined {
    return this.values[flag] as string | undefined;
  }

  /** The values of a repeatable flag. */
  protected texts(flag: string): readonly string[] {
    return (this.values[flag] as string[] | undefined) ?? [];
  }

  /** Whether a boolean flag is set. */
  protected on(flag: string): boolean {
    return this.values[flag] === true;
  }

  protected get endpoint(): Endpoint {
    return endpointFrom(this.text('endpoint'), process.env, this.on('insecure'));
  }

  /** The client, made when first used so that no other command loads gRPC. */
  protected async client(): Promise<Client> {
    if (this.connection) return this.connection;
    const [text, source] = this.text('timeout')
      ? [this.text('timeout')!, '--timeout']
      : [process.env['CTL_TIMEOUT'] || '10s', 'CTL_TIMEOUT'];
    const timeout = parseDuration(text, source);
    const endpoint = this.endpoint;
    const { Client } = await import('../api/client.js');
    return (this.connection = new Client(endpoint, timeout));
  }

  /** The format that was asked for, if any. */
  protected get format(): string | undefined {
    return outputFormat(this.values);
  }

  /** What prints items of this view in the format that was asked for; `own` are formats that it leaves to the command. */
  protected printer<Item>(view: View<Item>, own?: readonly string[]): Printer<Item> {
    return printerFor(this.terminal.out, view, {
      own,
      format: this.format,
      fields: this.text('fields'),
      headers: !this.on('no-headers'),
    });
  }
}

/** The parser would read stdin for a missing argument, and so take it away from the loop a script runs us in. */
const withoutStdin = (args: Interfaces.ArgInput): Interfaces.ArgInput =>
  Object.fromEntries(Object.entries(args).map(([name, arg]) => [name, { ...arg, ignoreStdin: true }]));

const isSet = (variable: string): boolean => !['', '0', 'false', undefined].includes(process.env[variable]);

/** `-o`, `--json` or CTL_OUTPUT. */
export const outputFormat = (values: Values): string | undefined =>
  values['json'] === true
    ? 'json'
    : ((values['output'] as string | undefined) ?? (process.env['CTL_OUTPUT'] || undefined));

/** A command that speaks to the daemon. */
export class ClientCommand extends BaseCommand {
  static override baseFlags: Interfaces.FlagInput = { ...connectionFlags, ...globalFlags };
}
