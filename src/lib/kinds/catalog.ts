/**
 * All resources of all kinds at one revision, immutable, with the indexes every part needs: by ref, by natural
 * key, and who refers to whom. `apply` returns the next revision and shares all that did not change.
 */
import { Map as PMap } from 'immutable';
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
import { addRef, emptyRefs, refsAt, removeRef, type RefIndex } from './refs.js';

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

const keyId = (kind: KindName, index: number) => `${kind}${index}`;
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

export class Catalog {
  private constructor(
    readonly revision: number,
    private readonly byKind: PMap<KindName, PMap<string, Resource>>,
    /** Under kind and number of the key, then under the key's value. */
    private readonly byKey: PMap<string, RefIndex>,
    private readonly referrersOf: PMap<string, PMap<string, readonly string[]>>,
  ) {}

  static readonly empty = new Catalog(
    0,
    PMap(kinds.map((kind) => [kind.name, PMap<string, Resource>()])),
    PMap(kinds.flatMap((kind) => kind.keys.map((_, i) => [keyId(kind.name, i), emptyRefs]))),
    PMap(),
  );

  get(kind: KindName, ref: string): Resource | undefined {
    return this.byKind.get(kind)!.get(ref);
  }

  size(kind: KindName): number {
    return this.byKind.get(kind)!.size;
  }

  /** Resources of a kind, in no particular order. */
  all(kind: KindName): Iterable<Resource> {
    return this.byKind.get(kind)!.values();
  }

  /** Refs of the resources whose key number `index` has this value (see `keyValue`). */
  holders(kind: KindName, index: number, value: string): string[] {
    return refsAt(this.byKey.get(keyId(kind, index))!, value);
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
    const resources = this.byKind.get(kindName)!;
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
    const draft = new Draft(this.byKind, this.byKey, this.referrersOf);
    for (const delta of deltas) draft.apply(delta);
    return new Catalog(revision, draft.byKind.done(), draft.byKey.done(), draft.referrersOf.done());
  }
}

type Referrers = PMap<string, PMap<string, readonly string[]>>;

/** The parts of a map that are being changed, each mutable from its first change on. */
class Parts<K, T> {
  private readonly touched = new Map<K, PMap<string, T>>();

  /** Parts that `whole` lacks begin empty, and those that become empty leave it, unless `fixed`. */
  constructor(
    private readonly whole: PMap<K, PMap<string, T>>,
    private readonly fixed: boolean,
  ) {}

  at(key: K): PMap<string, T> {
    let part = this.touched.get(key);
    if (!part) this.touched.set(key, (part = (this.whole.get(key) ?? PMap<string, T>()).asMutable()));
    return part;
  }

  done(): PMap<K, PMap<string, T>> {
    return this.whole.withMutations((whole) => {
      for (const [key, part] of this.touched)
        if (part.size > 0 || this.fixed) whole.set(key, part.asImmutable());
        else whole.delete(key);
    });
  }
}

/** A catalog while changes are applied to it. */
class Draft {
  readonly byKind: Parts<KindName, Resource>;
  readonly byKey: Parts<string, string | PMap<string, true>>;
  readonly referrersOf: Parts<string, readonly string[]>;

  constructor(
    byKind: PMap<KindName, PMap<string, Resource>>,
    byKey: PMap<string, RefIndex>,
    referrersOf: Referrers,
  ) {
    this.byKind = new Parts(byKind, true);
    this.byKey = new Parts(byKey, true);
    this.referrersOf = new Parts(referrersOf, false);
  }

  apply({ before, after }: Delta): void {
    const kind = kindOf((before ?? after)!.kind);
    const resources = this.byKind.at(kind.name);
    if (before) {
      if (!after) resources.delete(before.ref);
      this.unindex(kind, before);
    }
    if (after) {
      resources.set(after.ref, after);
      this.index(kind, after);
    }
  }

  private index(kind: Kind, { ref: own, doc }: Resource): void {
    kind.keys.forEach((key, i) => {
      const value = keyValue(kind, key, doc);
      if (value !== undefined) addRef(this.byKey.at(keyId(kind.name, i)), value, own);
    });
    const id = pair(kind.name, own);
    for (const { field, ref, path } of referencesOf(kind, doc))
      this.referrersOf.at(pair(field.to, ref)).update(id, [], (paths) => [...paths, path]);
  }

  private unindex(kind: Kind, { ref: own, doc }: Resource): void {
    kind.keys.forEach((key, i) => {
      const value = keyValue(kind, key, doc);
      if (value !== undefined) removeRef(this.byKey.at(keyId(kind.name, i)), value, own);
    });
    const id = pair(kind.name, own);
    for (const { field, ref } of referencesOf(kind, doc)) this.referrersOf.at(pair(field.to, ref)).delete(id);
  }
}
