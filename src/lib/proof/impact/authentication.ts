/**
 * Who has to say who it is and had not, or the other way round. All else that is said of a change assumes that
 * authentication succeeds, as a simulation does.
 */
import type { KindName } from '../../kinds/kind.js';
import type { CallRequest } from '../../routing/request.js';
import { callsTo } from './addresses.js';
import { differenceOf } from './compare.js';
import type { Transition } from './rebase.js';

/** Calls without authentication that pass and did not, or the other way round. */
export interface ChangedAuthentication {
  /** A peer that calls, or a trunk by which calls arrive. */
  readonly guarded: { readonly kind: KindName; readonly ref: string };
  readonly before: string;
  readonly after: string;
  /** A call that shows it. */
  readonly example: CallRequest;
}

const GUARDED: readonly (readonly [KindName, string])[] = [
  ['Peer', 'credentialsRef'],
  ['Trunk', 'inboundCredentialsRef'],
];

/** Works one after the other; yields between them. */
export function* authenticationChanges(change: Transition): Generator<void, ChangedAuthentication[]> {
  const { before, after } = change;
  const found: ChangedAuthentication[] = [];
  for (const [kind, field] of GUARDED)
    for (const old of before.all<Readonly<Record<string, unknown>>>(kind)) {
      const now = after.resource<Readonly<Record<string, unknown>>>(kind, old.ref);
      if (!now || (old.doc[field] === undefined) === (now.doc[field] === undefined)) continue;
      yield;
      for (const request of callsTo([before, after], old, [])) {
        const example = { ...request, unauthenticated: true };
        const outcomes = differenceOf(before, after, example);
        if (!outcomes) continue;
        found.push({ guarded: { kind, ref: old.ref }, before: outcomes[0], after: outcomes[1], example });
        break;
      }
    }
  return found;
}
