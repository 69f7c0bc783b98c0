/** Egress rules of a domain, compiled once per document and matched together, in time linear in the dialled user. */
import { RE2Set } from 're2js';
import type { Domain } from '../kinds/domain.js';

/** Indexes of the rules that find a match in a user, in any order. */
type Matcher = (user: string) => number[];

const matchers = new WeakMap<Domain, Matcher>();

/** Domains of many tenants often have the same rules: they share what was compiled, and its memory. */
const shared = new Map<string, Matcher>();
const MAX_SHARED = 256;

/** Indexes of all rules that find a match in the user, lowest first; the first one decides (docs/semantics.md 7). */
export function matchingRules(domain: Domain, user: string): number[] {
  let matcher = matchers.get(domain);
  if (!matcher) matchers.set(domain, (matcher = matcherOf(domain.egressPolicies.map(({ rule }) => rule))));
  return matcher(user).sort((a, b) => a - b);
}

function matcherOf(rules: readonly string[]): Matcher {
  const key = rules.join('\0');
  const known = shared.get(key);
  if (known) return known;
  const near = derived(rules);
  if (near) return near;
  if (shared.size >= MAX_SHARED) shared.clear();
  const set = compile(rules);
  const matcher: Matcher = (user) => set.match(user);
  shared.set(key, matcher);
  recent.unshift({ set, size: rules.length, indexes: indexesOf(rules) });
  recent.length = Math.min(recent.length, MAX_RECENT);
  return matcher;
}

/** What was written is small enough to be one set: see `validate`. */
function compile(rules: readonly string[]): RE2Set {
  const set = new RE2Set(RE2Set.UNANCHORED);
  for (const rule of rules) set.add(rule);
  set.compile();
  return set;
}

interface Compiled {
  readonly set: RE2Set;
  readonly size: number;
  /** Rule → where it stands. */
  readonly indexes: ReadonlyMap<string, readonly number[]>;
}

/** Sets that were compiled last. */
const recent: Compiled[] = [];
const MAX_RECENT = 4;
/** Rules that a list may have and a set it is derived from has not. */
const MAX_OWN = 2;
/** Lists with fewer rules are compiled in no time. */
const MIN_DERIVED = 8;

/**
 * A list of rules that differs little from one that was compiled is matched by that one: whoever edits rules, or tries
 * what each of them is for, makes many such lists, and to compile a hundred rules takes as long as to match a thousand
 * users.
 */
function derived(rules: readonly string[]): Matcher | undefined {
  if (rules.length < MIN_DERIVED) return undefined;
  const wanted = indexesOf(rules);
  for (const { set, size, indexes } of recent) {
    const own = [...wanted.keys()].filter((rule) => !indexes.has(rule));
    if (own.length > MAX_OWN || rules.length < size / 2) continue;
    const places: (readonly number[])[] = Array.from({ length: size }, () => []);
    for (const [rule, at] of wanted) {
      const [first] = indexes.get(rule) ?? [];
      if (first !== undefined) places[first] = at;
    }
    const others = own.map((rule) => ({ set: compile([rule]), at: wanted.get(rule)! }));
    return (user) => [
      ...set.match(user).flatMap((index) => places[index]!),
      ...others.flatMap((other) => (other.set.match(user).length > 0 ? other.at : [])),
    ];
  }
  return undefined;
}

function indexesOf(rules: readonly string[]): Map<string, number[]> {
  const indexes = new Map<string, number[]>();
  for (const [i, rule] of rules.entries()) {
    const at = indexes.get(rule);
    if (at) at.push(i);
    else indexes.set(rule, [i]);
  }
  return indexes;
}
