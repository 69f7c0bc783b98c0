/** A persistent index from text to the refs that have it; nearly always one, so one is stored bare. */
import { PersistentMap, type MapDraft } from './persistent-map.js';

type Refs = string | PersistentMap<true>;

export class RefIndex {
  constructor(private readonly refs: PersistentMap<Refs>) {}

  static readonly empty = new RefIndex(PersistentMap.empty());

  /** The refs under a key, in no particular order. */
  at(key: string): string[] {
    const refs = this.refs.get(key);
    return refs === undefined ? [] : typeof refs === 'string' ? [refs] : refs.keys();
  }

  edit(): RefIndexDraft {
    return new RefIndexDraft(this.refs);
  }
}

/** A change of an index in the making. Not to be used any more once it is done. */
export class RefIndexDraft {
  private readonly refs: MapDraft<Refs>;
  /** Keys with several refs that are being changed. */
  private readonly open = new Map<string, MapDraft<true>>();

  constructor(refs: PersistentMap<Refs>) {
    this.refs = refs.edit();
  }

  has(key: string): boolean {
    const open = this.open.get(key);
    return open ? open.size > 0 : this.refs.has(key);
  }

  add(key: string, ref: string): void {
    const refs = this.open.get(key) ?? this.refs.get(key);
    if (refs === undefined) this.refs.set(key, ref);
    else if (refs !== ref) this.several(key).set(ref, true);
  }

  remove(key: string, ref: string): void {
    const refs = this.open.get(key) ?? this.refs.get(key);
    if (refs === ref) this.refs.delete(key);
    else if (typeof refs === 'object') this.several(key).delete(ref);
  }

  done(): RefIndex {
    for (const [key, draft] of this.open) {
      const refs = draft.done();
      if (refs.size > 1) this.refs.set(key, refs);
      else if (refs.size === 1) this.refs.set(key, refs.keys()[0]!);
      else this.refs.delete(key);
    }
    return new RefIndex(this.refs.done());
  }

  private several(key: string): MapDraft<true> {
    let open = this.open.get(key);
    if (!open) {
      const refs = this.refs.get(key);
      open = (typeof refs === 'object' ? refs : PersistentMap.empty<true>()).edit();
      if (typeof refs === 'string') open.set(refs, true);
      this.open.set(key, open);
    }
    return open;
  }
}
