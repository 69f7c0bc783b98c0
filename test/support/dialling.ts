/** Calls of one caller, many of them: who it is gets resolved once. */
import { possibly } from '../../src/lib/proof/impact/callers.js';
import { decide } from '../../src/lib/routing/decide.js';
import type { Decision } from '../../src/lib/routing/decision.js';
import { readRequest } from '../../src/lib/routing/request.js';
import { callsOf } from '../../src/lib/routing/simulate.js';
import type { Snapshot } from '../../src/lib/routing/snapshot.js';

/** Decides what a caller dials, an anonymous outside one by default; undefined for what cannot be dialled. */
export function dialler(
  snapshot: Snapshot,
  from?: string,
  headers: readonly object[] = [],
): (dialled: string) => Decision | undefined {
  const request = readRequest({ dialled: '', headers, ...(from !== undefined && { from }) });
  const calls = possibly(() => callsOf(snapshot, request, { connectToken: { state: 'none' }, now: 0 }));
  return (dialled) => calls && possibly(() => decide(snapshot, calls(dialled)));
}
