/** Cases as files have them, and where everything stands that is wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CtlError } from '../../../../src/lib/errors.js';
import { readCases } from '../../../../src/lib/cli/route/cases.js';
import { jsonOf } from '../../../../src/lib/proof/suite/expectation.js';

const folder = mkdtempSync(join(tmpdir(), 'ctl-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The cases of a file, as name, call and what is expected. */
async function casesIn(name: string, text: string) {
  const path = join(folder, name);
  writeFileSync(path, text);
  const cases = await readCases([path]);
  return cases.map(({ name, call, expectations }) => ({
    name,
    call,
    expect: Object.fromEntries(expectations.map(({ name, wanted }) => [name, jsonOf(wanted)])),
  }));
}

/** The problems of a file, a line each, without its folder. */
async function problemsIn(name: string, text: string): Promise<string[]> {
  const error = await casesIn(name, text).then(
    () => new Error('no problem'),
    (error: unknown) => error as Error,
  );
  if (!(error instanceof CtlError)) throw error;
  expect(error.code).toBe('usage');
  return error.fields.map(({ field, message }) => `${field} ${message}`.replaceAll(`${folder}/`, ''));
}

const CASES = [
  { name: 'one', call: { dialled: '1000' }, expect: { verdict: 'profile', sipStatus: null } },
  {
    name: 'two',
    call: {
      dialled: '+17853178070',
      from: '1001',
      source: { ip: '10.0.0.1', port: 5060 },
      headers: [{ name: 'X-Note', value: 'a' }],
      down: [{ kind: 'Trunk', ref: 'trunk-01' }],
      at: 1_767_323_045_000,
    },
    expect: { trunk: '/^trunk/', 'header.Privacy': 'id', 'route.targets[0].port': '5060' },
  },
];

test.each<[string, string]>([
  [
    'a list',
    `- name: one
  call: { dialled: "1000" }
  expect: { verdict: profile, sipStatus: null }
- name: two
  call:
    dialled: "+17853178070"
    from: "1001"
    source-ip: 10.0.0.1:5060
    header: { X-Note: a }
    down: trunks/trunk-01
    at: "2026-01-02T03:04:05Z"
  expect:
    trunk: /^trunk/
    header: { Privacy: id }
    route.targets[0].port: 5060
`,
  ],
  [
    'documents',
    `name: one
call: { dialled: "1000" }
expect: { verdict: profile, sipStatus: null }
---
{ name: two, call: { dialled: "+17853178070", from: "1001", source-ip: "10.0.0.1:5060", header: { X-Note: a }, down: [trunks/trunk-01], at: 1767323045000 },
  expect: { trunk: /^trunk/, header: { Privacy: id }, "route.targets[0].port": 5060 } }
`,
  ],
])('YAML as %s', async (_, text) => {
  expect(await casesIn('cases.yaml', text)).toEqual(CASES);
});

test('JSONL and CSV', async () => {
  const [one, two] = CASES;
  const lines = [one, two].map((line) => JSON.stringify(line)).join('\n');
  expect(await casesIn('cases.jsonl', lines)).toEqual(CASES);
  const csv = `name,dialled,from,source-ip,header X-Note,down,at,expect verdict,expect.sipStatus,expect trunk,expect header.Privacy,expect route.targets[0].port
one,1000,,,,,,profile,null,,,
two,+17853178070,1001,10.0.0.1:5060,a,trunks/trunk-01,2026-01-02T03:04:05Z,,,/^trunk/,id,5060
`;
  expect(await casesIn('cases.csv', csv)).toEqual(CASES);
});

test('every problem, with its place', async () => {
  const text = `- name: one
  call: { dialled: +17853178070, frm: "1001" }
  expect: { verdct: route }
- name: one
  cal: { dialled: "1000" }
  expect: {}
- just text
- { kind: Agent, ref: agent-01 }
- call: { dialled: "1000", registered: maybe, source-ip: 10.0.0 }
  expect: { trunk: [a], target: "/(/", header: { Privacy: 0800 } }
`;
  expect(await problemsIn('wrong.yaml', text)).toEqual([
    'wrong.yaml:2:20 call.dialled is a number that would be read as 17853178070: quote it, "+17853178070"',
    'wrong.yaml:2:39 call.frm is no field of a call (did you mean from?): expected dialled, from, domain, display-name, method, source, source-ip, source-port, transport, header, connect-token, password, unauthenticated, registered, at, down',
    'wrong.yaml:3:21 expect.verdct is no part of a decision (did you mean verdict?)',
    'wrong.yaml:4:3 call is missing: expected what is dialled, and from whom: { dialled: "1002", from: 1001@sip.local }',
    'wrong.yaml:4:9 name is the name of a second case: the first stands at wrong.yaml:1:9',
    'wrong.yaml:5:8 cal is no field here (did you mean call?)',
    'wrong.yaml:6:11 expect is empty: expected parts of the decision, such as { verdict: route, trunk: trunk-01 }',
    'wrong.yaml:7:3 is "just text": expected a case with name, call, expect',
    'wrong.yaml:8:3 is a resource, and no case: configurations are given by --config or --with',
    'wrong.yaml:9:3 name is missing: expected what the case is about',
    'wrong.yaml:9:40 call.registered is "maybe": expected one of assume, none',
    'wrong.yaml:9:58 call.source-ip is "10.0.0": expected an IPv4 or IPv6 address',
    'wrong.yaml:10:20 expect.trunk is a list: a single value stands there',
    'wrong.yaml:10:33 expect.target is no pattern that RE2 reads: error parsing regexp: missing closing ): `(`',
    'wrong.yaml:10:59 expect.header.Privacy is a number that would be read as 800: quote it, "0800"',
  ]);
});

test('problems of CSV name the line', async () => {
  expect(
    await problemsIn('wrong.csv', 'name,dialled,expect verdict\none,1000,route\ntwo,1000\n,,\nthree,1000,\n'),
  ).toEqual([
    'wrong.csv:3 has 2 values: expected 3, as the header has',
    'wrong.csv:4 name is missing: expected what the case is about',
    'wrong.csv:4 call.dialled is missing: expected what is dialled',
    'wrong.csv:4 expect is empty: expected parts of the decision, such as { verdict: route, trunk: trunk-01 }',
    'wrong.csv:5 expect is empty: expected parts of the decision, such as { verdict: route, trunk: trunk-01 }',
  ]);
});

test('a secret that is wrong is not shown', async () => {
  const problems = await problemsIn(
    'secret.yaml',
    '{ name: x, call: { dialled: "1", password: [hunter2], connect-token: { a: hunter2 } }, expect: { verdict: route } }',
  );
  problems.push(
    ...(await problemsIn(
      'number.yaml',
      '{ name: x, call: { dialled: "1", password: 0815 }, expect: { verdict: route } }',
    )),
  );
  expect(problems).toHaveLength(3);
  expect(problems.join()).not.toContain('815');
  expect(problems.join()).not.toContain('hunter2');
});
