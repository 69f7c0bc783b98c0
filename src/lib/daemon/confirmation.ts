/** Changes that are taken back unless they are confirmed in time. */
import { PlanError } from '../config/problems.js';
import { CtlError } from '../errors.js';
import type { Pending } from '../store/store.js';

/** The longest time that a confirmation may be waited for. */
const MAX_CONFIRM_MS = 30 * 24 * 60 * 60 * 1000;
/** The wall clock is looked at so often, since it may jump while a timer goes its own way. */
const TICK_MS = 1000;

/** Calls back once the wall clock has reached a moment. */
export class Alarm {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly ring: () => void) {}

  /** Sets or, without a moment (milliseconds since the epoch), clears it. */
  set(moment: number | undefined): void {
    clearTimeout(this.timer);
    if (moment === undefined) return;
    const left = Math.max(0, moment - Date.now());
    this.timer = setTimeout(
      () => {
        if (Date.now() >= moment) this.ring();
        else this.set(moment);
      },
      Math.min(left, TICK_MS),
    );
    this.timer.unref();
  }
}

/** @throws CtlError usage for a time that cannot be waited */
export function checkWithin(ms: number): void {
  if (Number.isSafeInteger(ms) && ms >= 0 && ms <= MAX_CONFIRM_MS) return;
  const message = `is ${ms} ms: expected at most 30 days`;
  throw new CtlError('usage', `the time to confirm ${message}`, {
    fields: [{ field: 'confirm_within_ms', message }],
  });
}

/** Why a write is refused meanwhile. */
export const pendingError = (pending: Pending): PlanError =>
  new PlanError(
    'FAILED_PRECONDITION',
    `${described(pending)} waits for confirmation until ${timeOf(pending)}: nothing else can be written before`,
    {
      hint: `keep it with "ctl confirm", or take it back now with "ctl rollback ${pending.previous}"`,
    },
  );

/** @throws CtlError conflict when nothing waits for confirmation */
export const nothingPending = (): CtlError =>
  new CtlError('conflict', 'no change waits for confirmation', {
    hint: 'see "ctl status" and "ctl history": it may have been confirmed or taken back already',
  });

/** The message of the revision that takes a change back. */
export const takenBack = (pending: Pending): string =>
  `revision ${pending.revision} was not confirmed by ${timeOf(pending)}`;

const described = ({ revision, who, message }: Pending): string =>
  `revision ${revision}, by ${who}${message && ` (${message})`},`;

const timeOf = ({ deadline }: Pending): string => new Date(deadline).toISOString();
