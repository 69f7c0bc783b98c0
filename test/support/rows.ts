/** Resources as commands get them, from the documentation's cast. */
import { acl } from '../../src/lib/kinds/acl.js';
import { agent } from '../../src/lib/kinds/agent.js';
import { credentials } from '../../src/lib/kinds/credentials.js';
import { domain } from '../../src/lib/kinds/domain.js';
import type { Document, Kind } from '../../src/lib/kinds/kind.js';
import { sipRoute } from '../../src/lib/kinds/sip-route.js';
import type { Row } from '../../src/lib/cli/output/resource.js';

const CREATED = Date.UTC(2026, 10, 21, 10, 0, 0);

const row = (kind: Kind, ref: string, doc: Document, rest: Partial<Row> = {}): Row => ({
  kind,
  ref,
  doc,
  createdAt: CREATED,
  updatedAt: CREATED + 1000,
  revision: 7,
  ...rest,
});

const LINKS: Row['links'] = [
  { kind: 'Domain', ref: 'domain-01', label: 'sip.local' },
  { kind: 'Number', ref: 'number-01', label: '+19103434434' },
  { kind: 'Profile', ref: 'profile-01', label: 'main' },
];

export const agentRow = (ref: string, doc: Document = {}): Row =>
  row(
    agent as Kind,
    ref,
    {
      name: 'John Doe',
      username: '1001',
      domainRef: 'domain-01',
      credentialsRef: 'credentials-01',
      privacy: 'NONE',
      enabled: true,
      maxContacts: -1,
      expires: 0,
      ...doc,
    },
    { links: LINKS },
  );

export const domainRow = row(
  domain as Kind,
  'domain-01',
  {
    name: 'Local Domain',
    domainUri: 'sip.local',
    egressPolicies: [
      { rule: '^\\+1', numberRef: 'number-01' },
      { rule: '.*', numberRef: 'number-02' },
    ],
  },
  { links: LINKS },
);

export const credentialsRow = row(credentials as Kind, 'credentials-01', {
  name: 'John Doe',
  username: '1001',
});

export const routeRow = row(
  sipRoute as Kind,
  'concierge',
  { name: 'concierge', called: ['1000', 'concierge'], profileRef: 'profile-01', enabled: true },
  { position: 2, links: LINKS },
);

export const aclRow = row(acl as Kind, 'acl-01', { name: 'Local', allow: ['10.0.0.0/8', '::1'], deny: [] });
