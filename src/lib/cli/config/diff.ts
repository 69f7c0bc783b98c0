/** `ctl diff`: what files would change, or what changed between revisions. */
import { Flags } from '@oclif/core';
import { CtlError } from '../../errors.js';
import { connectionFlags, globalFlags, outputFlags } from '../flags.js';
import { collect } from '../collect.js';
import { parseRevision } from '../input/revision.js';
import { example } from '../verbs/examples.js';
import { countsOf, countsText, differs } from './counts.js';
import { fileFlags, FilesCommand, impactFlags, pastRevision } from './files.js';

export class DiffCommand extends FilesCommand {
  static override summary = 'show what files would change, or what changed between revisions';
  static override flags = {
    ...fileFlags,
    ...impactFlags,
    from: Flags.string({
      summary: 'compare from this revision',
      helpValue: '<revision>',
      exclusive: ['file'],
    }),
    to: Flags.string({
      summary: 'compare to this revision, or live [default: live]',
      helpValue: '<revision>',
    }),
    'exit-code': Flags.boolean({ summary: 'exit with 1 when there is a difference' }),
    ...outputFlags,
  };
  static override baseFlags = { ...connectionFlags, ...globalFlags };
  static override examples = [
    example('What would apply change?', 'diff --file config/'),
    example('In CI: fail when the files are not what is live', 'diff --file config/ --exit-code'),
    example('What has changed since revision 12?', 'diff --from 12'),
  ];

  protected override async execute(): Promise<void> {
    const from = this.text('from');
    const found = from === undefined ? await this.ofFiles() : await this.ofRevisions(from);
    await this.show(found, await this.impact(from));
    await this.terminal.confirm(differs(found) ? countsText(found) : 'No difference.');
    if (this.on('exit-code') && differs(found)) process.exitCode = 1;
  }

  private impact(from: string | undefined) {
    if (from === undefined) return this.impactOf({ revision: 0, over: [] }, this.filesOverLive);
    return this.impactOf(pastRevision(Number(from)), { revision: this.last, over: [] });
  }

  /** The later revision; 0 is what is live. */
  private get last(): number {
    const to = this.text('to') ?? 'live';
    return to === 'live' ? 0 : parseRevision(to, '--to');
  }

  private async ofFiles() {
    if (this.text('to') !== undefined)
      throw new CtlError('usage', '--to needs --from', { hint: 'Such as: ctl diff --from 12 --to live' });
    return this.submit({ dryRun: true });
  }

  private async ofRevisions(from: string) {
    const [first, { last }] = [parseRevision(from, '--from', 0), this];
    const client = await this.client();
    const changes = await this.terminal.progress('Comparing', () => collect(client.diff(first, last)));
    return { ...countsOf(changes), changes, revision: last };
  }
}
