/** Configurations over users of four characters, small enough to dial all that can be dialled. */
import type { Snapshot } from '../../../src/lib/routing/snapshot.js';
import { extended, snapshotOf, type Entry, type World } from '../../support/catalog.js';
import { fc } from '../../support/property.js';

const user = fc.constantFrom('1', '2', '12', '+1', '+12', '121', 'a', 'a1', '22', 'aa');
const host = fc.constantFrom('one.example', 'two.example');
const rule = fc.constantFrom('^1', '2$', '^\\+', '^[12]{2}$', 'a', '.*', '^\\+1$', '1.', '^(?:12|a)');
const some = <T>(arbitrary: fc.Arbitrary<T>, maxLength: number) => fc.uniqueArray(arbitrary, { maxLength });
const three = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 3, maxLength: 3 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const often = fc.integer({ min: 0, max: 3 }).map((n) => n > 0);

/** What a configuration is made of. Parts of one fit into another. */
export const parts = fc.record({
  numbers: some(fc.constantFrom('1', '12', '+1', '+12', '121'), 3),
  linked: three(maybe(user)),
  trunks: three(maybe(fc.constantFrom('trunk-1', 'trunk-2'))),
  gateways: fc.array(fc.tuple(often, often), { minLength: 2, maxLength: 2 }),
  agents: some(fc.tuple(user, fc.nat(1), fc.boolean(), fc.boolean()), 3),
  // Some share an address, and are one group then.
  peers: some(fc.tuple(user, fc.constantFrom('1', '12', 'aa'), host, fc.boolean()), 2),
  rules: fc.array(fc.array(fc.tuple(rule, fc.nat(2)), { maxLength: 3 }), { minLength: 2, maxLength: 2 }),
  routes: fc.array(fc.tuple(user, maybe(host), fc.boolean()), { maxLength: 3 }),
  catchAll: fc.boolean(),
});

export type Parts = typeof parts extends fc.Arbitrary<infer P> ? P : never;

/** Their names. */
export const PARTS: readonly (keyof Parts)[] = [
  'numbers',
  'linked',
  'trunks',
  'gateways',
  'agents',
  'peers',
  'rules',
  'routes',
  'catchAll',
];

/** The users that small configurations have, and others: every one of two characters and some of three. */
export const USERS: readonly string[] = [
  ...['1', '2', '+', 'a'].flatMap((one) => [one, ...['1', '2', '+', 'a'].map((other) => one + other)]),
  ...['121', '122', '212', '+12', '+11', '1a1'],
];

/** Hosts that mean something to them, and one that does not. */
export const HOSTS: readonly string[] = ['one.example', 'two.example', 'trunk-1.example', 'far.example'];

const profile = { personaRef: 'persona', policyRef: 'policy', realtimeRef: 'realtime' };

const common = snapshotOf({
  Credentials: [{ ref: 'credentials' }],
  Modality: [{ ref: 'realtime', type: 'realtime' }],
  Persona: [{ ref: 'persona' }],
  Policy: [{ ref: 'policy' }],
  Profile: ['main', 'other'].map((ref) => ({ ref, ...profile })),
});

export const smallSnapshot = (drawn: Parts): Snapshot => extended(common, worldOf(drawn));

function worldOf(drawn: Parts): World {
  const { linked, trunks, gateways, agents, peers, rules, routes, catchAll } = drawn;
  const numbers = distinct(drawn.numbers, (tel) => tel);
  return {
    Trunk: gateways.map(([isHome, isUp], i) => ({
      ref: `trunk-${i + 1}`,
      inboundUri: isHome ? `trunk-${i + 1}.example` : `moved-${i + 1}.example`,
      uris: isUp ? [{ host: `gateway-${i + 1}.example` }] : [],
    })),
    Number: numbers.map((tel, i) => ({
      ref: `number-${i}`,
      telUrl: `tel:${tel}`,
      aorLink: linked[i]! && `sip:${linked[i]}@one.example`,
      trunkRef: trunks[i]!,
    })),
    Domain: ['one.example', 'two.example'].map((domainUri, n) => ({
      ref: `domain-${n}`,
      domainUri,
      egressPolicies: numbers.length === 0 ? [] : rules[n]!.map((one) => policyOf(one, numbers.length)),
    })),
    Agent: distinct(agents, ([name, n]) => `${name}@${n}`).map(([username, n, enabled, guarded], i) => ({
      ref: `agent-${i}`,
      username,
      domainRef: `domain-${n}`,
      enabled,
      credentialsRef: guarded ? 'credentials' : null,
    })),
    Peer: distinct(peers, ([name]) => name).map(([username, aor, at, enabled], i) => ({
      ref: `peer-${i}`,
      username,
      aor: `sip:${aor}@${at}`,
      enabled,
      credentialsRef: 'credentials',
    })),
    SipRoute: [
      ...routes.map(([called, at, enabled], i): Entry => ({
        ref: `route-${i}`,
        called: [at === null ? called : `${called}@${at}`],
        profileRef: i % 2 === 0 ? 'main' : 'other',
        enabled,
      })),
      ...(catchAll ? [{ ref: 'catch-all', called: ['*'], profileRef: 'other' }] : []),
    ],
  };
}

const policyOf = ([text, number]: readonly [string, number], count: number) => ({
  rule: text,
  numberRef: `number-${number % count}`,
});

function distinct<T>(values: readonly T[], keyOf: (value: T) => string): T[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size < seen.add(keyOf(value)).size);
}
