/** What lint says of SIP routes and of the dial space equals brute force: every call, decided by decide(). */
import fc from 'fast-check';
import { rangeOf, type DialSpace, type Range } from '../../../src/lib/proof/lint/dial-space.js';
import { Facts } from '../../../src/lib/proof/lint/facts.js';
import { placeText, type Finding } from '../../../src/lib/proof/lint/finding.js';
import { lint } from '../../../src/lib/proof/lint/index.js';
import type { Decision } from '../../../src/lib/routing/decision.js';
import { cases } from '../../support/cases.js';
import { snapshotOf, type World } from '../../support/catalog.js';
import { patch, seed, without } from '../routing/seed.js';

const AGENT = '1001@sip.local';
const CODES = Array.from({ length: 20 }, (_, i) => String(i + 10));

const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...CODES.slice(0, 8)) },
  { weight: 1, arbitrary: fc.constantFrom('sip:12@sip.local', 'sip:15@sip.local', '+12') },
);
const called = fc.uniqueArray(value, { minLength: 1, maxLength: 3 });
const routes = fc.array(fc.record({ called, enabled: fc.constantFrom(true, true, false) }), { maxLength: 4 });
const some = fc.uniqueArray(fc.constantFrom(...CODES.slice(0, 12)), { maxLength: 3 });

interface Shape {
  readonly routes: readonly { readonly called: readonly string[]; readonly enabled: boolean }[];
  readonly catchAll: boolean;
  readonly agents: readonly string[];
  readonly numbers: readonly string[];
  readonly rules: readonly string[];
}

const shape: fc.Arbitrary<Shape> = fc.record({
  routes,
  catchAll: fc.boolean(),
  agents: some,
  numbers: some,
  rules: fc.uniqueArray(fc.constantFrom('^1[0-4]$', '^2', '^[12]', '3$', '.*'), { maxLength: 3 }),
});

const worldOf = ({ routes, catchAll, agents, numbers, rules }: Shape): World =>
  patch(without(seed, 'SipRoute', 'route-01', 'route-02', 'route-03'), {
    Agent: agents.map((username) => ({
      ref: `agent-${username}`,
      username,
      domainRef: 'domain-01',
      credentialsRef: 'credentials-01',
    })),
    Number: numbers.map((user, i) => ({
      ref: `number-${user}`,
      telUrl: `tel:${user}`,
      trunkRef: 'trunk-01',
      ...(i % 2 === 0 && { aorLink: 'sip:1001@sip.local' }),
    })),
    Domain: [{ ref: 'domain-01', egressPolicies: rules.map((rule) => ({ rule, numberRef: 'number-01' })) }],
    SipRoute: [
      ...routes.map((route, i) => ({ ref: `r${i}`, profileRef: 'main', ...route })),
      ...(catchAll ? [{ ref: 'rest', called: ['*'], profileRef: 'main' }] : []),
    ],
  });

const objects = (findings: readonly Finding[], code: string): string[] =>
  findings.filter((finding) => finding.code === code).map(({ object }) => placeText(object));

/** Whether a called value takes all calls to another. */
const covers = (one: string, other: string): boolean => one === other || `sip:${one}@sip.local` === other;

describe('SIP routes', () => {
  test('which are never taken, and which values are taken by another', () => {
    let found = 0;
    fc.assert(
      fc.property(shape, (generated) => {
        const facts = new Facts(snapshotOf(worldOf(generated)));
        const findings = [...lint(facts.snapshot)];
        // Every called value, dialled from outside and by an agent, with each host that matters.
        const decisions = [...CODES, '+12'].flatMap((user) =>
          [user, `sip:${user}@sip.local`, `sip:${user}@trunk.example.com`, `sip:${user}@else.where`].flatMap(
            (dialled) => [facts.decide({ dialled }), facts.decide({ dialled, from: AGENT })],
          ),
        );
        const taken = new Set(decisions.map((decision) => decision?.profile?.sipRoute));
        const never = generated.routes.flatMap(({ enabled }, i) =>
          enabled && !taken.has(`r${i}`) ? [i] : [],
        );
        const said = objects(findings, 'sip-route-never-taken');
        found += said.length;
        expect(said).toEqual(never.map((i) => `sip-routes/r${i}`));
        const twice = generated.routes.flatMap(({ called, enabled }, i) =>
          called.flatMap((text, at) =>
            enabled &&
            generated.routes
              .slice(0, i)
              .some((one) => one.enabled && one.called.some((other) => covers(other, text)))
              ? [`sip-routes/r${i} called[${at}]`]
              : [],
          ),
        );
        expect(objects(findings, 'called-twice')).toEqual(twice);
        for (const { code, object, witness } of findings)
          if (code === 'sip-route-shadows' && witness)
            expect(facts.decide(witness)?.profile?.sipRoute).toBe(object.ref);
      }),
      cases(150),
    );
    expect(found).toBeGreaterThan(0);
  });
});

const ranges = (group: string, texts: readonly string[]): Range[] =>
  texts.map((text, i) => rangeOf(text, `${group}[${i}]`) as Range);

describe('the dial space', () => {
  const range = fc.constantFrom('1x', '10-15', '12-27', '2x', '11', '29', 'xx');

  test('what reaches nothing, what only a catch-all takes, how many, and the smallest', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(shape, range, range, range, (generated, owned, extension, emergency) => {
        const facts = new Facts(snapshotOf(worldOf(generated)));
        const dialSpace: DialSpace = {
          file: 'f',
          owned: ranges('owned', [owned]),
          extensions: ranges('extensions', [extension]),
          emergency: ranges('emergency', [emergency]),
          short: [],
          domains: undefined,
        };
        const findings = [...lint(facts.snapshot, { dialSpace })];
        const told = (code: string, path: string) => {
          const finding = findings.find((one) => one.code === code && one.object.path === path);
          if (!finding) return undefined;
          seen.add(code);
          const count = /^(\d+) of/.exec(finding.message)?.[1] ?? '1';
          return { count: Number(count), dialled: finding.witness!['dialled'] };
        };
        const expected = (text: string, from: string | undefined, holds: (decision: Decision) => boolean) => {
          const users = [...(rangeOf(text, '') as Range).language.words()];
          const those = users.filter((dialled) =>
            holds(facts.decide(from ? { dialled, from } : { dialled })!),
          );
          return those.length === 0 ? undefined : { count: those.length, dialled: those[0] };
        };
        const rejected = ({ verdict }: Decision) => verdict === 'reject';
        expect(told('dial-space-unreached', 'owned[0]')).toEqual(expected(owned, undefined, rejected));
        expect(told('dial-space-unreached', 'extensions[0]')).toEqual(expected(extension, AGENT, rejected));
        expect(told('dial-space-emergency', 'emergency[0]')).toEqual(
          expected(emergency, AGENT, ({ route }) => route?.targets[0]?.via.kind !== 'Trunk'),
        );
        const caught = ({ profile, route }: Decision) =>
          profile?.called === '*' || route?.egressPolicy?.rule === '.*';
        expect(told('dial-space-catch-all', 'owned[0]')).toEqual(expected(owned, undefined, caught));
        expect(told('dial-space-catch-all', 'extensions[0]')).toEqual(expected(extension, AGENT, caught));
      }),
      cases(100),
    );
    expect([...seen].sort()).toEqual([
      'dial-space-catch-all',
      'dial-space-emergency',
      'dial-space-unreached',
    ]);
  });
});
