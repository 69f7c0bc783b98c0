import { Operation_Action } from '../../api/generated/v1/ctl.js';
import type { Kind } from '../../kinds/kind.js';
import { connectionFlags, globalFlags, outputFlags, writeFlags } from '../flags.js';
import { rowOf } from '../rows.js';
import { example } from './examples.js';
import { exampleKey, keyArg, ResourceCommand } from './resource.js';
import { operation } from '../../api/requests.js';

/** `ctl <kinds> enable KEY…` and `disable KEY…`: one transaction for all of them. */
export function toggleCommand(kind: Kind, verb: 'enable' | 'disable'): typeof ResourceCommand {
  return class extends ResourceCommand {
    static override summary = `${verb} ${kind.topic.replace('-', ' ')}`;
    static override strict = false;
    static override args = { key: keyArg(kind) };
    static override flags = { ...writeFlags, ...outputFlags };
    static override baseFlags = { ...connectionFlags, ...globalFlags };
    static override examples = [
      example(
        verb === 'enable' ? 'Let it take part in routing' : 'Take it out of routing, and keep it',
        `${kind.topic} ${verb} ${exampleKey(kind)}`,
      ),
    ];

    protected override get kind() {
      return kind;
    }

    protected override async execute(): Promise<void> {
      const printer = this.printer(this.view);
      const operations = this.keys().map((key) =>
        operation({
          action: Operation_Action.UPDATE,
          kind: kind.name,
          key,
          document: JSON.stringify({ enabled: verb === 'enable' }),
        }),
      );
      const changes = await this.write(operations);
      await this.tell(changes);
      if (this.wantsResult) await printer.list(changes.map((change) => rowOf(change.resource!)));
    }
  };
}
