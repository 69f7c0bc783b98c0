/** Resources and changes as messages of ctl.v1. */
import type { Change } from '../config/operation.js';
import { fieldChanges } from '../config/diff.js';
import {
  Change_Effect,
  type Change as WireChange,
  type FieldChange,
  type Resource as WireResource,
} from '../api/generated/v1/ctl.js';
import type { Catalog } from '../kinds/catalog.js';
import { kindOf, kinds } from '../kinds/index.js';
import {
  type Document,
  type Json,
  type Kind,
  type KindName,
  type Resource,
  referencesOf,
  isSecret,
} from '../kinds/kind.js';
import type { Outcome } from './outcome.js';

/** The message of a resource, with labels and places from a catalog; secrets only when revealed. */
export function toWire(catalog: Catalog, resource: Resource, reveal = false): WireResource {
  const kind = kindOf(resource.kind);
  return {
    kind: resource.kind,
    ref: resource.ref,
    document: JSON.stringify(reveal ? resource.doc : withoutSecrets(kind, resource.doc)),
    createdAt: resource.createdAt,
    updatedAt: resource.updatedAt,
    revision: resource.revision,
    position: placeOf(catalog, resource),
    links: linksOf(catalog, kind, resource),
    label: catalog.label(resource),
    sequence: resource.seq,
  };
}

/** About how many bytes `toWire` makes of a resource. */
export const wireSize = ({ kind, doc }: Resource): number =>
  Buffer.byteLength(JSON.stringify(doc)) + 128 * (1 + referencesOf(kindOf(kind), doc).length);

const secrets = new Map(
  kinds.map((kind) => [kind, Object.keys(kind.fields).filter((name) => isSecret(kind.fields[name]))]),
);

/** The very document where the kind has no secrets: most have none. */
function withoutSecrets(kind: Kind, doc: Document): Document {
  const names = secrets.get(kind)!;
  if (names.length === 0) return doc;
  return Object.fromEntries(Object.entries(doc).filter(([name]) => !names.includes(name)));
}

function linksOf(catalog: Catalog, kind: Kind, { doc }: Resource): WireResource['links'] {
  const links = new Map<string, WireResource['links'][number]>();
  for (const { field, ref } of referencesOf(kind, doc)) {
    const target = catalog.get(field.to, ref);
    const label = target ? labelOf(catalog, target) : ref;
    links.set(`${field.to}\0${ref}`, { kind: field.to, ref, label });
  }
  return [...links.values()];
}

/** A natural key where there is one, else the name. */
const labelOf = (catalog: Catalog, resource: Resource): string =>
  kindOf(resource.kind).keys.length > 0 ? catalog.label(resource) : String(resource.doc['name']);

const places = new WeakMap<Catalog, Map<KindName, ReadonlyMap<string, number>>>();

/** The place in the declared order, from 1; 0 for kinds without one. Computed once for each revision. */
function placeOf(catalog: Catalog, { kind, ref }: Resource): number {
  if (!kindOf(kind).order) return 0;
  let byKind = places.get(catalog);
  if (!byKind) places.set(catalog, (byKind = new Map()));
  let byRef = byKind.get(kind);
  if (!byRef) {
    const ordered = [...catalog.all(kind)].sort((a, b) => (a.position! < b.position! ? -1 : 1));
    byKind.set(kind, (byRef = new Map(ordered.map((resource, i) => [resource.ref, i + 1]))));
  }
  return byRef.get(ref) ?? 0;
}

const effects: Record<Change['effect'], Change_Effect> = {
  created: Change_Effect.CREATED,
  updated: Change_Effect.UPDATED,
  unchanged: Change_Effect.UNCHANGED,
  deleted: Change_Effect.DELETED,
};

const text = (value: Json | undefined): string => (value === undefined ? '' : JSON.stringify(value));

/** The message of a change: the resource after it (before, when deleted), and its fields. */
export function changeToWire(
  { before, after }: Pick<Outcome, 'before' | 'after'>,
  change: Change,
): WireChange {
  const resource = toWire(change.after ? after : before, (change.after ?? change.before)!);
  const fields = change.effect === 'unchanged' ? [] : fieldsOf(before, change, resource);
  return { effect: effects[change.effect], resource, fields, because: change.because ?? '' };
}

function fieldsOf(before: Catalog, change: Change, { kind, position }: WireResource): FieldChange[] {
  const fields = fieldChanges(kindOf(kind as KindName), change.before?.doc, change.after?.doc).map(
    ({ path, before: old, after: now }) => ({ path, before: text(old), after: text(now) }),
  );
  if (change.before && change.after && change.before.position !== change.after.position) {
    const place = placeOf(before, change.before);
    if (place !== position) fields.push({ path: 'position', before: String(place), after: String(position) });
  }
  return fields;
}

/** About how many bytes the message of a change takes. */
export const changeSize = ({ resource, fields }: WireChange): number =>
  fields.reduce((sum, { before, after }) => sum + before.length + after.length, messageSize(resource!));

/** About how many bytes the message of a resource takes. */
export const messageSize = ({ document, links }: WireResource): number =>
  document.length + 128 * (1 + links.length);
