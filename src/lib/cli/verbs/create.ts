import { article } from '../../kinds/words.js';
import { Flags } from '@oclif/core';
import { Operation_Action } from '../../api/generated/v1/ctl.js';
import type { Client } from '../../api/client.js';
import { CtlError } from '../../errors.js';
import type { Document, Kind } from '../../kinds/kind.js';
import { connectionFlags, globalFlags, outputFlags, writeFlags } from '../flags.js';
import { readDocument } from '../input/document.js';
import { flagsOf } from '../input/flags.js';
import { missingError, missingFields } from '../input/missing.js';
import type { Search } from '../input/questions.js';
import { parseFlags } from '../input/parse.js';
import { renameFields } from '../input/problems.js';
import { processSources } from '../input/source.js';
import { flagOfPath, topOf } from '../names.js';
import { rowOf } from '../rows.js';
import { example, exampleCommand } from './examples.js';
import { placeFlagOf, placeFlags } from './place.js';
import { ResourceCommand } from './resource.js';
import { operation } from '../../api/requests.js';

interface Wanted {
  readonly doc: Document;
  readonly ref: string | undefined;
  /** What the user calls a path in the document: a flag, or a place in a file. */
  readonly nameOf: (path: string) => string | undefined;
}

/** `ctl <kinds> create`: by flags, by a document, by questions, or by any mix of them. */
export function createCommand(kind: Kind): typeof ResourceCommand {
  return class extends ResourceCommand {
    static override summary = `create ${article(kind.noun)}`;
    static override flags = {
      ...flagsOf(kind, 'create'),
      file: Flags.string({
        char: 'f',
        summary: 'YAML or JSON document, - for stdin; flags win over it',
        helpValue: '<file>',
      }),
      interactive: Flags.boolean({ char: 'I', summary: 'ask for every field, not only for missing ones' }),
      ...(kind.order && placeFlags(kind)),
      ...writeFlags,
      ...outputFlags,
    };
    static override baseFlags = { ...connectionFlags, ...globalFlags };
    static override examples = [
      example('By flags', exampleCommand(kind)),
      example('From a document', `${kind.topic} create --file ${kind.topic}.yaml`),
    ];

    protected override get kind() {
      return kind;
    }

    protected override async execute(): Promise<void> {
      const printer = this.printer(this.view);
      const { doc, ref, nameOf } = await this.complete(await this.given());
      const create = operation({
        action: Operation_Action.CREATE,
        kind: kind.name,
        key: ref ?? '',
        document: JSON.stringify(doc),
        before: this.text('before') ?? '',
        after: this.text('after') ?? '',
      });
      const changes = await this.write([create]).catch((error: unknown) => {
        throw error instanceof CtlError
          ? renameFields(error, (field) => placeFlagOf(field) ?? nameOf(field))
          : error;
      });
      await this.tell(changes);
      if (this.wantsResult) await printer.one(rowOf(changes[0]!.resource!));
    }

    /** What flags and document say. */
    private async given(): Promise<Wanted> {
      const flags = await parseFlags(kind, 'create', this.values, processSources);
      const path = this.text('file');
      if (path === undefined)
        return { doc: flags.doc, ref: flags.ref, nameOf: (field) => flagOfPath(kind.fields, field) };
      const file = await readDocument(processSources, path, kind);
      return {
        doc: { ...file.doc, ...flags.doc },
        ref: flags.ref ?? file.ref,
        nameOf: (field) => (topOf(field) in flags.doc ? flagOfPath(kind.fields, field) : file.where(field)),
      };
    }

    /** Asks for what is missing where it may ask, and fails naming all of it where it may not. */
    private async complete(wanted: Wanted): Promise<Wanted> {
      const missing = missingFields(kind, wanted.doc);
      const all = this.on('interactive');
      if (all && !this.terminal.canPrompt)
        throw new CtlError(
          'usage',
          'cannot ask: --interactive needs a terminal, and neither --no-input nor CI',
          {
            hint: 'Give the fields as flags, or a document with -f FILE.',
            fields: [{ field: '--interactive', message: 'needs a terminal' }],
          },
        );
      if (!all && missing.length === 0) return wanted;
      if (!this.terminal.canPrompt) throw missingError(kind, missing);
      const [{ askForResource }, { askerFor }] = await Promise.all([
        import('../input/prompts.js'),
        import('../input/asker.js'),
      ]);
      const answers = await askForResource(kind, wanted.doc, {
        asker: await askerFor(this.terminal),
        search: searchOf(await this.client()),
        all,
        ref: wanted.ref,
        width: this.terminal.err.width,
      });
      return { ...wanted, ...answers };
    }
  };
}

/** Finds resources to choose from, the newest that match. */
const searchOf =
  (client: Client): Search =>
  async (target, text, where = {}) => {
    const page = await client.page({
      kind: target,
      search: text,
      filters: Object.entries(where).map(([field, value]) => ({ field, value })),
      sort: '',
      pageSize: 50,
      pageToken: '',
    });
    return page.items
      .map(rowOf)
      .map((row) => ({ ref: row.ref, label: row.label ?? row.ref, name: String(row.doc['name']) }));
  };
