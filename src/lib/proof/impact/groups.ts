/** Calls that fare otherwise, by how. */
import type { CallRequest } from '../../routing/request.js';

/** A call whose outcome changes, as `ctl route simulate` takes it. */
export interface Example {
  readonly dialled: string;
  /** Null for an anonymous outside caller. */
  readonly from: string | null;
  readonly headers: CallRequest['headers'];
}

/** Calls whose outcome changes in the same way. */
export interface Group {
  readonly before: string;
  readonly after: string;
  /** How many: callers of a class count each. */
  readonly count: number;
  readonly examples: readonly Example[];
}

const EXAMPLES = 3;

interface Growing extends Group {
  count: number;
  readonly examples: Example[];
}

export class Groups {
  private readonly found = new Map<string, Growing>();

  /** Counts calls whose outcome changes so; the first ones are kept as examples. */
  add([before, after]: readonly [before: string, after: string], count: number, example: Example): void {
    const key = `${before}\n${after}`;
    let group = this.found.get(key);
    if (!group) this.found.set(key, (group = { before, after, count: 0, examples: [] }));
    group.count += count;
    if (group.examples.length < EXAMPLES) group.examples.push(example);
  }

  /** The largest first. */
  list(): Group[] {
    return [...this.found.values()].sort(
      (a, b) => b.count - a.count || (`${a.before}${a.after}` < `${b.before}${b.after}` ? -1 : 1),
    );
  }
}
