/**
 * What lint says of egress rules equals brute force: every short user, decided by decide(). Where no short user shows
 * what it says, it has to name a longer one, which re2js and decide() then confirm.
 */
import type { Domain } from '../../../src/lib/kinds/domain.js';
import type { Resource } from '../../../src/lib/kinds/kind.js';
import { Facts } from '../../../src/lib/proof/lint/facts.js';
import { checks } from '../../../src/lib/proof/lint/index.js';
import { beginningOf, isAnalysable, Language, languageOf } from '../../../src/lib/proof/language/language.js';
import { isTelephone, parseAddress } from '../../../src/lib/routing/normalize.js';
import type { Snapshot } from '../../../src/lib/routing/snapshot.js';
import { replaced, snapshotOf } from '../../support/catalog.js';
import { patch, seed } from '../routing/seed.js';
import { finds, matchedBy, RULES, SHORT } from './rules.js';
import { cases, counted, fc } from '../../support/property.js';

type NumberRef = 'number-01' | 'number-02';
type Ruled = readonly [rule: string, number: NumberRef];

/** Number 02 may have no trunk; and things of ours have some of the users. */
const worldOf = (owned: readonly string[], trunk: boolean) =>
  patch(seed, {
    Number: [
      { ref: 'number-02', telUrl: 'tel:+0', ...(trunk && { trunkRef: 'trunk-01' }) },
      ...owned.map((user, i) => ({ ref: `owned-${i}`, telUrl: `tel:${user}` })),
    ],
    Agent: [{ ref: 'agent-03', username: '11', domainRef: 'domain-01', credentialsRef: 'credentials-01' }],
    Peer: [{ ref: 'peer-02', username: '1a', aor: 'sip:0a@sip.local', credentialsRef: 'credentials-01' }],
    SipRoute: [{ ref: 'route-04', called: ['00', 'sip:01@sip.local'], profileRef: 'main' }],
  });

const domainWith = (rules: readonly Ruled[]) => ({
  ref: 'domain-01',
  domainUri: 'sip.local',
  egressPolicies: rules.map(([rule, numberRef]) => ({ rule, numberRef })),
});

/** What does not depend on the rules: the rest of a configuration, and the users about whom rules are asked. */
class Surroundings {
  private readonly snapshot: Snapshot;
  private readonly catchAll: Facts;
  private readonly known = new Map<string, boolean>();
  /** Short users about whom egress rules are asked. */
  readonly asked: readonly string[];

  constructor(
    owned: readonly string[],
    readonly trunk: boolean,
  ) {
    this.snapshot = snapshotOf(worldOf(owned, trunk));
    this.catchAll = this.factsOf([['.*', 'number-01']]);
    this.asked = SHORT.filter((user) => this.asks(user));
  }

  factsOf(rules: readonly Ruled[]): Facts {
    return new Facts(replaced(this.snapshot, 'Domain', domainWith(rules)));
  }

  /** By decide(): a rule that matches everything gets the user. */
  asks(user: string): boolean {
    let asks = this.known.get(user);
    if (asks === undefined) this.known.set(user, (asks = indexOf(this.catchAll, user) === 0));
    return asks;
  }
}

const domainOf = ({ snapshot }: Facts) =>
  snapshot.resource<Domain>('Domain', 'domain-01') as Resource<Domain>;

/** The rule that decides the call of an agent to a user. */
function indexOf(facts: Facts, user: string): number | undefined {
  const decision = facts.decide(facts.callIn(domainOf(facts), user)!);
  if (decision?.rejection?.reason === 'no-trunk') {
    const { subject } = decision.trace.find(({ reason }) => reason === 'egress-matched')!;
    return indexIn(subject);
  }
  return decision?.route?.egressPolicy?.index;
}

const indexIn = (path: string): number => Number(/egressPolicies\[(\d+)\]/.exec(path)![1]);

/** Code → rule → the rules that the finding relates it to, and the user of its call. */
type Said = Map<
  string,
  Map<number, { readonly related: readonly number[]; readonly user: string | undefined }>
>;

/** But for `egress-separators`, which is about what is never dialled: lint-separators.test.ts. */
const egressChecks = checks.filter(({ code }) => code.startsWith('egress-') && code !== 'egress-separators');

