/** What lint says of SIP routes and of the dial space equals brute force: every call, decided by decide(). */
import { rangeOf, type DialSpace, type Range } from '../../../src/lib/proof/lint/dial-space.js';
import { Facts } from '../../../src/lib/proof/lint/facts.js';
import { placeText } from '../../../src/lib/proof/lint/finding.js';
import { checks } from '../../../src/lib/proof/lint/index.js';
import type { Decision } from '../../../src/lib/routing/decision.js';
import type { Snapshot } from '../../../src/lib/routing/snapshot.js';
import { extended, snapshotOf, type World } from '../../support/catalog.js';
import { dialler } from '../../support/dialling.js';
import { seed } from '../routing/seed.js';
import { cases, counted, fc } from '../../support/property.js';

const AGENT = '1001@sip.local';
const USERS = ['10', '11', '12', '13', '14', '15'];
const AORS = ['sip:12@sip.local', 'sip:13@sip.local', 'sip:13@else.where', 'sip:14@sip.local'];

const user = fc.constantFrom(...USERS);
const called = fc.oneof(
  { weight: 3, arbitrary: user },
  {
    weight: 2,
    arbitrary: fc.constantFrom('sip:12@sip.local', 'sip:15@sip.local', 'sip:13@else.where', '+12', '+10'),
  },
);
const some = fc.uniqueArray(user, { maxLength: 2 });

const shapes = fc.record({
  routes: fc.array(
    fc.record({
      called: fc.uniqueArray(called, { minLength: 1, maxLength: 2 }),
      enabled: fc.constantFrom(true, true, false),
    }),
    { maxLength: 3 },
  ),
  catchAll: fc.boolean(),
  agents: some,
  peer: fc.option(fc.tuple(user, fc.constantFrom(...AORS)), { nil: undefined }),
  numbers: some,
  links: fc.tuple(fc.constantFrom(undefined, AGENT, ...AORS), fc.constantFrom(undefined, ...AORS)),
  rules: fc.uniqueArray(fc.constantFrom('^1[0-4]$', '^2', '^[12]', '3$', '.*'), { maxLength: 3 }),
});

type Shape = typeof shapes extends fc.Arbitrary<infer S> ? S : never;

const { Credentials, Trunk, Number: numbers, Modality, Persona, Policy, Profile } = seed;
const common = snapshotOf({
  Credentials,
  Trunk,
  Number: numbers,
  Modality,
  Persona,
  Policy,
  Profile,
} as World);

const agent = (username: string) => ({
  ref: `agent-${username}`,
  username,
  domainRef: 'domain-01',
  credentialsRef: 'credentials-01',
});

const snapshotFor = (
  { routes, catchAll, agents, peer, numbers, links, rules }: Shape,
  withRoutes = true,
): Snapshot =>
  extended(common, {
    Domain: [
      {
        ref: 'domain-01',
        domainUri: 'sip.local',
        egressPolicies: rules.map((rule) => ({ rule, numberRef: 'number-01' })),
      },
    ],
    Agent: ['1001', ...agents].map(agent),
    Peer: peer ? [{ ref: 'peer', username: peer[0], aor: peer[1], credentialsRef: 'credentials-01' }] : [],
    Number: numbers.map((tel, i) => ({
      ref: `number-${tel}`,
      telUrl: `tel:${tel}`,
      trunkRef: 'trunk-01',
      aorLink: links[i]?.replace(/^(?!sip:)/, 'sip:') ?? null,
    })),
    SipRoute: withRoutes
      ? [
          ...routes.map((route, i) => ({ ref: `r${i}`, profileRef: 'main', ...route })),
          ...(catchAll ? [{ ref: 'rest', called: ['*'], profileRef: 'main' }] : []),
        ]
      : [],
  });

/** What lint finds by checks of this name. */
function findingsOf(facts: Facts, name: RegExp) {
  const found = checks
    .filter(({ code }) => name.test(code))
    .map((check) => [check.code, [...check.run(facts)]]);
  return new Map(
    found as [string, ReturnType<(typeof checks)[number]['run']> extends Iterable<infer F> ? F[] : never][],
  );
}

/** Every called value, dialled with each host that matters, and one that nobody has. */
const DIALLED = [...USERS, '+12', '+10', '19'].flatMap((one) => [
  one,
  ...['sip.local', 'else.where', 'trunk.example.com'].map((host) => `sip:${one}@${host}`),
]);

