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
  let matcher = shared.get(key);
  if (!matcher) {
    if (shared.size >= MAX_SHARED) shared.clear();
    shared.set(key, (matcher = compile(rules)));
  }
  return matcher;
}

/** What was written is small enough to be one set: see `validate`. */
function compile(rules: readonly string[]): Matcher {
  const set = new RE2Set(RE2Set.UNANCHORED);
  for (const rule of rules) set.add(rule);
  set.compile();
  return (user) => set.match(user);
}
