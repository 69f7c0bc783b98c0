/** Calls in CDRs: from the values of a record to the call that was made, and what the record says became of it. */
import type { Json } from '../../kinds/kind.js';
import { readCall } from '../calls.js';
import type { CallDocument } from '../engine.js';
import type { Places } from './layout.js';
import type { CallIds, Recorded, Replayed, Tally } from './past.js';
import { timeOf } from './time.js';

/** Extensions of Asterisk's dialplan that nobody dials: start, hang-up, invalid, timeout. */
const OWN_EXTENSIONS = new Set(['s', 'h', 'i', 't', 'T']);
/** What stands for a caller that is not known. */
const NOBODY = new Set(['', 'anonymous', 'unknown', '<unknown>', 'unavailable', 'restricted']);

/** Fields that every record may have; the others take the way of calls that people write. */
const COMMON = new Set([
  ...['dialled', 'dialled-host', 'from', 'from-host', 'source-ip', 'at', 'method', 'call-id'],
  ...['status', 'disposition', 'trunk', 'profile'],
]);

export class CdrRecords {
  private last: { readonly text: string; readonly at: number | undefined } = { text: '', at: undefined };
  private readonly others: readonly (readonly [field: string, at: number])[];
  private readonly places: Readonly<Record<string, number>>;

  /**
   * @param file its name, for the places of what is found
   * @param passedOver counts what is passed over
   * @param seen the Call-IDs of the file
   */
  constructor(
    private readonly file: string,
    places: Places,
    private readonly passedOver: Tally,
    private readonly seen: CallIds,
  ) {
    this.places = Object.fromEntries(places);
    this.others = [...places].filter(([field]) => !COMMON.has(field));
  }

  /** The call of a record; nothing when it is about something else, or a call that was counted. */
  read(line: number, values: readonly Json[]): Replayed | undefined {
    const text = (field: string): string => {
      const at = this.places[field];
      const value = at === undefined ? '' : (values[at] ?? '');
      return typeof value === 'string' ? value : typeof value === 'object' ? '' : String(value);
    };
    const method = text('method');
    if (method !== '' && method.toUpperCase() !== 'INVITE') return this.pass('records of other methods');
    const dialled = text('dialled');
    if (OWN_EXTENSIONS.has(dialled)) return this.pass('records of extensions that nobody dials (s, h, i, t)');
    const callId = text('call-id');
    if (callId !== '' && this.seen.isKnown(callId))
      return this.pass('records of a call that was counted already');
    const place = `${this.file}:${line}`;
    if (dialled === '')
      return { place, message: 'does not say what was dialled: expected a number or a user' };
    const at = text('at');
    const time = this.timeOf(at);
    // Only tokens are judged by it.
    if (Number.isNaN(time)) this.passedOver.add('times that cannot be read', 1, at);
    const from = text('from');
    const ip = text('source-ip');
    const call: Record<string, Json> = { dialled: addressOf(dialled, text('dialled-host')) };
    if (!NOBODY.has(from.toLowerCase())) call['from'] = addressOf(from, text('from-host'));
    if (ip !== '') call['source'] = { ip };
    if (time !== undefined && !Number.isNaN(time)) call['at'] = time;
    const recorded = recordedOf(text);
    return this.others.length === 0
      ? { place, call, recorded }
      : this.complete(place, call, recorded, values);
  }

  /** The same with the fields that few records have. */
  private complete(
    place: string,
    call: Record<string, Json>,
    recorded: Recorded,
    values: readonly Json[],
  ): Replayed {
    const rest = Object.fromEntries(this.others.map(([field, at]) => [field, values[at] ?? null]));
    const { call: read, problems } = readCall({ ...rest, dialled: call['dialled']! });
    if (problems.length > 0)
      return { place, message: problems.map(({ field, message }) => `${field} ${message}`).join('; ') };
    const source = { ...(read['source'] as object | undefined), ...(call['source'] as object | undefined) };
    const whole: CallDocument = { ...read, ...call, ...('ip' in source ? { source } : {}) };
    return { place, call: whole, recorded };
  }

  /** The time of a call: undefined when it is not told, NaN when it is none. Neighbours often share one. */
  private timeOf(text: string): number | undefined {
    if (text !== this.last.text) {
      const isTold = text !== '' && !text.startsWith('0000-');
      this.last = { text, at: isTold ? (timeOf(text) ?? NaN) : undefined };
    }
    return this.last.at;
  }

  private pass(what: string): undefined {
    this.passedOver.add(what);
  }
}

const addressOf = (user: string, host: string): string =>
  host === '' || user.includes('@') ? user : `sip:${user}@${host}`;

function recordedOf(text: (field: string) => string): Recorded {
  const status = text('status');
  const isSip = /^[1-6]\d\d$/.test(status);
  return {
    sipStatus: isSip ? Number(status) : undefined,
    disposition: text('disposition') || (isSip ? undefined : status || undefined),
    trunk: text('trunk') || undefined,
    profile: text('profile') || undefined,
  };
}
