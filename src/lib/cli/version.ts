/** `ctl version`: of this client, and of the daemon when one answers. */
import { CtlError } from '../errors.js';
import { ClientCommand } from './base.js';
import { outputFlags } from './flags.js';
import { recordView } from './output/record.js';
import { example } from './verbs/examples.js';

export class VersionCommand extends ClientCommand {
  static override summary = 'show the versions of this client and of the daemon';
  static override flags = { ...outputFlags };
  static override examples = [
    example('Show them', 'version'),
    example('For a script', 'version --output json'),
  ];

  protected override async execute(): Promise<void> {
    const printer = this.printer(recordView(['client', 'server', 'node']));
    const client = await this.client();
    const server = await client.status().catch(async (error: unknown) => {
      if (!(error instanceof CtlError) || error.code !== 'unavailable') throw error;
      await this.terminal.warn(error.message);
      return undefined;
    });
    await printer.one({ client: this.config.version, server: server?.version, node: process.versions.node });
  }
}
