/** Addresses that an access control list refuses. */
import ipaddr from 'ipaddr.js';
import type { AccessControlList } from '../../../kinds/acl.js';
import { admits, parseNetwork } from '../../../routing/acl.js';

/** Of the ranges for documentation (RFC 5737, RFC 3849): what a reader takes for an example. */
const EXAMPLES = ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1'];
const LOWEST = ['0.0.0.0', '::'];

/**
 * An address that the list refuses; undefined when it admits all. Exact: what a list says changes only where one
 * of its networks begins or has ended, so that those addresses tell.
 */
export function refusedAddress(acl: AccessControlList): string | undefined {
  const bounds = [...acl.deny, ...acl.allow].flatMap(boundsOf);
  return [...EXAMPLES, ...bounds, ...LOWEST].find((ip) => !admits(acl, ip).allowed);
}

/** The first address of a network, and the first one behind it. */
function boundsOf(entry: string): string[] {
  const network = parseNetwork(entry);
  if (!network) return [];
  const { bytes, length } = network;
  const bits = bytes.length * 8;
  const host = BigInt(bits - length);
  const first = (bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) >> host) << host;
  const behind = first + (1n << host);
  return [first, ...(behind < 1n << BigInt(bits) ? [behind] : [])].map((value) =>
    textOf(value, bytes.length),
  );
}

function textOf(value: bigint, size: number): string {
  const bytes = Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * (size - 1 - i))) & 0xffn));
  return ipaddr.fromByteArray(bytes).toString();
}
