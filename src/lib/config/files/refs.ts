/** Refs for what other systems call by name, the same whenever the same file is read. */
import { refFault } from '../../kinds/words.js';

/** Something that has a name and needs a ref. */
export interface Named {
  readonly name: string;
  /** What stands before the name where others have the same: its type. */
  readonly type?: string;
}

/** A name with characters that a ref may have: what a ref may not hold becomes a dash. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._+-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 56);
  return slug || 'unnamed';
}

/**
 * One ref each, in their order: the name itself where it can be one and is free, else with its type before it, else
 * with `-2`, `-3` behind it. Names that can be refs come first, so that others never take them away.
 */
export function assignRefs(items: readonly Named[]): string[] {
  const taken = new Set<string>();
  const refs = new Map<Named, string>();
  const assign = (item: Named, candidates: readonly string[]) => {
    const last = candidates.at(-1)!;
    let ref = candidates.find((candidate) => !taken.has(candidate) && refFault(candidate) === undefined);
    for (let i = 2; ref === undefined; i++) ref = taken.has(`${last}-${i}`) ? undefined : `${last}-${i}`;
    taken.add(ref);
    refs.set(item, ref);
  };
  const fits = ({ name }: Named) => refFault(name) === undefined;
  const typed = ({ name, type }: Named) => [name, ...(type === undefined ? [] : [`${type}-${name}`])];
  for (const item of items) if (fits(item)) assign(item, typed(item));
  const others = items
    .filter((item) => !fits(item))
    .sort((a, b) => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1));
  for (const item of others) assign(item, typed({ ...item, name: slugOf(item.name) }));
  return items.map((item) => refs.get(item)!);
}
