/**
 * Who has to say who it is and had not, or the other way round. All else that is said of a change assumes that
 * authentication succeeds, as a simulation does.
 */
import type { KindName, Resource } from '../../kinds/kind.js';
import type { Trunk } from '../../kinds/trunk.js';
import type { CallRequest } from '../../routing/request.js';
import { callsToAny, type GuardedPlace, moves, placeOf } from './addresses.js';
import { differenceOf } from './compare.js';
import type { Transition } from './rebase.js';

/** Calls without authentication that pass and did not, or the other way round. */
export interface ChangedAuthentication {
  /** A peer that calls, or a trunk by which calls arrive; a number that is at another trunk than before. */
  readonly guarded: GuardedPlace;
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
      found.push(...shownBy(change, [old]));
    }
  for (const { from, to, resources } of moves(change, 'Number', 'trunkRef')) {
    yield;
    const [was, is] = (
      [
        [before, from],
        [after, to],
      ] as const
    ).map(([side, ref]) => side.resource<Trunk>('Trunk', ref)?.doc.inboundCredentialsRef !== undefined);
    if (was !== is) found.push(...shownBy(change, resources));
  }
  return found;
}

/** What becomes of the first call to one of these without authentication that fares otherwise. */
function* shownBy(
  change: Transition,
  guarded: readonly Resource<unknown>[],
): Generator<ChangedAuthentication> {
  const { before, after } = change;
  for (const request of callsToAny([before, after], guarded, [])) {
    const example = { ...request, unauthenticated: true };
    const outcomes = differenceOf(before, after, example);
    if (!outcomes) continue;
    yield { guarded: placeOf(guarded), before: outcomes[0], after: outcomes[1], example };
    return;
  }
}
