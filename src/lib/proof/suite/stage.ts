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

/** A stage, and the lines of the trace that say what it did. */
export interface Difference {
  readonly stage: Stage;
  readonly entries: readonly TraceEntry[];
}

/** The stage that settled the outcome of a call. */
function decidedBy({ verdict, rejection, trace }: Decision): Difference {
  if (verdict !== 'reject')
    return {
      stage: verdict,
      entries: trace.filter(({ stage, outcome }) => stage === verdict && outcome === 'match'),
    };
  const failed = trace.filter(({ outcome, reason }) => outcome === 'fail' && reason === rejection?.reason);
  const last = failed.slice(-1);
  return { stage: last[0]?.stage ?? 'route', entries: last };
}

/** The first stage that went another way than the expectations that are not met. */
export function firstDifference(decision: Decision, mismatches: readonly Mismatch[]): Difference {
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
  return { stage, entries: (telling.length > 0 ? telling : entries).slice(-1) };
}

/** The stage that would have settled what is expected; undefined when that cannot be told. */
function expectedStage(name: string, own: Stage | undefined, wanted: Wanted): Stage | undefined {
  if (own !== undefined) return own;
  const text = 'text' in wanted ? wanted.text : null;
  if (name === 'verdict') return text === 'profile' || text === 'route' ? text : undefined;
  if (name !== 'reason' || text === null || !(text in rejections) || text === 'acl-denied') return undefined;
  return OF_ACCESS.has(text) ? 'access' : 'route';
}
