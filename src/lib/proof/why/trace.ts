/** What a trace says about resources. */
import { kindCalled } from '../../kinds/index.js';
import type { KindName } from '../../kinds/kind.js';
import type { TraceEntry } from '../../routing/decision.js';

export interface Named {
  readonly kind: KindName;
  readonly ref: string;
}

/** The resource of a subject such as `agents/agent-01` or `domains/sip.local egressPolicies[0]`. */
export function resourceOf(subject: string): Named | undefined {
  const at = subject.indexOf('/');
  const kind = at < 0 ? undefined : kindCalled(subject.slice(0, at));
  return kind && { kind: kind.name, ref: subject.slice(at + 1).replace(/ .*$/s, '') };
}

/** The resource at which the call failed for a reason. */
export function failedAt(trace: readonly TraceEntry[], reason: string): Named | undefined {
  const entry = trace.filter((entry) => entry.outcome === 'fail' && entry.reason === reason).at(-1);
  return entry && resourceOf(entry.subject);
}
