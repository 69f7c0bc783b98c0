/** The error of a write that expects an older revision: it says what has changed since. */
import { plain, PlanError } from '../config/problems.js';
import { kindOf } from '../kinds/index.js';
import type { LoggedChange, Store } from '../store/store.js';

const REVISIONS = 3;
const RESOURCES = 5;

/** @param expected the revision that the writer has seen; @param current the newest */
export async function staleError(store: Store, expected: number, current: number): Promise<PlanError> {
  const facts = `the configuration is at revision ${current}, not ${expected}`;
  if (expected > current)
    return new PlanError('ABORTED', facts, { hint: 'see "ctl history" for the revisions there are' });
  return new PlanError('ABORTED', `${facts}; since then: ${await since(store, expected, current)}`, {
    hint: 'read it again, and repeat the change on what is there now',
  });
}

async function since(store: Store, expected: number, current: number): Promise<string> {
  const { revisions } = await store.history({ pageSize: Math.min(REVISIONS, current - expected) });
  const shown = revisions.map(
    ({ revision, who, message }) => `revision ${revision} by ${who}${message && ` (${message})`}`,
  );
  const rest = current - expected - shown.length;
  const resources: string[] = [];
  let count = 0;
  for (const { created, updated, deleted } of revisions) count += created + updated + deleted;
  for await (const slice of store.changes({ above: expected, upTo: current })) {
    resources.push(...new Set(slice.map(textOf)));
    if (resources.length >= RESOURCES) break;
  }
  const named = resources.slice(0, RESOURCES).join(', ');
  const more = rest > 0 || count > RESOURCES ? ' and more' : '';
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} before` : ''}; changed: ${named}${more}`;
}

const textOf = ({ kind, ref }: LoggedChange): string => `${kindOf(kind).topic}/${plain(ref)}`;
