/** What lint finds: each check on a configuration with the fault, and on one without it. */
import type { AccessControlList } from '../../../src/lib/kinds/acl.js';
import { admission } from '../../../src/lib/proof/lint/checks/guards.js';
import { Facts } from '../../../src/lib/proof/lint/facts.js';
import { placeText, type Finding } from '../../../src/lib/proof/lint/finding.js';
import { checks, lint } from '../../../src/lib/proof/lint/index.js';
import { rangeOf, type DialSpace, type Range } from '../../../src/lib/proof/lint/dial-space.js';
import { suppress } from '../../../src/lib/proof/lint/suppressions.js';
import { admits } from '../../../src/lib/routing/acl.js';
import { snapshotOf, type World } from '../../support/catalog.js';
import { patch, seed, without } from '../routing/seed.js';
import { cases, fc } from '../../support/property.js';

/** The documentation's configuration with its faults mended. */
const sound: World = without(
  patch(seed, {
    Number: [{ ref: 'number-01', aorLink: 'sip:1001@sip.local' }],
    SipRoute: [{ ref: 'route-03', called: ['3000'] }],
  }),
  'AccessControlList',
);

const ranges = (group: string, ...texts: string[]): Range[] =>
  texts.map((text, i) => rangeOf(text, `${group}[${i}]`) as Range);

const space = (
  groups: Partial<Record<'owned' | 'extensions' | 'emergency' | 'short', string[]>>,
): DialSpace => ({
  file: 'dial-space.yaml',
  owned: ranges('owned', ...(groups.owned ?? [])),
  extensions: ranges('extensions', ...(groups.extensions ?? [])),
  emergency: ranges('emergency', ...(groups.emergency ?? [])),
  short: ranges('short', ...(groups.short ?? [])),
  domains: undefined,
});

interface Example {
  readonly world: World;
  readonly dialSpace?: DialSpace;
  /** Object and message of the finding. */
  readonly finds: readonly string[];
  /** What is dialled in its call. */
  readonly dialled?: string;
}

const rules = (...texts: string[]): World =>
  patch(sound, {
    Number: [
      { ref: 'number-02', telUrl: 'tel:+19103434435', aorLink: 'sip:1002@sip.local', trunkRef: 'trunk-01' },
    ],
    Domain: [
      {
        ref: 'domain-01',
        egressPolicies: texts.map((rule, i) => ({
          rule,
          numberRef: i % 2 === 0 ? 'number-01' : 'number-02',
        })),
      },
    ],
  });

const E = 'domains/domain-01 egressPolicies';

