import { Flags } from '@oclif/core';
import { type Change, type Operation, Operation_Action } from '../../api/generated/v1/ctl.js';
import { CtlError } from '../../errors.js';
import type { Kind } from '../../kinds/kind.js';
import { connectionFlags, globalFlags, outputFlags, writeFlags } from '../flags.js';
import { rowOf } from '../rows.js';
import { example } from './examples.js';
import { describe, exampleKey, keyArg, ResourceCommand } from './resource.js';
import { operation } from '../../api/requests.js';

/** `ctl <kinds> delete KEY…`: shows what goes, asks, and deletes it in one transaction. */
export function deleteCommand(kind: Kind): typeof ResourceCommand {
  return class extends ResourceCommand {
    static override summary = `delete ${kind.topic.replace('-', ' ')}`;
    static override hiddenAliases = [`${kind.topic}:rm`];
    static override strict = false;
    static override args = { key: keyArg(kind) };
    static override flags = {
      yes: Flags.boolean({ char: 'y', summary: 'do not ask' }),
      cascade: Flags.boolean({ summary: 'also delete or detach what refers to it; shown first' }),
      'ignore-not-found': Flags.boolean({ summary: 'succeed when there is none' }),
      ...writeFlags,
      ...outputFlags,
    };
    static override baseFlags = { ...connectionFlags, ...globalFlags };
    static override examples = [
      example('Delete one, in a script', `${kind.topic} delete ${exampleKey(kind)} --yes`),
      example(
        'See what a cascade would take along',
        `${kind.topic} delete ${exampleKey(kind)} --cascade --dry-run`,
      ),
    ];

    protected override get kind() {
      return kind;
    }

    protected override async execute(): Promise<void> {
      const printer = this.printer(this.view);
      const keys = this.keys();
      if (!this.on('yes') && !this.on('dry-run') && !this.terminal.canPrompt)
        throw new CtlError(
          'usage',
          `not deleting ${kind.noun} ${keys.join(', ')} at ${this.endpoint.address} without being sure`,
          {
            hint: 'Add --yes, or see what would go with --dry-run.',
            fields: [{ field: '--yes', message: 'is missing: nobody can be asked here' }],
          },
        );
      const operations = keys.map((key) =>
        operation({
          action: Operation_Action.DELETE,
          kind: kind.name,
          key,
          ignoreNotFound: this.on('ignore-not-found'),
        }),
      );
      const cascade = this.on('cascade');
      if (!this.on('yes') && !this.on('dry-run') && !(await this.agreed(operations, cascade))) return;
      const changes = await this.write(operations, { cascade });
      await this.tell(changes);
      if (changes.length === 0) await this.terminal.confirm(`There is no ${kind.noun} ${keys.join(', ')}.`);
      if (this.wantsResult)
        await printer.list(ownChanges(kind, changes).map((change) => rowOf(change.resource!)));
    }

    /** The calls that would change, said before somebody agrees. */
    private async warnOfCalls(operations: readonly Operation[], cascade: boolean): Promise<void> {
      const client = await this.client();
      const { consequences } = await import('../route/consequences.js');
      const deletions = operations.map(({ key }) => ({
        action: 'delete' as const,
        kind: kind.name,
        key,
        ignoreNotFound: true,
      }));
      const lines = await this.terminal.progress('Comparing calls', () =>
        consequences(client, deletions, cascade),
      );
      for (const line of lines) await this.terminal.confirm(line);
    }

    /** Shows what would go and asks. */
    private async agreed(operations: readonly Operation[], cascade: boolean): Promise<boolean> {
      const plan = await this.write(operations, { cascade, dryRun: true });
      if (plan.length === 0) return true;
      await this.tell(plan, true);
      await this.warnOfCalls(operations, cascade);
      const [first] = plan;
      const what = plan.length === 1 ? describe(rowOf(first!.resource!)) : `these ${plan.length} resources`;
      const { confirm } = await import('../input/prompts.js');
      if (
        await confirm(
          this.terminal,

          `${plan.length === 1 ? 'Delete' : 'Change'} ${what} at ${this.endpoint.address}?`,
          false,
        )
      )
        return true;
      await this.terminal.confirm('Nothing was deleted.');
      return false;
    }
  };
}

const ownChanges = (kind: Kind, changes: readonly Change[]): Change[] =>
  changes.filter(({ resource }) => resource!.kind === kind.name);