function saidOf(facts: Facts): Said {
  return new Map(
    egressChecks.map(({ code, run }) => [
      code,
      new Map(
        Array.from(run(facts), ({ object, witness, related = [] }) => [
          indexIn(object.path!),
          {
            related: related.flatMap(({ kind, path }) => (kind === 'Domain' ? [indexIn(path!)] : [])),
            user: witness && parseAddress(String(witness['dialled'])).user,
          },
        ]),
      ),
    ]),
  );
}

const LONGER = Language.matching('^\\+?[012]{1,8}$');

/** What brute force says of rules. */
class Judge {
  private readonly first = new Map<string, number>();
  private readonly languages: readonly Language[];

  constructor(
    private readonly around: Surroundings,
    private readonly rules: readonly Ruled[],
    private readonly facts: Facts,
  ) {
    this.languages = rules.map(([rule]) => languageOf(rule) as Language);
    for (const user of around.asked) {
      const index = this.firstFor(user);
      if (index !== undefined) this.first.set(user, index);
    }
  }

  firstFor(user: string): number | undefined {
    const index = this.rules.findIndex(([rule]) => finds(rule, user));
    return index < 0 ? undefined : index;
  }

  private decides(i: number, user: string): boolean {
    return this.first.get(user) === i || (this.around.asks(user) && this.firstFor(user) === i);
  }

  /** Whether there is a user of whom this holds: a short one, else one that is proposed, if it holds of that. */
  private some(holds: (user: string) => boolean, proposed: () => Language): boolean {
    if (this.around.asked.some(holds)) return true;
    const user = this.facts.egressUser(domainOf(this.facts), proposed());
    if (user === undefined) return false;
    if (!holds(user)) throw new Error(`${JSON.stringify(this.rules)}: it does not hold of ${user}`);
    return true;
  }

  private get taken(): readonly Language[] {
    return this.facts.plan(domainOf(this.facts)).rules.map(({ first }) => first as Language);
  }

  isEmpty(i: number): boolean {
    const [rule] = this.rules[i]!;
    if (matchedBy(rule).size > 0) return false;
    const user = this.languages[i]!.shortest();
    return user === undefined || !finds(rule, user);
  }

  fires(i: number): boolean {
    return (
      [...this.first.values()].includes(i) ||
      this.some(
        (user) => this.decides(i, user),
        () => this.taken[i]!,
      )
    );
  }

  /** Whether all users of a rule are users of another: no short one, and no longer one that is proposed, is not. */
  private contains(outer: number, inner: number): boolean {
    const [wide, narrow] = [this.rules[outer]![0], this.rules[inner]![0]];
    for (const user of matchedBy(narrow)) if (!matchedBy(wide).has(user)) return false;
    const user = this.languages[inner]!.minus(this.languages[outer]!).shortest();
    return user === undefined || !finds(narrow, user) || finds(wide, user);
  }

  private earlier(j: number, holds: (i: number) => boolean): number[] {
    const [, number] = this.rules[j]!;
    return this.rules.flatMap(([, other], i) => (i < j && other !== number && holds(i) ? [i] : []));
  }

  /** Rules to other numbers that take users of this one, neither within the other. */
  overlapping(j: number): number[] {
    if (!this.fires(j)) return [];
    const [rule] = this.rules[j]!;
    return this.earlier(
      j,
      (i) =>
        !this.contains(i, j) &&
        !this.contains(j, i) &&
        this.some(
          (user) => this.decides(i, user) && finds(rule, user),
          () => this.taken[i]!.intersect(this.languages[j]!),
        ),
    );
  }

  isMissed(j: number, i: number, user: string): boolean {
    const [narrow] = this.rules[i]!;
    return this.decides(j, user) && !finds(narrow, user) && isSpelled(narrow, user);
  }

  /** Narrower rules to other numbers that nearly take a user of this one. */
  nearlyTaking(j: number, said: readonly number[]): number[] {
    const [wide] = this.rules[j]!;
    return this.earlier(j, (i) => {
      if (!isWider(wide, this.rules[i]![0])) return false;
      if (this.around.asked.some((user) => this.isMissed(j, i, user))) return true;
      return said.includes(i) && this.isMissedLater(j, i);
    });
  }

  /** The same among longer numbers. */
  private isMissedLater(j: number, i: number): boolean {
    for (const user of this.taken[j]!.intersect(LONGER).words()) if (this.isMissed(j, i, user)) return true;
    return false;
  }

