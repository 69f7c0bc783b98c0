/** Header changes toward a trunk, exactly (docs/semantics.md 7), and what is masked. */
import { maskPassword } from '../../../src/lib/routing/headers.js';
import { ask, NUMBER, patch, seed, token, type Question } from './seed.js';
import type { World } from '../../support/catalog.js';

const peerCall = { from: 'asterisk', dialled: '+4930123456' };
const headersOf = (world: World, question: Question) => ask(world, question).route!.targets[0]!.headers;
const valueOf = (world: World, question: Question, name: string) =>
  headersOf(world, question).find((header) => header.action === 'add' && header.name === name)?.value;

test('all of them, in order', () => {
  const question = {
    ...peerCall,
    displayName: 'Front "Desk" \\ 1',
    headers: { 'X-DOD-Number': NUMBER, 'x-dod-privacy': 'id', 'X-DOD-Room': '7', 'X-Other': 'stays' },
  };
  expect(headersOf(seed, question)).toEqual([
    { action: 'remove', name: 'Privacy', value: null },
    { action: 'add', name: 'Privacy', value: 'id' },
    {
      action: 'add',
      name: 'Remote-Party-ID',
      value: '<sip:+19103434434@sip.carrier.example>;screen=yes;party=calling',
    },
    {
      action: 'add',
      name: 'P-Asserted-Identity',
      value: '"Front \\"Desk\\" \\\\ 1" <sip:+19103434434@sip.carrier.example;user=phone>',
    },
    { action: 'remove', name: 'X-DOD-Number', value: null },
    { action: 'remove', name: 'X-DOD-Privacy', value: null },
    { action: 'remove', name: 'X-Connect-Token', value: null },
    { action: 'remove', name: 'X-DOD-Room', value: null },
  ]);
});

test('each target names its own host', () => {
  const uris = [{ host: 'a.example' }, { host: '2001:db8::1' }];
  const { targets } = ask(patch(seed, { Trunk: [{ ref: 'trunk-01', uris }] }), {
    from: '1001',
    dialled: '+49301',
  }).route!;
  expect(
    targets.map(({ headers }) => headers.find(({ name }) => name === 'P-Asserted-Identity')!.value),
  ).toEqual(['<sip:+19103434434@a.example;user=phone>', '<sip:+19103434434@[2001:db8::1];user=phone>']);
});

describe('privacy', () => {
  const agent = (privacy: string): World => patch(seed, { Agent: [{ ref: 'agent-01', privacy }] });
  test.each([
    ['NONE', {}, 'none'],
    ['PRIVATE', {}, 'id'],
    ['PRIVATE', { 'X-DOD-Privacy': 'none' }, 'id'],
    ['NONE', { 'X-DOD-Privacy': 'id' }, 'id'],
    ['NONE', { 'x-dod-privacy': ' Private ' }, 'id'],
    ['NONE', { 'X-DOD-Privacy': 'none' }, 'none'],
    ['NONE', { 'X-DOD-Privacy': 'user' }, 'none'],
    ['NONE', { Privacy: 'id' }, 'none'],
  ])('of an agent %s with %j is %s', (privacy, headers, expected) => {
    expect(
      valueOf(
        agent(privacy),
        { from: '1001', dialled: '+49301', headers: headers as Record<string, string> },
        'Privacy',
      ),
    ).toBe(expected);
  });
});

test.each([
  [undefined, '<sip:'],
  ['', '<sip:'],
  ['Jörg', '"Jörg" <sip:'],
  ['a <b> "c"', '"a <b> \\"c\\"" <sip:'],
])('display name %j', (displayName, start) => {
  const question = { from: '1001', dialled: '+49301', ...(displayName === undefined ? {} : { displayName }) };
  expect(valueOf(seed, question, 'P-Asserted-Identity')!.startsWith(start)).toBe(true);
});

test('tokens and digests are masked, whatever their case', () => {
  const decision = ask(seed, {
    from: '1001',
    dialled: '1002',
    headers: {
      'x-connect-TOKEN': 'hunter1',
      Authorization: 'hunter2',
      'proxy-authorization': 'hunter3',
      'X-A': 'b',
    },
    token: token({ aorLink: 'sip:1002@sip.local' }),
    explain: true,
  });
  expect(decision.call.headers.map(({ value }) => value)).toEqual(['********', '********', '********', 'b']);
  expect(JSON.stringify(decision)).not.toContain('hunter');
});

test.each([
  ['sip:alice:hunter@sip.local', 'sip:alice:********@sip.local'],
  ['alice:hunter@sip.local:5060', 'alice:********@sip.local:5060'],
  ['"A" <sips:alice:hunter@sip.local;a=b>', '"A" <sips:alice:********@sip.local;a=b>'],
  ['sip:alice:@sip.local', 'sip:alice:********@sip.local'],
  ['sip:alice@sip.local:5060', 'sip:alice@sip.local:5060'],
  ['sip:alice@[2001:db8::1]:5060', 'sip:alice@[2001:db8::1]:5060'],
  ['"A: B" <sip:alice@sip.local>', '"A: B" <sip:alice@sip.local>'],
  ['tel:+19103434434', 'tel:+19103434434'],
  ['backend:alice@x', 'backend:alice@x'],
  ['1001', '1001'],
  ['sip.local:5060', 'sip.local:5060'],
])('the password of %s', (text, masked) => expect(maskPassword(text)).toBe(masked));

test('a password in a URI appears nowhere in a decision', () => {
  const decision = ask(seed, {
    from: 'sip:1001:hunter@sip.local',
    dialled: 'sip:1002:hunter@sip.local',
    explain: true,
  });
  expect(decision.call.raw).toEqual({
    dialled: 'sip:1002:********@sip.local',
    from: 'sip:1001:********@sip.local',
  });
  expect(decision.verdict).toBe('route');
  expect(JSON.stringify(decision)).not.toContain('hunter');
});
