/** Where a decision first went another way than a test expects. */
import type { Decision, Stage, TraceEntry } from '../../routing/decision.js';
import { rejections, type RejectReason } from '../../routing/reasons.js';
import type { Mismatch, Wanted } from './expectation.js';

/** In the order in which a call is decided. */
const STAGES: readonly Stage[] = ['call', 'caller', 'callee', 'type', 'access', 'profile', 'route'];

/** Reasons of access control alone (docs/semantics.md 5); `acl-denied` is one of SIP routes too. */
const OF_ACCESS: ReadonlySet<string> = new Set<RejectReason>([
  'connect-token-invalid',
  'connect-token-expired',
  'connect-token-method',
  'connect-token-missing',
  'caller-disabled',
  'no-domain',
  'cross-domain',
  'no-credentials',
  'unauthenticated',
  'trunk-mismatch',
]);

/** The stage that settled the outcome of a call, and the line of its trace that did. */
export function decidedBy(decision: Decision): { stage: Stage; entry: TraceEntry | undefined } {
  const { verdict, rejection, trace } = decision;
  const telling =
    verdict === 'reject'
      ? trace.filter(({ outcome, reason }) => outcome === 'fail' && reason === rejection?.reason)
      : trace.filter(({ stage, outcome }) => stage === verdict && outcome === 'match');
  const entry = telling.at(-1);
  return { stage: entry?.stage ?? (verdict === 'reject' ? 'route' : verdict), entry };
}

/**
 * The first stage that went another way than the expectations that are not met, and the line of the trace that
 * says what it did.
 */
export function firstDifference(
  decision: Decision,
  mismatches: readonly Mismatch[],
): { stage: Stage; entry: TraceEntry | undefined } {
  const decided = decidedBy(decision);
  let first = STAGES.length - 1;
  for (const { name, expectation } of mismatches) {
    const stage = expectedStage(name, expectation.part.stage, expectation.wanted) ?? decided.stage;
    const isOfOutcome = expectation.part.stage === undefined || ['profile', 'route'].includes(stage);
    const at = STAGES.indexOf(stage);
    first = Math.min(first, isOfOutcome ? Math.min(at, STAGES.indexOf(decided.stage)) : at);
  }
  const stage = STAGES[first]!;
  if (stage === decided.stage) return decided;
  const entries = decision.trace.filter((entry) => entry.stage === stage);
  const telling = entries.filter(({ outcome }) => outcome !== 'assumed' && outcome !== 'note');
  return { stage, entry: telling.at(-1) ?? entries.at(-1) };
}

/** The stage that would have settled what is expected; undefined when that cannot be told. */
function expectedStage(name: string, own: Stage | undefined, wanted: Wanted): Stage | undefined {
  if (own !== undefined) return own;
  const text = 'text' in wanted ? wanted.text : null;
  if (name === 'verdict') return text === 'profile' || text === 'route' ? text : undefined;
  if (name !== 'reason' || text === null || !(text in rejections) || text === 'acl-denied') return undefined;
  return OF_ACCESS.has(text) ? 'access' : 'route';
}
