/** Egress rules of a domain, compiled once per document and matched together, in time linear in the dialled user. */
import { RE2JS, RE2Set } from 're2js';
import type { Domain } from '../kinds/domain.js';

const sets = new WeakMap<Domain, RE2Set>();

/** Indexes of all rules that find a match in the user, lowest first; the first one decides (docs/semantics.md 7). */
export function matchingRules(domain: Domain, user: string): number[] {
  let set = sets.get(domain);
  if (!set) {
    set = new RE2Set(RE2Set.UNANCHORED);
    for (const { rule } of domain.egressPolicies) set.add(rule);
    set.compile();
    sets.set(domain, set);
  }
  return set.match(user).sort((a, b) => a - b);
}

/** What is wrong with a rule, or undefined when it compiles under RE2. */
export function ruleError(rule: string): string | undefined {
  try {
    RE2JS.compile(rule);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
