/** Configurations for tests: documents by kind become a catalog and a snapshot, as valid as if a daemon held them. */
import { Catalog, type Delta } from '../../src/lib/kinds/catalog.js';
import { kindOf, kinds } from '../../src/lib/kinds/index.js';
import {
  referencesOf,
  type Document,
  type Json,
  type KindName,
  type Resource,
} from '../../src/lib/kinds/kind.js';
import { LAST, Order } from '../../src/lib/kinds/order.js';
import { validate } from '../../src/lib/kinds/validate.js';
import { Snapshot } from '../../src/lib/routing/snapshot.js';

/** A document with its ref; what is required and absent gets a value that says nothing. */
export type Entry = { readonly ref: string } & { readonly [field: string]: Json | undefined };
/** Documents by kind, each kind in the order of creation (and, for SIP routes, of declaration). */
export type World = { readonly [K in KindName]?: readonly Entry[] };

const FILLERS: { readonly [K in KindName]?: (entry: Entry) => Document } = {
  Number: () => ({ city: 'Durham, NC', country: 'USA', countryIsoCode: 'US' }),
  Domain: ({ ref }) => ({ domainUri: `${ref}.example.com` }),
  Agent: ({ ref }) => ({ username: ref }),
  Peer: ({ ref }) => ({ username: ref, aor: `sip:${ref}@default` }),
  Trunk: ({ ref }) => ({ inboundUri: `${ref}.example.net` }),
  Credentials: ({ ref }) => ({ username: ref, password: `secret-of-${ref}` }),
  Persona: () => ({ instructions: 'Be kind.' }),
  Modality: () => ({ provider: 'provider' }),
};

/**
 * The resource of one document, with the defaults of its kind.
 * @throws Error that lists the problems, when it would not pass validation.
 */
export function resourceOf(kind: KindName, entry: Entry, seq: number, position?: string): Resource {
  const { ref, ...own } = entry;
  const { doc, problems } = validate(kindOf(kind), { name: ref, ...FILLERS[kind]?.(entry), ...own });
  if (!doc) throw new Error(`${kind} ${ref}: ${JSON.stringify(problems)}`);
  const facts = { kind, ref, doc, createdAt: 0, updatedAt: 0, revision: 1, seq };
  return position === undefined ? facts : { ...facts, position };
}

/** All resources of a world: creation order is that of the registry, then of each list. */
export function resourcesOf(world: World, make = resourceOf, seq = 0): Resource[] {
  const order = new Order([]);
  return kinds.flatMap((kind) =>
    (world[kind.name] ?? []).map((entry) => {
      const last = kind.order?.last(entry as never);
      const position = kind.order && (last ? LAST : order.append(entry.ref));
      return make(kind.name, entry, ++seq, position);
    }),
  );
}

/** @throws Error when a reference names nothing, so that no test rests on a configuration nobody can have. */
export function catalogOf(resources: readonly Resource[], revision = 1): Catalog {
  const catalog = Catalog.empty.apply(
    resources.map((after): Delta => ({ after })),
    revision,
  );
  for (const { kind, ref } of resources) {
    for (const { to, path } of danglingOf(catalog, kind, ref))
      throw new Error(`${kind} ${ref}: ${path} names no ${to}`);
  }
  return catalog;
}

function danglingOf(catalog: Catalog, kind: KindName, ref: string): { to: KindName; path: string }[] {
  const { doc } = catalog.get(kind, ref)!;
  return referencesOf(kindOf(kind), doc)
    .filter(({ field, ref: target }) => !catalog.get(field.to, target))
    .map(({ field, path }) => ({ to: field.to, path }));
}

export const snapshotOf = (world: World): Snapshot => Snapshot.of(catalogOf(resourcesOf(world)));

/** The snapshot with this document instead of the one with its ref: as `snapshotOf`, without all the others anew. */
export function replaced(snapshot: Snapshot, kind: KindName, entry: Entry): Snapshot {
  const before = snapshot.catalog.get(kind, entry.ref)!;
  const deltas = [{ before, after: resourceOf(kind, entry, before.seq, before.position) }];
  return snapshot.apply(deltas, snapshot.catalog.apply(deltas, snapshot.revision + 1));
}

const made = new Map<string, Resource>();

/** As `resourceOf`, but what was made before is not validated again: many generated configurations share documents. */
function madeBefore(kind: KindName, entry: Entry, seq: number, position?: string): Resource {
  const key = JSON.stringify([kind, entry, seq, position]);
  let resource = made.get(key);
  if (!resource) made.set(key, (resource = resourceOf(kind, entry, seq, position)));
  return resource;
}

/** The snapshot with the resources of a world added, whose references are taken to be right: for many small worlds. */
export function extended(snapshot: Snapshot, world: World): Snapshot {
  const deltas = resourcesOf(world, madeBefore, 1000).map((after): Delta => ({ after }));
  return snapshot.apply(deltas, snapshot.catalog.apply(deltas, snapshot.revision + 1));
}
