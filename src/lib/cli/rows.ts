/** Resources as they come from the daemon, as rows that printers show. */
import type { Change, Resource } from '../api/generated/v1/ctl.js';
import { kindOf } from '../kinds/index.js';
import type { Document, Json, KindName } from '../kinds/kind.js';
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
    links: resource.links.map(({ kind, ref, label }) => ({ kind: kind as KindName, ref, label })),
  };
}

/** A changed field for a sentence: `privacy NONE → PRIVATE`, `egressPolicies: 2 entries replaced by 1`. */
export function changeText({ path, before, after }: Change['fields'][number]): string {
  const [old, fresh] = [before, after].map((text) => (text === '' ? undefined : (JSON.parse(text) as Json)));
  if (Array.isArray(old) || Array.isArray(fresh)) {
    const [was, is] = [old, fresh].map((list) => (list as Json[] | undefined)?.length ?? 0) as [
      number,
      number,
    ];
    return `${path}: ${was} ${was === 1 ? 'entry' : 'entries'} replaced by ${is}`;
  }
  return `${path} ${shown(old)} → ${shown(fresh)}`;
}

const shown = (value: Json | undefined): string => {
  const text = value === undefined ? '(none)' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};