const examples: Record<string, Example> = {
  'egress-empty': {
    world: rules('^555-1234$'),
    finds: [
      `${E}[0]: No user that can be dialled matches ^555-1234$; separators of telephone numbers are removed before rules are tried.`,
    ],
  },
  'egress-never-fires': {
    world: rules('^\\+1[0-4]', '^\\+44', '^\\+1[5-9]', '^\\+1\\d{10}$'),
    finds: [
      `${E}[3]: ^\\+1\\d{10}$ never decides: all its calls go to egressPolicies[0] (^\\+1[0-4]) and egressPolicies[2] (^\\+1[5-9]).`,
    ],
    dialled: '+10000000000',
  },
  'egress-dead-end': {
    world: patch(rules('^\\+1', '^\\+2'), { Number: [{ ref: 'number-02', trunkRef: undefined }] }),
    finds: [`${E}[1]: ^\\+2 leads nowhere: number number-02 has no trunk.`],
    dialled: '+2',
  },
  'egress-unanchored': {
    world: rules('911'),
    finds: [`${E}[0]: 911 finds a match inside 0911: begin it with ^ if it means the beginning.`],
    dialled: '0911',
  },
  'egress-separators': {
    world: rules('^\\+1-919', '^1\\.800', '^(\\+1 )?919', '^\\(?0\\)?9', '^[a-z]+-[a-z0-9]+$'),
    finds: [
      `${E}[0]: ^\\+1-919 matches no telephone number: whoever dials +1-919 asks for +1919.`,
      `${E}[1]: ^1\\.800 matches no telephone number: whoever dials 1.800 asks for 1800.`,
      `${E}[2]: ^(\\+1 )?919 matches +1 919, but whoever dials that asks for +1919, which it does not match.`,
    ],
    dialled: '+1-919',
  },
  'egress-overlap': {
    world: rules('^\\+1', '0$'),
    finds: [`${E}[1]: 0$ also matches users such as +10 that go to egressPolicies[0] (^\\+1).`],
    dialled: '+10',
  },
  'egress-near-miss': {
    world: rules('^\\+1900', '.*'),
    finds: [
      `${E}[1]: .* takes 1900, which differs only in its prefix from what egressPolicies[0] (^\\+1900) would take.`,
    ],
    dialled: '1900',
  },
  'egress-not-analysable': {
    world: rules('^\\+1', '1\\d{16}'),
    finds: [`${E}[1]: 1\\d{16} cannot be analysed: its automaton has more than 20,000 states.`],
  },
  'sip-route-never-taken': {
    world: patch(sound, { SipRoute: [{ ref: 'route-04', called: ['1000'], profileRef: 'main' }] }),
    finds: ['sip-routes/route-04: No call reaches it: sip-routes/route-01 takes its called value.'],
    dialled: '1000',
  },
  'called-twice': {
    world: seed,
    finds: [
      'sip-routes/route-03 called[1]: Calls to "openai_realtime_profile" go to sip-routes/route-02, which comes first.',
    ],
    dialled: 'openai_realtime_profile',
  },
  'sip-route-shadows': {
    world: patch(sound, { SipRoute: [{ ref: 'route-04', called: ['1001'], profileRef: 'main' }] }),
    finds: [
      'sip-routes/route-04 called[0]: "1001" takes the calls of agents/agent-01 and numbers/number-01.',
    ],
    dialled: '1001',
  },
  'catch-all-near-called': {
    world: patch(sound, { SipRoute: [{ ref: 'rest', called: ['*'], profileRef: 'main' }] }),
    finds: [
      'sip-routes/rest: It takes +1000, which differs only in + from "1000" of sip-routes/route-01 (and so with 3 more).',
    ],
    dialled: '+1000',
  },
  collision: {
    world: patch(sound, {
      Agent: [
        {
          ref: 'agent-03',
          username: '+19103434434',
          domainRef: 'domain-01',
          credentialsRef: 'credentials-01',
        },
      ],
      Peer: [{ ref: 'peer-02', username: '1002', aor: 'sip:1002@default', credentialsRef: 'credentials-03' }],
    }),
    finds: [
      'agents/agent-03: Whoever dials +19103434434 finds numbers/number-01 instead.',
      'peers/peer-02: Whoever dials 1002 finds agents/agent-02 instead.',
    ],
  },
  'near-duplicate': {
    world: patch(sound, { Number: [{ ref: 'number-02', telUrl: 'tel:9103434434', trunkRef: 'trunk-01' }] }),
    finds: [
      'numbers/number-02: "9103434434" is nearly "+19103434434" of numbers/number-01, but not equal to it.',
    ],
  },
  'number-link-unknown': {
    world: seed,
    finds: ['numbers/number-01 aorLink: It links to sip:john@sip.local, which nobody has.'],
    dialled: '+19103434434',
  },
  'number-link-disabled': {
    world: patch(sound, { Agent: [{ ref: 'agent-01', enabled: false }] }),
    finds: ['numbers/number-01 aorLink: It links to sip:1001@sip.local, which is disabled.'],
    dialled: '+19103434434',
  },
  'number-unlinked': {
    world: patch(sound, { Number: [{ ref: 'number-01', aorLink: undefined }] }),
    finds: ['numbers/number-01 aorLink: It links to nothing, and no SIP route takes its calls.'],
    dialled: '+19103434434',
  },
  'number-no-trunk': {
    world: patch(sound, { Number: [{ ref: 'number-01', trunkRef: undefined }] }),
    finds: ['numbers/number-01 trunkRef: It has no trunk: calls from outside to it are rejected.'],
    dialled: '+19103434434',
  },
  'trunk-no-uri': {
    world: patch(sound, { Trunk: [{ ref: 'trunk-01', uris: [{ host: 'a.example', enabled: false }] }] }),
    finds: ['trunks/trunk-01 uris: No URI of it is enabled.'],
  },
  'agent-cannot-authenticate': {
    world: patch(sound, {
      Agent: [
        { ref: 'agent-03', username: '1003', domainRef: 'domain-01' },
        { ref: 'agent-04', username: '1004', credentialsRef: 'credentials-01' },
        { ref: 'agent-05', username: '1005', enabled: false },
      ],
    }),
    finds: [
      'agents/agent-03 credentialsRef: It has no credentials: every call of it is rejected.',
      'agents/agent-04 domainRef: It has no domain: every call of it is rejected.',
    ],
    dialled: '1003',
  },
  'peer-cannot-authenticate': {
    world: patch(sound, { Peer: [{ ref: 'peer-02', contactAddr: '10.0.0.5' }] }),
    finds: [
      'peers/peer-02 credentialsRef: It has neither credentials nor an access control list: every call of it is rejected.',
    ],
    dialled: 'peer-02',
  },
  'peer-unreachable': {
    world: patch(sound, { Peer: [{ ref: 'peer-02' }, { ref: 'peer-03', contactAddr: '10.0.0.5' }] }),
    finds: ['peers/peer-02 contactAddr: It has no contact address, and nothing to register with.'],
  },
  'acl-admits-everyone': {
    world: patch(sound, {
      AccessControlList: [
        { ref: 'v4', allow: ['0.0.0.0/1', '128.0.0.0/1'] },
        { ref: 'unnamed', deny: ['10.0.0.0/8'] },
        { ref: 'some', allow: ['10.0.0.0/8'] },
      ],
    }),
    finds: ['acls/v4: It admits every IPv4 address.', 'acls/unnamed: It admits every IPv6 address.'],
  },
  'acl-admits-no-one': {
    world: patch(sound, {
      AccessControlList: [
        { ref: 'shut', deny: ['0.0.0.0/0', '::/0'] },
        { ref: 'v6', deny: ['0.0.0.0/0'] },
      ],
    }),
    finds: ['acls/shut: It admits no address, of IPv4 or of IPv6.'],
  },
  unused: {
    world: patch(sound, { Persona: [{ ref: 'spare' }], Credentials: [{ ref: 'old' }] }),
    finds: ['credentials/old: Nothing refers to it.', 'personas/spare: Nothing refers to it.'],
  },
  'dial-space-unreached': {
    world: rules('^\\+1'),
    dialSpace: space({
      owned: ['+19103434430-+19103434439', '1000'],
      extensions: ['1001-1004'],
      short: ['*9x'],
    }),
    finds: [
      'dial-space.yaml owned[0]: 8 of 10 in +19103434430-+19103434439 reach nothing (403 unknown-parties); the smallest is +19103434430.',
      'dial-space.yaml extensions[0]: 2 of 4 in 1001-1004, dialled in sip.local, reach nothing (404 no-egress-match); the smallest is 1003.',
      'dial-space.yaml short[0]: 10 of 10 in *9x, dialled in sip.local, reach nothing (404 no-egress-match); the smallest is *90.',
    ],
    dialled: '+19103434430',
  },
  'dial-space-catch-all': {
    world: patch(rules('^\\*', '.*'), { SipRoute: [{ ref: 'rest', called: ['*'], profileRef: 'main' }] }),
    dialSpace: space({ owned: ['+1910343443x'], extensions: ['100x'], emergency: ['112'], short: ['*9x'] }),
    finds: [
      'dial-space.yaml owned[0]: 8 of 10 in +1910343443x reach only the catch-all sip-routes/rest; the smallest is +19103434430.',
      'dial-space.yaml extensions[0]: 7 of 10 in 100x, dialled in sip.local, reach only the catch-all egressPolicies[1] (.*); the smallest is 1003.',
      'dial-space.yaml emergency[0]: 112, dialled in sip.local, reaches only the catch-all egressPolicies[1] (.*).',
    ],
    dialled: '+19103434430',
  },
  'dial-space-emergency': {
    world: patch(rules('^112$'), { SipRoute: [{ ref: 'sos', called: ['911'], profileRef: 'main' }] }),
    dialSpace: space({ emergency: ['112', '911', '999'] }),
    finds: [
      'dial-space.yaml emergency[1]: 911, dialled in sip.local, reaches profile main, no trunk.',
      'dial-space.yaml emergency[2]: 999, dialled in sip.local, reaches nothing (404 no-egress-match).',
    ],
    dialled: '911',
  },
  'single-point': {
    world: rules('^\\+1', '^\\+4'),
    finds: [
      'trunks/trunk-01: Without it 3 of 5 kinds of calls are lost: domains/domain-01 egressPolicies[0], domains/domain-01 egressPolicies[1] and calls of peers by trunks/trunk-01. The same are lost without trunks/trunk-01 uris[0]. Calls from outside to numbers/number-01 and numbers/number-02 arrive by it alone.',
      'numbers/number-01: Without it 1 of 5 kinds of calls is lost: domains/domain-01 egressPolicies[0].',
      'numbers/number-02: Without it 1 of 5 kinds of calls is lost: domains/domain-01 egressPolicies[1].',
    ],
    dialled: '+1',
  },
};

