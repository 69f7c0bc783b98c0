/** IPv4 (RFC 791) and IPv6 (RFC 8200) headers, every length checked. */
import { u16, u32 } from './bytes.js';

export interface Datagram {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly payload: Uint8Array;
  /** Bytes of the payload that were not captured. */
  readonly missing: number;
  readonly fragment?: Fragment;
}

export interface Fragment {
  readonly id: number;
  /** Bytes before this one. */
  readonly offset: number;
  /** Others come after it. */
  readonly more: boolean;
}

/** The datagram in the bytes of an IP packet; undefined when they are none. */
export function datagramOf(bytes: Uint8Array): Datagram | undefined {
  const version = (bytes[0] ?? 0) >> 4;
  return version === 4 ? ipv4(bytes) : version === 6 ? ipv6(bytes) : undefined;
}

function ipv4(bytes: Uint8Array): Datagram | undefined {
  if (bytes.length < 20) return undefined;
  const header = (bytes[0]! & 15) * 4;
  // A network card that cuts segments itself leaves the total at 0.
  const total = u16(bytes, 2) || bytes.length;
  if (header < 20 || total < header) return undefined;
  const flags = u16(bytes, 6);
  const [offset, more] = [(flags & 0x1fff) * 8, (flags & 0x2000) !== 0];
  return {
    source: dotted(bytes, 12),
    destination: dotted(bytes, 16),
    protocol: bytes[9]!,
    payload: bytes.subarray(Math.min(header, bytes.length), total),
    missing: Math.max(0, total - Math.max(bytes.length, header)),
    ...(more || offset > 0 ? { fragment: { id: u16(bytes, 4), offset, more } } : {}),
  };
}

const dotted = (bytes: Uint8Array, at: number): string => bytes.subarray(at, at + 4).join('.');

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const DESTINATION = 60;

function ipv6(bytes: Uint8Array): Datagram | undefined {
  if (bytes.length < 40) return undefined;
  // A jumbogram, or a segment that the network card cuts, has the length 0.
  const total = 40 + (u16(bytes, 4) || bytes.length - 40);
  const end = Math.min(total, bytes.length);
  let protocol = bytes[6]!;
  let at = 40;
  let fragment: Fragment | undefined;
  for (;;) {
    const extension = [HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION].includes(protocol);
    if (!extension || fragment?.offset) break;
    if (end < at + 8) return undefined;
    const own = bytes[at + 1]!;
    if (protocol === FRAGMENT) {
      const place = u16(bytes, at + 2);
      fragment = { id: u32(bytes, at + 4), offset: place & 0xfff8, more: (place & 1) === 1 };
    }
    const length = protocol === FRAGMENT ? 8 : protocol === AUTHENTICATION ? (own + 2) * 4 : (own + 1) * 8;
    protocol = bytes[at]!;
    at += length;
  }
  if (at > end) return undefined;
  return {
    source: colons(bytes, 8),
    destination: colons(bytes, 24),
    protocol,
    payload: bytes.subarray(at, end),
    missing: total - end,
    ...(fragment && (fragment.more || fragment.offset > 0) ? { fragment } : {}),
  };
}

/** The address as RFC 5952 wants it: the first of the longest runs of zeros, if longer than one, is left out. */
function colons(bytes: Uint8Array, at: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => u16(bytes, at + 2 * i).toString(16));
  const zeros = groups
    .map((_, i) => groups.slice(i).findIndex((group) => group !== '0'))
    .map((n, i) => (n < 0 ? 8 - i : n));
  const longest = Math.max(...zeros);
  if (longest < 2) return groups.join(':');
  const start = zeros.indexOf(longest);
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + longest).join(':')}`;
}
