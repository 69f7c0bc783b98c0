/** Header changes of a target (docs/semantics.md 7). */
import type { TelNumber } from '../kinds/number.js';
import { MASK } from '../kinds/validate.js';
import { headerOf, type Call } from './call.js';
import type { HeaderChange } from './decision.js';

const SECRET = new Set(['x-connect-token', 'authorization', 'proxy-authorization']);

/** A header's value as it may be shown: tokens and digests are masked. */
export const maskHeader = (name: string, value: string): string =>
  SECRET.has(name.toLowerCase()) ? MASK : value;

/** The call's headers as they may be shown. */
export const maskedHeaders = (call: Call): { name: string; value: string }[] =>
  call.headers.map(({ name, value }) => ({ name, value: maskHeader(name, value) }));

/** A SIP URI or name-addr as it may be shown: with the password of its user part (RFC 3261 19.1.1) masked. */
export function maskPassword(text: string): string {
  const at = text.lastIndexOf('@');
  if (at < 0) return text;
  const start = text.lastIndexOf('<', at) + 1;
  const [scheme] = /^\s*(?:(?:sips?|tel|backend):)?/i.exec(text.slice(start))!;
  const colon = text.indexOf(':', start + scheme.length);
  return colon < 0 || colon > at ? text : `${text.slice(0, colon + 1)}${MASK}${text.slice(at)}`;
}

/** Whether the caller hides its identity: by its own setting or by X-DOD-Privacy. */
function isPrivate(call: Call, privacy: 'PRIVATE' | 'NONE'): boolean {
  const wanted = headerOf(call, 'X-DOD-Privacy')?.trim().toLowerCase();
  return privacy === 'PRIVATE' || wanted === 'id' || wanted === 'private';
}

/**
 * Headers toward a trunk, by the host of each target: privacy (RFC 3323), identity (RFC 3325, Remote-Party-ID),
 * and our own headers removed.
 */
export function trunkHeaders(
  call: Call,
  number: TelNumber,
  privacy: 'PRIVATE' | 'NONE',
): (host: string) => HeaderChange[] {
  const tel = number.telUrl.slice('tel:'.length);
  const display = call.from.displayName;
  const quoted = display ? `"${display.replace(/\p{Cc}/gu, ' ').replace(/["\\]/g, '\\$&')}" ` : '';
  const privacyAdded = isPrivate(call, privacy) ? PRIVATE : PUBLIC;
  const ours = removals(call);
  return (host) => {
    const at = host.includes(':') ? `[${host}]` : host;
    return [
      PRIVACY_REMOVED,
      privacyAdded,
      { action: 'add', name: 'Remote-Party-ID', value: `<sip:${tel}@${at}>;screen=yes;party=calling` },
      { action: 'add', name: 'P-Asserted-Identity', value: `${quoted}<sip:${tel}@${at};user=phone>` },
      ...ours,
    ];
  };
}

const remove = (name: string): HeaderChange => ({ action: 'remove', name, value: null });

const PRIVACY_REMOVED = remove('Privacy');
const PRIVATE: HeaderChange = { action: 'add', name: 'Privacy', value: 'id' };
const PUBLIC: HeaderChange = { action: 'add', name: 'Privacy', value: 'none' };

/** Removed whether the call has them or not, as is every other header that begins with X-DOD-. */
const OURS: readonly HeaderChange[] = ['X-DOD-Number', 'X-DOD-Privacy', 'X-Connect-Token'].map(remove);
const OURS_FOLDED = new Set(OURS.map(({ name }) => name.toLowerCase()));

/** Each name once: header names compare without regard to case. */
function removals(call: Call): readonly HeaderChange[] {
  const others = call.headers.map(({ name }) => name).filter(isOtherDod);
  if (others.length === 0) return OURS;
  const distinct = new Map(others.map((name) => [name.toLowerCase(), name]));
  return [...OURS, ...[...distinct.values()].map(remove)];
}

function isOtherDod(name: string): boolean {
  const folded = name.toLowerCase();
  return folded.startsWith('x-dod-') && !OURS_FOLDED.has(folded);
}

/** Headers that a number adds to the calls it delivers. */
export const extraHeaders = (number: TelNumber): HeaderChange[] =>
  number.extraHeaders.map(({ name, value }) => ({ action: 'add', name, value }));
