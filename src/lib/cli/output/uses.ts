/** Who needs a resource, and the calls that would change without it, for a person. */
import type { Catalog } from '../../kinds/catalog.js';
import { kindOf } from '../../kinds/index.js';
import type { Json, KindName, Resource } from '../../kinds/kind.js';
import { type Impact, impactDocument } from '../../proof/impact/impact.js';
import type { Needed } from '../../proof/uses/referrers.js';
import { subjectOf } from '../../routing/trace.js';
import { impactView } from './impact.js';
import type { Painter } from './paint.js';
import { printable } from './printable.js';
import { recordView } from './record.js';
import type { View } from './view.js';

/** What would come of a change: its effect on calls, or why it would be refused. */
export type Outlook = { readonly impact: Impact } | { readonly refused: string };

export interface Uses extends Needed {
  readonly catalog: Catalog;
  readonly resource: Resource;
  /** With what cannot do without it. */
  readonly deleted: Outlook;
  /** Null for a kind that cannot be disabled, and for what is disabled already. */
  readonly disabled: Outlook | null;
}

/** Referrers that are named one by one. */
const SHOWN = 20;

const FIELDS = ['kind', 'ref', 'referrers', 'callsIfDeleted', 'callsIfDisabled'];
const rows = recordView(FIELDS);

const recordOf = ({ resource, direct, deleted, disabled }: Uses) => ({
  kind: resource.kind,
  ref: resource.ref,
  referrers: direct.map(({ kind, ref }) => subjectOf(kind, ref)),
  callsIfDeleted: callsOf(deleted),
  callsIfDisabled: disabled && callsOf(disabled),
});

const callsOf = (outlook: Outlook): number | null =>
  'impact' in outlook ? outlook.impact.groups.reduce((sum, { count }) => sum + count, 0) : null;

export const usesView: View<Uses> = {
  columns: rows.columns.map((column) => ({
    ...column,
    value: (uses) => column.value(recordOf(uses)),
    texts: (uses) => column.texts(recordOf(uses)),
  })),
  document: ({ resource, direct, through, deleted, disabled }) => ({
    kind: resource.kind,
    ref: resource.ref,
    referrers: direct.map(({ kind, ref, paths }) => ({ kind, ref, paths: [...paths] })),
    through: through.map(({ kind, count }) => ({ kind, count })),
    deleted: documentOf(deleted),
    disabled: disabled && documentOf(disabled),
  }),
  prose: async (uses, paint) => {
    const { resource, deleted, disabled } = uses;
    const name = named(uses.catalog, resource.kind, resource.ref);
    const sections = [
      neededText(uses, name, paint),
      await outlookText(`If ${name} were deleted, with what cannot do without it:`, deleted, paint),
      ...(disabled ? [await outlookText(`If ${name} were disabled:`, disabled, paint)] : []),
    ];
    return sections.join('\n');
  },
};

const documentOf = (outlook: Outlook): Json =>
  'impact' in outlook
    ? { impact: impactDocument(outlook.impact), refused: null }
    : { impact: null, refused: outlook.refused };

/** `numbers/+19103434434`: by its natural key where it has one. */
function named(catalog: Catalog, kind: KindName, ref: string): string {
  const resource = catalog.get(kind, ref);
  return printable(subjectOf(kind, resource ? catalog.label(resource) : ref));
}

function neededText({ catalog, direct, through }: Uses, name: string, paint: Painter): string {
  if (direct.length === 0) return `Nothing refers to ${paint.strong(name)}.\n`;
  const lines = direct
    .slice(0, SHOWN)
    .map(({ kind, ref, paths }) => `  ${named(catalog, kind, ref)} by ${printable(paths.join(', '))}`);
  const rest = direct.length - lines.length;
  if (rest > 0) lines.push(`  and ${rest.toLocaleString('en')} more`);
  if (through.length > 0)
    lines.push(`  through them: ${through.map(({ kind, count }) => counted(kind, count)).join(', ')}`);
  return `${paint.strong(name)} is needed by:\n${lines.join('\n')}\n`;
}

const counted = (kind: KindName, count: number): string => {
  const { noun, topic } = kindOf(kind);
  return `${count.toLocaleString('en')} ${count === 1 ? noun : topic}`;
};

async function outlookText(title: string, outlook: Outlook, paint: Painter): Promise<string> {
  const text =
    'impact' in outlook
      ? await impactView().prose!(outlook.impact, paint)
      : `Refused: ${printable(outlook.refused)}\n`;
  return `${paint.strong(title)}\n${text}`;
}
