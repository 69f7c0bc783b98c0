/** A persistent index in two steps: by an outer key such as a domain or a host, then by a key within it. */
import { KeyIndex, type KeyIndexDraft } from './key-index.js';
import { PersistentMap } from './persistent-map.js';

export class NestedIndex<T extends string | object> {
  private constructor(
    private readonly parts: PersistentMap<KeyIndex<T>>,
    private readonly none: KeyIndex<T>,
  ) {}

  /** An index of items that are the same when their ids are. */
  static empty<T extends string | object>(idOf: (item: T) => string): NestedIndex<T> {
    return new NestedIndex(PersistentMap.empty(), KeyIndex.empty(idOf));
  }

  /** The items under a key within the outer one, in no particular order. */
  at(outer: string, key: string): T[] {
    const part = this.parts.get(outer);
    return part === undefined ? [] : part.at(key);
  }

  /** One of them: see `KeyIndex.first`. */
  first(outer: string, key: string, rank: (item: T) => number): T | undefined {
    return this.parts.get(outer)?.first(key, rank);
  }

  edit(): NestedIndexDraft<T> {
    return new NestedIndexDraft(this.parts, this.none, (parts) => new NestedIndex(parts, this.none));
  }
}

/** A change of an index in the making. Not to be used any more once it is done. */
export class NestedIndexDraft<T extends string | object> {
  private readonly open = new Map<string, KeyIndexDraft<T>>();

  constructor(
    private readonly parts: PersistentMap<KeyIndex<T>>,
    private readonly none: KeyIndex<T>,
    private readonly make: (parts: PersistentMap<KeyIndex<T>>) => NestedIndex<T>,
  ) {}

  /** What is under an outer key, to be changed. */
  part(outer: string): KeyIndexDraft<T> {
    let draft = this.open.get(outer);
    if (!draft) this.open.set(outer, (draft = (this.parts.get(outer) ?? this.none).edit()));
    return draft;
  }

  done(): NestedIndex<T> {
    const parts = this.parts.edit();
    for (const [outer, draft] of this.open) {
      const part = draft.done();
      if (part.size > 0) parts.set(outer, part);
      else parts.delete(outer);
    }
    return this.make(parts.done());
  }
}
