/** What a change does to calls that a simulation assumes to be let in: without authentication, at the old address. */
import { atOnce } from '../../../src/lib/config/steps.js';
import { rangeText } from '../../../src/lib/proof/addresses.js';
import type { ChangedAddresses } from '../../../src/lib/proof/impact/addresses.js';
import { type Impact, impactOf } from '../../../src/lib/proof/impact/impact.js';
import { transition } from '../../../src/lib/proof/impact/rebase.js';
import { snapshotOf, type World } from '../../support/catalog.js';
import { NUMBER, patch, seed, without } from '../routing/seed.js';

const impactBetween = (before: World, after: World): Impact =>
  atOnce(impactOf(transition(snapshotOf(before), snapshotOf(after).catalog)));

const linked = patch(seed, { Number: [{ ref: 'number-01', aorLink: 'sip:1002@sip.local' }] });
const guardedTrunk = patch(linked, { Trunk: [{ ref: 'trunk-01', inboundCredentialsRef: 'credentials-01' }] });

test('a trunk that wants credentials shuts out calls without, and one that wants none lets them in', () => {
  const [one, ...others] = impactBetween(linked, guardedTrunk).authentication;
  expect(others).toEqual([]);
  expect(one).toMatchObject({
    guarded: { kind: 'Trunk', ref: 'trunk-01' },
    before: 'from-pstn to an agent',
    after: 'from-pstn, rejected 401 unauthenticated',
    example: { dialled: NUMBER, unauthenticated: true },
  });
  expect(impactBetween(guardedTrunk, linked).authentication).toMatchObject([
    { before: one!.after, after: one!.before },
  ]);
});

test('a peer that its address has authenticated so far needs to do so itself once it has credentials', () => {
  const byAddress = patch(linked, {
    AccessControlList: [{ ref: 'acl-02', allow: ['192.0.2.1'] }],
    Peer: [{ ref: 'peer-01', accessControlListRef: 'acl-02', credentialsRef: null }],
  });
  const byBoth = patch(byAddress, { Peer: [{ ref: 'peer-01', credentialsRef: 'credentials-03' }] });
  const { authentication, groups } = impactBetween(byAddress, byBoth);
  expect(groups).toEqual([]);
  expect(authentication).toMatchObject([
    { guarded: { kind: 'Peer', ref: 'peer-01' }, after: expect.stringContaining('401 unauthenticated') },
  ]);
});

test('calls to the numbers of a trunk that moves fail at its old host, and arrive at its new one', () => {
  const moved = patch(linked, { Trunk: [{ ref: 'trunk-01', inboundUri: 'new.example.com' }] });
  const { groups } = impactBetween(linked, moved);
  expect(groups.map(({ before, after, count }) => `${count}: ${before} → ${after}`).sort()).toEqual([
    '1: from-pstn to an agent → from-pstn, rejected 403 trunk-mismatch',
    '1: from-pstn, rejected 403 trunk-mismatch → from-pstn to an agent',
  ]);
  expect(groups.flatMap(({ examples }) => examples.map(({ dialled }) => dialled)).sort()).toEqual([
    `${NUMBER}@new.example.com`,
    `${NUMBER}@trunk.example.com`,
  ]);
});

test('sets of dialled strings say for which agents they change', () => {
  const off = patch(linked, { Agent: [{ ref: 'agent-02', enabled: false }] });
  const { sets } = impactBetween(linked, off);
  expect(sets).toMatchObject([
    {
      agents: { count: 1, of: 2 },
      after: 'agent-to-pstn, rejected 403 caller-disabled',
      example: { from: '1002@sip.local' },
    },
  ]);
  const bare = patch(linked, { Domain: [{ ref: 'domain-01', egressPolicies: [] }] });
  expect(impactBetween(linked, bare).sets).toMatchObject([{ agents: { count: 2, of: 2 } }]);
  // For both of them something else changes.
  expect(impactBetween(off, bare).sets.map(({ agents, after }) => [agents.count, after])).toEqual([
    [1, 'agent-to-pstn, rejected 404 no-egress-policy'],
    [1, 'agent-to-pstn, rejected 404 no-egress-policy'],
  ]);
});

test('a password is nothing that calls without one show', () => {
  const other = patch(linked, { Credentials: [{ ref: 'credentials-01', password: 'another' }] });
  const { groups, sets, addresses, authentication } = impactBetween(linked, other);
  expect([groups, sets, addresses, authentication]).toEqual([[], [], [], []]);
});

/** Who is let in and shut out, as text. */
const said = (found: readonly ChangedAddresses[]): string[] =>
  found.map(
    ({ guarded: { kind, ref, more }, admitted, ranges }) =>
      `${kind}/${ref}${more ? ` and ${more} more` : ''} ${admitted ? 'let in' : 'shut out'} ${ranges.map(rangeText).join(' ')}`,
  );

/** Whatever `acl-01` does not admit. */
const OTHERS =
  '0.0.0.0-9.255.255.255 11.0.0.0-255.255.255.255 ::-::fffe:ffff:ffff ::1:0:0:0-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';

test('agents that belong to a domain with another list', () => {
  const open = { ref: 'domain-02', domainUri: 'open.local' };
  const [before, after] = [['domain-01'], ['domain-02']].map(([domainRef]) =>
    patch(seed, { Domain: [open], Agent: ['agent-01', 'agent-02'].map((ref) => ({ ref, domainRef })) }),
  );
  const { addresses } = impactBetween(before!, after!);
  expect(said(addresses)).toEqual([`Agent/agent-01 and 1 more let in ${OTHERS}`]);
  expect(addresses[0]!.example).toMatchObject({ dialled: '1001', from: 'agent-01' });
});

test('a number that arrives by a trunk with another list, and which asks who calls', () => {
  const guarded = {
    ...{ ref: 'trunk-02', inboundUri: 'trunk.example.com' },
    ...{ accessControlListRef: 'acl-01', inboundCredentialsRef: 'credentials-01' },
  };
  const [before, after] = ['trunk-01', 'trunk-02'].map((trunkRef) =>
    patch(without(seed, 'Trunk', trunkRef === 'trunk-01' ? 'trunk-02' : 'trunk-01'), {
      Trunk: trunkRef === 'trunk-02' ? [guarded] : [],
      Number: [{ ref: 'number-01', aorLink: 'sip:1001@sip.local', trunkRef }],
    }),
  );
  const { addresses, authentication } = impactBetween(before!, after!);
  expect(said(addresses)).toEqual([`Number/number-01 shut out ${OTHERS}`]);
  expect(authentication).toMatchObject([
    {
      guarded: { kind: 'Number' },
      before: 'from-pstn to an agent',
      after: 'from-pstn, rejected 401 unauthenticated',
    },
  ]);
});

test('a SIP route that takes what one with another list took', () => {
  const route = { called: ['900'], profileRef: 'main' };
  const open = { ref: 'route-09', ...route };
  const before = patch(seed, {
    SipRoute: [{ ref: 'route-08', ...route, accessControlListRef: 'acl-01' }, open],
  });
  const { groups, addresses } = impactBetween(before, without(before, 'SipRoute', 'route-08'));
  expect(groups).toEqual([]);
  expect(said(addresses)).toEqual([`SipRoute/route-09 let in ${OTHERS}`]);
});
