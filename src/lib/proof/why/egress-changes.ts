/** Egress rules and the numbers and trunks that they lead to. */
import type { Agent } from '../../kinds/agent.js';
import type { Domain } from '../../kinds/domain.js';
import type { Json, Resource } from '../../kinds/kind.js';
import type { TelNumber } from '../../kinds/number.js';
import { matchingRules } from '../../routing/egress.js';
import { inOrder } from '../suite/search/callers.js';
import { type Asked, carry, change, type ConfigChange } from './edit.js';
import { wantedRef } from './question.js';

/** Numbers that are tried. */
const FEW = 5;

type Policy = Domain['egressPolicies'][number];

/** What lets an agent's call leave, or leave by another number or trunk. */
export function egressChanges(asked: Asked): ConfigChange[] {
  const { snapshot, decision, expectations } = asked;
  const { caller, callee, call } = decision;
  const agent = caller?.kind === 'Agent' ? snapshot.resource<Agent>('Agent', caller.ref) : undefined;
  const domain = snapshot.resource<Domain>('Domain', agent?.doc.domainRef);
  if (callee || !domain) return [];
  const { user } = call.requestUri;
  const trunk = wantedRef(snapshot, expectations, 'trunk', 'Trunk');
  const number = wantedRef(snapshot, expectations, 'egressNumber', 'Number');
  const { egressPolicies: policies } = domain.doc;
  const numbers = chosen(asked, policies, trunk, number);
  const matches = matchingRules(domain.doc, user);
  return [
    ...numbers.flatMap(({ ref }) => rules(domain, user, ref, matches)),
    ...matches.slice(1).map((index) => moved(domain, index, matches[0]!)),
    ...(trunk === undefined ? [] : carried(asked, policies, matches, trunk)),
  ];
}

/** The numbers that a call could leave by: those of the domain's rules first. */
function chosen(
  { snapshot }: Asked,
  policies: readonly Policy[],
  trunk: string | undefined,
  number: string | undefined,
): Resource<TelNumber>[] {
  const used = new Set(policies.map(({ numberRef }) => numberRef));
  return inOrder<TelNumber>(snapshot, 'Number')
    .filter(
      ({ ref, doc }) =>
        (number === undefined || ref === number) &&
        doc.trunkRef !== undefined &&
        (trunk === undefined || doc.trunkRef === trunk),
    )
    .sort((a, b) => Number(used.has(b.ref)) - Number(used.has(a.ref)))
    .slice(0, FEW);
}

/** A rule for this user alone, and the rule that matches with another number. */
function rules(
  domain: Resource<Domain>,
  user: string,
  numberRef: string,
  [first]: readonly number[],
): ConfigChange[] {
  const { egressPolicies: policies } = domain.doc;
  const entry = { rule: `^${user.replace(/[^\w]/g, '\\$&')}$`, numberRef };
  if (first === undefined)
    return [
      change(domain, `add the egress rule ${entry.rule} with number ${numberRef} to %`, 0.3, {
        edits: [{ field: 'egressPolicies', entry, remove: false }],
      }),
    ];
  const { rule, numberRef: now } = policies[first]!;
  if (now === numberRef) return [];
  const exchanged = policies.map((policy, i) => (i === first ? { ...policy, numberRef } : policy));
  return [
    rewritten(
      domain,
      `put the egress rule ${entry.rule} with number ${numberRef} before the others of %`,
      0.35,
      [entry, ...policies],
    ),
    rewritten(domain, `give the egress rule ${rule} of % the number ${numberRef}`, 0.4, exchanged),
  ];
}

function moved(domain: Resource<Domain>, index: number, first: number): ConfigChange {
  const policies = [...domain.doc.egressPolicies];
  const [policy] = policies.splice(index, 1);
  const before = policies[first]!;
  policies.splice(first, 0, policy!);
  return rewritten(domain, `put the egress rule ${policy!.rule} of % before ${before.rule}`, 0.3, policies);
}

const rewritten = (
  domain: Resource<Domain>,
  text: string,
  size: number,
  policies: readonly Policy[],
): ConfigChange =>
  change(domain, text, size, {
    document: { egressPolicies: policies as unknown as Json },
  });

/** Numbers that the rules lead to, by the wanted trunk. */
function carried(
  { snapshot }: Asked,
  policies: readonly Policy[],
  matches: readonly number[],
  trunk: string,
): ConfigChange[] {
  const refs =
    matches.length > 0
      ? [policies[matches[0]!]!.numberRef]
      : inOrder<TelNumber>(snapshot, 'Number').map(({ ref }) => ref);
  return [...new Set(refs)].slice(0, FEW).flatMap((ref) => {
    const number = snapshot.resource<TelNumber>('Number', ref)!;
    return number.doc.trunkRef === trunk ? [] : [carry(number, trunk, 0.45)];
  });
}
