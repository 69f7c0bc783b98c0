/** What the dial space says should be reachable: what reaches nothing, and what only a catch-all takes. */
import type { Agent } from '../../../kinds/agent.js';
import type { Domain } from '../../../kinds/domain.js';
import type { Resource } from '../../../kinds/kind.js';
import type { TelNumber } from '../../../kinds/number.js';
import type { Peer } from '../../../kinds/peer.js';
import type { Decision } from '../../../routing/decision.js';
import { calledKeys, CATCH_ALL } from '../../../routing/indexes.js';
import { addressOfKey, normalizeUser, parseAddress } from '../../../routing/normalize.js';
import type { CallDocument } from '../../engine.js';
import { analysed, isAnalysable, Language } from '../../language/language.js';
import type { Check } from '../check.js';
import type { DialSpace, Range } from '../dial-space.js';
import { userOf } from '../dialled.js';
import type { Facts } from '../facts.js';
import { placeOf, type Found, type Place } from '../finding.js';

/** A user of a range, the call of it, and what is decided. */
interface Probe {
  readonly user: string;
  readonly call: CallDocument;
  readonly decision: Decision;
  /** How many users of the range share the outcome. */
  readonly count: number;
}

/** A range, who dials it, and an example of everything that happens to its users. */
interface Surveyed {
  readonly space: DialSpace;
  readonly range: Range;
  /** The domain whose agents dial; undefined for callers outside. */
  readonly domain: Resource<Domain> | undefined;
  readonly probes: readonly Probe[];
}

type Group = 'owned' | 'extensions' | 'emergency' | 'short';

/** Every range of these groups, as each of those dials it who should. */
function* survey(facts: Facts, groups: readonly Group[]): Generator<Surveyed> {
  const space = facts.dialSpace;
  if (!space) return;
  for (const group of groups)
    for (const range of space[group]) {
      if (group === 'owned') yield { space, range, domain: undefined, probes: fromOutside(facts, range) };
      else
        for (const domain of dialling(facts, space))
          yield { space, range, domain, probes: fromDomain(facts, range, domain) };
    }
}

/** The domains that dial, those of them with an agent that can. */
const dialling = (facts: Facts, { domains }: DialSpace): Resource<Domain>[] =>
  facts
    .all<Domain>('Domain')
    .filter((domain) => (domains?.includes(domain.ref) ?? true) && facts.callerIn(domain) !== undefined);

/** Users that are configured, each alone, and one that is not for all the others: those share their outcome. */
function fromOutside(facts: Facts, range: Range): Probe[] {
  const ours = configured(facts, range, undefined);
  return [...ours, ...otherUsers(range.language, ours)].flatMap(({ user, count }) => {
    const call = { dialled: user };
    const decision = facts.decide(call);
    return decision ? [{ user, count, call, decision }] : [];
  });
}

/** Users that are configured, each alone, and for the others one for each egress rule and one for none. */
function fromDomain(facts: Facts, range: Range, domain: Resource<Domain>): Probe[] {
  const ours = configured(facts, range, domain);
  const plan = facts.plan(domain);
  const parts = [...plan.rules.map(({ first }) => first), plan.rest].filter(isAnalysable);
  const others = parts.flatMap((part) => {
    const found = analysed(() => otherUsers(range.language.intersect(part), ours));
    if (!('notAnalysable' in found)) return found;
    const place: Place = { kind: 'File', ref: facts.dialSpace!.file, path: range.path };
    // Several checks ask about a range.
    if (!facts.tooComplex.some((known) => known.place.path === range.path))
      facts.tooComplex.push({ place, reason: found.notAnalysable });
    return [];
  });
  return [...ours, ...others].flatMap(({ user, count }) => {
    // Whether the domain has a caller was asked before.
    const call = facts.callIn(domain, user)!;
    const decision = facts.decide(call);
    return decision ? [{ user, count, call, decision }] : [];
  });
}

type Counted = Pick<Probe, 'user' | 'count'>;

/** The first user that is not configured, standing for all of them. */
function otherUsers(language: Language, ours: readonly Counted[]): Counted[] {
  const users = new Set(ours.map(({ user }) => user));
  for (const user of language.words()) {
    if (users.has(user)) continue;
    const inside = [...users].filter((one) => language.has(one)).length;
    return [{ user, count: language.size - inside }];
  }
  return [];
}

/** Users of the range that something of ours has, in their order. */
function configured(facts: Facts, range: Range, domain: Resource<Domain> | undefined): Counted[] {
  const users = new Set<string>();
  const add = (user: string) => range.language.has(user) && users.add(user);
  for (const number of facts.all<TelNumber>('Number')) add(userOf(number));
  for (const peer of facts.all<Peer>('Peer')) {
    add(normalizeUser(peer.doc.username));
    add(parseAddress(peer.doc.aor).user);
  }
  for (const agent of domain ? facts.agentsOf(domain) : facts.all<Agent>('Agent'))
    add(normalizeUser(agent.doc.username));
  for (const { doc } of facts.snapshot.sipRoutes)
    for (const key of calledKeys(doc)) {
      const { scheme, user } = addressOfKey(key);
      if (key !== CATCH_ALL && scheme === 'sip') add(user);
    }
  return [...users].sort().map((user) => ({ user, count: 1 }));
}

