/** What the commands over files share: reading them, sending them as one write, and naming places in errors. */
import { Flags } from '@oclif/core';
import type { Written } from '../../api/client.js';
import {
  type Change,
  type Operation,
  Operation_Action,
  type WriteOptions,
  WriteOptions_Detail,
} from '../../api/generated/v1/ctl.js';
import {
  type FileProblem,
  type FileStream,
  type Input,
  type Parsed,
  readStream,
} from '../../config/files/index.js';
import { CtlError, type FieldError } from '../../errors.js';
import { ClientCommand } from '../base.js';
import { collect } from '../collect.js';
import { collectInputs } from '../input/files.js';
import { renameFields } from '../input/problems.js';
import { isForPrograms } from '../output/format.js';
import { changeLines, plannedChange } from '../output/plan.js';
import { type Impact, impactDocument } from '../../proof/impact/impact.js';
import type { Origin } from '../route/subject.js';
import type { Output } from '../terminal.js';
import { painterFor } from '../output/paint.js';
import { operation } from '../../api/requests.js';
import { countsText } from './counts.js';

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

export const impactFlags = {
  impact: Flags.boolean({ summary: 'also say which calls would fare otherwise' }),
};

/** The configuration of a revision; 0 is the empty one. */
export const pastRevision = (revision: number): Origin =>
  revision === 0 ? { files: [], revision: 0, over: [] } : { revision, over: [] };

/** A base for commands that read configuration files. */
export class FilesCommand extends ClientCommand {
  private stdin: Input | undefined;

  /** All documents of `-f`, with a note on stderr for what was passed over. @throws CtlError naming every problem */
  protected async documents(): Promise<readonly Parsed[]> {
    const stream = await this.reading();
    const documents = await collect(stream);
    await this.finish(stream);
    return documents;
  }

  /**
   * Sends documents, or those of `-f` as they are read, as one write: each becomes exactly what its file says.
   * @returns no changes where nobody will look at them
   * @throws CtlError with places in the files; nothing is written then
   */
  protected async submit(options: Partial<WriteOptions>, documents?: readonly Parsed[]): Promise<Written> {
    const client = await this.client();
    const shown = options.dryRun === true || this.format !== undefined;
    const detail = shown ? WriteOptions_Detail.CHANGED : WriteOptions_Detail.COUNTS;
    const stream = documents ? undefined : await this.reading();
    const batches = this.batches(documents ?? stream!, stream);
    try {
      return await this.terminal.progress('Reading', () => client.write(batches, { ...options, detail }));
    } catch (error) {
      if (!(error instanceof CtlError) || stream?.problems.length || error.fields.length === 0) throw error;
      // Places are looked up only now, so that no document is kept for the case that it has a fault.
      throw renameFields(error, placesOf(documents ?? (await collect(await this.reading()))));
    }
  }

