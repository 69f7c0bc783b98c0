/** Who needs a resource: by references, by addresses, and through others. */
import type { KindName } from '../../../src/lib/kinds/kind.js';
import { neededBy } from '../../../src/lib/proof/uses/referrers.js';
import { snapshotOf } from '../../support/catalog.js';
import { patch, seed } from '../routing/seed.js';

const world = patch(seed, {
  Number: [
    { ref: 'number-01', aorLink: 'sip:1002@sip.local' },
    { ref: 'number-03', telUrl: 'tel:+19103434436', aorLink: 'sip:asterisk@default' },
  ],
});

function needed(kind: KindName, ref: string): { direct: string[]; through: string[] } {
  const snapshot = snapshotOf(world);
  const { direct, through } = neededBy(snapshot, snapshot.catalog.get(kind, ref)!);
  return {
    direct: direct.map(({ kind, ref, paths }) => `${kind}/${ref} ${paths.join()}`),
    through: through.map(({ kind, count }) => `${count} ${kind}`),
  };
}

test('by reference, and through those who refer to it', () => {
  expect(needed('Trunk', 'trunk-01')).toEqual({
    direct: ['Number/number-01 trunkRef'],
    through: ['1 Domain', '2 Agent'],
  });
  expect(needed('Persona', 'concierge')).toEqual({
    direct: ['Profile/main personaRef', 'Profile/openai_realtime_profile personaRef'],
    through: ['3 SipRoute'],
  });
  expect(needed('SipRoute', 'route-01')).toEqual({ direct: [], through: [] });
});

test('by the address that a number links to, but not by the rules that call out with that number', () => {
  expect(needed('Agent', 'agent-02').through).toEqual([]);
  expect(needed('Agent', 'agent-02').direct).toEqual(['Number/number-01 aorLink']);
  expect(needed('Peer', 'peer-01').direct).toEqual(['Number/number-03 aorLink']);
  expect(needed('Agent', 'agent-01').direct).toEqual([]);
});
