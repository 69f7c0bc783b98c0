/** Addresses, by what access control lists say of them: exactly, for all there are. */
import ipaddr from 'ipaddr.js';
import type { AccessControlList } from '../kinds/acl.js';
import { admits, parseNetwork } from '../routing/acl.js';

export type Family = 4 | 6;

/** Addresses from the first to the last. */
export interface Range {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

const BYTES = { 4: 4, 6: 16 } as const;

/** Where IPv4 addresses stand among those of IPv6: whoever calls from there calls from the IPv4 address. */
const MAPPED: Range = { family: 6, first: 0xffff_0000_0000n, last: 0xffff_ffff_ffffn };

/**
 * All addresses of a family in ranges, in order, of which each list says one thing: what a list says changes only
 * where one of its networks begins or has ended.
 */
export function rangesOf(family: Family, lists: readonly AccessControlList[]): Range[] {
  const behindAll = 1n << BigInt(8 * BYTES[family]);
  const networks = lists.flatMap(({ allow, deny }) => [...deny, ...allow]).flatMap(rangeOf);
  const bounds = [...networks, ...(family === 6 ? [MAPPED] : [])]
    .filter((network) => network.family === family)
    .flatMap(({ first, last }) => [first, last + 1n]);
  const starts = [...new Set([0n, ...bounds])]
    .filter((start) => start < behindAll)
    .sort((a, b) => (a < b ? -1 : 1));
  return starts
    .map((first, i) => ({ family, first, last: (starts[i + 1] ?? behindAll) - 1n }))
    .filter(({ first }) => family === 4 || first !== MAPPED.first);
}

/** The addresses of an entry of a list. */
function rangeOf(entry: string): Range[] {
  const network = parseNetwork(entry);
  if (!network) return [];
  const { family, bytes, length } = network;
  const host = BigInt(8 * bytes.length - length);
  const first = (bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) >> host) << host;
  return [{ family, first, last: first + (1n << host) - 1n }];
}

/** Whether a list admits a range of which it says one thing; no list admits all. */
export const admitsRange = (acl: AccessControlList | undefined, { family, first }: Range): boolean =>
  acl === undefined || admits(acl, addressText(family, first)).allowed;

/** An address as people write it. */
export function addressText(family: Family, value: bigint): string {
  const size = BYTES[family];
  const bytes = Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * (size - 1 - i))) & 0xffn));
  return ipaddr.fromByteArray(bytes).toString();
}

/** `10.0.0.0/8`, `10.0.0.1`, or `10.0.0.1-10.0.0.3` for what is no network. */
export function rangeText({ family, first, last }: Range): string {
  const start = addressText(family, first);
  const size = last - first + 1n;
  if (size === 1n) return start;
  const bits = size.toString(2).length - 1;
  const isNetwork = size === 1n << BigInt(bits) && first % size === 0n;
  return isNetwork ? `${start}/${8 * BYTES[family] - bits}` : `${start}-${addressText(family, last)}`;
}

/** Of the ranges for documentation (RFC 5737, RFC 3849): what a reader takes for an example. */
const EXAMPLES = ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1'];

/** An address that the list refuses; undefined when it admits all. */
export function refusedAddress(acl: AccessControlList): string | undefined {
  const example = EXAMPLES.find((ip) => !admits(acl, ip).allowed);
  if (example !== undefined) return example;
  const range = [...rangesOf(4, [acl]), ...rangesOf(6, [acl])].find((one) => !admitsRange(acl, one));
  return range && addressText(range.family, range.first);
}
