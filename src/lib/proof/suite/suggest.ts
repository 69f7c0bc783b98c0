/** Cases made from a configuration: a call that reaches something, and what it does today. */
import type { Json } from '../../kinds/kind.js';
import type { Decision } from '../../routing/decision.js';
import type { CallDocument } from '../engine.js';
import { behaviourOf } from './behaviour.js';
import type { Case } from './case.js';
import { type Expectation, expectationOf } from './expectation.js';
import type { Witness } from './search/witness.js';

/** A case as a file has it. */
export interface CaseDocument {
  readonly name: string;
  readonly call: CallDocument;
  readonly expect: Readonly<Record<string, Json>>;
}

/** Cases of calls as they are decided today, each call once and under a name of its own. */
export function casesOf(witnesses: readonly Witness[]): CaseDocument[] {
  const distinct = new Map(witnesses.map((witness) => [JSON.stringify(witness.call), witness]));
  const used = new Map<string, number>();
  return [...distinct.values()].map(({ call, decision }) => {
    const name = nameOf(call, decision);
    const count = (used.get(name) ?? 0) + 1;
    used.set(name, count);
    return { name: count === 1 ? name : `${name} (${count})`, call, expect: behaviourOf(decision) };
  });
}

/** The case of a document that `casesOf` made. */
export function caseOf({ name, call, expect }: CaseDocument): Case {
  const expectations = Object.entries(expect).map(
    ([part, value]) => expectationOf(part, value) as Expectation,
  );
  return { name, file: '', place: '', call, expectations };
}

/** `1001@sip.local dials +17853178070: routed via trunk-01`. */
function nameOf(call: CallDocument, decision: Decision): string {
  const { dialled, from = 'anonymous' } = call as { dialled: string; from?: string };
  const { profile, route, rejection } = decision;
  const outcome = profile
    ? `profile ${profile.ref}`
    : route
      ? `routed via ${route.targets[0]!.via.ref}`
      : `${rejection!.sipStatus} ${rejection!.reason}`;
  return `${from} dials ${dialled}${circumstancesOf(call)}: ${outcome}`;
}

function circumstancesOf(call: CallDocument): string {
  const { source, unauthenticated, connectToken, registered, down } = call as {
    readonly [K in string]?: { readonly ip: string } & readonly { kind: string; ref: string }[];
  };
  return [
    ...(source ? [` at ${source.ip}`] : []),
    ...(unauthenticated ? [', not authenticated'] : []),
    ...(connectToken ? [', with a bad token'] : []),
    ...(registered ? [', nobody registered'] : []),
    ...(down ? [`, ${down.map(({ ref }) => ref).join(' and ')} down`] : []),
  ].join('');
}
