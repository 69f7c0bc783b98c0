/** A persistent index from text to the items that have it; nearly always one, so one is stored bare. */
import { PersistentMap, type MapDraft } from './persistent-map.js';

/** One item, or several by their ids. */
type Found<T> = T | PersistentMap<T>;

export class KeyIndex<T extends string | object> {
  private constructor(
    private readonly items: PersistentMap<Found<T>>,
    private readonly idOf: (item: T) => string,
  ) {}

  /** An index of items that are the same when their ids are. */
  static empty<T extends string | object>(idOf: (item: T) => string): KeyIndex<T> {
    return new KeyIndex(PersistentMap.empty(), idOf);
  }

  /** The number of keys. */
  get size(): number {
    return this.items.size;
  }

  /** The items under a key, in no particular order. */
  at(key: string): T[] {
    const found = this.items.get(key);
    return found === undefined ? [] : found instanceof PersistentMap ? found.values() : [found];
  }

  /** One of the items under a key: the only one nearly always, else the one of lowest rank. */
  first(key: string, rank: (item: T) => number = () => 0): T | undefined {
    const found = this.items.get(key);
    if (!(found instanceof PersistentMap)) return found;
    return found.values().reduce((best, item) => (rank(item) < rank(best) ? item : best));
  }

  edit(): KeyIndexDraft<T> {
    return new KeyIndexDraft(this.items, this.idOf, (items) => new KeyIndex(items, this.idOf));
  }
}

/** A change of an index in the making. Not to be used any more once it is done. */
export class KeyIndexDraft<T extends string | object> {
  private readonly items: MapDraft<Found<T>>;
  /** Keys with several items that are being changed. */
  private readonly open = new Map<string, MapDraft<T>>();

  constructor(
    items: PersistentMap<Found<T>>,
    private readonly idOf: (item: T) => string,
    private readonly make: (items: PersistentMap<Found<T>>) => KeyIndex<T>,
  ) {
    this.items = items.edit();
  }

  has(key: string): boolean {
    const open = this.open.get(key);
    return open ? open.size > 0 : this.items.has(key);
  }

  /** Adds an item, in place of one with the same id. */
  add(key: string, item: T): void {
    if (this.isAlone(key, item)) this.items.set(key, item);
    else this.several(key).set(this.idOf(item), item);
  }

  /** Removes the item with the id of this one, if it is there. */
  remove(key: string, item: T): void {
    if (this.isAlone(key, item)) this.items.delete(key);
    else this.several(key).delete(this.idOf(item));
  }

  done(): KeyIndex<T> {
    for (const [key, draft] of this.open) {
      const found = draft.done();
      if (found.size > 1) this.items.set(key, found);
      else if (found.size === 1) this.items.set(key, found.values()[0]!);
      else this.items.delete(key);
    }
    return this.make(this.items.done());
  }

  /** Whether nothing is under a key, or only what has the id of this item. */
  private isAlone(key: string, item: T): boolean {
    if (this.open.has(key)) return false;
    const found = this.items.get(key);
    return found === undefined || (!(found instanceof PersistentMap) && this.idOf(found) === this.idOf(item));
  }

  private several(key: string): MapDraft<T> {
    let open = this.open.get(key);
    if (!open) {
      const found = this.items.get(key);
      open = (found instanceof PersistentMap ? found : PersistentMap.empty<T>()).edit();
      if (found !== undefined && !(found instanceof PersistentMap)) open.set(this.idOf(found), found);
      this.open.set(key, open);
    }
    return open;
  }
}
