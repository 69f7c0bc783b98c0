/** What a decision looked at, in order; the rules tried are recorded only when an explanation was asked for. */
import { kinds } from '../kinds/index.js';
import type { KindName } from '../kinds/kind.js';
import type { Warning } from './decision.js';
import {
  warnings as texts,
  type Outcome,
  type RejectReason,
  type Stage,
  type StepReason,
  type TraceEntry,
  type WarningCode,
} from './reasons.js';

const topics = Object.fromEntries(kinds.map(({ name, topic }) => [name, topic])) as Record<KindName, string>;

/** `agents/agent-01`: what `ctl agents get agent-01` shows. */
export const subjectOf = (kind: KindName, ref: string): string => `${topics[kind]}/${ref}`;

export class Trace {
  readonly entries: TraceEntry[];
  readonly warnings: Warning[] = [];

  constructor(
    readonly explain: boolean,
    assumptions: readonly TraceEntry[],
  ) {
    this.entries = assumptions.slice();
  }

  add(
    stage: Stage,
    subject: string,
    outcome: Outcome,
    reason: StepReason | RejectReason,
    compared: readonly [string, string] | null = null,
  ): void {
    this.entries.push({ stage, subject, outcome, reason, compared });
  }

  warn(code: WarningCode, detail: string): void {
    this.warnings.push({ code, message: `${texts[code]} ${detail}` });
  }
}
