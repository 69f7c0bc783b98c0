/** `ctl explain` and `ctl schema`: what a kind's documents may hold, for people and for editors. */
import { Args } from '@oclif/core';
import { formats } from '../../kinds/formats.js';
import { type Field, type Fields, type Kind, isSecret } from '../../kinds/kind.js';
import { CtlError } from '../../errors.js';
import { didYouMean } from '../../kinds/nearest.js';
import { BaseCommand } from '../base.js';
import { flagName } from '../names.js';
import { example } from '../verbs/examples.js';
import { kindNamed } from './kind-named.js';
import { schemaOf } from './schema.js';

export class ExplainCommand extends BaseCommand {
  static override summary = "describe a kind's fields, or one of them";
  static override args = {
    what: Args.string({ description: 'a kind, or a kind and a field: agents, agents.privacy' }),
  };
  static override examples = [
    example('What is a trunk?', 'explain trunks'),
    example('One field', 'explain trunks.uris.transport'),
  ];

  protected override async execute(): Promise<void> {
    const [what] = this.positional;
    if (what === undefined)
      throw new CtlError('usage', 'missing the kind', { hint: 'Such as: ctl explain agents.privacy' });
    const [name, ...path] = what.split('.');
    const kind = kindNamed(name!);
    await this.terminal.out.write(path.length === 0 ? pageOf(kind) : fieldPage(kind, path));
  }
}

function pageOf(kind: Kind): string {
  const rows = Object.entries(kind.fields).map(([name, field]) => [
    name,
    `${typeOf(field)}${field.required ? ', required' : ''}`,
    field.summary,
  ]);
  const keys = kind.keys.map((key) => key.fields.join(key.separator)).join(', or ');
  return `${kind.name}: ${kind.summary}\n\n${keys ? `Named by its ref, or by ${keys}.\n\n` : ''}FIELDS\n${columns(rows)}\n`;
}

function fieldPage(kind: Kind, path: readonly string[]): string {
  let fields: Fields = kind.fields;
  let field: Field | undefined;
  for (const name of path) {
    field = fields[name];
    if (!field)
      throw new CtlError(
        'usage',
        `${kind.topic} have no field ${JSON.stringify(path.join('.'))}${didYouMean(name, Object.keys(fields))}`,
        {
          hint: `Fields: ${Object.keys(fields).join(', ')}.`,
        },
      );
    fields = field.type === 'structs' ? field.of : {};
  }
  const last = path.at(-1)!;
  const rows = [['type', typeOf(field!)], ['meaning', field!.summary], ...limits(field!)];
  if (path.length === 1) rows.push(['flag', `--${flagName(last, field!)}`]);
  if (field!.example !== undefined) rows.push(['example', field!.example]);
  const nested = Object.entries(fields).map(([name, one]) => [
    name,
    `${typeOf(one)}${one.required ? ', required' : ''}`,
    one.summary,
  ]);
  return `${kind.name}.${path.join('.')}\n\n${columns(rows)}\n${nested.length > 0 ? `\nFIELDS\n${columns(nested)}\n` : ''}`;
}

function limits(field: Field): string[][] {
  const text = field.type === 'list' ? field.of : field;
  const rows: string[][] = [];
  if (field.required) rows.push(['required', 'yes']);
  if (field.immutable) rows.push(['fixed', 'when created']);
  if (field.default !== undefined) rows.push(['default', String(field.default)]);
  if (field.type === 'choice') rows.push(['values', field.values.join(', ')]);
  if (field.type === 'integer') rows.push(['from', `${field.min} to ${field.max}`]);
  if (text.type === 'text') rows.push(['length', `${text.min ?? 0} to ${text.max} characters`]);
  if (text.type === 'text' && text.format) rows.push(['expected', formats[text.format]]);
  if (isSecret(field)) rows.push(['secret', 'never shown']);
  return rows;
}

function typeOf(field: Field): string {
  if (field.type === 'reference') return `reference to ${kindNamed(field.to).noun}`;
  if (field.type === 'list') return 'list of text';
  return field.type === 'structs' ? 'list of structures' : field.type;
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows
    .map((row) => `  ${row.map((cell, i) => cell.padEnd(i === row.length - 1 ? 0 : widths[i]!)).join('  ')}`)
    .join('\n');
}

export class SchemaCommand extends BaseCommand {
  static override summary = 'print the JSON Schema of documents, for editors';
  static override args = { kind: Args.string({ description: 'of this kind alone', required: false }) };
  static override examples = [
    example('For an editor that completes and checks these files', 'schema > ctl.schema.json'),
    example('Of one kind', 'schema agents'),
  ];

  protected override async execute(): Promise<void> {
    const [name] = this.positional;
    const schema = schemaOf(name === undefined ? undefined : kindNamed(name));
    await this.terminal.out.write(`${JSON.stringify(schema, null, 2)}\n`);
  }
}
