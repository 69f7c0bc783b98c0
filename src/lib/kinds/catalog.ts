/**
 * All resources of all kinds at one revision, immutable, with the indexes every part needs: by ref, by natural
 * key, and who refers to whom. `apply` returns the next revision and shares all that did not change.
 */
import {
  type Document,
  type Field,
  type Kind,
  type KindName,
  type NaturalKey,
  type Resource,
  referencesOf,
} from './kind.js';
import { kindOf, kinds } from './index.js';
import { KeyIndex, type KeyIndexDraft } from './key-index.js';
import { PersistentMap, type MapDraft } from './persistent-map.js';

/** One changed resource: created without `before`, deleted without `after`. */
export interface Delta {
  readonly before?: Resource | undefined;
  readonly after?: Resource | undefined;
}

export interface Referrer {
  readonly kind: KindName;
  readonly ref: string;
  /** Where it refers, as `domainRef` or `egressPolicies[0].numberRef`. */
  readonly paths: readonly string[];
}

const pair = (kind: KindName, ref: string) => `${kind}\0${ref}`;

const fold = (field: Field | undefined, text: string): string => {
  if (field?.type !== 'text') return text;
  const bare = field.prefix && text.startsWith(field.prefix) ? text.slice(field.prefix.length) : text;
  return field.fold ? bare.toLowerCase() : bare;
};

/** The value under which a document stands in the index of a key; undefined when a part of the key is absent. */
export function keyValue(kind: Kind, key: NaturalKey, doc: Document): string | undefined {
  const parts = key.fields.map((name) => {
    const value = doc[name];
    return value === undefined ? undefined : fold(kind.fields[name], String(value));
  });
  return parts.includes(undefined) ? undefined : parts.join('\0');
}

/** The resources of a kind by ref, and for each of its keys under the key's value. */
interface Shelf {
  readonly resources: PersistentMap<Resource>;
  readonly keys: readonly KeyIndex<Resource>[];
}

type Shelves = Readonly<Record<KindName, Shelf>>;
/** Target → referrer → paths. */
type Referrers = PersistentMap<PersistentMap<readonly string[]>>;

const refOf = ({ ref }: Resource): string => ref;

const emptyShelf = (kind: Kind): Shelf => ({
  resources: PersistentMap.empty(),
  keys: kind.keys.map(() => KeyIndex.empty(refOf)),
});

export class Catalog {
  private constructor(
    readonly revision: number,
    private readonly shelves: Shelves,
    private readonly referrersOf: Referrers,
  ) {}

  static readonly empty = new Catalog(
    0,
    Object.fromEntries(kinds.map((kind) => [kind.name, emptyShelf(kind)])) as unknown as Shelves,
    PersistentMap.empty(),
  );

  get(kind: KindName, ref: string): Resource | undefined {
    return this.shelves[kind].resources.get(ref);
  }

  size(kind: KindName): number {
    return this.shelves[kind].resources.size;
  }

  /** Resources of a kind, in no particular order. */
  all(kind: KindName): Iterable<Resource> {
    return this.shelves[kind].resources.values();
  }

  /** Refs of the resources whose key number `index` has this value (see `keyValue`). */
  holders(kind: KindName, index: number, value: string): string[] {
    return this.havingKey(kind, index, value).map(refOf);
  }

  /** A resource whose key number `index` has this value: the one, where the key is unique. */
  withKey(kind: KindName, index: number, value: string): Resource | undefined {
    return this.shelves[kind].keys[index]!.first(value);
  }

  /** The resources whose key number `index` has this value (see `keyValue`). */
  havingKey(kind: KindName, index: number, value: string): Resource[] {
    return this.shelves[kind].keys[index]!.at(value);
  }

  /** Refs of the resources whose key number `index`, of one field, has a written value. */
  holdersOf(kindName: KindName, index: number, text: string): string[] {
    const kind = kindOf(kindName);
    return this.keyValues(kind, kind.keys[index]!, text).flatMap((value) =>
      this.holders(kindName, index, value),
    );
  }

  /**
   * Refs that a ref or natural key names: one, none, or several when the key is ambiguous. The ref wins.
   * The keys of a kind are tried in their declared order.
   */
  find(kindName: KindName, text: string): string[] {
    const { resources } = this.shelves[kindName];
    if (resources.size === 0) return [];
    if (resources.has(text)) return [text];
    const kind = kindOf(kindName);
    for (let i = 0; i < kind.keys.length; i++) {
      const found = this.keyValues(kind, kind.keys[i]!, text).flatMap((value) =>
        this.holders(kindName, i, value),
      );
      if (found.length > 0) return found;
    }
    return [];
  }

  /** Index values that a written key can mean: references in it are looked up by their own keys. */
  private keyValues(kind: Kind, key: NaturalKey, text: string): string[] {
    if (key.separator === undefined) return [fold(kind.fields[key.fields[0]!], text)];
    const values: string[] = [];
    for (let at = text.indexOf(key.separator); at >= 0; at = text.indexOf(key.separator, at + 1)) {
      const parts = [text.slice(0, at), text.slice(at + 1)];
      const options = key.fields.map((name, i) => {
        const field = kind.fields[name];
        return field?.type === 'reference' ? this.find(field.to, parts[i]!) : [fold(field, parts[i]!)];
      });
      for (const left of options[0]!) for (const right of options[1]!) values.push(`${left}\0${right}`);
    }
    return values;
  }

