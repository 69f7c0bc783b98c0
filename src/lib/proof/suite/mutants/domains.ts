/** Mistakes in the egress rules of a domain, and in who guards it. */
import { RE2JS } from 're2js';
import type { Domain } from '../../../kinds/domain.js';
import type { Resource } from '../../../kinds/kind.js';
import type { CallDocument } from '../../engine.js';
import { Language, languageOf } from '../../language/language.js';
import type { Calls } from '../search/calls.js';
import { over, type Region } from '../search/egress.js';
import { changing, edited, losing, type Mutant, underEach } from './mutant.js';

export function* ofDomain(calls: Calls, domain: Resource<Domain>): Iterable<Mutant> {
  for (const i of domain.doc.egressPolicies.keys()) yield* ofRule(calls, domain, i);
  yield* losing(domain, 'accessControlListRef', (acl) =>
    underEach(calls.refusedBy(acl), (from) => calls.toNobody(calls.callers.of(domain.ref), from)),
  );
}

function* ofRule(calls: Calls, domain: Resource<Domain>, i: number): Iterable<Mutant> {
  const { egressPolicies } = domain.doc;
  const rules = calls.rulesOf(domain.doc);
  const policy = egressPolicies[i]!;
  const next = egressPolicies[i + 1];
  const { rule } = policy;
  const make = (
    operator: Mutant['operator'],
    detail: string,
    changes: Parameters<typeof edited<typeof policy>>[1],
    region: () => Region,
  ) =>
    changing(
      domain,
      { egressPolicies: edited(egressPolicies, changes) },
      { operator, path: `egressPolicies[${i}]`, detail, calls: () => moved(calls, domain, i, region()) },
    );
  // Without any rule, calls that none takes are rejected for another reason.
  yield make('drop', rule, { [i]: undefined }, () =>
    egressPolicies.length === 1 ? Language.all : rules.first(i),
  );
  if (next)
    yield make('swap', `${rule} with ${next.rule}`, { [i]: next, [i + 1]: policy }, () =>
      rules.reaching(
        i,
        over([languageOf(rule), languageOf(next.rule)], (a, b) => a.intersect(b)),
      ),
    );
  for (const wide of widened(rule))
    yield make('widen', `${rule} to ${wide}`, { [i]: { ...policy, rule: wide } }, () =>
      rules.reaching(
        i,
        over([languageOf(wide), languageOf(rule)], (more, less) => more.minus(less)),
      ),
    );
}

/** A rule that takes more: without one of its anchors, or anything at all. */
function widened(rule: string): string[] {
  // A dollar sign behind a backslash stands for itself.
  const found = new Set([rule.replace(/^\^/, ''), rule.replace(/(^|[^\\])\$$/, '$1'), '.*']);
  found.delete(rule);
  return [...found].filter(isRule);
}

function isRule(text: string): boolean {
  try {
    return text !== '' && RE2JS.compile(text) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Calls that a change of rule `i` moves: those of the region that it takes or loses, and of these one for each of
 * the later rules that takes them without it.
 */
function* moved(calls: Calls, domain: Resource<Domain>, i: number, region: Region): Iterable<CallDocument> {
  yield* calls.leaving(domain, region);
  let rest = region;
  for (const { rule } of domain.doc.egressPolicies.slice(i + 1)) {
    const language = languageOf(rule);
    yield* calls.leaving(
      domain,
      over([rest, language], (users, taken) => users.intersect(taken)),
    );
    rest = over([rest, language], (users, taken) => users.minus(taken));
  }
  yield* calls.leaving(domain, rest);
}
