/** What is kept of a replay while it runs: counts, and a few examples of each. Its size does not grow with the calls. */
import { maskPassword } from '../../routing/headers.js';
import type { CallDocument, Effective } from '../engine.js';
import { CHANGES, compareEffects, compareWithRecord, type Change, type Comparison } from './compare.js';
import { own, Tally, type BrokenRecord, type PastCall } from './past.js';

/** A past call and how it fares. */
export interface Replay extends Comparison {
  readonly past: PastCall;
}

/** A call as an example, or a fault. */
export interface Example {
  readonly place: string;
  readonly from: string | null;
  readonly dialled: string | null;
  /** What is wrong with it, of what is broken or undecided. */
  readonly message: string | null;
}

/** Calls that fare alike, or records that have faults. */
export interface Group {
  readonly change: Change | 'broken' | 'undecided';
  readonly before: string;
  readonly after: string;
  readonly calls: number;
  /** The first of them. */
  readonly examples: readonly Example[];
}

const EXAMPLES = 3;
/** Outcomes that are told apart; the others are counted together by what changed. */
const MOST_GROUPS = 1000;
const OTHERS = '(others)';
/** Faults that are named one by one; the others are counted. */
const NAMED = 20;

export class Report {
  readonly counts: Record<Change, number> = {
    'now rejected': 0,
    changed: 0,
    'was rejected': 0,
    same: 0,
    untold: 0,
  };
  /** Records that are no calls. */
  broken = 0;
  /** Calls that cannot be decided: their caller is nobody, say. */
  undecided = 0;
  /** The first of the broken and the undecided. */
  readonly faults: BrokenRecord[] = [];
  /** What was passed over without being wrong. */
  readonly passedOver = new Tally();
  private readonly byOutcome = new Map<string, OpenGroup>();

  /** Calls that were decided. */
  get calls(): number {
    return CHANGES.reduce((sum, change) => sum + this.counts[change], 0);
  }

  /** Whether any call does not fare as it did. */
  get differs(): boolean {
    const { changed, 'now rejected': lost, 'was rejected': won } = this.counts;
    return changed + lost + won > 0;
  }

  /** The groups: what was lost first, then by the number of calls; faults last. */
  get groups(): Group[] {
    const order: readonly string[] = [...CHANGES, 'undecided', 'broken'];
    return [...this.byOutcome.values()].sort(
      (a, b) => order.indexOf(a.change) - order.indexOf(b.change) || b.calls - a.calls,
    );
  }

  /** Counts a record that is no call. */
  break(record: BrokenRecord): void {
    this.broken++;
    this.fault('broken', record);
  }

  /**
   * Counts a call.
   * @param after the answer of the configuration in question
   * @param before that of the configuration it is compared with; absent: the record itself says what became of it
   * @returns how it fares; undefined when it cannot be decided
   */
  add(past: PastCall, after: Effective, before?: Effective): Replay | undefined {
    if ('error' in after) return this.leave(past, after.error);
    if (before && 'error' in before) return this.leave(past, before.error);
    const comparison = before
      ? compareEffects(before.effect, after.effect)
      : compareWithRecord(past.recorded, after.effect);
    this.counts[comparison.change]++;
    this.count(comparison, past.place, past.call, null);
    const { change, before: was, after: is } = comparison;
    return { change, before: was, after: is, past };
  }

  /** Counts a call that cannot be decided. */
  private leave({ place, call }: PastCall, { message }: Error): undefined {
    this.undecided++;
    this.fault('undecided', { place, message }, call);
  }

  private fault(change: 'broken' | 'undecided', { place, message }: BrokenRecord, call?: CallDocument): void {
    if (this.faults.length < NAMED) this.faults.push(own({ place, message }));
    this.count({ change, before: '', after: '' }, place, call, message);
  }

  private count(what: Alike, place: string, call: CallDocument | undefined, message: string | null): void {
    const group = this.groupOf(what);
    group.calls++;
    if (group.examples.length >= EXAMPLES) return;
    const parties = call ? partiesOf(call) : { from: null, dialled: null };
    group.examples = [...group.examples, own({ place, ...parties, message })];
  }

  private groupOf({ change, before, after }: Alike): OpenGroup {
    const key = `${change}\n${before}\n${after}`;
    const known = this.byOutcome.get(key);
    if (known) return known;
    if (this.byOutcome.size >= MOST_GROUPS && after !== OTHERS && after !== '')
      return this.groupOf({ change, before: OTHERS, after: OTHERS });
    const group = own({ change, before, after, calls: 0, examples: [] });
    this.byOutcome.set(key, group);
    return group;
  }
}

type OpenGroup = { -readonly [K in keyof Group]: Group[K] };
type Alike = Omit<Group, 'calls' | 'examples'>;

/** Who calls whom, without the passwords that SIP URIs may have. */
export const partiesOf = (call: CallDocument): { from: string | null; dialled: string } => ({
  from: call['from'] === undefined ? null : maskPassword(String(call['from'])),
  dialled: maskPassword(String(call['dialled'])),
});