const textOf = ({ object, message }: Finding): string => `${placeText(object)}: ${message}`;

describe('each check finds its fault', () => {
  test.each(Object.entries(examples))('%s', (code, { world, dialSpace, finds, dialled }) => {
    const snapshot = snapshotOf(world);
    const found = [...lint(snapshot, { dialSpace, singlePoints: true })].filter((one) => one.code === code);
    expect(found.map(textOf)).toEqual(finds);
    if (dialled !== undefined) expect(found[0]!.witness?.['dialled']).toBe(dialled);
    const facts = new Facts(snapshot);
    for (const { witness } of found) if (witness) expect(facts.decide(witness)).toBeDefined();
  });

  test('every check has an example', () => {
    expect(checks.map(({ code }) => code).filter((code) => !(code in examples))).toEqual([]);
  });
});

test.each<[rules: string[], user: string | undefined]>([
  [['^\\+1900', '^\\d+$'], '1900'],
  [['^\\+1900', '^\\d{10,15}$'], '0019000000'],
  [['^\\+1900', '^1'], '1900'],
  [['^001900', '.*'], '1900'],
  [['^(\\+1900|00)', '.*'], '1900'],
  [['^(\\+|00)1900', '.*'], '1900'],
  // For a way of writing, not for numbers.
  [['^(00|\\+)', '.*'], undefined],
  [['^\\+[2-9]\\d{6,}', '.*'], undefined],
  [['^00', '^\\d+$'], undefined],
  // No international number.
  [['^911$', '.*'], undefined],
  [['^\\+0', '.*'], undefined],
  // Not wider, but the same numbers.
  [['^\\+1900', '^1900'], undefined],
  [['^\\+1', '^\\+?1'], undefined],
  // Every way of writing them.
  [['^(\\+|00)?1900', '.*'], undefined],
])('%j: nearly missed is %s', (texts, user) => {
  const found = [...lint(snapshotOf(rules(...texts)))].filter(({ code }) => code === 'egress-near-miss');
  expect(found.map(({ witness }) => witness?.['dialled'])).toEqual(user === undefined ? [] : [user]);
});

