/** What a change does to calls that a simulation assumes to be let in: without authentication, at the old address. */
import { type Impact, impactOf } from '../../../src/lib/proof/impact/impact.js';
import { transition } from '../../../src/lib/proof/impact/rebase.js';
import { snapshotOf, type World } from '../../support/catalog.js';
import { NUMBER, patch, seed } from '../routing/seed.js';

function impactBetween(before: World, after: World): Impact {
  const steps = impactOf(transition(snapshotOf(before), snapshotOf(after).catalog));
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

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
