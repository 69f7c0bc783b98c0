/** What deletions would do to calls, in a few lines, for a person who is about to be asked. */
import type { Client } from '../../api/client.js';
import type { Operation } from '../../config/operation.js';
import { PlanError } from '../../config/problems.js';
import { kindOf } from '../../kinds/index.js';
import { type Impact, impactOf } from '../../proof/impact/impact.js';
import { transition } from '../../proof/impact/rebase.js';
import { Snapshot } from '../../routing/snapshot.js';
import { planned } from './configure.js';
import { catalogOf } from './exported.js';

/** Nobody waits longer for a summary that was not asked for. */
const PATIENCE_MS = 2000;
const SHOWN = 3;

/** Thrown to give up. */
class TooLong extends Error {}

/**
 * The largest groups of calls that would change; no lines when none would. When it takes too long, where to ask.
 * @throws CtlError when the daemon cannot be asked
 */
export async function consequences(
  client: Client,
  operations: readonly Operation[],
  cascade: boolean,
): Promise<readonly string[]> {
  const until = performance.now() + PATIENCE_MS;
  try {
    const impact = await impactWithin(until, client, operations, cascade);
    return impact ? linesOf(impact) : [];
  } catch (error) {
    if (!(error instanceof TooLong)) throw error;
    const [{ kind, key }] = operations as [Operation];
    return [`Which calls would change takes longer to find: ctl route uses ${kindOf(kind).topic} ${key}`];
  }
}

async function impactWithin(
  until: number,
  client: Client,
  operations: readonly Operation[],
  cascade: boolean,
): Promise<Impact | undefined> {
  const check = () => {
    if (performance.now() > until) throw new TooLong();
  };
  const catalog = await catalogOf(client, 0, check);
  const after = changed();
  if (!after) return undefined;
  const steps = impactOf(transition(Snapshot.of(catalog), after));
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    check();
  }

  function changed() {
    try {
      return planned(catalog, operations, cascade).catalog;
    } catch (error) {
      // Somebody wrote meanwhile: the write itself will say what is in the way.
      if (error instanceof PlanError) return undefined;
      throw error;
    }
  }
}

function linesOf({ groups }: Impact): string[] {
  const count = groups.reduce((sum, { count }) => sum + count, 0);
  if (count === 0) return [];
  const shown = groups
    .slice(0, SHOWN)
    .map(({ before, after, count }) => `  ${count.toLocaleString('en')} × ${before} → ${after}`);
  const rest = groups.length - shown.length;
  return [
    `${count.toLocaleString('en')} ${count === 1 ? 'call' : 'calls'} would change:`,
    ...shown,
    ...(rest > 0 ? [`  and ${rest} other ${rest === 1 ? 'sort' : 'sorts'} of change`] : []),
  ];
}
