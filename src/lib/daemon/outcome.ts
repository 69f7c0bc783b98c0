/** What a write is asked for beside its operations, and what it led to. */
import type { Change } from '../config/operation.js';
import type { Sync } from '../config/sync.js';
import { CtlError } from '../errors.js';
import type { Catalog } from '../kinds/catalog.js';
import { characterFault } from '../kinds/checks.js';

/** Longest message of a write, in characters. */
const MAX_MESSAGE = 1000;

export interface WriteOptions {
  /** Who writes, for the change log. */
  readonly principal: string;
  /** Plan only. */
  readonly dryRun?: boolean | undefined;
  readonly cascade?: boolean | undefined;
  /** Refused unless the global revision is this. Absent or 0: any. */
  readonly expectedRevision?: number | undefined;
  /** Kept in the change log. */
  readonly message?: string | undefined;
  /** Also delete what no put names. */
  readonly sync?: Sync | undefined;
  /** Take the write back unless it is confirmed within so many milliseconds. Absent or 0: it stays. */
  readonly confirmWithinMs?: number | undefined;
  /** Instead of operations: restore what this revision held. */
  readonly rollbackTo?: number | undefined;
}

export interface Outcome {
  /** See `Plan`. */
  readonly changes: readonly Change[];
  /** The global revision after the write; unchanged when nothing changed or on a dry run. */
  readonly revision: number;
  readonly before: Catalog;
  /** What the write led to, or would. */
  readonly after: Catalog;
}

/** @throws CtlError usage for a message that cannot be kept */
export function checkMessage(message: string): void {
  const fault = message.length > MAX_MESSAGE ? `${message.length} characters` : characterFault(message, true);
  if (fault === undefined) return;
  const problem = `holds ${fault}: expected at most ${MAX_MESSAGE} characters of text`;
  throw new CtlError('usage', `the message ${problem}`, { fields: [{ field: 'message', message: problem }] });
}
