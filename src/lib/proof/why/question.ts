/** A call that is asked about, and what its decision needs: changed and decided again and again. */
import { CtlError } from '../../errors.js';
import type { KindName } from '../../kinds/kind.js';
import type { ConnectToken } from '../../routing/call.js';
import type { Decision } from '../../routing/decision.js';
import { readRequest } from '../../routing/request.js';
import { simulate } from '../../routing/simulate.js';
import type { Snapshot } from '../../routing/snapshot.js';
import type { CallDocument } from '../engine.js';
import { type Expectation, mismatch } from '../suite/expectation.js';

/** The members of a call document that changes look at. */
export interface CallMembers extends CallDocument {
  readonly dialled: string;
  readonly from?: string | undefined;
  readonly domain?: string | undefined;
  readonly method?: string | undefined;
  readonly source?: { readonly ip: string } | undefined;
  readonly headers?: readonly { readonly name: string; readonly value: string }[] | undefined;
  readonly registered?: string | undefined;
  readonly unauthenticated?: boolean | undefined;
  readonly down?: readonly { readonly kind: KindName; readonly ref: string }[] | undefined;
}

/** A call without secrets: what its password and token are worth was found out before. */
export interface Question {
  readonly call: CallMembers;
  readonly token: ConnectToken;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The decision; undefined where there is no such call, because nobody is its caller or it names nothing. */
export function decideQuestion(
  snapshot: Snapshot,
  { call, token, now }: Question,
  explain = false,
): Decision | undefined {
  try {
    return simulate(snapshot, readRequest(call), { connectToken: token, now, explain });
  } catch (error) {
    if (error instanceof CtlError) return undefined;
    throw error;
  }
}

/** What people call the resources of a configuration. */
export const namesIn =
  ({ catalog }: Snapshot) =>
  (kind: KindName, ref: string): readonly string[] => {
    const resource = catalog.get(kind, ref);
    return resource ? [catalog.label(resource)] : [];
  };

/** The expectations that a decision does not meet. */
export function unmet(snapshot: Snapshot, decision: Decision, expectations: readonly Expectation[]) {
  const names = namesIn(snapshot);
  return expectations.flatMap((expectation) => mismatch(expectation, decision, names) ?? []);
}

/** The exact text that is expected of a part; undefined where nothing or a pattern is. */
export function wantedText(expectations: readonly Expectation[], name: string): string | undefined {
  const wanted = expectations.find((expectation) => expectation.name === name)?.wanted;
  return wanted && 'text' in wanted ? (wanted.text ?? undefined) : undefined;
}

/** The ref of the resource that is expected of a part. */
export function wantedRef(
  { catalog }: Snapshot,
  expectations: readonly Expectation[],
  name: string,
  kind: KindName,
): string | undefined {
  const text = wantedText(expectations, name);
  return text === undefined ? undefined : catalog.find(kind, text)[0];
}