  /** Whether a rule decides numbers that do not begin with a match, and is none for all numbers. */
  isUnanchored(i: number): boolean {
    const [rule] = this.rules[i]!;
    const isInside = (user: string) =>
      isTelephone(user) && this.decides(i, user) && !finds(`^(?:${rule})`, user);
    const inside = () => this.taken[i]!.intersect(Language.telephone).minus(beginningOf(rule) as Language);
    if (!this.some(isInside, inside)) return false;
    const other = Language.telephone.minus(this.languages[i]!).shortest();
    return (
      SHORT.some((user) => isTelephone(user) && !finds(rule, user)) ||
      (other !== undefined && !finds(rule, other))
    );
  }

  /** Whether these rules, and things of ours, have all users of a rule; and none of them can be left out. */
  isCover(j: number, cover: readonly number[]): boolean {
    const [rule] = this.rules[j]!;
    const by = (rules: readonly number[], user: string) => rules.some((i) => finds(this.rules[i]![0], user));
    const all = SHORT.every(
      (user) =>
        !finds(rule, user) || by(cover, user) || (this.firstFor(user) === j && !this.around.asks(user)),
    );
    const taken = this.languages[j]!.minus(this.taken[j]!);
    return (
      all &&
      cover.every((i) => {
        const rest = cover.filter((other) => other !== i);
        const user = rest.reduce((left, other) => left.minus(this.languages[other]!), taken).shortest();
        return user !== undefined && finds(rule, user) && by([i], user) && !by(rest, user);
      })
    );
  }
}

const digitsUpTo = (length: number): string[] =>
  length === 0
    ? ['']
    : ['', ...digitsUpTo(length - 1).flatMap((text) => ['0', '1', '2'].map((one) => one + text))];
const FEW = [...new Set(digitsUpTo(3))];
/** International numbers without prefix. */
const DIGITS = ['1', '2'].flatMap((first) => FEW.map((rest) => first + rest));

const writings = new Map<string, boolean>();

/** Whether a rule is for a way of writing numbers, whatever most of them are. No rule tells 2 from 3 or more. */
function isForWriting(rule: string, prefix: string): boolean {
  const key = `${prefix} ${rule}`;
  let found = writings.get(key);
  if (found === undefined) writings.set(key, (found = FEW.some((rest) => finds(rule, `${prefix}2${rest}`))));
  return found;
}

/** Whether digits are an international number, with a country code first, that a rule is for. */
const isFor = (rule: string, digits: string): boolean =>
  /^[1-9]\d*$/.test(digits) &&
  ['+', '00'].some((prefix) => !isForWriting(rule, prefix) && finds(rule, prefix + digits));

/** Whether a number is one that a rule is for, however it is written. */
const isSpelled = (rule: string, user: string): boolean =>
  isTelephone(user) && isFor(rule, user.replace(/^(\+|00)/, ''));

/** Whether a rule takes numbers regardless of what they are, or all that a narrower one is for, and others. */
const isWider = (wide: string, narrow: string): boolean =>
  ['+', '00', ''].some(
    (prefix) =>
      isForWriting(wide, prefix) ||
      DIGITS.every((digits) => !isFor(narrow, digits) || finds(wide, prefix + digits)),
  ) &&
  ['+', '00', ''].some((prefix) =>
    [...DIGITS, ...FEW].some(
      (digits) =>
        isTelephone(prefix + digits) && finds(wide, prefix + digits) && !isSpelled(narrow, prefix + digits),
    ),
  );

