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
import type { FileProblem, Parsed } from '../../config/files/index.js';
import { CtlError } from '../../errors.js';
import { ClientCommand } from '../base.js';
import { collect } from '../collect.js';
import { renameFields } from '../input/problems.js';
import { isForPrograms } from '../output/format.js';
import { changeLines, plannedChange } from '../output/plan.js';
import { type Impact, impactDocument } from '../../proof/impact/impact.js';
import type { Origin } from '../route/subject.js';
import type { Output } from '../terminal.js';
import { painterFor } from '../output/paint.js';
import { operation } from '../../api/requests.js';
import { progressText, waitingText } from '../progress.js';
import { countsText } from './counts.js';
import { readDocuments } from './documents.js';
import { GivenFiles } from './given.js';
import { Unreadable } from './unreadable.js';

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
  /** All documents of `-f`, with a note on stderr for what was passed over. @throws CtlError naming every problem */
  protected documents(): Promise<readonly Parsed[]> {
    return readDocuments(this.paths(), '--file', { terminal: this.terminal, lenient: this.on('lenient') });
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
    const given = documents ? undefined : new GivenFiles(this.paths(), this.on('lenient'));
    try {
      return await this.terminal.progress('Reading', (say) =>
        client.write(given ? this.read(given, say) : batchesOf([documents!]), { ...options, detail }),
      );
    } catch (error) {
      if (!(error instanceof CtlError) || error instanceof Unreadable || error.fields.length === 0)
        throw error;
      throw renameFields(error, placesOf(documents ?? (await this.again(given!))));
    }
  }

  /** The operations of `-f`, a batch at a time. */
  private async *read(given: GivenFiles, say: (text: string) => void): AsyncGenerator<Operation[]> {
    // The daemon finds what comes twice.
    const stream = await given.open({ repeats: true });
    let count = 0;
    for await (const batch of batchesOf(stream.parts(), stream.problems)) {
      yield batch;
      count += batch.length;
      say(progressText(given.share, count));
    }
    if (stream.problems.length > 0) throw new Unreadable(stream.problems);
    for (const note of stream.notes) await this.terminal.warn(note);
    say(waitingText(count));
  }

  /**
   * The documents of a write that was refused, with their places: looked up only now, so that nothing is kept for the
   * case that there is a fault.
   * @throws CtlError when some of them come twice
   */
  private async again(given: GivenFiles): Promise<readonly Parsed[]> {
    const stream = await given.open();
    const documents = await collect(stream);
    if (stream.problems.length > 0) throw new Unreadable(stream.problems);
    return documents;
  }

  private paths(): readonly string[] {
    const paths = [...this.texts('file'), ...this.positional];
    if (paths.length > 0) return paths;
    throw new CtlError('usage', 'missing the files', { hint: `Such as: ctl ${this.id!} -f config/` });
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
    const { impactView } = await import('../output/impact.js');
    await out.write(`\n${await impactView().prose!(impact, await painterFor(out))}`);
  }
}

/**
 * Documents as operations, in batches that fit a message; none after a problem, since the rest is read only to find
 * the others.
 */
async function* batchesOf(
  parts: Iterable<Iterable<Parsed>> | AsyncIterable<Iterable<Parsed>>,
  problems: readonly FileProblem[] = [],
): AsyncGenerator<Operation[]> {
  let batch: Operation[] = [];
  for await (const part of parts)
    for (const document of part) {
      if (problems.length > 0) continue;
      batch.push(put(document));
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  if (batch.length > 0) yield batch;
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
