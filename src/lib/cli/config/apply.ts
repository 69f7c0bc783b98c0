/** `ctl apply` and `ctl sync`: whole configurations from files, in one transaction. */
import { Flags, type Interfaces } from '@oclif/core';
import type { Written } from '../../api/client.js';
import type { WriteOptions } from '../../api/generated/v1/ctl.js';
import type { Parsed } from '../../config/files/index.js';
import { connectionFlags, globalFlags, outputFlags, revisionFlags, writeFlags } from '../flags.js';
import { parseDuration } from '../duration.js';
import { readRevision } from '../input/revision.js';
import { example } from '../verbs/examples.js';
import { countsText, differs } from './counts.js';
import { fileFlags, FilesCommand, impactFlags } from './files.js';
import { kindNamed } from './kind-named.js';

const confirmFlags = {
  'confirm-within': Flags.string({
    summary: 'take the change back unless "ctl confirm" comes within this time',
    helpValue: '<duration>',
  }),
};

export class ApplyCommand extends FilesCommand {
  static override summary = 'create and update resources from files, all of them or none';
  static override description =
    'Each resource becomes exactly what its file says: an absent field takes its default, except secrets and extended, which stay. Nothing is deleted. One transaction, one revision; what is equal is not touched.';
  static override flags: Interfaces.FlagInput = {
    ...fileFlags,
    impact: Flags.boolean({ ...impactFlags.impact, dependsOn: ['dry-run'] }),
    ...confirmFlags,
    ...revisionFlags,
    ...writeFlags,
    ...outputFlags,
  };
  static override baseFlags = { ...connectionFlags, ...globalFlags };
  static override examples = [
    example('Apply a folder', 'apply --file config/'),
    example('See the plan first', 'apply --file config/ --dry-run'),
    example('Take it back in ten minutes unless confirmed', 'apply --file config/ --confirm-within 10m'),
  ];

  protected override async execute(): Promise<void> {
    const dryRun = this.on('dry-run');
    const options = this.writeOptions();
    const done = await this.submit({ ...options, dryRun });
    if (dryRun || this.format !== undefined)
      await this.show(done, await this.impactOf({ revision: 0, over: [] }, this.filesOverLive));
    await this.conclude(done, options);
  }

  protected writeOptions(): Partial<WriteOptions> {
    const within = this.text('confirm-within');
    return {
      message: this.text('message') ?? '',
      expectedRevision: readRevision(this.text('if-revision')),
      confirmWithinMs: within === undefined ? 0 : parseDuration(within, '--confirm-within'),
    };
  }

  protected async conclude(done: Written, { confirmWithinMs = 0 }: Partial<WriteOptions>): Promise<void> {
    if (this.on('dry-run')) return this.terminal.confirm(`Would be: ${countsText(done)}`);
    await this.terminal.confirm(`${countsText(done)}; revision ${done.revision}`);
    if (confirmWithinMs === 0) return;
    await this.terminal.confirm(
      differs(done)
        ? `Taken back in ${this.text('confirm-within')} unless you run: ctl confirm`
        : 'Nothing to confirm.',
    );
  }
}

export class SyncCommand extends ApplyCommand {
  static override summary = 'apply files, and delete what they do not have';
  static override description =
    'Like apply, and deletes the resources of the kinds in the files (or of --kinds) that the files do not have, after showing the plan and asking. Refuses to delete more than a third of a kind without --allow-mass-delete.';
  static override flags = {
    ...fileFlags,
    kinds: Flags.string({
      summary: 'kinds to delete from, such as agents,domains [default: those in the files]',
      helpValue: '<a,b>',
    }),
    yes: Flags.boolean({ char: 'y', summary: 'do not ask' }),
    cascade: Flags.boolean({ summary: 'also delete or detach what refers to the deleted; shown first' }),
    'allow-mass-delete': Flags.boolean({ summary: 'allow deleting more than a third of a kind' }),
    ...confirmFlags,
    ...revisionFlags,
    ...writeFlags,
    ...outputFlags,
  };
  static override examples = [
    example('See what would change', 'sync --file config/ --dry-run'),
    example('In a script, agents alone', 'sync --file config/ --kinds agents --yes'),
  ];

  protected override async execute(): Promise<void> {
    const documents = await this.documents();
    const options = {
      ...this.writeOptions(),
      syncKinds: readKinds(this.text('kinds'), documents),
      cascade: this.on('cascade'),
      allowMassDelete: this.on('allow-mass-delete'),
    };
    const dryRun = this.on('dry-run');
    if (!dryRun && !this.on('yes')) {
      const plan = await this.submit({ ...options, dryRun: true }, documents);
      if (differs(plan) && !(await this.agreed(plan))) return;
      // What was agreed to is what is written: a change by somebody else meanwhile is a conflict.
      options.expectedRevision = plan.revision;
    }
    const done = await this.submit({ ...options, dryRun }, documents);
    if (dryRun || this.format !== undefined) await this.show(done);
    await this.conclude(done, options);
  }
}

/** The kinds that `--kinds` names, by topic or by name. @throws CtlError usage */
function readKinds(text: string | undefined, documents: readonly Parsed[]): string[] {
  if (text === undefined) return [...new Set(documents.map(({ kind }) => kind.name))];
  return text.split(',').map((word) => kindNamed(word.trim()).name);
}
