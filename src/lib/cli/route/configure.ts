/** Changes of a configuration that nobody has made yet: what a daemon would make of them, and the commands for them. */
import type { Operation } from '../../config/operation.js';
import { type Plan, plan } from '../../config/plan.js';
import { PlanError } from '../../config/problems.js';
import type { Catalog } from '../../kinds/catalog.js';
import { kindOf } from '../../kinds/index.js';
import type { Document, Field, Json, Kind } from '../../kinds/kind.js';
import type { Configure, Edit } from '../../proof/why/edit.js';
import type { Snapshot } from '../../routing/snapshot.js';
import { formatStructured } from '../input/structured.js';
import { flagName, kebab } from '../names.js';
import { shellWord } from './command-line.js';

/** Higher than any that a store has given. */
let seq = 2 ** 50;

/** What a write would do. @throws PlanError where it would be refused */
export const planned = (catalog: Catalog, operations: readonly Operation[], cascade = false): Plan =>
  plan(catalog, operations, { cascade, now: 0, newRef: () => `generated-${++seq}`, nextSeq: () => ++seq });

/** What a write of these edits would give; undefined where it would be refused. */
export const configure: Configure = (snapshot, edits) => {
  try {
    const { deltas, catalog } = planned(snapshot.catalog, edits);
    return snapshot.apply(deltas, catalog);
  } catch (error) {
    if (error instanceof PlanError) return undefined;
    throw error;
  }
};

/** The command that makes an edit: `ctl sip-routes update concierge --add-called +1000`. */
export function editCommand({ catalog }: Snapshot, edit: Edit): string {
  const kind = kindOf(edit.kind);
  const { document = {}, clear = [], edits = [], before } = edit;
  const key = edit.action === 'create' ? edit.key : keyOf(catalog, edit);
  const rest = [
    ...clear.flatMap((name) => ['--clear', kebab(name)]),
    ...edits.flatMap(({ field, entry, remove }) => [
      `--${remove ? 'remove' : 'add'}-${flagName(field, kind.fields[field]!)}`,
      entryText(kind.fields[field]!, entry),
    ]),
    ...(before === undefined ? [] : ['--before', before]),
  ];
  const words = isToggle(edit)
    ? [kind.topic, document['enabled'] === true ? 'enable' : 'disable', key]
    : [
        kind.topic,
        edit.action,
        ...(edit.action === 'create' ? ['--ref', key] : [key]),
        ...Object.entries(document).flatMap(([name, value]) => fieldWords(kind, name, value)),
        ...rest,
      ];
  return ['ctl', ...words].map(shellWord).join(' ');
}

/** The natural key where it names the resource, else the ref. */
function keyOf(catalog: Snapshot['catalog'], { kind, key }: Edit): string {
  const resource = catalog.get(kind, key);
  const label = resource ? catalog.label(resource) : key;
  const found = catalog.find(kind, label);
  return found.length === 1 && found[0] === key ? label : key;
}

const isToggle = ({ action, document = {}, clear, edits, before }: Edit): boolean =>
  action === 'update' &&
  Object.keys(document).join() === 'enabled' &&
  !clear &&
  !edits &&
  before === undefined;

function fieldWords(kind: Kind, name: string, value: Json): string[] {
  const field = kind.fields[name]!;
  const flag = flagName(name, field);
  if (field.type === 'boolean') return [value === true ? `--${flag}` : `--no-${flag}`];
  const entries = field.type === 'list' || field.type === 'structs' ? (value as Json[]) : [value];
  return entries.flatMap((entry) => [`--${flag}`, entryText(field, entry)]);
}

const entryText = (field: Field, entry: Json): string =>
  field.type === 'structs' ? formatStructured(field, entry as Document) : String(entry);
