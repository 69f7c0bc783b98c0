/** `ctl history`, `ctl history show`, `ctl rollback` and `ctl confirm`: every change is a revision that can be undone. */
import { Args, Flags } from '@oclif/core';
import type { Client } from '../../api/client.js';
import type { Revision } from '../../api/generated/v1/ctl.js';
import { CtlError } from '../../errors.js';
import { ClientCommand } from '../base.js';
import { connectionFlags, globalFlags, outputFlags, revisionFlags, writeFlags } from '../flags.js';
import { parseRevision, readRevision } from '../input/revision.js';
import { painterFor } from '../output/paint.js';
import { isForPrograms } from '../output/format.js';
import { changeLines, plannedChange } from '../output/plan.js';
import { type RecordItem, recordView } from '../output/record.js';
import { timestamp } from '../output/resource.js';
import { example } from '../verbs/examples.js';
import { countsText, differs } from './counts.js';
import { FilesCommand, impactFlags, pastRevision } from './files.js';
import { kindNamed } from './kind-named.js';

const FIELDS = ['revision', 'at', 'who', 'created', 'updated', 'deleted', 'message'];

const recordOf = ({ revision, at, who, message, created, updated, deleted }: Revision): RecordItem => ({
  revision,
  at: timestamp(at),
  who,
  created,
  updated,
  deleted,
  message,
});

export class HistoryCommand extends ClientCommand {
  static override summary = 'list revisions, newest first';
  static override description = 'Of everything, or of one resource, also after it was deleted.';
  static override args = {
    kind: Args.string({ description: 'kind of the resource, such as agents', required: false }),
    key: Args.string({ description: 'ref or natural key of the resource', required: false }),
  };
  static override flags = {
    limit: Flags.string({ summary: 'at most so many', helpValue: '<number>' }),
    ...outputFlags,
  };
  static override baseFlags = { ...connectionFlags, ...globalFlags };
  static override examples = [
    example('What was changed lately?', 'history --limit 10'),
    example('What happened to an agent?', 'history agents 1001@sip.local'),
  ];

  protected override async execute(): Promise<void> {
    const [kind, key] = this.positional;
    if (kind !== undefined && key === undefined)
      throw new CtlError('usage', `missing the ref or natural key of the ${kindNamed(kind).noun}`, {
        hint: 'Such as: ctl history agents 1001@sip.local',
      });
    const limit = this.text('limit');
    const most = limit === undefined ? Infinity : parseRevision(limit, '--limit');
    const printer = this.printer(recordView(FIELDS));
    const client = await this.client();
    const request = kind === undefined ? {} : { kind: kindNamed(kind).name, key: key! };
    const revisions = async function* () {
      for await (const revision of pages(client, request, most)) yield recordOf(revision);
    };
    await printer.list(revisions());
  }
}

async function* pages(
  client: Client,
  request: { kind?: string; key?: string },
  most: number,
): AsyncGenerator<Revision> {
  let left = most;
  let pageToken = '';
  do {
    const page = await client.history({ ...request, pageToken, pageSize: Math.min(left, 1000) });
    yield* page.revisions;
    left -= page.revisions.length;
    pageToken = page.nextPageToken;
  } while (pageToken !== '' && left > 0);
}

export class HistoryShowCommand extends ClientCommand {
  static override summary = 'show what one revision changed';
  static override args = { revision: Args.string({ description: 'the revision' }) };
  static override flags = { ...outputFlags };
  static override baseFlags = { ...connectionFlags, ...globalFlags };
  static override examples = [example('What did revision 12 change?', 'history show 12')];

  protected override async execute(): Promise<void> {
    const number = revisionArgument(this.positional[0], 'history show');
    const client = await this.client();
    const revision = await wholeRevision(client, number);
    if (!revision)
      throw new CtlError('not-found', `there is no revision ${number}`, { hint: 'See "ctl history".' });
    if (isForPrograms(this.format)) {
      const changes = revision.changes.map(plannedChange) as never;
      return this.printer(recordView([...FIELDS, 'changes'])).one({ ...recordOf(revision), changes });
    }
    const paint = await painterFor(this.terminal.out);
    const { at, who, message } = recordOf(revision);
    await this.terminal.out.write(
      `Revision ${number}, ${String(at)}, by ${String(who)}${message ? `: ${String(message)}` : ''}\n`,
    );
    for (const change of revision.changes) await this.terminal.out.write(changeLines(change, paint));
  }
}

/** A revision with all its changes, which come page by page. */
async function wholeRevision(client: Client, number: number): Promise<Revision | undefined> {
  let whole: Revision | undefined;
  let pageToken = '';
  do {
    const page = await client.history({ revision: number, pageToken });
    const [revision] = page.revisions;
    whole =
      whole && revision
        ? { ...whole, changes: [...whole.changes, ...revision.changes] }
        : (whole ?? revision);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return whole;
}

function revisionArgument(text: string | undefined, command: string, least: 0 | 1 = 1): number {
  if (text !== undefined) return parseRevision(text, 'REVISION', least);
  throw new CtlError('usage', 'missing the revision', {
    hint: `Such as: ctl ${command} 12. See "ctl history".`,
  });
}

export class RollbackCommand extends FilesCommand {
  static override summary = 'restore what a revision held, as a new revision';
  static override args = {
    revision: Args.string({ description: 'the revision to go back to; 0 is the empty configuration' }),
  };
  static override flags = {
    yes: Flags.boolean({ char: 'y', summary: 'do not ask' }),
    ...impactFlags,
    ...revisionFlags,
    ...writeFlags,
    ...outputFlags,
  };
  static override baseFlags = { ...connectionFlags, ...globalFlags };
  static override examples = [
    example('See what going back would change', 'rollback 12 --dry-run'),
    example('Go back, in a script', "rollback 12 --yes --message 'The new rules lost calls'"),
  ];

  protected override async execute(): Promise<void> {
    const rollbackTo = revisionArgument(this.positional[0], 'rollback', 0);
    const client = await this.client();
    const options = {
      rollbackTo,
      message: this.text('message') ?? '',
      expectedRevision: readRevision(this.text('if-revision')),
    };
    const plan = await client.write([], { ...options, dryRun: true });
    const ask = !this.on('dry-run') && !this.on('yes') && differs(plan);
    const impact =
      ask || this.on('dry-run')
        ? await this.impactOf({ revision: 0, over: [] }, pastRevision(rollbackTo))
        : undefined;
    if (this.on('dry-run') || !differs(plan)) {
      await this.show(plan, impact);
      return this.terminal.confirm(
        differs(plan) ? `Would be: ${countsText(plan)}` : `Everything is as in revision ${rollbackTo}.`,
      );
    }
    if (ask) {
      if (!(await this.agreed(plan, impact))) return;
      options.expectedRevision = plan.revision;
    }
    const done = await client.write([], options);
    if (this.format !== undefined) await this.show(done);
    await this.terminal.confirm(
      `Went back to revision ${rollbackTo}: ${countsText(done)}; revision ${done.revision}`,
    );
  }
}

export class ConfirmCommand extends ClientCommand {
  static override summary = 'keep the change that would otherwise be taken back';
  static override flags = { ...outputFlags };
  static override baseFlags = { ...connectionFlags, ...globalFlags };
  static override examples = [example('After apply --confirm-within 10m', 'confirm')];

  protected override async execute(): Promise<void> {
    const client = await this.client();
    const revision = await client.confirm();
    if (this.format !== undefined) await this.printer(recordView(['revision'])).one({ revision });
    await this.terminal.confirm(`Confirmed: revision ${revision} stays.`);
  }
}
