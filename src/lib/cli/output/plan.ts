/** How changes look: what would come, change and go, field by field. */
import { type Change, Change_Effect } from '../../api/generated/v1/ctl.js';
import type { Json } from '../../kinds/kind.js';
import { rowOf } from '../rows.js';
import type { Painter } from './paint.js';
import { printable } from './printable.js';

/** A change as JSON shows it. */
export interface PlannedChange {
  readonly effect: 'created' | 'updated' | 'unchanged' | 'deleted';
  readonly kind: string;
  readonly ref: string;
  readonly label: string;
  readonly fields: readonly { readonly path: string; readonly before: Json; readonly after: Json }[];
  /** Why a cascade or a synchronisation touched it. */
  readonly because: string | null;
}

const EFFECTS = {
  [Change_Effect.CREATED]: 'created',
  [Change_Effect.UPDATED]: 'updated',
  [Change_Effect.DELETED]: 'deleted',
} as Partial<Record<Change_Effect, PlannedChange['effect']>>;

const valueOf = (text: string): Json => (text === '' ? null : (JSON.parse(text) as Json));

/** A change from the wire; secrets are masked there already. */
export const plannedChange = ({ effect, resource, fields, because }: Change): PlannedChange => ({
  effect: EFFECTS[effect] ?? 'unchanged',
  kind: resource!.kind,
  ref: resource!.ref,
  label: resource!.label,
  fields: fields.map(({ path, before, after }) => ({ path, before: valueOf(before), after: valueOf(after) })),
  because: because || null,
});

const SIGNS = { created: '+', updated: '~', deleted: '-', unchanged: ' ' } as const;

/** A change for a person: a line, and one for each field of an update. Ends with a line break. */
export function changeLines(change: Change, paint: Painter): string {
  const planned = plannedChange(change);
  const { kind, ref, label = ref } = rowOf(change.resource!);
  const colour = { created: paint.good, updated: paint.caution, deleted: paint.bad, unchanged: paint.faint }[
    planned.effect
  ];
  const name = `${kind.topic}/${ref}${label === ref ? '' : `  ${label}`}`;
  const because = planned.because ? paint.faint(`  (${printable(planned.because)})`) : '';
  const lines = [`${colour(`${SIGNS[planned.effect]} ${printable(name)}`)}${because}`];
  if (planned.effect === 'updated')
    for (const { path, before, after } of planned.fields)
      lines.push(`    ${path}: ${paint.bad(shown(before))} → ${paint.good(shown(after))}`);
  return `${lines.join('\n')}\n`;
}

const shown = (value: Json): string => {
  const text = value === null ? '(none)' : typeof value === 'string' ? value : JSON.stringify(value);
  return printable(text.length > 200 ? `${text.slice(0, 200)}…` : text);
};
