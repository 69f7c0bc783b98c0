import { Flags } from '@oclif/core';
import { Change_Effect, Operation_Action } from '../../api/generated/v1/ctl.js';
import { CtlError } from '../../errors.js';
import type { Kind } from '../../kinds/kind.js';
import { connectionFlags, globalFlags, outputFlags, writeFlags } from '../flags.js';
import { readDocument } from '../input/document.js';
import { flagsOf } from '../input/flags.js';
import { parseFlags } from '../input/parse.js';
import { inputError, renameFields } from '../input/problems.js';
import { readRevision } from '../input/revision.js';
import { processSources } from '../input/source.js';
import { flagName, flagOfPath, topOf } from '../names.js';
import { rowOf } from '../rows.js';
import { placeFlagOf, placeFlags } from './place.js';
import { example } from './examples.js';
import { exampleKey, keyArg, ResourceCommand } from './resource.js';
import { operation } from '../../api/requests.js';

/** `ctl <kinds> update KEY`: changes what is given and keeps the rest. */
export function updateCommand(kind: Kind): typeof ResourceCommand {
  return class extends ResourceCommand {
    static override summary =
      `change fields of ${/^[aeiou]/.test(kind.noun) ? 'an' : 'a'} ${kind.noun}`.replace(
        'a credentials',
        'credentials',
      );
    static override args = { key: keyArg(kind) };
    static override flags = {
      ...flagsOf(kind, 'update'),
      file: Flags.string({
        char: 'f',
        summary: 'YAML or JSON document to merge, - for stdin; flags win over it',
        helpValue: '<file>',
      }),
      'if-revision': Flags.string({
        summary: 'only if its revision is still this one',
        helpValue: '<number>',
      }),
      ...(kind.order && placeFlags(kind)),
      ...writeFlags,
      ...outputFlags,
    };
    static override baseFlags = { ...connectionFlags, ...globalFlags };
    static override examples = [
      example('Change the name', `${kind.topic} update ${exampleKey(kind)} --name 'New name'`),
      ...listExample(kind),
    ];

    protected override get kind() {
      return kind;
    }

    protected override async execute(): Promise<void> {
      const printer = this.printer(this.view);
      const key = this.key();
      const flags = await parseFlags(kind, 'update', this.values, processSources);
      const path = this.text('file');
      const file = path === undefined ? undefined : await readDocument(processSources, path, kind);
      if (file?.ref !== undefined && file.ref !== key) await this.checkRef(key, file.ref);
      const doc = { ...file?.doc, ...flags.doc };
      const clear = [...new Set([...flags.clear, ...(file?.clear ?? [])])].filter((name) => !(name in doc));
      const place = { before: this.text('before') ?? '', after: this.text('after') ?? '' };
      if (Object.keys(doc).length + clear.length + flags.edits.length === 0 && !place.before && !place.after)
        throw new CtlError('usage', `nothing to change in ${kind.noun} ${key}`, {
          hint: `Give a field, such as --name 'New name'; see "ctl ${kind.topic} update --help".`,
        });
      const update = operation({
        action: Operation_Action.UPDATE,
        kind: kind.name,
        key,
        document: JSON.stringify(doc),
        clear,
        expectedRevision: readRevision(this.text('if-revision')),
        listEdits: flags.edits.map(({ field, entry, remove }) => ({
          field,
          entry: JSON.stringify(entry),
          remove,
        })),
        ...place,
      });
      const changes = await this.write([update]).catch((error: unknown) => {
        const where = (field: string) =>
          placeFlagOf(field) ??
          (file && topOf(field) in file.doc ? file.where(field) : flagOfPath(kind.fields, field));
        throw error instanceof CtlError ? renameFields(error, where) : error;
      });
      await this.tell(changes.filter(({ effect }) => effect !== Change_Effect.EFFECT_UNSPECIFIED));
      if (this.wantsResult) await printer.one(rowOf(changes[0]!.resource!));
    }

    /** A document of another resource is a slip. @throws CtlError usage */
    private async checkRef(key: string, ref: string): Promise<void> {
      const found = await (await this.client()).get(kind.name, key);
      if (found.ref === ref) return;
      throw inputError(`cannot update ${kind.noun} ${key}`, [
        {
          field: 'ref',
          message: `is ${JSON.stringify(ref)} in the document, but ${key} is ${JSON.stringify(found.ref)}`,
        },
      ]);
    }
  };
}

function listExample(kind: Kind) {
  const found = Object.entries(kind.fields).find(
    ([, field]) => field.type === 'list' || field.type === 'structs',
  );
  if (!found || found[1].example === undefined) return [];
  return [
    example(
      'Add one entry to a list',
      `${kind.topic} update ${exampleKey(kind)} --add-${flagName(...found)} '${found[1].example}'`,
    ),
  ];
}
