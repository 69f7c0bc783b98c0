import { validateOffline } from '../../src/lib/config/offline.js';
import { kindOf } from '../../src/lib/kinds/index.js';
import type { Document, KindName } from '../../src/lib/kinds/kind.js';

const document = (kind: KindName, ref: string, doc: Document) => ({
  kind: kindOf(kind),
  ref,
  doc,
  where: (path: string) => `${ref}.yaml:1:1${path && ` at ${path}`}`,
});
const local = document('Domain', 'local', { name: 'Local', domainUri: 'sip.local' });
const secret = document('Credentials', 'digest', { name: 'Digest', username: '1001' });
const agent = (more: Document) =>
  document('Agent', 'agent-01', { name: 'Jane', username: '1001', domainRef: 'local', ...more });

test('documents that refer to each other in any order, a stored secret left out', () => {
  expect(validateOffline([agent({ credentialsRef: 'digest' }), local, secret])).toEqual([]);
  expect(validateOffline([])).toEqual([]);
});

test('every problem of every document, with its place', () => {
  const trunk = document('Trunk', 'trunk-01', { name: 'T', inboundUri: 'no host' });
  const problems = validateOffline([agent({ domainRef: 'locl', expires: 'soon' }), local, trunk]);
  expect(problems.map(({ field, message }) => `${field} ${message}`).sort()).toEqual([
    'agent-01.yaml:1:1 at domainRef agents/agent-01: domainRef is "locl", but there is no domain with that ref or natural key (did you mean local?)',
    'agent-01.yaml:1:1 at expires agents/agent-01: expires is "soon": expected a whole number from 0 to 2147483647',
    expect.stringContaining('trunk-01.yaml:1:1 at inboundUri trunks/trunk-01: inboundUri is "no host"'),
  ]);
});

test('one document alone, and two of one key', () => {
  expect(validateOffline([agent({ domainRef: 'local' })])).toMatchObject([
    { field: 'agent-01.yaml:1:1 at domainRef agents/agent-01: domainRef' },
  ]);
  const again = document('Domain', 'other', { name: 'Other', domainUri: 'SIP.local' });
  expect(validateOffline([local, again])).toMatchObject([
    { field: 'other.yaml:1:1 at domainUri domains/other: domainUri' },
  ]);
});