test('what an earlier rule may take that cannot be analysed is not claimed', () => {
  const codes = (...texts: string[]) =>
    [...lint(snapshotOf(rules(...texts)))].map(({ code, object }) => `${code} ${object.path}`);
  const unknown = 'egress-not-analysable egressPolicies[0]';
  expect(codes('911|1\\d{16}', '911')).toEqual([unknown]);
  expect(codes('^[+]?3|1\\d{16}', '911', '^911')).toEqual([
    'egress-never-fires egressPolicies[2]',
    'egress-unanchored egressPolicies[1]',
    unknown,
  ]);
});

test('a sound configuration has no findings', () => {
  expect([...lint(snapshotOf(sound))].map(textOf)).toEqual([]);
});

describe('access control lists', () => {
  // Networks of at most three bits, and an address of each of their eight parts.
  const parts = [0, 1, 2, 3, 4, 5, 6, 7];
  const network = fc
    .tuple(fc.constantFrom(4, 6), fc.constantFrom(...parts), fc.nat(3))
    .map(([family, part, bits]) =>
      family === 4 ? `${part * 32}.0.0.0/${bits}` : `${(part * 0x2000).toString(16)}::/${bits}`,
    );
  const networks = fc.uniqueArray(network, { maxLength: 6 });

  test('what a list admits is what it admits, address by address', () => {
    fc.assert(
      fc.property(networks, networks, (allow, deny) => {
        fc.pre(allow.length + deny.length > 0);
        const acl: AccessControlList = { name: 'acl', allow, deny, extended: undefined };
        for (const [family, addresses] of [
          [4, parts.map((part) => `${part * 32 + 1}.2.3.4`)],
          [6, parts.map((part) => `${(part * 0x2000 + 1).toString(16)}::1`)],
        ] as const) {
          const admitted = addresses.filter((address) => admits(acl, address).allowed).length;
          const expected = admitted === 8 ? 'everyone' : admitted === 0 ? 'no one' : 'some';
          expect([family, admission(acl, family)]).toEqual([family, expected]);
        }
      }),
      cases(300),
    );
  });
});

