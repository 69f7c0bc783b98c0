/**
 * A map of which older versions stay as they were. Entries stand in layers of native maps, newest first, each
 * at least RATIO times the size of the one above: reading probes a few maps, mostly one, and a change copies the
 * layers that it outgrows. (A trie in JavaScript hashes every key anew; that was most of the cost of a decision.)
 */
const RATIO = 8;

/** Stands in a layer for a key that is deleted there, whatever the layers below say. */
const GONE = Symbol('gone');

type Layer<V> = ReadonlyMap<string, V | typeof GONE>;

/** Values are anything but undefined, which stands for absent. */
export class PersistentMap<V> {
  /** Nearly always the only one that is looked into. */
  private readonly top: Layer<V> | undefined;

  private constructor(
    private readonly layers: readonly Layer<V>[],
    readonly size: number,
  ) {
    this.top = layers[0];
  }

  static empty<V>(): PersistentMap<V> {
    return new PersistentMap<V>([], 0);
  }

  get(key: string): V | undefined {
    const value = this.top?.get(key);
    if (value !== undefined) return value === GONE ? undefined : value;
    return this.layers.length > 1 ? this.below(key) : undefined;
  }

  private below(key: string): V | undefined {
    for (let i = 1; i < this.layers.length; i++) {
      const value = this.layers[i]!.get(key);
      if (value !== undefined) return value === GONE ? undefined : value;
    }
    return undefined;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /** Entries, in no particular order. */
  entries(): [string, V][] {
    const entries: [string, V][] = [];
    for (const [i, layer] of this.layers.entries()) {
      const newer = this.layers.slice(0, i);
      for (const [key, value] of layer)
        if (value !== GONE && !newer.some((above) => above.has(key))) entries.push([key, value]);
    }
    return entries;
  }

  keys(): string[] {
    return this.entries().map(([key]) => key);
  }

  values(): V[] {
    const [only, ...others] = this.layers;
    // The lowest layer has no deletions.
    if (only && others.length === 0) return [...(only as ReadonlyMap<string, V>).values()];
    return this.entries().map(([, value]) => value);
  }

  /** Begins a change; this map stays as it is. */
  edit(): MapDraft<V> {
    return new MapDraft(this, (changes, size) => new PersistentMap(stack(changes, this.layers), size));
  }
}

/** A change in the making. Not to be used any more once it is done. */
export class MapDraft<V> {
  private readonly changes = new Map<string, V | typeof GONE>();
  private count: number;

  constructor(
    private readonly base: PersistentMap<V>,
    private readonly make: (changes: Map<string, V | typeof GONE>, size: number) => PersistentMap<V>,
  ) {
    this.count = base.size;
  }

  get size(): number {
    return this.count;
  }

  get(key: string): V | undefined {
    const changed = this.changes.get(key);
    if (changed === undefined) return this.base.get(key);
    return changed === GONE ? undefined : changed;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: string, value: V): void {
    if (!this.has(key)) this.count++;
    this.changes.set(key, value);
  }

  delete(key: string): void {
    if (!this.has(key)) return;
    this.count--;
    this.changes.set(key, GONE);
  }

  /** The map after the change. */
  done(): PersistentMap<V> {
    return this.changes.size === 0 ? this.base : this.make(this.changes, this.count);
  }
}

/** Layers with `top` above them, merged as far down as it outgrows them. `top` must be no one else's. */
function stack<V>(top: Map<string, V | typeof GONE>, layers: readonly Layer<V>[]): readonly Layer<V>[] {
  const [below, ...rest] = layers;
  if (below === undefined) {
    for (const [key, value] of top) if (value === GONE) top.delete(key);
    return top.size === 0 ? [] : [top];
  }
  if (top.size * RATIO < below.size) return [top, ...layers];
  const merged = new Map(below);
  for (const [key, value] of top) merged.set(key, value);
  return stack(merged, rest);
}
