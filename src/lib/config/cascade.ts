/** What a deletion does to the resources that refer to the deleted one (docs/semantics.md 1). Pure. */
import type { Catalog } from '../kinds/catalog.js';
import { kindOf } from '../kinds/index.js';
import { type Document, type Kind, type KindName, type Resource, referencesOf } from '../kinds/kind.js';
import { named } from './references.js';

/** A resource that goes or loses a reference because of a deletion; deleted without `doc`. */
export interface Touched {
  readonly resource: Resource;
  readonly doc?: Document;
  readonly because: string;
}

/** A reference that must not be cleared because it guards the resource. */
export interface Guarded {
  readonly resource: Resource;
  readonly path: string;
  /** The resource that guards it, one of those that would go. */
  readonly guard: Resource;
}

const id = (kind: KindName, ref: string): string => `${kind}\0${ref}`;

/**
 * Follows deletions through a catalog that the deleted are gone from already. `labels` is a catalog in which
 * they still are.
 */
export function cascade(
  catalog: Catalog,
  labels: Catalog,
  deleted: readonly Resource[],
): { touched: Touched[]; guarded: Guarded[] } {
  const gone = new Map(deleted.map((resource) => [id(resource.kind, resource.ref), resource]));
  const touched = follow(catalog, labels, gone);
  const guarded: Guarded[] = [];
  for (const resource of survivors(catalog, gone)) {
    const lost = referencesOf(kindOf(resource.kind), resource.doc).filter((r) =>
      gone.has(id(r.field.to, r.ref)),
    );
    const guards = lost.filter(({ field }) => field.guards);
    for (const { path, field, ref } of guards)
      guarded.push({ resource, path, guard: gone.get(id(field.to, ref))! });
    const target = gone.get(id(lost[0]!.field.to, lost[0]!.ref))!;
    touched.push({
      resource,
      doc: without(kindOf(resource.kind), resource.doc, gone),
      because: reason(labels, target, lost[0]!.path),
    });
  }
  return { touched, guarded };
}

/** Adds to `gone` all that cannot do without what is in it, and returns those. */
function follow(catalog: Catalog, labels: Catalog, gone: Map<string, Resource>): Touched[] {
  const touched: Touched[] = [];
  const queue = [...gone.values()];
  for (const target of queue) {
    for (const { kind, ref } of catalog.referrers(target.kind, target.ref)) {
      const resource = catalog.get(kind, ref);
      if (!resource || gone.has(id(kind, ref))) continue;
      const owned = referencesOf(kindOf(kind), resource.doc).find(
        (r) => r.field.to === target.kind && r.ref === target.ref && isOwner(r),
      );
      if (!owned) continue;
      gone.set(id(kind, ref), resource);
      queue.push(resource);
      touched.push({ resource, because: reason(labels, target, owned.path) });
    }
  }
  return touched;
}

/** The resources that stay and refer to something gone, each once. */
function survivors(catalog: Catalog, gone: ReadonlyMap<string, Resource>): Iterable<Resource> {
  const found = new Map<string, Resource>();
  for (const target of gone.values())
    for (const { kind, ref } of catalog.referrers(target.kind, target.ref)) {
      const resource = catalog.get(kind, ref);
      if (resource && !gone.has(id(kind, ref))) found.set(id(kind, ref), resource);
    }
  return found.values();
}

/** An entry of a list goes alone; elsewhere an owner, or a required reference, takes the resource along. */
const isOwner = ({ path, field }: ReturnType<typeof referencesOf>[number]): boolean =>
  !path.includes('[') && (field.owner === true || field.required === true);

/** The document without its references to what is gone, and without the entries that need them. */
function without(kind: Kind, doc: Document, gone: ReadonlyMap<string, Resource>): Document {
  const rest: Document = {};
  for (const [name, field] of Object.entries(kind.fields)) {
    const value = doc[name];
    if (value === undefined) continue;
    if (field.type === 'reference' && gone.has(id(field.to, value as string))) continue;
    rest[name] =
      field.type === 'structs'
        ? ((value as Document[]).flatMap((entry) => {
            const lost = Object.entries(field.of).filter(
              ([member, of]) => of.type === 'reference' && gone.has(id(of.to, String(entry[member]))),
            );
            if (lost.some(([, of]) => of.required)) return [];
            return [Object.fromEntries(Object.entries(entry).filter(([m]) => !lost.some(([l]) => l === m)))];
          }) as never)
        : value;
  }
  return rest;
}

const reason = (labels: Catalog, target: Resource, path: string): string =>
  `${path} refers to ${kindOf(target.kind).noun} ${named(labels, target)}`;