/** Each of them as an outside caller and as an agent dials it. */
function decisionsOn(snapshot: Snapshot): (readonly Decision[])[] {
  const callers = [dialler(snapshot), dialler(snapshot, AGENT)];
  return DIALLED.map((dialled) => callers.map((dial) => dial(dialled)!));
}

/** Whether a called value takes all calls to another. */
const covers = (one: string, other: string): boolean =>
  one === other || other.replace(/^sip:(.*)@.*$/, '$1') === one;

describe('SIP routes', () => {
  test('which are taken, which values another takes, whom they shadow, what the catch-all nearly has', () => {
    const { count, expectEach } = counted();
    fc.assert(
      fc.property(shapes, (shape) => {
        const { routes, catchAll } = shape;
        const snapshot = snapshotFor(shape);
        const facts = new Facts(snapshot);
        const findings = findingsOf(facts, /^sip-route|called/);
        const decisions = decisionsOn(snapshot);
        const said = (code: string) => findings.get(code)!.map(({ object }) => placeText(object));
        const wrong: unknown[] = [];
        const compare = (code: string, is: readonly string[], should: readonly string[]) => {
          count(code, should.length > 0 ? 1 : 0);
          if (is.join() !== should.join()) wrong.push({ code, is, should });
        };

        const taken = new Set(decisions.flat().map(({ profile }) => profile?.sipRoute));
        const never = routes.flatMap(({ enabled }, i) =>
          enabled && !taken.has(`r${i}`) ? [`sip-routes/r${i}`] : [],
        );
        compare('sip-route-never-taken', said('sip-route-never-taken'), never);

        const earlier = (i: number) => routes.slice(0, i).filter(({ enabled }) => enabled);
        const twice = routes.flatMap(({ called, enabled }, i) =>
          called.flatMap((text, at) =>
            enabled && earlier(i).some((one) => one.called.some((other) => covers(other, text)))
              ? [`sip-routes/r${i} called[${at}]`]
              : [],
          ),
        );
        compare('called-twice', said('called-twice'), twice);

        const shadowed = shadowedOn(shape, decisions);
        for (const i of routes.keys()) {
          const related = findings
            .get('sip-route-shadows')!
            .filter(({ object }) => object.ref === `r${i}`)
            .flatMap((one) => one.related!.map(placeText));
          compare('sip-route-shadows', [...new Set(related)].sort(), shadowed.get(`r${i}`) ?? []);
        }

        const dial = dialler(snapshot);
        const told = new Set<string>();
        const near = routes.flatMap(({ called, enabled }, i) =>
          called.flatMap((text, at) => {
            const [, user = '', host = ''] = /^(?:sip:)?(\+?\d+)(@.*)?$/.exec(text) ?? [];
            const other = user.startsWith('+') ? user.slice(1) : `+${user}`;
            const call = host === '' ? other : `sip:${other}${host}`;
            const isNear = enabled && user !== '' && dial(call)?.profile?.sipRoute === 'rest';
            if (isNear) told.add(call);
            return isNear ? [`sip-routes/r${i} called[${at}]`] : [];
          }),
        );
        const nearNumbers = shape.numbers.filter((tel) => {
          const { verdict, profile } = dial(tel)!;
          if (verdict === 'reject' || profile?.sipRoute === 'rest' || told.has(`+${tel}`)) return false;
          return dial(`sip:+${tel}@trunk.example.com`)?.profile?.sipRoute === 'rest';
        });
        count('a number near a catch-all', nearNumbers.length);
        const nearly = findings.get('catch-all-near-called')!;
        compare(
          'catch-all-near-called',
          nearly.flatMap(({ related }) => related!.map(placeText)),
          catchAll ? [...near, ...nearNumbers.map((tel) => `numbers/number-${tel}`)] : [],
        );

        for (const { object, witness } of findings.get('sip-route-shadows')!)
          if (witness && facts.decide(witness)?.profile?.sipRoute !== object.ref) wrong.push(witness);
        if (wrong.length > 0) expect(wrong).toEqual([]);
        if (said('sip-route-shadows').length === 0) count('no shadow');
      }),
      cases(10_000),
    );
    expectEach(
      [
        'sip-route-never-taken',
        'called-twice',
        'sip-route-shadows',
        'catch-all-near-called',
        'no shadow',
        'a number near a catch-all',
      ],
      200,
    );
  });
});

