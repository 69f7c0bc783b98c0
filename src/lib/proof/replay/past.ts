/** Calls of the past: what every reader of CDRs, SIP messages and captures gives. */
import type { CallDocument } from '../engine.js';

/** What a record says became of the call; absent members are not told. */
export interface Recorded {
  /** The final SIP status of the INVITE. */
  readonly sipStatus?: number | undefined;
  /** As the record has it: `ANSWERED`, `NO ANSWER`, `FAILED`. */
  readonly disposition?: string | undefined;
  /** The trunk that took the call: its ref, or the host of one of its URIs. */
  readonly trunk?: string | undefined;
  /** The profile that handled the call: its ref or name. */
  readonly profile?: string | undefined;
}

/** A call that was made. */
export interface PastCall {
  /** Where it stands: `master.csv:17`, `trace.pcap packet 5`. */
  readonly place: string;
  readonly call: CallDocument;
  readonly recorded: Recorded;
}

/** A record that cannot be read as a call. */
export interface BrokenRecord {
  readonly place: string;
  /** What is wrong, and what was expected. */
  readonly message: string;
}

export type Replayed = PastCall | BrokenRecord;

export const isBroken = (replayed: Replayed): replayed is BrokenRecord => 'message' in replayed;

/** Reads calls from the bytes of one file, as they come. Holds a bounded part of them. */
export interface PastReader {
  push(bytes: Uint8Array): Replayed[];
  /** What was waiting for more. */
  end(): Replayed[];
  /** What was passed over without being wrong, and how often: `IP fragments without the rest of their datagram`. */
  readonly passedOver: Tally;
}

/**
 * The same value in memory of its own. A text that was cut out of a larger one keeps that in memory, so what is kept
 * for long must not be one.
 */
export const own = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/**
 * Call-IDs that were seen: of the newest at least MOST_CALL_IDS. They go by generations, for to look for the oldest
 * of a large set costs more than to decide the call.
 */
export class CallIds {
  private young = new Set<string>();
  private old: ReadonlySet<string> = new Set();

  /** Whether it was seen before; it is from now on. */
  isKnown(callId: string): boolean {
    if (this.young.has(callId) || this.old.has(callId)) return true;
    this.young.add(own(callId));
    if (this.young.size >= MOST_CALL_IDS) [this.old, this.young] = [this.young, new Set()];
    return false;
  }
}

const MOST_CALL_IDS = 65_536;

/** Counts what is passed over, with the first example of each where it matters which. */
export class Tally extends Map<string, number> {
  readonly examples = new Map<string, string>();

  add(what: string, count = 1, example?: string): void {
    this.set(what, (this.get(what) ?? 0) + count);
    if (example !== undefined && !this.examples.has(what)) this.examples.set(what, own(example));
  }

  /** Counts what another has counted. */
  addAll(other: Tally): void {
    for (const [what, count] of other) this.add(what, count, other.examples.get(what));
  }
}
