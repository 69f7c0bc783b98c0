/**
 * Who has to say who it is and had not, or the other way round. All else that is said of a change assumes that
 * authentication succeeds, as a simulation does.
 */
import type { KindName, Resource } from '../../kinds/kind.js';
import type { Trunk } from '../../kinds/trunk.js';
import type { CallRequest } from '../../routing/request.js';
import { callsTo, moved } from './addresses.js';
import { differenceOf } from './compare.js';
import type { Transition } from './rebase.js';

/** Calls without authentication that pass and did not, or the other way round. */
export interface ChangedAuthentication {
  /** A peer that calls, or a trunk by which calls arrive; a number that is at another trunk than before. */
  readonly guarded: { readonly kind: KindName; readonly ref: string };
  readonly before: string;
  readonly after: string;
  /** A call that shows it. */
  readonly example: CallRequest;
}

type Fields = Readonly<Record<string, unknown>>;

const GUARDED: readonly (readonly [KindName, string])[] = [
  ['Peer', 'credentialsRef'],
  ['Trunk', 'inboundCredentialsRef'],
];

/** Works one after the other; yields between them. */
export function* authenticationChanges(change: Transition): Generator<void, ChangedAuthentication[]> {
  const { before, after } = change;
  const found: ChangedAuthentication[] = [];
  for (const [kind, field] of GUARDED)
    for (const old of before.all<Fields>(kind)) {
      const now = after.resource<Fields>(kind, old.ref);
      if (!now || (old.doc[field] === undefined) === (now.doc[field] === undefined)) continue;
      yield;
      found.push(...shownBy(change, old));
    }
  for (const [old, now] of moved(change, 'Number', 'trunkRef')) {
    yield;
    const asked = [
      before.resource<Trunk>('Trunk', old.doc['trunkRef']),
      after.resource<Trunk>('Trunk', now.doc['trunkRef']),
    ];
    const [was, is] = asked.map((trunk) => trunk?.doc.inboundCredentialsRef !== undefined);
    if (was !== is) found.push(...shownBy(change, old));
  }
  return found;
}

/** What becomes of the first call without authentication that fares otherwise. */
function* shownBy(change: Transition, guarded: Resource<unknown>): Generator<ChangedAuthentication> {
  const { before, after } = change;
  for (const request of callsTo([before, after], guarded, [])) {
    const example = { ...request, unauthenticated: true };
    const outcomes = differenceOf(before, after, example);
    if (!outcomes) continue;
    const { kind, ref } = guarded;
    yield { guarded: { kind, ref }, before: outcomes[0], after: outcomes[1], example };
    return;
  }
}
