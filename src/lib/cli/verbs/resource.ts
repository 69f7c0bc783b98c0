/** What the commands of a kind share: names of things in sentences, reading resources, writing and telling. */
import { Args, type Interfaces } from '@oclif/core';
import { Change_Effect, type Change, type Operation } from '../../api/generated/v1/ctl.js';
import { CtlError } from '../../errors.js';
import { kindOf } from '../../kinds/index.js';
import type { Kind, KindName } from '../../kinds/kind.js';
import { ClientCommand } from '../base.js';
import { resourceView, type Row } from '../output/resource.js';
import { changesText, rowOf } from '../rows.js';

/** How the example of a kind is named on the command line: its natural key where it has a handy one. */
export const exampleKey = (kind: Kind): string => {
  const { doc } = { doc: kind.example };
  const key = kind.keys[0];
  if (!key || key.fields.some((name) => doc[name] === undefined)) return kind.example.ref;
  return key.fields
    .map((name) => {
      const field = kind.fields[name]!;
      const value = field.type === 'reference' ? (field.example ?? String(doc[name])) : String(doc[name]);
      return field.type === 'text' && field.prefix ? value.slice(field.prefix.length) : value;
    })
    .join(key.separator);
};

/** The argument that names one resource. */
export const keyArg = (kind: Kind): Interfaces.Arg<string | undefined> =>
  Args.string({
    name: 'key',
    description: `ref${kind.keys.length > 0 ? ' or natural key' : ''} of the ${kind.noun}`,
  });

/** `agent 1001@sip.local (agent-01)`: what people call it, with its ref where that is another word. */
export const describe = ({ kind, ref, label = ref }: Row): string =>
  label === ref ? `${kind.noun} ${ref}` : `${kind.noun} ${label} (${ref})`;

const VERBS: Partial<Record<Change_Effect, readonly [string, string]>> = {
  [Change_Effect.CREATED]: ['Created', 'Would create'],
  [Change_Effect.UPDATED]: ['Updated', 'Would update'],
  [Change_Effect.UNCHANGED]: ['Unchanged:', 'Unchanged:'],
  [Change_Effect.DELETED]: ['Deleted', 'Would delete'],
};

/** A base for the commands of one kind. */
export class ResourceCommand extends ClientCommand {
  protected get kind(): Kind {
    throw new Error('a command of no kind');
  }

  /** The one positional argument. @throws CtlError usage when it is missing */
  protected key(): string {
    return this.keys()[0]!;
  }

  /** The positional arguments, at least one. @throws CtlError usage when there is none */
  protected keys(): readonly string[] {
    if (this.positional.length > 0) return this.positional;
    const names = this.kind.keys.length > 0 ? 'ref or natural key' : 'ref';
    throw new CtlError('usage', `missing the ${names} of the ${this.kind.noun}`, {
      hint: `Such as: ctl ${this.id!.replace(':', ' ')} ${exampleKey(this.kind)}. See "ctl ${this.kind.topic} list".`,
    });
  }

  /** Writes operations as one transaction, or shows what they would do with `--dry-run`. */
  protected async write(
    operations: readonly Operation[],
    { cascade = false, dryRun = this.on('dry-run') } = {},
  ): Promise<Change[]> {
    const client = await this.client();
    const { changes } = await this.terminal.progress('Writing', () =>
      client.write(operations, { dryRun, cascade, message: this.text('message') ?? '' }),
    );
    return [...changes];
  }

  /** One line on stderr per change. */
  protected async tell(changes: readonly Change[], dryRun = this.on('dry-run')): Promise<void> {
    for (const change of changes) {
      const verb = VERBS[change.effect]![dryRun ? 1 : 0];
      const fields =
        change.effect === Change_Effect.UPDATED
          ? `: ${changesText(kindOf(change.resource!.kind as KindName), change.fields)}`
          : '';
      const because = change.because ? `, because ${change.because}` : '';
      await this.terminal.confirm(`${verb} ${describe(rowOf(change.resource!))}${fields}${because}`);
    }
  }

  /** A write prints the resource when a format or fields were asked for; its confirmation says the rest. */
  protected get wantsResult(): boolean {
    return this.format !== undefined || this.text('fields') !== undefined;
  }

  /** The view of this command's kind. */
  protected get view() {
    return resourceView(this.kind);
  }
}