function judge(around: Surroundings, rules: readonly Ruled[]): Said {
  const facts = around.factsOf(rules);
  const said = saidOf(facts);
  const of = (code: string) => said.get(`egress-${code}`)!;
  const brute = new Judge(around, rules, facts);
  const wrong: unknown[] = [];
  const compare = (code: string, i: number, is: unknown, should: unknown) => {
    if (String(is) !== String(should)) wrong.push({ code, i, is, should });
  };
  for (const i of rules.keys()) {
    const [empty, fires] = [brute.isEmpty(i), brute.fires(i)];
    compare('empty', i, of('empty').has(i), empty);
    compare('never-fires', i, of('never-fires').has(i), !empty && !fires);
    compare('dead-end', i, of('dead-end').has(i), fires && !around.trunk && rules[i]![1] === 'number-02');
    compare('unanchored', i, of('unanchored').has(i), brute.isUnanchored(i));
    compare('overlap', i, of('overlap').get(i)?.related ?? [], brute.overlapping(i));
    const missed = of('near-miss').get(i)?.related ?? [];
    compare('near-miss', i, missed, brute.nearlyTaking(i, missed));
    const covered = of('never-fires').get(i);
    if (covered) compare('cover', i, brute.isCover(i, covered.related), true);
  }
  compare('not-analysable', 0, of('not-analysable').size, 0);
  wrong.push(...notShown(facts, rules, said, brute));
  if (wrong.length > 0) expect(wrong).toEqual([]);
  return said;
}

/** Findings whose calls do not show what the findings say. */
function notShown(facts: Facts, rules: readonly Ruled[], said: Said, brute: Judge): unknown[] {
  const problems: unknown[] = [];
  for (const [code, findings] of said)
    for (const [own, { related, user }] of findings) {
      if (user === undefined) {
        if (code !== 'egress-empty' && code !== 'egress-never-fires') problems.push([code, own]);
        continue;
      }
      const index = indexOf(facts, user);
      const isSo =
        code === 'egress-never-fires'
          ? finds(rules[own]![0], user) && index !== own
          : code === 'egress-overlap'
            ? finds(rules[own]![0], user) && index === related[0]
            : code === 'egress-near-miss'
              ? index === own && brute.isMissed(own, related[0]!, user)
              : code === 'egress-unanchored'
                ? index === own && !finds(`^(?:${rules[own]![0]})`, user)
                : index === own;
      if (!isSo) problems.push([code, own, user, index]);
    }
  return problems;
}

const OWNED = [[], ['0', '1', '10', '+1'], ['+11', '100', '01', '+10'], ['1']];
const surroundings = OWNED.flatMap((owned) => [true, false].map((trunk) => new Surroundings(owned, trunk)));

/** Rules that have much to do with each other. */
const RELATED = [
  '^0',
  '^1',
  '^\\+',
  '^[01]',
  '^\\d',
  '^[^0]',
  '0$',
  '1$',
  '(?i)A',
  '.',
  '^\\+?[01]',
  '^00',
  '^\\+1',
  '.*',
];
const ruled = (rules: readonly string[]): fc.Arbitrary<Ruled> =>
  fc.tuple(fc.constantFrom(...rules), fc.constantFrom<NumberRef[]>('number-01', 'number-02'));
const small = fc.oneof(
  { weight: 3, arbitrary: fc.array(ruled(RULES), { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(ruled(RELATED), { minLength: 2, maxLength: 4 }) },
);
const around = fc.nat(surroundings.length - 1);

test('what lint says of generated rules is what brute force says', () => {
  const { count, expectEach } = counted();
  fc.assert(
    fc.property(small, around, (rules, at) => {
      const said = judge(surroundings[at]!, rules);
      for (const [code, findings] of said) count(code, findings.size);
      count('no finding', [...said.values()].every(({ size }) => size === 0) ? 1 : 0);
      const most = Math.max(
        0,
        ...Array.from(said.get('egress-never-fires')!.values(), ({ related }) => related.length),
      );
      count('a cover of several rules', most > 1 ? 1 : 0);
    }),
    cases(10_000),
  );
  expectEach(
    [
      'egress-empty',
      'egress-never-fires',
      'egress-dead-end',
      'egress-unanchored',
      'egress-overlap',
      'egress-near-miss',
      'a cover of several rules',
      'no finding',
    ],
    50,
  );
});

test('the rule that brute force says decides is the one of decide()', () => {
  fc.assert(
    fc.property(small, around, fc.constantFrom(...SHORT), (rules, at, user) => {
      const one = surroundings[at]!;
      const facts = one.factsOf(rules);
      const expected = one.asks(user) ? new Judge(one, rules, facts).firstFor(user) : undefined;
      expect([rules, user, indexOf(facts, user)]).toEqual([rules, user, expected]);
    }),
    cases(2_000),
  );
});

test('every rule that is tried can be analysed', () => {
  expect(RULES.filter((rule) => !isAnalysable(languageOf(rule)))).toEqual([]);
});
