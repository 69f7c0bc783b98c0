/** Which mutants there are, and which tests notice them. */
import type { Json } from '../../../../src/lib/kinds/kind.js';
import { mutantText } from '../../../../src/lib/cli/output/suite.js';
import { mutantsOf } from '../../../../src/lib/proof/suite/mutants/index.js';
import { Calls } from '../../../../src/lib/proof/suite/search/calls.js';
import { snapshotOf, type World } from '../../../support/catalog.js';
import { patch, seed, without } from '../../routing/seed.js';
import { fatesOf } from './support.js';

const world: World = patch(seed, {
  Trunk: [
    {
      ref: 'trunk-01',
      inboundCredentialsRef: 'credentials-01',
      uris: [
        { host: 'a.example', priority: 2 },
        { host: 'b.example' },
        { host: 'c.example', enabled: false },
      ],
    },
  ],
  Number: [{ ref: 'number-02', telUrl: 'tel:+4930123456', trunkRef: 'trunk-01' }],
  Domain: [
    {
      ref: 'domain-01',
      egressPolicies: [
        { rule: '^\\+1\\d+$', numberRef: 'number-01' },
        { rule: '^\\+\\$', numberRef: 'number-02' },
      ],
    },
  ],
  Peer: [{ ref: 'peer-01', accessControlListRef: 'acl-01' }],
  SipRoute: [
    { ref: 'route-01', called: ['1000@sip.local', 'concierge'], accessControlListRef: 'acl-01' },
    { ref: 'route-02', enabled: false },
    { ref: 'route-03', called: ['3000'] },
    { ref: 'route-04', called: ['*'], profileRef: 'main' },
  ],
});

test('a mutant for every mistake', () => {
  expect([...mutantsOf(new Calls(snapshotOf(world)))].map(mutantText)).toEqual([
    'drop domains/domain-01 egressPolicies[0] ^\\+1\\d+$',
    'swap domains/domain-01 egressPolicies[0] ^\\+1\\d+$ with ^\\+\\$',
    'widen domains/domain-01 egressPolicies[0] ^\\+1\\d+$ to \\+1\\d+$',
    'widen domains/domain-01 egressPolicies[0] ^\\+1\\d+$ to ^\\+1\\d+',
    'widen domains/domain-01 egressPolicies[0] ^\\+1\\d+$ to .*',
    'drop domains/domain-01 egressPolicies[1] ^\\+\\$',
    'widen domains/domain-01 egressPolicies[1] ^\\+\\$ to \\+\\$',
    'widen domains/domain-01 egressPolicies[1] ^\\+\\$ to .*',
    'drop domains/domain-01 accessControlListRef acl-01',
    'disable sip-routes/route-01 1000@sip.local, concierge',
    'swap sip-routes/route-01 with route-03',
    'drop sip-routes/route-01 called[0] 1000@sip.local',
    'widen sip-routes/route-01 called[0] 1000@sip.local to 1000',
    'drop sip-routes/route-01 called[1] concierge',
    'drop sip-routes/route-01 accessControlListRef acl-01',
    'enable sip-routes/route-02 2000, openai_realtime_profile',
    'disable sip-routes/route-03 3000',
    'disable sip-routes/route-04 *',
    'disable trunks/trunk-01 uris[0] a.example',
    'disable trunks/trunk-01 uris[1] b.example',
    'enable trunks/trunk-01 uris[2] c.example',
    'swap trunks/trunk-01 uris[1] b.example with a.example',
    'drop trunks/trunk-01 inboundCredentialsRef credentials-01',
    'drop numbers/number-01 aorLink sip:john@sip.local',
    'drop numbers/number-01 trunkRef trunk-01',
    'drop numbers/number-02 trunkRef trunk-01',
    'drop peers/peer-01 accessControlListRef acl-01',
  ]);
});

/** What becomes of the mutants of the documentation's configuration with another egress rule, beside one test. */
async function fates(call: { readonly [member: string]: Json }, expect: { readonly [part: string]: Json }) {
  const rules = [{ rule: '^\\+1', numberRef: 'number-01' }];
  const calls = new Calls(snapshotOf(patch(seed, { Domain: [{ ref: 'domain-01', egressPolicies: rules }] })));
  const found = await fatesOf(calls, [{ name: 'test', call, expect }]);
  return Object.fromEntries(found.map(({ mutant, state }) => [mutantText(mutant), state]));
}

const DROP = 'drop domains/domain-01 egressPolicies[0] ^\\+1';
const WIDEN = 'widen domains/domain-01 egressPolicies[0] ^\\+1 to .*';
const out = { dialled: '+17853178070', from: '1001' };

test('a test notices what changes for its call, and nothing else', async () => {
  expect(await fates(out, { trunk: 'trunk-01' })).toMatchObject({ [DROP]: 'killed', [WIDEN]: 'survived' });
  expect(await fates({ ...out, dialled: '17853178070' }, { verdict: 'reject' })).toMatchObject({
    [DROP]: 'survived',
    [WIDEN]: 'killed',
  });
});

test('the name of a rule is not what calls do', async () => {
  expect(await fates(out, { egressRule: '^\\+1' })).toMatchObject({
    [DROP]: 'survived',
    [WIDEN]: 'survived',
  });
});

test('a test that fails anyway notices nothing', async () => {
  const found = await fates(out, { trunk: 'trunk-01', verdict: 'profile' });
  expect(Object.values(found)).not.toContain('killed');
});

test('without any agent no call tells of egress rules', async () => {
  const calls = new Calls(snapshotOf(without(seed, 'Agent', 'agent-01', 'agent-02')));
  const states = (await fatesOf(calls, [])).map(({ mutant, state }) => `${mutantText(mutant)}: ${state}`);
  expect(states).toContain('drop domains/domain-01 egressPolicies[0] .*: equivalent');
});
