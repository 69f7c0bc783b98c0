/** What finding a route needs everywhere: the snapshot, the call, and the trace of failures. */
import type { KindName, Resource } from '../kinds/kind.js';
import type { Refusal } from './access.js';
import { isDown, type Call } from './call.js';
import type { RejectReason } from './reasons.js';
import type { Snapshot } from './snapshot.js';
import { subjectOf, type Trace } from './trace.js';

export abstract class Finding {
  constructor(
    protected readonly snapshot: Snapshot,
    protected readonly call: Call,
    protected readonly trace: Trace | undefined,
  ) {}

  /** Notes why there is no route. */
  protected fail(kind: KindName, ref: string, reason: RejectReason, detail: string): Refusal {
    this.trace?.add('route', subjectOf(kind, ref), 'fail', reason);
    return { reason, detail };
  }

  /** Whether the call says that a resource is out of order, which is then noted. */
  protected outOfOrder({ kind, ref }: Resource<unknown>): boolean {
    if (!isDown(this.call, kind, ref)) return false;
    this.trace?.add('route', subjectOf(kind, ref), 'fail', 'out-of-order');
    return true;
  }
}
