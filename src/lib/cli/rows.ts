/** Resources as they come from the daemon, as rows that printers show. */
import { topOf } from './names.js';
import type { Change, Resource } from '../api/generated/v1/ctl.js';
import { kindOf } from '../kinds/index.js';
import type { Document, Field, Json, Kind, KindName } from '../kinds/kind.js';
import { formatStructured } from './input/structured.js';
import type { Row } from './output/resource.js';

/** A row of a resource. */
export function rowOf(resource: Resource): Row {
  return {
    kind: kindOf(resource.kind as KindName),
    ref: resource.ref,
    doc: JSON.parse(resource.document) as Document,
    createdAt: resource.createdAt,
    updatedAt: resource.updatedAt,
    revision: resource.revision,
    position: resource.position || undefined,
    label: resource.label,
    links: resource.links.map(({ kind, ref, label }) => ({ kind: kind as KindName, ref, label })),
  };
}

/**
 * Changed fields for a sentence: `privacy NONE → PRIVATE`, and of lists what went and what came:
 * `allow: 2 entries went (10.0.0.0/8, 10.1.0.0/16), 1 came (172.16.0.0/12)`.
 */
export function changesText(kind: Kind, fields: Change['fields']): string {
  const groups = new Map<string, Change['fields']>();
  for (const field of fields) {
    const name = topOf(field.path);
    groups.set(name, [...(groups.get(name) ?? []), field]);
  }
  return [...groups]
    .map(([name, group]) => {
      const field = kind.fields[name];
      const isList = field?.type === 'list' || field?.type === 'structs';
      const entries = isList ? group.filter(({ path }) => path.endsWith(']')) : [];
      const values = group.filter((change) => !entries.includes(change));
      const texts = values.map(
        ({ path, before, after }) => `${path} ${shown(valueOf(before))} → ${shown(valueOf(after))}`,
      );
      return [...texts, ...(isList && entries.length > 0 ? [listText(name, field, entries)] : [])].join(', ');
    })
    .join('; ');
}

const valueOf = (text: string): Json | undefined => (text === '' ? undefined : (JSON.parse(text) as Json));

function listText(name: string, field: Field, group: Change['fields']): string {
  const entries = (side: 'before' | 'after') =>
    group.flatMap((change) => {
      const value = valueOf(change[side]);
      if (value === undefined) return [];
      return field.type === 'structs' && typeof value === 'object'
        ? formatStructured(field, value as Document)
        : shown(value);
    });
  const [went, came] = [entries('before'), entries('after')];
  for (const entry of [...went]) {
    const at = came.indexOf(entry);
    if (at < 0) continue;
    came.splice(at, 1);
    went.splice(went.indexOf(entry), 1);
  }
  const part = (list: readonly string[], verb: string) =>
    list.length === 0
      ? []
      : [`${list.length} ${list.length === 1 ? 'entry' : 'entries'} ${verb} (${list.join('; ')})`];
  const parts = [...part(went, 'went'), ...part(came, 'came')];
  return `${name}: ${parts.length === 0 ? 'order changed' : parts.join(', ')}`;
}

const shown = (value: Json | undefined): string => {
  const text = value === undefined ? '(none)' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};
