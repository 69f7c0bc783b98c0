/** Near misses (docs/semantics.md 2): reported so that a person finds the typing error, never matched. */
import type { Call } from './call.js';
import { isNearMiss, parseAddress } from './normalize.js';
import type { Snapshot } from './snapshot.js';
import { subjectOf, type Trace } from './trace.js';

/** What was dialled nearly names these; the first is put into words. Undefined when nothing is near. */
export function nearMiss(snapshot: Snapshot, call: Call, trace: Trace): string | undefined {
  const { user } = call.requestUri;
  const near = snapshot
    .near(user)
    .filter(({ text }) => isNearMiss(parseAddress(text).user, user))
    .sort((a, b) => (a.kind + a.ref < b.kind + b.ref ? -1 : 1));
  for (const { kind, text, ref } of near.slice(0, 5))
    trace.add('callee', subjectOf(kind, ref), 'note', 'near-miss', [user, text]);
  const first = near[0];
  return (
    first &&
    `${subjectOf(first.kind, first.ref)} has "${first.text}", which differs from "${user}" and is not a match.`
  );
}
