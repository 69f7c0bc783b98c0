/** The first stage that prevented what is expected, in words. */
import type { Decision, Stage, TraceEntry } from '../../routing/decision.js';
import type { Domain } from '../../kinds/domain.js';
import type { TelNumber } from '../../kinds/number.js';
import type { SipRoute } from '../../kinds/sip-route.js';
import { quote } from '../../kinds/words.js';
import { rejections, type RejectReason, steps, type StepReason } from '../../routing/reasons.js';
import type { Snapshot } from '../../routing/snapshot.js';
import type { Expectation, Mismatch } from '../suite/expectation.js';
import { firstDifference } from '../suite/stage.js';
import { wantedRef } from './question.js';
import { resourceOf } from './trace.js';

export interface Prevention {
  readonly stage: Stage;
  /** The lines of the trace that say so, the most telling first. */
  readonly entries: readonly TraceEntry[];
  /** Each of them in words. */
  readonly texts: readonly string[];
}

/** SIP routes and rules that are named. */
const SHOWN = 5;

/** @param decision an explained one */
export function prevention(
  snapshot: Snapshot,
  decision: Decision,
  expectations: readonly Expectation[],
  mismatches: readonly Mismatch[],
): Prevention {
  const { stage, entries: settled } = firstDifference(decision, mismatches);
  const own = { profile: routesOf, route: rulesOf }[stage as 'profile' | 'route']?.(
    snapshot,
    decision,
    expectations,
  );
  const failed = decision.trace.filter((one) => one.stage === stage && one.outcome === 'fail');
  const chosen = decision.trace.filter((one) => one.stage === stage && CHOICES.has(one.reason));
  const telling = failed.length > 0 ? failed : chosen;
  const first = telling.length > 0 ? telling : settled;
  const found = [...new Set([...first, ...(own ?? [])])];
  const callee = decision.trace.filter((one) => one.stage === 'callee' && one.outcome === 'match');
  const entries = (found.length > 0 ? found : callee).slice(0, SHOWN);
  return { stage, entries, texts: entries.map(textOf) };
}

/** What chose the way of a call that is delivered. */
const CHOICES: ReadonlySet<string> = new Set<StepReason>([
  'egress-matched',
  'trunk-selected',
  'dod-number',
  'linked',
  'contact-address',
  'called-equal',
  'catch-all',
  'no-sip-route',
]);

type Own = (
  snapshot: Snapshot,
  decision: Decision,
  expectations: readonly Expectation[],
) => TraceEntry[] | undefined;

/** What the trace says about the SIP routes that select the wanted profile. */
const routesOf: Own = (snapshot, { trace }, expectations) => {
  const profile = wantedRef(snapshot, expectations, 'profile', 'Profile');
  return trace.filter(({ stage, subject }) => {
    const named = stage === 'profile' ? resourceOf(subject) : undefined;
    return (
      named?.kind === 'SipRoute' &&
      snapshot.resource<SipRoute>(named.kind, named.ref)?.doc.profileRef === profile
    );
  });
};

/** What it says about the egress rules that lead to the wanted trunk. */
const rulesOf: Own = (snapshot, { trace }, expectations) => {
  const trunk = wantedRef(snapshot, expectations, 'trunk', 'Trunk');
  return trace.filter(({ stage, subject }) => {
    const index = stage === 'route' ? /egressPolicies\[(\d+)\]$/.exec(subject)?.[1] : undefined;
    const domain = index && snapshot.resource<Domain>('Domain', resourceOf(subject)!.ref);
    const numberRef = domain ? domain.doc.egressPolicies[Number(index)]?.numberRef : undefined;
    const number = snapshot.resource<TelNumber>('Number', numberRef);
    return number && number.doc.trunkRef === trunk;
  });
};

function textOf({ subject, reason, compared }: TraceEntry): string {
  const text = reason in rejections ? rejections[reason as RejectReason][1] : steps[reason as StepReason];
  const [left, right] = compared ?? ['', ''];
  const values =
    left === ''
      ? ''
      : right === ''
        ? ` (${quote(left)})`
        : ` (the call: ${quote(left)}; configured: ${quote(right)})`;
  return `${subject}: ${text}${values}`;
}
