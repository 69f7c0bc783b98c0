/** How a past call fares now, beside what became of it then or what becomes of it elsewhere. */
import type { Effect } from '../../routing/decision.js';
import { difference, outcomeText } from '../outcome.js';
import type { Recorded } from './past.js';

/** `untold`: the record does not say what became of the call. */
export const CHANGES = ['now rejected', 'changed', 'was rejected', 'same', 'untold'] as const;
export type Change = (typeof CHANGES)[number];

export interface Comparison {
  readonly change: Change;
  /** Empty when untold. */
  readonly before: string;
  readonly after: string;
}

/** Compares what two configurations do to a call. */
export function compareEffects(before: Effect, after: Effect): Comparison {
  const outcomes = difference(before, after);
  if (outcomes) {
    const change = changeOf(before.verdict === 'reject', after.verdict === 'reject');
    return { change, before: outcomes[0], after: outcomes[1] };
  }
  const outcome = outcomeText(before);
  return { change: 'same', before: outcome, after: outcome };
}

const changeOf = (wasRejected: boolean, isRejected: boolean): Change =>
  wasRejected === isRejected ? 'changed' : isRejected ? 'now rejected' : 'was rejected';

/**
 * Compares what is done to a call with what its record says: delivered or not, and by which trunk or profile where it tells.
 */
export function compareWithRecord(recorded: Recorded, after: Effect): Comparison {
  const delivered = wasDelivered(recorded);
  const isRejected = after.verdict === 'reject';
  const outcome = outcomeText(after);
  if (delivered === undefined) return { change: 'untold', before: '', after: outcome };
  const before = delivered ? `delivered${detailOf(recorded)}` : `rejected${codeOf(recorded)}`;
  // A status that is the callee's own answer as well as ours: such as 480.
  const isSameStatus = isRejected && after.rejection?.sipStatus === recorded.sipStatus;
  if (delivered === isRejected && !isSameStatus)
    return { change: changeOf(!delivered, isRejected), before, after: outcome };
  const agrees = isRejected || agreesWith(recorded, after);
  return { change: agrees ? 'same' : 'changed', before, after: outcome };
}

/** Answers that only a callee gives: what routing had to do was done (RFC 3261 21). */
const OF_CALLEE = new Set([408, 480, 486, 487, 488, 600, 603, 606, 607, 608]);

/** What CDRs say of calls that reached somebody, and of those that did not. */
const DELIVERED = new Set([
  'ANSWERED',
  'ANSWER',
  'NO ANSWER',
  'NOANSWER',
  'BUSY',
  'CANCEL',
  'COMPLETED',
  'OK',
]);
const REJECTED = new Set(['FAILED', 'CONGESTION', 'CHANUNAVAIL', 'REJECTED', 'FORBIDDEN']);

/** Whether the call reached somebody, as far as routing goes; undefined when the record does not tell. */
function wasDelivered({ sipStatus, disposition, trunk, profile }: Recorded): boolean | undefined {
  if (sipStatus !== undefined && sipStatus >= 200) return sipStatus < 400 || OF_CALLEE.has(sipStatus);
  const word = disposition?.toUpperCase().replaceAll(/[-_]/g, ' ') ?? '';
  if (DELIVERED.has(word)) return true;
  if (REJECTED.has(word)) return false;
  return trunk !== undefined || profile !== undefined ? true : undefined;
}

const detailOf = ({ trunk, profile }: Recorded): string =>
  trunk === undefined ? (profile === undefined ? '' : `: profile ${profile}`) : `: trunk ${trunk}`;

const codeOf = ({ sipStatus, disposition }: Recorded): string =>
  ` ${sipStatus ?? disposition ?? ''}`.trimEnd();

/** `PJSIP/trunk-01-0000002a`: a channel of Asterisk, by what it leads to. */
const CHANNEL = /^\w+\/(.+)-[0-9a-f]{8}$/i;

function agreesWith({ trunk, profile }: Recorded, { profile: handler, route }: Effect): boolean {
  if (profile !== undefined && handler?.ref !== profile && handler?.name !== profile) return false;
  if (trunk === undefined) return true;
  const name = (CHANNEL.exec(trunk)?.[1] ?? trunk).toLowerCase();
  return (route?.targets ?? []).some(
    ({ via, host }) =>
      via.kind === 'Trunk' && (via.ref.toLowerCase() === name || host.toLowerCase() === name),
  );
}
