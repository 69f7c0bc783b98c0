/** What the commands over files share: reading them, sending them as one write, and naming places in errors. */
import { Flags } from '@oclif/core';
import {
  type Change,
  type Operation,
  Operation_Action,
  type WriteOptions,
  WriteOptions_Detail,
} from '../../api/generated/v1/ctl.js';
import { type FileProblem, type Parsed, readFiles } from '../../config/files/index.js';
import { CtlError, type FieldError } from '../../errors.js';
import { ClientCommand } from '../base.js';
import { collectInputs } from '../input/files.js';
import { renameFields } from '../input/problems.js';
import { changeLines, plannedChange } from '../output/plan.js';
import type { Output } from '../terminal.js';
import { painterFor } from '../output/paint.js';
import { operation } from '../verbs/resource.js';
import { countChanges } from './counts.js';

const BATCH = 1000;

export const fileFlags = {
  file: Flags.string({
    char: 'f',
    summary: 'file or folder (recursive) of YAML, JSON or TOML, - for stdin; repeatable',
    helpValue: '<path>',
    multiple: true,
    multipleNonGreedy: true,
  }),
  lenient: Flags.boolean({ summary: 'warn about unknown keys instead of refusing them' }),
};

export interface Submitted {
  readonly changes: readonly Change[];
  readonly revision: number;
}

/** A base for commands that read configuration files. */
export class FilesCommand extends ClientCommand {
  /** The documents of `-f`, with a note on stderr for all that was passed over. @throws CtlError naming every problem */
  protected async documents(): Promise<readonly Parsed[]> {
    const paths = [...this.texts('file'), ...this.positional];
    if (paths.length === 0)
      throw new CtlError('usage', 'missing the files', { hint: `Such as: ctl ${this.id!} -f config/` });
    const { documents, problems, notes } = await readFiles(await collectInputs(paths), {
      lenient: this.on('lenient'),
    });
    if (problems.length > 0) throw unreadable(problems);
    for (const note of notes) await this.terminal.warn(note);
    return documents;
  }

  /** Sends documents as one write: each becomes exactly what its file says. What only counts comes back in brief. */
  protected async submit(documents: readonly Parsed[], options: Partial<WriteOptions>): Promise<Submitted> {
    const client = await this.client();
    const total = documents.length;
    const shown = options.dryRun || this.format !== undefined;
    const detail = shown ? WriteOptions_Detail.CHANGED : WriteOptions_Detail.BRIEF;
    const batches = async function* (): AsyncGenerator<Operation[]> {
      for (let at = 0; at < total; at += BATCH) yield documents.slice(at, at + BATCH).map(put);
    };
    try {
      return await this.terminal.progress(`Sending ${total} resources`, () =>
        client.write(batches(), { ...options, detail }),
      );
    } catch (error) {
      throw error instanceof CtlError ? renameFields(error, placesOf(documents)) : error;
    }
  }

  /** Shows what would change, and asks. @throws CtlError usage where nobody can be asked */
  protected async agreed(changes: readonly Change[], counts: string): Promise<boolean> {
    const { address } = this.endpoint;
    if (!this.terminal.canPrompt)
      throw new CtlError('usage', `not changing ${address} without being sure: ${counts}`, {
        hint: 'Add --yes, or see what would change with --dry-run.',
        fields: [{ field: '--yes', message: 'is missing: nobody can be asked here' }],
      });
    await this.lines(this.terminal.err, changes);
    const { confirm } = await import('../input/prompts.js');
    if (await confirm(this.terminal, `${counts}. Do this at ${address}?`, false)) return true;
    await this.terminal.confirm('Nothing was changed.');
    return false;
  }

  private async lines(out: Output, changes: readonly Change[]): Promise<void> {
    const paint = await painterFor(out);
    for (const change of changes)
      if (plannedChange(change).effect !== 'unchanged') await out.write(changeLines(change, paint));
  }

  /** Prints what changes, as lines for a person or as one JSON or YAML document. */
  protected async show(changes: readonly Change[], revision: number): Promise<void> {
    const counts = countChanges(changes);
    const touched = changes.map(plannedChange).filter(({ effect }) => effect !== 'unchanged');
    if (this.format === 'json' || this.format === 'yaml') {
      const { recordView } = await import('../output/record.js');
      const view = recordView(['created', 'updated', 'deleted', 'unchanged', 'revision', 'changes']);
      return this.printer(view).one({ ...counts, revision, changes: touched as never });
    }
    await this.lines(this.terminal.out, changes);
  }
}

const put = ({ kind, ref, doc }: Parsed): Operation =>
  operation({ action: Operation_Action.PUT, kind: kind.name, key: ref, document: JSON.stringify(doc) });

/** From what the daemon calls a field (`agents/agent-01: username`) to its place in a file. */
function placesOf(documents: readonly Parsed[]): (field: string) => string | undefined {
  const byName = new Map(documents.map((parsed) => [`${parsed.kind.topic}/${parsed.ref}`, parsed]));
  return (field) => {
    const at = field.indexOf(': ');
    const [name, path] = at < 0 ? [undefined, field] : [field.slice(0, at), field.slice(at + 2)];
    const parsed =
      name === undefined ? (documents.length === 1 ? documents[0] : undefined) : byName.get(name);
    return parsed && `${parsed.where(path)} ${name ?? ''}${name ? ': ' : ''}${path}`;
  };
}

function unreadable(found: readonly FileProblem[]): CtlError {
  const problems: FieldError[] = found.map(({ place, path, message }) => ({
    field: `${place} ${path}`.trimEnd(),
    message,
  }));
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new CtlError('usage', `the files cannot be used: ${count}`, { fields: problems });
}
