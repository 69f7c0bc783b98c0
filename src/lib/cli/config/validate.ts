/** `ctl validate`: the daemon's own checks on files, with no daemon. */
import { CtlError } from '../../errors.js';
import { globalFlags, outputFlags } from '../flags.js';
import { recordView } from '../output/record.js';
import { example } from '../verbs/examples.js';
import { fileFlags, FilesCommand } from './files.js';

export class ValidateCommand extends FilesCommand {
  static override summary = 'check files, with no daemon';
  static override description =
    'Every check that apply makes, on the files alone: references must be within them. Exit code 2 when anything is wrong.';
  static override flags = { ...fileFlags, ...outputFlags };
  static override baseFlags = { ...globalFlags };
  static override examples = [example('Check a folder', 'validate --file config/')];

  protected override async execute(): Promise<void> {
    const documents = await this.documents();
    const { validateOffline } = await import('../../config/offline.js');
    const problems = validateOffline(documents);
    if (problems.length > 0)
      throw new CtlError(
        'usage',
        `the files cannot be applied: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`,
        {
          fields: problems,
        },
      );
    if (this.format !== undefined)
      await this.printer(recordView(['resources', 'valid'])).one({
        resources: documents.length,
        valid: true,
      });
    await this.terminal.confirm(
      `${documents.length} ${documents.length === 1 ? 'resource is' : 'resources are'} valid.`,
    );
  }
}