  /** What a person would call a resource: its first natural key that is complete, else its ref. */
  label(resource: Resource): string {
    const kind = kindOf(resource.kind);
    for (const key of kind.keys) {
      if (keyValue(kind, key, resource.doc) === undefined) continue;
      return key.fields
        .map((name) => {
          const field = kind.fields[name]!;
          const value = String(resource.doc[name]);
          const target = field.type === 'reference' ? this.get(field.to, value) : undefined;
          if (target) return this.label(target);
          return field.type === 'text' && field.prefix ? value.slice(field.prefix.length) : value;
        })
        .join(key.separator);
    }
    return resource.ref;
  }

  /** Who refers to a resource, sorted by kind and ref. */
  referrers(kind: KindName, ref: string): Referrer[] {
    const found = this.referrersOf.get(pair(kind, ref));
    if (!found) return [];
    return [...found.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, paths]) => {
        const [from, fromRef] = id.split('\0') as [KindName, string];
        return { kind: from, ref: fromRef, paths };
      });
  }

  /** The catalog after these changes, at the given revision. */
  apply(deltas: Iterable<Delta>, revision: number): Catalog {
    const steps = this.applyInSteps(deltas, revision);
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
    }
  }

  /** As `apply`, with a pause after each change. */
  *applyInSteps(deltas: Iterable<Delta>, revision: number): Generator<void, Catalog, void> {
    const draft = new Draft(this.shelves, this.referrersOf);
    for (const delta of deltas) {
      draft.apply(delta);
      yield;
    }
    return new Catalog(revision, draft.shelvesDone(), draft.referrersDone());
  }
}

interface ShelfDraft {
  readonly resources: MapDraft<Resource>;
  readonly keys: readonly KeyIndexDraft<Resource>[];
}

/** A catalog while changes are applied to it. */
class Draft {
  private readonly touched = new Map<KindName, ShelfDraft>();
  private readonly referrers = new Map<string, MapDraft<readonly string[]>>();

  constructor(
    private readonly shelves: Shelves,
    private readonly referrersOf: Referrers,
  ) {}

  apply({ before, after }: Delta): void {
    const kind = kindOf((before ?? after)!.kind);
    const shelf = this.shelf(kind.name);
    if (before) {
      if (!after) shelf.resources.delete(before.ref);
      this.unindex(kind, shelf, before);
    }
    if (after) {
      shelf.resources.set(after.ref, after);
      this.index(kind, shelf, after);
    }
  }

  shelvesDone(): Shelves {
    const done = [...this.touched].map(([name, { resources, keys }]): [KindName, Shelf] => [
      name,
      { resources: resources.done(), keys: keys.map((key) => key.done()) },
    ]);
    return { ...this.shelves, ...Object.fromEntries(done) };
  }

  referrersDone(): Referrers {
    const referrersOf = this.referrersOf.edit();
    for (const [target, draft] of this.referrers)
      if (draft.size > 0) referrersOf.set(target, draft.done());
      else referrersOf.delete(target);
    return referrersOf.done();
  }

  private shelf(name: KindName): ShelfDraft {
    let shelf = this.touched.get(name);
    if (!shelf) {
      const { resources, keys } = this.shelves[name];
      shelf = { resources: resources.edit(), keys: keys.map((key) => key.edit()) };
      this.touched.set(name, shelf);
    }
    return shelf;
  }

  private referrersTo(target: string): MapDraft<readonly string[]> {
    let draft = this.referrers.get(target);
    if (!draft) {
      draft = (this.referrersOf.get(target) ?? PersistentMap.empty<readonly string[]>()).edit();
      this.referrers.set(target, draft);
    }
    return draft;
  }

  private index(kind: Kind, shelf: ShelfDraft, resource: Resource): void {
    const { ref: own, doc } = resource;
    kind.keys.forEach((key, i) => {
      const value = keyValue(kind, key, doc);
      if (value !== undefined) shelf.keys[i]!.add(value, resource);
    });
    const id = pair(kind.name, own);
    for (const { field, ref, path } of referencesOf(kind, doc)) {
      const referrers = this.referrersTo(pair(field.to, ref));
      referrers.set(id, [...(referrers.get(id) ?? []), path]);
    }
  }

  private unindex(kind: Kind, shelf: ShelfDraft, resource: Resource): void {
    const { ref: own, doc } = resource;
    kind.keys.forEach((key, i) => {
      const value = keyValue(kind, key, doc);
      if (value !== undefined) shelf.keys[i]!.remove(value, resource);
    });
    const id = pair(kind.name, own);
    for (const { field, ref } of referencesOf(kind, doc)) this.referrersTo(pair(field.to, ref)).delete(id);
  }
}