/** Route → whom the calls that it takes reach without any route, in order. */
function shadowedOn(shape: Shape, decisions: readonly (readonly Decision[])[]): Map<string, string[]> {
  const without = snapshotFor(shape, false);
  const callers = [dialler(without), dialler(without, AGENT)];
  const isLinked = (number: string) =>
    !['number-not-linked', 'link-target-unknown'].includes(callers[1]!(number)?.rejection?.reason ?? '');
  const found = new Map<string, Set<string>>();
  for (const [i, dialled] of DIALLED.entries())
    for (const [j, { profile }] of decisions[i]!.entries()) {
      if (!profile || profile.called === '*') continue;
      const { callee, call } = callers[j]!(dialled)!;
      if (!callee || (callee.kind === 'Number' && !isLinked(call.requestUri.user))) continue;
      const place = placeText({ kind: callee.kind, ref: callee.ref, path: null });
      found.set(profile.sipRoute, (found.get(profile.sipRoute) ?? new Set()).add(place));
    }
  return new Map([...found].map(([ref, places]) => [ref, [...places].sort()]));
}

const RANGES = ['1x', '1x', '10-15', '10-15', '12-27', '2x', '11', '29', '13', '12-27'];
const GROUPS = ['owned', 'extensions', 'emergency'] as const;
const rangesOf = new Map(
  GROUPS.map((group) => [group, RANGES.map((text) => rangeOf(text, `${group}[0]`) as Range)]),
);
const usersOf = new Map(RANGES.map((text) => [text, [...(rangeOf(text, '') as Range).language.words()]]));

const rejected = ({ verdict }: Decision) => verdict === 'reject';
const byTrunk = ({ route }: Decision) => route?.targets[0]?.via.kind === 'Trunk';
/** `.*` alone matches every number, of the rules that there are. */
const caught = ({ profile, route }: Decision) =>
  profile ? profile.called === '*' : route?.egressPolicy?.rule === '.*';

describe('the dial space', () => {
  test('what reaches nothing, what only a catch-all takes, how many, and the smallest', () => {
    const { count, expectEach } = counted();
    fc.assert(
      fc.property(shapes, fc.constantFrom(...GROUPS), fc.nat(RANGES.length - 1), (shape, group, at) => {
        const snapshot = snapshotFor(shape);
        const range = rangesOf.get(group)![at]!;
        const none = { owned: [], extensions: [], emergency: [], short: [] };
        const dialSpace: DialSpace = { file: 'f', ...none, [group]: [range], domains: undefined };
        const findings = findingsOf(new Facts(snapshot, dialSpace), /^dial-space/);
        const dial = group === 'owned' ? dialler(snapshot) : dialler(snapshot, AGENT);
        const decided = usersOf.get(range.text)!.map((user) => [user, dial(user)!] as const);
        const wrong: unknown[] = [];
        const compare = (code: string, holds: (decision: Decision) => boolean) => {
          const those = decided.filter(([, decision]) => holds(decision)).map(([user]) => user);
          const should = those.length === 0 ? '' : `${those.length} ${those[0]}`;
          const [finding] = findings.get(code)!;
          const number = /^(\d+) of/.exec(finding?.message ?? '')?.[1] ?? '1';
          const is = finding ? `${number} ${String(finding.witness!['dialled'])}` : '';
          count(`${code} ${group}: ${those.length > 0 ? 'some' : 'none'}`);
          if (is !== should) wrong.push({ code, range: range.text, is, should });
        };
        compare('dial-space-unreached', group === 'emergency' ? () => false : rejected);
        compare('dial-space-emergency', (decision) => group === 'emergency' && !byTrunk(decision));
        compare('dial-space-catch-all', caught);
        if (wrong.length > 0) expect(wrong).toEqual([]);
      }),
      cases(10_000),
    );
    const all = ['unreached owned', 'unreached extensions', 'emergency emergency'].concat(
      GROUPS.map((group) => `catch-all ${group}`),
    );
    expectEach(
      all.flatMap((what) => ['some', 'none'].map((many) => `dial-space-${what}: ${many}`)),
      200,
    );
  });
});
