/**
 * The flags of `create` and `update`, derived from a kind's fields. No flag is required as far as the parser of the
 * command line knows, and all values reach us as text: so that everything that is wrong is reported at once.
 */
import { Flags, type Interfaces } from '@oclif/core';
import { type Field, type Kind, isSecret } from '../../kinds/kind.js';
import { abbreviation, flagName, kebab } from '../names.js';

export type Verb = 'create' | 'update';

/** What a flag does: sets a field, adds to or removes from a list, or, of a fixed field, only says so. */
export type Role = 'set' | 'add' | 'remove' | 'fixed';

export interface FieldFlag {
  /** Without dashes: `domain`, `add-egress`. */
  readonly flag: string;
  readonly name: string;
  readonly field: Field;
  readonly role: Role;
}

/** Every flag that speaks of a field, in field order. */
export function fieldFlags(kind: Kind, verb: Verb): FieldFlag[] {
  return Object.entries(kind.fields).flatMap(([name, field]): FieldFlag[] => {
    const flag = flagName(name, field);
    if (verb === 'create') return [{ flag, name, field, role: 'set' }];
    if (field.immutable) return [{ flag, name, field, role: 'fixed' }];
    const set: FieldFlag = { flag, name, field, role: 'set' };
    if (field.type !== 'list' && field.type !== 'structs') return [set];
    return [
      set,
      { flag: `add-${flag}`, name, field, role: 'add' },
      { flag: `remove-${flag}`, name, field, role: 'remove' },
    ];
  });
}

/** The fields that `--clear` takes, by the names it takes them under: `domain`, `egress-policies`. */
export const clearable = (kind: Kind): Map<string, string> =>
  new Map(
    Object.entries(kind.fields)
      .filter(([, field]) => !field.required && !field.immutable)
      .map(([name]) => [kebab(name), name]),
  );

/** The flags by which a kind is created or updated, for a command's `flags`. */
export function flagsOf(kind: Kind, verb: Verb): Interfaces.FlagInput {
  const flags: Interfaces.FlagInput = {};
  if (verb === 'create')
    flags['ref'] = Flags.string({
      summary: `ref of the ${kind.noun}; a UUID when not given`,
      helpValue: '<ref>',
    });
  for (const spec of fieldFlags(kind, verb)) flags[spec.flag] = flagOf(spec, verb);
  const names = [...clearable(kind).keys()];
  if (verb === 'update')
    flags['clear'] = Flags.string({
      summary: `empty a field, or reset it to its default: ${names.join(', ')}; repeatable`,
      helpValue: '<field>',
      multiple: true,
      multipleNonGreedy: true,
    });
  return flags;
}

function flagOf({ flag, name, field, role }: FieldFlag, verb: Verb): Interfaces.FlagInput[string] {
  if (role === 'fixed') return Flags.string({ hidden: true, summary: 'fixed when created' });
  const short = role === 'set' ? abbreviation(kebab(name)) : undefined;
  const also = short ? ` (also --${short})` : '';
  const common = {
    summary: summaryOf(field, role, verb) + also,
    ...(short && { aliases: [short] }),
  };
  if (field.type === 'boolean') return Flags.boolean({ ...common, allowNo: true });
  const helpValue = helpValueOf(flag, field);
  if (field.type === 'list' || field.type === 'structs')
    return Flags.string({ ...common, helpValue, multiple: true, multipleNonGreedy: true });
  return Flags.string({ ...common, helpValue });
}

function summaryOf(field: Field, role: Role, verb: Verb): string {
  const such = field.example && field.type !== 'reference' ? `, such as ${field.example}` : '';
  if (role === 'add') return `add an entry: ${field.summary}${such}; repeatable`;
  if (role === 'remove')
    return field.type === 'structs'
      ? 'remove the entries that have these values; repeatable'
      : 'remove this entry; repeatable';
  const required = verb === 'create' && field.required ? '(required) ' : '';
  if (isSecret(field)) return `${required}file with the ${field.summary}, - for stdin`;
  const many = field.type === 'list' || field.type === 'structs' ? '; repeatable' : '';
  const replaces = many && verb === 'update' ? ', replaces the whole list' : '';
  const fallback =
    verb === 'create' && field.default !== undefined ? ` [default: ${String(field.default)}]` : '';
  return `${required}${field.summary}${such}${many}${replaces}${fallback}`;
}

function helpValueOf(flag: string, field: Field): string {
  if (isSecret(field)) return '<file>';
  if (field.type === 'choice') return field.values.join('|');
  if (field.type === 'integer') return '<number>';
  if (field.type === 'object') return '<json>';
  if (field.type === 'structs') return '<key=value,…>';
  const name = field.type === 'reference' ? kebab(field.to) : flag;
  return `<${abbreviation(name) ?? name}>`;
}