describe('ranges of the dial space', () => {
  test('are the numbers from one to another', () => {
    const length = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(length, fc.nat(9999), fc.nat(9999), fc.constantFrom('', '+'), (digits, a, b, plus) => {
        const [from, to] = [a % 10 ** digits, b % 10 ** digits].sort((x, y) => x - y) as [number, number];
        const written = (n: number) => plus + String(n).padStart(digits, '0');
        const { language } = rangeOf(`${written(from)}-${written(to)}`, '') as Range;
        expect([...language.words()]).toEqual(
          Array.from({ length: to - from + 1 }, (_, i) => written(from + i)),
        );
      }),
      cases(200),
    );
  });

  test.each([
    ['*2x', 10],
    ['+1910343xxxx', 10_000],
    ['911', 1],
    ['#31#', 1],
  ])('%s is %d', (text, size) => {
    expect((rangeOf(text, '') as Range).language.size).toBe(size);
  });

  test.each(['20-10', '+10-20', '1-10', 'abc', '', '1 000', '12-34-56'])('%j is none', (text) => {
    expect(rangeOf(text, '')).toEqual(expect.stringContaining('expected a number or code'));
  });
});

describe('suppressions', () => {
  const snapshot = snapshotOf(examples['unused']!.world);
  const suppressed = (...entries: [code: string, object: string][]) =>
    [
      ...suppress(
        lint(snapshot),
        entries.map(([code, object], i) => ({ code, object, reason: 'kept', path: `suppressions[${i}]` })),
        '.ctl-lint.yaml',
      ),
    ].map(({ finding, by }) => `${by ? `${by.path} ` : ''}${textOf(finding)}`);

  test.each([['credentials/old'], ['credentials/*'], ['c*/o*d']])('%s', (object) => {
    expect(suppressed(['unused', object])).toEqual([
      'suppressions[0] credentials/old: Nothing refers to it.',
      'personas/spare: Nothing refers to it.',
    ]);
  });

  test('one that suppresses nothing is a finding', () => {
    expect(
      suppressed(['unused', '*'], ['unused', 'personas/spare'], ['collision', 'personas/spare']),
    ).toEqual([
      'suppressions[0] credentials/old: Nothing refers to it.',
      'suppressions[0] personas/spare: Nothing refers to it.',
      '.ctl-lint.yaml suppressions[1]: No finding unused of personas/spare is left to suppress.',
      '.ctl-lint.yaml suppressions[2]: No finding collision of personas/spare is left to suppress.',
    ]);
  });

  test('the part of a resource, or all of it', () => {
    const { world } = examples['egress-never-fires']!;
    const left = (object: string) =>
      [
        ...suppress(
          lint(snapshotOf(world)),
          [{ code: 'egress-never-fires', object, reason: 'r', path: 'p' }],
          'f',
        ),
      ]
        .filter(({ by }) => !by)
        .map(({ finding }) => finding.code);
    expect(left('domains/domain-01 egressPolicies[3]')).toEqual([]);
    expect(left('domains/domain-01')).toEqual([]);
    expect(left('domains/domain-01 egressPolicies[1]')).toEqual(['egress-never-fires', 'suppression-unused']);
  });
});
