import { article } from '../../kinds/words.js';
import { Flags } from '@oclif/core';
import { CtlError, type FieldError } from '../../errors.js';
import type { Kind } from '../../kinds/kind.js';
import { connectionFlags, globalFlags, outputFlags } from '../flags.js';
import { didYouMean } from '../../kinds/nearest.js';
import { findField } from '../names.js';
import type { Row } from '../output/resource.js';
import { rowOf } from '../rows.js';
import { example } from './examples.js';
import { ResourceCommand } from './resource.js';

/** `ctl <kinds> list`. */
export function listCommand(kind: Kind): typeof ResourceCommand {
  const column = kind.columns.find((name) => name !== 'name') ?? 'name';
  const value = kind.fields[column]!.example ?? String(kind.example[column] ?? kind.example['name']);
  return class extends ResourceCommand {
    static override summary = `list ${kind.topic.replace('-', ' ')}${kind.order ? ' in declared order' : ', newest first'}`;
    static override hiddenAliases = [`${kind.topic}:ls`];
    static override flags = {
      filter: Flags.string({
        summary: 'only those whose field has this value; repeatable, all must hold',
        helpValue: '<field=value>',
        multiple: true,
        multipleNonGreedy: true,
      }),
      sort: Flags.string({ summary: 'sort by a field; -field sorts downwards', helpValue: '<field>' }),
      limit: Flags.string({ summary: 'at most so many', helpValue: '<number>' }),
      ...outputFlags,
    };
    static override baseFlags = { ...connectionFlags, ...globalFlags };
    static override examples = [
      example(`List all ${kind.topic.replace('-', ' ')}`, `${kind.topic} list`),
      example('Find some, sorted by name', `${kind.topic} list --filter '${column}=${value}' --sort name`),
    ];

    protected override get kind() {
      return kind;
    }

    protected override async execute(): Promise<void> {
      const printer = this.printer(this.view);
      const request = {
        kind: kind.name,
        filters: this.texts('filter').map((text) => readFilter(kind, text)),
        sort: readSort(kind, this.text('sort') ?? ''),
        search: '',
      };
      const limit = readLimit(this.text('limit'));
      const client = await this.client();
      let count = 0;
      const rows = async function* (): AsyncGenerator<Row> {
        for await (const resource of client.list(request, limit)) {
          count++;
          yield rowOf(resource);
        }
      };
      await printer.list(rows());
      if (count === 0 && this.terminal.err.isTTY)
        await this.terminal.confirm(nothing(kind, request.filters.length > 0));
    }
  };
}

const nothing = (kind: Kind, filtered: boolean): string =>
  filtered
    ? `No ${kind.noun} matches.`
    : `There is no ${kind.noun} yet. Create one with "ctl ${kind.topic} create".`;

const META = ['ref', 'createdAt', 'updatedAt'];

/** The field that `--filter` or `--sort` names. @throws CtlError usage, with the nearest real name */
function fieldOf(kind: Kind, text: string, flag: string): string {
  const [head, ...rest] = text.split('.');
  const found = META.includes(head!) ? head! : findField(kind, head!);
  if (found) return [found, ...rest].join('.');
  const names = ['ref', ...Object.keys(kind.fields), 'createdAt', 'updatedAt'];
  const message = `${JSON.stringify(text)} is no field of ${article(kind.noun)}${didYouMean(text, names)}`;
  throw usage(flag, message, `Fields: ${names.join(', ')}.`);
}

function readFilter(kind: Kind, text: string): { field: string; value: string } {
  const at = text.indexOf('=');
  if (at > 0) return { field: fieldOf(kind, text.slice(0, at), '--filter'), value: text.slice(at + 1) };
  throw usage('--filter', `${JSON.stringify(text)} has no value`, 'Expected field=value.');
}

function readSort(kind: Kind, text: string): string {
  if (text === '') return '';
  return text.startsWith('-') ? `-${fieldOf(kind, text.slice(1), '--sort')}` : fieldOf(kind, text, '--sort');
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return Infinity;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw usage('--limit', `${JSON.stringify(text)} is no limit`, 'Expected a whole number from 1.');
}

function usage(flag: string, message: string, hint: string): CtlError {
  const fields: FieldError[] = [{ field: flag, message }];
  return new CtlError('usage', `${flag} ${message}`, { hint, fields });
}
