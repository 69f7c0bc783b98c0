/**
 * Users that routing tells apart: every user that something configured has, and of all the others one for each
 * egress rule that is the first to match. What is not configured is decided by the first rule alone.
 */
import type { Agent } from '../../kinds/agent.js';
import type { TelNumber } from '../../kinds/number.js';
import type { Peer } from '../../kinds/peer.js';
import { calledKeys } from '../../routing/indexes.js';
import { addressOfKey, normalizeUser, parseAddress } from '../../routing/normalize.js';
import type { Snapshot } from '../../routing/snapshot.js';
import { analysed, isAnalysable, Language, languageOf } from '../language/language.js';
import { inOrder } from '../suite/search/callers.js';
import { EgressRules, examplesOf, over, type Region } from '../suite/search/egress.js';
import type { CallerClass } from './classes.js';
import type { Dialled } from './invariant.js';

type Pattern = Extract<Dialled, { pattern: string }>;

/** Users of a pattern that one rule is the first to match; without a rule, those that none matches. */
interface Part {
  readonly rule: string | undefined;
  readonly region: Region;
  /** Those that no rule before it matches. */
  readonly reached: Region;
}

/** Users that something of the configuration has. */
interface Taken {
  has(user: string): boolean;
  all(): Iterable<string>;
}

/** Emergency numbers have a warning of their own (docs/semantics.md 7). */
const EMERGENCY = ['112', '911'];
/** Users that are tried where no analysis is possible. */
const SAMPLES = 200;
const MOST_SEEN = 20_000;

/** The users of a configuration, by where they are known. */
export class Users {
  /** Known at any host: numbers, peers, called values without a host. */
  private readonly everywhere: ReadonlySet<string>;
  private readonly at = new Map<string, Set<string>>();
  private readonly rules = new Map<string, EgressRules>();
  private readonly parts = new Map<Pattern, Map<string, readonly Part[]>>();
  private readonly matching = new Map<Pattern, readonly string[]>();

  constructor(snapshot: Snapshot) {
    const everywhere = new Set(EMERGENCY);
    const note = (user: string, host: string | undefined) => {
      if (host === undefined) everywhere.add(user);
      else this.at.set(host, (this.at.get(host) ?? new Set()).add(user));
    };
    for (const { doc } of inOrder<TelNumber>(snapshot, 'Number')) {
      const { user } = parseAddress(doc.telUrl);
      note(user, undefined);
      const trunk = doc.trunkRef === undefined ? undefined : snapshot.catalog.get('Trunk', doc.trunkRef);
      if (trunk) note(user, String(trunk.doc['inboundUri']).toLowerCase());
    }
    for (const { doc } of inOrder<Peer>(snapshot, 'Peer')) {
      note(normalizeUser(doc.username), undefined);
      const { scheme, user, host } = parseAddress(doc.aor);
      if (scheme === 'sip') note(user, host);
    }
    for (const { doc } of inOrder<Agent>(snapshot, 'Agent')) {
      const domain = doc.domainRef === undefined ? undefined : snapshot.catalog.get('Domain', doc.domainRef);
      if (domain) note(normalizeUser(doc.username), String(domain.doc['domainUri']).toLowerCase());
    }
    for (const { doc } of snapshot.sipRoutes)
      for (const key of doc.enabled ? calledKeys(doc) : []) {
        const { scheme, user, host } = addressOfKey(key);
        if (scheme === 'sip') note(user, host);
      }
    this.everywhere = everywhere;
  }

  /** Hosts at which some user is known. */
  get hosts(): readonly string[] {
    return [...this.at.keys()];
  }

  /** Users of a pattern that are known at this host and not everywhere. */
  knownAt(host: string, pattern: Pattern): string[] {
    return [...(this.at.get(host) ?? [])].filter((user) => pattern.matches(user));
  }

  /**
   * Users that stand for all of a pattern, dialled by these callers at this host.
   * @param doubts is told what cannot be analysed: users are then only samples
   */
  *of(pattern: Pattern, { kind, domain }: CallerClass, host: string, doubts: Set<string>): Generator<string> {
    const known = this.at.get(host) ?? new Set<string>();
    yield* this.knownIn(pattern);
    for (const user of known) if (user !== '' && pattern.matches(user)) yield user;
    const taken = {
      has: (user: string) => this.everywhere.has(user) || known.has(user),
      all: () => [...this.everywhere, ...known],
    };
    const rules = kind === 'Agent' && domain ? domain.doc.egressPolicies.map(({ rule }) => rule) : [];
    yield* this.others(pattern, rules, taken, doubts);
  }

  /** Users of a pattern that are known everywhere. */
  private knownIn(pattern: Pattern): readonly string[] {
    let known = this.matching.get(pattern);
    if (!known) {
      known = [...this.everywhere].filter((user) => pattern.matches(user));
      this.matching.set(pattern, known);
    }
    return known;
  }

  private *others(
    pattern: Pattern,
    rules: readonly string[],
    taken: Taken,
    doubts: Set<string>,
  ): Generator<string> {
    for (const part of this.partsOf(pattern, rules)) {
      const { region, rule } = part;
      const examples = isAnalysable(region)
        ? analysed(() => examplesOf(region, taken.has, taken.all))
        : region;
      if (Array.isArray(examples)) yield* examples.slice(0, 1);
      else {
        doubts.add(
          rule === undefined ? examples.notAnalysable : `the egress rule ${rule}: ${examples.notAnalysable}`,
        );
        yield* samplesOf(pattern, part.reached);
      }
    }
  }

  /** The users of a pattern by the first rule that matches; the part that cannot be analysed is the last. */
  private partsOf(pattern: Pattern, rules: readonly string[]): readonly Part[] {
    const known = this.parts.get(pattern) ?? new Map<string, readonly Part[]>();
    this.parts.set(pattern, known);
    const key = rules.join('\0');
    let parts = known.get(key);
    if (!parts) known.set(key, (parts = [...this.split(pattern, rules)]));
    return parts;
  }

  private *split({ language }: Pattern, rules: readonly string[]): Generator<Part> {
    const egress = this.rulesOf(rules);
    for (let index = 0; index <= rules.length; index++) {
      const reached = over([language, egress.takenBefore(index)], (all, users) => all.minus(users));
      if (isAnalysable(reached) && reached.isEmpty) return;
      const rule = rules[index];
      const region =
        rule === undefined
          ? reached
          : over([reached, languageOf(rule)], (all, users) => all.intersect(users));
      if (!isAnalysable(region) || !region.isEmpty) yield { rule, region, reached };
      if (!isAnalysable(region)) return;
    }
  }

  private rulesOf(rules: readonly string[]): EgressRules {
    const key = rules.join('\0');
    let known = this.rules.get(key);
    if (!known) this.rules.set(key, (known = new EgressRules(rules)));
    return known;
  }
}

/** Some users of a pattern, of those that no rule before takes where that is known. */
function* samplesOf({ language, matches }: Pattern, before: Region): Generator<string> {
  const region = [before, language].find(isAnalysable) ?? Language.all;
  let [count, seen] = [0, 0];
  for (const user of region.words()) {
    if (matches(user)) {
      yield user;
      count++;
    }
    if (count === SAMPLES || ++seen === MOST_SEEN) return;
  }
}
