/** Which stage of a decision is said to have gone another way than a test expects. */
import type { Json } from '../../../../src/lib/kinds/kind.js';
import { snapshotOf } from '../../../support/catalog.js';
import { NUMBER, patch, seed } from '../../routing/seed.js';
import { resultsOf } from './support.js';

const world = patch(seed, {
  SipRoute: [{ ref: 'route-04', called: ['4000'], profileRef: 'main', accessControlListRef: 'acl-01' }],
});

type Fields = Readonly<Record<string, Json>>;

/** `stage: subject reason` of a case on the documentation's configuration; null when it passes. */
async function difference(call: Fields, expect: Fields): Promise<string | null> {
  const [result] = await resultsOf(snapshotOf(world), [{ name: 'case', call, expect }]);
  const { stage, entries, error } = result!;
  if (error) return `${stage}: ${error.message}`;
  return stage && `${stage}: ${entries.map(({ subject, reason }) => `${subject} ${reason}`).join(', ')}`;
}

const out = { dialled: '+17853178070', from: '1001' };

test.each<[string, Fields, Fields, string | null]>([
  ['as expected', out, { trunk: 'trunk-01' }, null],
  [
    'another trunk',
    out,
    { trunk: 'trunk-02' },
    'route: domains/domain-01 egressPolicies[0] egress-matched, trunks/trunk-01 trunk-selected',
  ],
  ['a profile, and no SIP route takes it', out, { profile: 'main' }, 'profile: sip-routes no-sip-route'],
  [
    'a route, and a SIP route takes it',
    { dialled: '1000' },
    { verdict: 'route' },
    'profile: sip-routes/route-01 called-equal',
  ],
  [
    'a route, and access is refused',
    { ...out, unauthenticated: true },
    { trunk: 'trunk-01', verdict: 'route' },
    'access: credentials/credentials-01 unauthenticated',
  ],
  [
    'a reason of the route, and access is refused',
    { ...out, unauthenticated: true },
    { reason: 'no-egress-match' },
    'access: credentials/credentials-01 unauthenticated',
  ],
  [
    'a reason of access, and it is routed',
    out,
    { reason: 'caller-disabled' },
    'access: credentials/credentials-01 authentication-assumed',
  ],
  [
    'another caller first of all',
    { dialled: NUMBER, from: '1001' },
    { caller: '1002@sip.local', reason: 'no-trunk' },
    'caller: agents/agent-01 found',
  ],
  [
    'another callee',
    { dialled: '1002', from: '1001' },
    { callee: '1001@sip.local' },
    'callee: agents/agent-02 found',
  ],
  ['another type', out, { routingType: 'from-pstn', trunk: 'trunk-02' }, 'type: agent-to-pstn classified'],
  [
    'a profile, and its list refuses',
    { dialled: '4000', source: { ip: '192.0.2.1' } },
    { profile: 'main' },
    'profile: acls/acl-01 acl-denied',
  ],
  [
    'nobody calls',
    { dialled: '1000', from: 'nobody' },
    { profile: 'main' },
    'call: no agent or peer is "nobody"',
  ],
])('%s', async (_, call, expected, found) => {
  expect(await difference(call, expected)).toBe(found);
});
