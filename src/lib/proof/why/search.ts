/** The least number of changes after which a call is decided as expected; of as many, the smallest. */

/** Something that can be changed. */
export interface Change<S> {
  /** What it does, in words that follow "you could": `dial 1000 instead of +1000`. */
  readonly text: string;
  /** What it changes; no two changes of a way are of the same. */
  readonly part: string;
  /** How much it changes, 0 to 1. */
  readonly size: number;
  /** What is there after it; undefined where it cannot be made. */
  apply(): S | undefined;
}

/** Changes that do together. */
export interface Way<S> {
  readonly changes: readonly string[];
  readonly state: S;
}

export interface Problem<S> {
  /** Whether it is as expected. */
  isMet(state: S): boolean;
  /** Changes that may help, from what happens now. */
  changes(state: S): readonly Change<S>[];
  /** What happens, as text: a change after which the same happens is not built upon. */
  outcome(state: S): string;
  /** The most states to look at. */
  readonly most: number;
}

/** More changes at once than anybody would make. */
const DEEPEST = 3;
/** States of a depth that changes are added to. */
const BREADTH = 24;

interface Node<S> {
  readonly state: S;
  readonly changes: readonly Change<S>[];
  readonly size: number;
}

/**
 * The smallest ways, none with more changes than needed.
 * @param count how many at most
 */
export function waysTo<S>(start: S, problem: Problem<S>, count: number): Way<S>[] {
  let level: Node<S>[] = [{ state: start, changes: [], size: 0 }];
  const seen = new Set([problem.outcome(start)]);
  let left = problem.most;
  for (let depth = 0; depth < DEEPEST; depth++) {
    const found: Node<S>[] = [];
    const next: Node<S>[] = [];
    const tried = new Set<string>();
    for (const { node, change } of steps(level, problem)) {
      // What comes later is larger: there is nothing better to find.
      if (found.length >= count || left <= 0) break;
      const texts = [...node.changes, change].map(({ text }) => text).sort();
      if (tried.size === tried.add(texts.join('\n')).size) continue;
      left--;
      const state = change.apply();
      if (state === undefined) continue;
      const reached = { state, changes: [...node.changes, change], size: node.size + change.size };
      if (problem.isMet(state)) found.push(reached);
      else next.push(reached);
    }
    if (found.length > 0)
      return found.map(({ state, changes }) => ({ state, changes: changes.map(({ text }) => text) }));
    const fresh = next.filter(({ state }) => {
      const outcome = problem.outcome(state);
      return seen.size < seen.add(outcome).size;
    });
    level = fresh.slice(0, BREADTH);
  }
  return [];
}

/** Changes of all nodes, the smallest sums first. */
function steps<S>(level: readonly Node<S>[], problem: Problem<S>) {
  const all = level.flatMap((node) => {
    const parts = new Set(node.changes.map(({ part }) => part));
    return problem
      .changes(node.state)
      .filter(({ part }) => !parts.has(part))
      .map((change) => ({ node, change }));
  });
  return all.sort((a, b) => a.node.size + a.change.size - (b.node.size + b.change.size));
}
