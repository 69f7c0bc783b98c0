/** Access control lists, compiled once per document: the longest matching prefix decides (docs/semantics.md 5). */
import ipaddr from 'ipaddr.js';
import type { AccessControlList } from '../kinds/acl.js';

interface Network {
  readonly family: 4 | 6;
  readonly bytes: readonly number[];
  readonly length: number;
}

interface Compiled {
  /** Per family, prefix lengths present, longest first. */
  readonly lengths: ReadonlyMap<4 | 6, readonly number[]>;
  /** Entry text and verdict per network; allow wins a tie. */
  readonly networks: ReadonlyMap<string, { readonly allow: boolean; readonly entry: string }>;
  /** Verdicts on addresses seen: calls come from few, again and again. */
  readonly verdicts: Map<string, AclVerdict>;
}

const MAX_VERDICTS = 1000;

export interface AclVerdict {
  readonly allowed: boolean;
  /** The entry that decided; undefined when none matched. */
  readonly entry: string | undefined;
  /** The list names addresses, but none of the source's family. */
  readonly otherFamilyOnly: boolean;
}

const compiled = new WeakMap<AccessControlList, Compiled>();

/** Reads an address or network; `::ffff:a.b.c.d` counts as IPv4. Undefined when it is neither. */
export function parseNetwork(text: string): Network | undefined {
  const [address, suffix] = text.split('/', 2) as [string, string | undefined];
  if (!ipaddr.isValid(address)) return undefined;
  const parsed = ipaddr.parse(address);
  const length = suffix === undefined ? parsed.toByteArray().length * 8 : Number(suffix);
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress() && length >= 96)
    return { family: 4, bytes: parsed.toIPv4Address().toByteArray(), length: length - 96 };
  return { family: parsed.kind() === 'ipv4' ? 4 : 6, bytes: parsed.toByteArray(), length };
}

const networkKey = (family: 4 | 6, bytes: readonly number[], length: number): string =>
  `${family}/${length}/${bytes
    .map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, length - i * 8))) & 0xff)
    .join('.')}`;

function compile(acl: AccessControlList): Compiled {
  const networks = new Map<string, { allow: boolean; entry: string }>();
  const lengths = new Map<4 | 6, Set<number>>();
  const add = (entries: readonly string[], allow: boolean) => {
    for (const entry of entries) {
      const network = parseNetwork(entry);
      if (!network) continue;
      networks.set(networkKey(network.family, network.bytes, network.length), { allow, entry });
      const known = lengths.get(network.family) ?? new Set();
      lengths.set(network.family, known.add(network.length));
    }
  };
  add(acl.deny, false);
  add(acl.allow, true);
  const sorted = [...lengths].map(([family, known]) => [family, [...known].sort((a, b) => b - a)] as const);
  return { networks, lengths: new Map(sorted), verdicts: new Map() };
}

/** Whether a list admits an address. An unreadable address is not admitted. */
export function admits(acl: AccessControlList, ip: string): AclVerdict {
  let list = compiled.get(acl);
  if (!list) compiled.set(acl, (list = compile(acl)));
  let verdict = list.verdicts.get(ip);
  if (!verdict) {
    verdict = judge(list, acl.allow.length === 0, ip);
    if (list.verdicts.size >= MAX_VERDICTS) list.verdicts.clear();
    list.verdicts.set(ip, verdict);
  }
  return verdict;
}

function judge(list: Compiled, otherwise: boolean, ip: string): AclVerdict {
  const source = parseNetwork(ip);
  if (!source) return { allowed: false, entry: undefined, otherFamilyOnly: false };
  const lengths = list.lengths.get(source.family) ?? [];
  for (const length of lengths) {
    const found = list.networks.get(networkKey(source.family, source.bytes, length));
    if (found) return { allowed: found.allow, entry: found.entry, otherFamilyOnly: false };
  }
  return { allowed: otherwise, entry: undefined, otherFamilyOnly: lengths.length === 0 };
}