const placeOfRange = ({ space, range }: Surveyed): Place => ({
  kind: 'File',
  ref: space.file,
  path: range.path,
});

/** Whether the call leaves by a trunk, or a profile of the catch-all takes it. */
const byTrunk = ({ route }: Decision): boolean => route?.targets[0]?.via.kind === 'Trunk';

const total = (probes: readonly Probe[]): number => probes.reduce((sum, { count }) => sum + count, 0);

const numbersText = (probes: readonly Probe[], range: Range): string => {
  const [count, all] = [total(probes), range.language.size];
  if (all === 1) return range.text;
  return `${count.toLocaleString('en')} of ${all.toLocaleString('en')} in ${range.text}`;
};

/**
 * The finding about these probes of a range, if there are any; the smallest number is the witness.
 * @param what that one reaches
 */
function found(
  surveyed: Surveyed,
  probes: readonly Probe[],
  what: (probe: Probe) => string,
): Found | undefined {
  const { domain, range } = surveyed;
  const [first] = [...probes].sort((a, b) => (a.user < b.user ? -1 : 1));
  if (!first) return undefined;
  const who = domain ? `, dialled in ${domain.doc.domainUri},` : '';
  const smallest = range.language.size === 1 ? '' : `; the smallest is ${first.user}`;
  return {
    object: placeOfRange(surveyed),
    message: `${numbersText(probes, range)}${who} ${verb(range)} ${what(first)}${smallest}.`,
    witness: first.call,
    related: domain ? [placeOf(domain)] : [],
  };
}

/** A verb in the plural, or in the singular for a range of one. */
const verb = (range: Range): string => (range.language.size === 1 ? 'reaches' : 'reach');

const rejectedAs = ({ decision }: Probe): string =>
  `nothing (${decision.rejection!.sipStatus} ${decision.rejection!.reason})`;

const unreached: Check = {
  code: 'dial-space-unreached',
  severity: 'error',
  summary: 'numbers, extensions or codes of the dial space that reach nothing',
  advice:
    'Only with --dial-space. Every number of the ranges is accounted for: those that are configured one by one, the others by what they have in common.',
  *run(facts) {
    for (const surveyed of survey(facts, ['owned', 'extensions', 'short'])) {
      const lost = surveyed.probes.filter(({ decision }) => decision.verdict === 'reject');
      const finding = found(surveyed, lost, rejectedAs);
      if (finding) yield finding;
    }
  },
};

const catchAll: Check = {
  code: 'dial-space-catch-all',
  severity: 'warning',
  summary: 'numbers, extensions or codes of the dial space that only a catch-all takes',
  advice:
    'Only with --dial-space. The catch-all SIP route, or an egress rule that matches every number, takes them: nothing was configured for them.',
  *run(facts) {
    for (const surveyed of survey(facts, ['owned', 'extensions', 'emergency', 'short'])) {
      const caught = surveyed.probes.filter((probe) => isCaught(facts, surveyed, probe));
      const finding = found(surveyed, caught, ({ decision: { profile, route } }) =>
        profile
          ? `only the catch-all sip-routes/${profile.sipRoute}`
          : `only the catch-all egressPolicies[${route!.egressPolicy!.index}] (${route!.egressPolicy!.rule})`,
      );
      if (finding) yield finding;
    }
  },
};

function isCaught(facts: Facts, { domain }: Surveyed, { decision: { profile, route } }: Probe): boolean {
  if (profile) return profile.called === '*';
  const index = route?.egressPolicy?.index;
  if (index === undefined || !domain) return false;
  const { language } = facts.plan(domain).rules[index]!;
  return isAnalysable(language) && language.covers(Language.telephone);
}

const emergency: Check = {
  code: 'dial-space-emergency',
  severity: 'error',
  summary: 'an emergency code of the dial space that does not leave by a trunk',
  advice:
    'Only with --dial-space. A profile, an agent or a peer is no emergency service. Add an egress rule for it.',
  *run(facts) {
    for (const surveyed of survey(facts, ['emergency'])) {
      const lost = surveyed.probes.filter(({ decision }) => !byTrunk(decision));
      const finding = found(surveyed, lost, (probe) =>
        probe.decision.rejection
          ? rejectedAs(probe)
          : `${probe.decision.profile ? `profile ${probe.decision.profile.ref}` : 'somebody of ours'}, no trunk`,
      );
      if (finding) yield finding;
    }
  },
};

export const dialSpaceChecks: readonly Check[] = [emergency, unreached, catchAll];
