/** A persistent index from text to the refs that have it; nearly always one, so one is stored bare. */
import { Map as PMap } from 'immutable';

export type RefIndex = PMap<string, string | PMap<string, true>>;

export const emptyRefs: RefIndex = PMap();

/** The refs under a key, in no particular order. */
export function refsAt(index: RefIndex, key: string): string[] {
  const refs = index.get(key);
  return refs === undefined ? [] : typeof refs === 'string' ? [refs] : [...refs.keys()];
}

/** Adds a ref; returns the index after it (the same one when it is mutable). */
export function addRef(index: RefIndex, key: string, ref: string): RefIndex {
  return index.update(key, (refs) => {
    if (refs === undefined || refs === ref) return ref;
    return (typeof refs === 'string' ? PMap<string, true>([[refs, true]]) : refs).set(ref, true);
  });
}

/** Removes a ref; returns the index after it (the same one when it is mutable). */
export function removeRef(index: RefIndex, key: string, ref: string): RefIndex {
  const refs = index.get(key);
  if (refs === undefined || typeof refs === 'string') return refs === ref ? index.delete(key) : index;
  const rest = refs.delete(ref);
  return index.set(key, rest.size === 1 ? rest.keySeq().first()! : rest);
}
