/**
 * From SIP messages to calls: an INVITE that begins a dialog is one, whatever is sent again, challenged, forwarded
 * or asked within the dialog. What became of it is the final response in its transaction.
 */
import { headerOf, type Header } from '../../routing/call.js';
import type { CallDocument } from '../engine.js';
import { own, type BrokenRecord, type PastCall, type Replayed } from './past.js';
import { branchOf, splitAddress, tagOf, type SipMessage, type SipRequest, type SipResponse } from './sip.js';

/** Where a message was found. */
export interface Sighting {
  readonly place: string;
  /** Milliseconds since the epoch. */
  readonly at?: number | undefined;
  readonly source?: Endpoint | undefined;
  readonly destination?: Endpoint | undefined;
  readonly transport?: string | undefined;
}

export interface Endpoint {
  readonly ip: string;
  readonly port: number;
}

interface Dialog {
  /** Of the transaction that decides: a challenged caller begins another. */
  branch: string | undefined;
  cseq: number;
  /** Until its outcome is known. */
  pending: PastCall | undefined;
  size: number;
}

/** Dialogs that are remembered: what is sent again after so many others counts as another call. */
const MOST_DIALOGS = 65_536;
const MOST_BYTES = 64 * 1024 * 1024;
const DIALOG_COST = 500;
/** The share of them that stays when there are too many. */
const KEPT = 7 / 8;

/** Headers that say how a message travels and what it carries, and secrets; routing reads none of them. */
const PASSED_OVER = new Set([
  ...['via', 'from', 'to', 'call-id', 'cseq', 'contact', 'max-forwards', 'route', 'record-route'],
  ...['content-type', 'content-length', 'authorization', 'proxy-authorization'],
]);

export class Dialogs {
  /** By Call-ID, in the order in which they began. */
  private readonly dialogs = new Map<string, Dialog>();
  private size = 0;

  /** @returns the calls that this message brings to their end */
  message(message: SipMessage, sighting: Sighting): Replayed[] {
    if ('status' in message) return this.response(message);
    return message.method === 'INVITE' ? this.invite(message, sighting) : [];
  }

  /** The calls that had no final response. */
  end(): PastCall[] {
    return [...this.dialogs.keys()].flatMap((callId) => this.forget(callId));
  }

  private invite(request: SipRequest, sighting: Sighting): Replayed[] {
    const facts = factsOf(request);
    if (typeof facts === 'string') return [{ place: sighting.place, message: facts } satisfies BrokenRecord];
    const { callId, cseq, branch, inDialog } = facts;
    const known = this.dialogs.get(callId);
    if (inDialog) return [];
    if (known) {
      // Challenged or redirected, the caller asks again with the next number; others merely pass it on.
      if (cseq > known.cseq) Object.assign(known, { cseq, branch });
      return [];
    }
    const call = documentOf(request, facts.from, sighting);
    const text = JSON.stringify(call);
    const size = DIALOG_COST + 2 * (callId.length + text.length);
    this.size += size;
    // Read anew, the call keeps nothing of the message in memory.
    const pending: PastCall = { place: sighting.place, call: JSON.parse(text) as CallDocument, recorded: {} };
    this.dialogs.set(own(callId), { branch, cseq, pending, size });
    return this.isOver(1) ? this.forgetOldest() : [];
  }

  private response({ status, headers }: SipResponse): PastCall[] {
    const dialog = this.dialogs.get(headerOf({ headers }, 'Call-ID') ?? '');
    if (!dialog?.pending || status < 200) return [];
    const cseq = cseqOf(headers);
    if (cseq?.method !== 'INVITE' || cseq.number !== dialog.cseq) return [];
    // Toward the next hop the same request has another branch.
    if (branchOf(headerOf({ headers }, 'Via') ?? '') !== dialog.branch) return [];
    const ended: PastCall = { ...dialog.pending, recorded: { sipStatus: status } };
    // Whoever is challenged may ask again.
    const challenged = status === 401 || status === 407;
    dialog.pending = challenged ? ended : undefined;
    return challenged ? [] : [ended];
  }

  /** Whether more than a share of what may be remembered is. */
  private isOver(share: number): boolean {
    return this.dialogs.size > share * MOST_DIALOGS || this.size > share * MOST_BYTES;
  }

  /** Many at once: each time that the oldest of a map is looked for, all that went before it are passed over. */
  private forgetOldest(): PastCall[] {
    const found: PastCall[] = [];
    for (const callId of this.dialogs.keys()) {
      if (!this.isOver(KEPT)) break;
      found.push(...this.forget(callId));
    }
    return found;
  }

  private forget(callId: string): PastCall[] {
    const dialog = this.dialogs.get(callId)!;
    this.dialogs.delete(callId);
    this.size -= dialog.size;
    return dialog.pending ? [dialog.pending] : [];
  }
}

interface Facts {
  readonly callId: string;
  readonly cseq: number;
  readonly branch: string | undefined;
  readonly from: string;
  readonly inDialog: boolean;
}

/** What every INVITE must have (RFC 3261 8.1.1); what it lacks, as text. */
function factsOf({ headers }: SipRequest): Facts | string {
  const missing = ['Call-ID', 'CSeq', 'From', 'To', 'Via'].filter((name) => !headerOf({ headers }, name));
  if (missing.length > 0) return `the INVITE has no ${missing.join(', no ')}`;
  const cseq = cseqOf(headers);
  if (cseq?.method !== 'INVITE') return 'the CSeq of the INVITE is none: expected a number and INVITE';
  const from = splitAddress(headerOf({ headers }, 'From')!);
  const to = splitAddress(headerOf({ headers }, 'To')!);
  return {
    callId: headerOf({ headers }, 'Call-ID')!,
    cseq: cseq.number,
    branch: branchOf(headerOf({ headers }, 'Via')!),
    from: from.address,
    inDialog: tagOf(to.parameters) !== undefined,
  };
}

function cseqOf(headers: readonly Header[]): { number: number; method: string } | undefined {
  const parts = /^(\d{1,10})[ \t]+([A-Z]+)$/.exec(headerOf({ headers }, 'CSeq') ?? '');
  return parts ? { number: Number(parts[1]), method: parts[2]! } : undefined;
}

const UNREADABLE = /[\p{Cc}\ufffd]/gu;

/** The call that an INVITE asks for. */
function documentOf(request: SipRequest, from: string, sighting: Sighting): CallDocument {
  const { source, transport, at } = sighting;
  return {
    dialled: request.uri,
    // A display name in some other encoding is not worth losing the call.
    from: from.search(UNREADABLE) < 0 ? from : from.replace(/^.*(?=<)/s, ''),
    ...(source ? { source: { ...source, transport } } : {}),
    headers: request.headers
      .filter(({ name }) => !PASSED_OVER.has(name.toLowerCase()))
      .map(({ name, value }) => ({ name, value: value.replace(UNREADABLE, ' ') })),
    ...(at !== undefined && Number.isSafeInteger(at) && at <= 8.64e15 ? { at } : {}),
  };
}
