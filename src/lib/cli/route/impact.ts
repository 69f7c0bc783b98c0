/** What a change does to calls, found: `ctl route diff`, and --impact where something would change. */
import type { Catalog } from '../../kinds/catalog.js';
import { type Impact, impactOf } from '../../proof/impact/impact.js';
import { transition } from '../../proof/impact/rebase.js';
import type { Snapshot } from '../../routing/snapshot.js';
import type { Terminal } from '../terminal.js';
import type { Subject } from './subject.js';

/** Between turns of the spinner, and of Ctrl-C. */
const TURN_MS = 50;

/** Compares two configurations in this process. @throws CtlError when one of them cannot be had */
export async function findImpact(terminal: Terminal, before: Subject, after: Subject): Promise<Impact> {
  const old = await before.snapshot();
  return impactBetween(terminal, old, (await after.snapshot()).catalog);
}

/** Compares two configurations that are here. */
export function impactBetween(terminal: Terminal, old: Snapshot, now: Catalog): Promise<Impact> {
  return terminal.progress('Comparing calls', async (say) => {
    const steps = impactOf(transition(old, now));
    let began = performance.now();
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      if (performance.now() - began < TURN_MS) continue;
      say(`Comparing calls: ${Math.floor(value * 100)} %`);
      await new Promise((resolve) => setImmediate(resolve));
      began = performance.now();
    }
  });
}