  private async *batches(
    documents: Iterable<Parsed> | AsyncIterable<Parsed>,
    stream: FileStream | undefined,
  ): AsyncGenerator<Operation[]> {
    let batch: Operation[] = [];
    for await (const document of documents) {
      // After a problem the rest is read only to find the others.
      if (stream && stream.problems.length > 0) continue;
      batch.push(put(document));
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (stream) await this.finish(stream);
    if (batch.length > 0) yield batch;
  }

  /** The files from their beginning; stdin is kept, since it can be read only once. */
  private async reading(): Promise<FileStream> {
    const paths = [...this.texts('file'), ...this.positional];
    if (paths.length === 0)
      throw new CtlError('usage', 'missing the files', { hint: `Such as: ctl ${this.id!} -f config/` });
    return readStream(this.inputs(await collectInputs(paths.filter((path) => path !== '-')), paths), {
      lenient: this.on('lenient'),
    });
  }

  private async *inputs(files: AsyncIterable<Input>, paths: readonly string[]): AsyncGenerator<Input> {
    yield* files;
    if (!paths.includes('-')) return;
    if (!this.stdin) for await (const input of await collectInputs(['-'])) this.stdin = input;
    yield this.stdin!;
  }

  private async finish({ problems, notes }: FileStream): Promise<void> {
    if (problems.length > 0) throw unreadable(problems);
    for (const note of notes) await this.terminal.warn(note);
  }

  /** Shows what would change, and asks. @throws CtlError usage where nobody can be asked */
  protected async agreed(plan: Written, impact?: Impact): Promise<boolean> {
    const { address } = this.endpoint;
    const counts = countsText(plan);
    if (!this.terminal.canPrompt)
      throw new CtlError('usage', `not changing ${address} without being sure: ${counts}`, {
        hint: 'Add --yes, or see what would change with --dry-run.',
        fields: [{ field: '--yes', message: 'is missing: nobody can be asked here' }],
      });
    await this.lines(this.terminal.err, plan.changes);
    if (impact) await this.printImpact(impact, this.terminal.err);
    const { confirm } = await import('../input/prompts.js');
    if (await confirm(this.terminal, `${counts}. Do this at ${address}?`, false)) return true;
    await this.terminal.confirm('Nothing was changed.');
    return false;
  }

  private async lines(out: Output, changes: readonly Change[]): Promise<void> {
    const paint = await painterFor(out);
    for (const change of changes) await out.write(changeLines(change, paint));
  }

  /** Prints what changes, and what that does to calls, for a person or as one JSON or YAML document. */
  protected async show({ changes, ...counts }: Written, impact?: Impact): Promise<void> {
    if (!isForPrograms(this.format)) {
      await this.lines(this.terminal.out, changes);
      if (impact) await this.printImpact(impact, this.terminal.out);
      return;
    }
    const { recordView } = await import('../output/record.js');
    const names = ['created', 'updated', 'deleted', 'unchanged', 'revision', 'changes'];
    const view = recordView(impact ? [...names, 'impact'] : names);
    const plan = { ...counts, changes: changes.map(plannedChange) as never };
    return this.printer(view).one(impact ? { ...plan, impact: impactDocument(impact) } : plan);
  }

  /** What a change does to calls, where --impact asks for it. */
  protected async impactOf(before: Origin, after: Origin): Promise<Impact | undefined> {
    if (!this.on('impact')) return undefined;
    if (after.over.includes('-'))
      throw new CtlError('usage', '--impact reads the files twice, which stdin cannot be', {
        hint: 'Write them to a file first.',
        fields: [{ field: '--impact', message: 'cannot be used with -f -' }],
      });
    const { Subject } = await import('../route/subject.js');
    const { findImpact } = await import('../route/impact.js');
    const { terminal } = this;
    const around = { terminal, lenient: this.on('lenient'), keyFile: undefined, client: () => this.client() };
    return findImpact(terminal, new Subject(before, around), new Subject(after, around));
  }

  /** The files of `-f` laid over what is live. */
  protected get filesOverLive(): Origin {
    return { revision: 0, over: [...this.texts('file'), ...this.positional] };
  }

  private async printImpact(impact: Impact, out: Output): Promise<void> {
    const { impactView } = await import('../route/impact.js');
    await out.write(`\n${await impactView.prose!(impact, await painterFor(out))}`);
  }
}

/** Makes a resource exactly what its file says. */
export const put = ({ kind, ref, doc }: Parsed): Operation =>
  operation({ action: Operation_Action.PUT, kind: kind.name, key: ref, document: JSON.stringify(doc) });

/** From what the daemon calls a field (`agents/agent-01: username`) to its place in a file. */
export function placesOf(documents: readonly Parsed[]): (field: string) => string | undefined {
  const byName = new Map(documents.map((parsed) => [`${parsed.kind.topic}/${parsed.ref}`, parsed]));
  return (field) => {
    const at = field.indexOf(': ');
    const [name, path] = at < 0 ? [undefined, field] : [field.slice(0, at), field.slice(at + 2)];
    const parsed =
      name === undefined ? (documents.length === 1 ? documents[0] : undefined) : byName.get(name);
    return parsed && `${parsed.where(path)} ${name ?? ''}${name ? ': ' : ''}${path}`;
  };
}

export function unreadable(found: readonly FileProblem[]): CtlError {
  const problems: FieldError[] = found.map(({ place, path, message }) => ({
    field: `${place} ${path}`.trimEnd(),
    message,
  }));
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new CtlError('usage', `the files cannot be used: ${count}`, { fields: problems });
}
