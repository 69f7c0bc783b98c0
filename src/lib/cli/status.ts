/** `ctl status`: the state of the daemon. */
import { kindOf } from '../kinds/index.js';
import type { KindName } from '../kinds/kind.js';
import { ClientCommand } from './base.js';
import { outputFlags } from './flags.js';
import { recordView } from './output/record.js';
import { timestamp } from './output/resource.js';
import { example } from './verbs/examples.js';

const FIELDS = [
  'address',
  'version',
  'store',
  'revision',
  'startedAt',
  'connectTokenKey',
  'resources',
  'pending',
];

export class StatusCommand extends ClientCommand {
  static override summary = 'show the state of the daemon';
  static override flags = { ...outputFlags };
  static override examples = [
    example('Show it', 'status'),
    example('The revision alone', 'status --fields revision --no-headers'),
  ];

  protected override async execute(): Promise<void> {
    const printer = this.printer(recordView(FIELDS));
    const client = await this.client();
    const { pending, ...status } = await this.terminal.progress('Asking', () => client.status());
    await printer.one({
      address: status.address,
      version: status.version,
      store: status.store,
      revision: status.revision,
      startedAt: timestamp(status.startedAt),
      connectTokenKey: status.connectTokenKey,
      pending: pending
        ? {
            revision: pending.revision,
            restores: pending.previous,
            deadline: timestamp(pending.deadline),
            who: pending.who,
            message: pending.message,
          }
        : undefined,
      resources: Object.fromEntries(
        status.counts.map(({ kind, count }) => [kindOf(kind as KindName).topic, count]),
      ),
    });
  }
}
