import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { collectInputs } from '../../../src/lib/cli/input/files.js';
import { validateOffline } from '../../../src/lib/config/offline.js';
import { readText, told, readFiles } from './support.js';

const FOLDER = join(import.meta.dirname, '../../fixtures/routr');
const readFixture = async () => readFiles(await collectInputs([FOLDER]));
const read = (text: string) => readText(text, 'routr.yaml');

describe("Routr's documents", () => {
  test('are read verbatim: every kind, its spellings, its quirks', async () => {
    const { documents, problems, notes } = await readFixture();
    expect(problems).toEqual([]);
    expect(notes.map((note) => note.replaceAll(`${FOLDER}/`, ''))).toEqual([
      'spec.context.accessControlListRef guards the domain here, although Routr does not look there: domains.yaml:14:3',
      'metadata.region is passed over, since Routr keeps it free: trunks.toml:1:3',
    ]);
    const found = Object.fromEntries(documents.map(({ kind, ref, doc }) => [`${kind.name}/${ref}`, doc]));
    expect(found).toEqual({
      'AccessControlList/acl-01': {
        name: 'Local network',
        allow: ['192.168.1.0/28', '10.0.0.1'],
        deny: ['0.0.0.0/0'],
      },
      'AccessControlList/acl-02': { name: 'Carrier', allow: ['203.0.113.0/24'], deny: ['0.0.0.0/1'] },
      'Credentials/credentials-01': { name: 'John Doe', username: '1001', password: 'changeit' },
      'Credentials/credentials-02': { name: 'Jane Doe', username: '1002', password: '1234' },
      'Trunk/trunk-01': {
        name: 'Carrier',
        inboundUri: 'trunk.example.com',
        accessControlListRef: 'acl-02',
        inboundCredentialsRef: 'credentials-01',
        outboundCredentialsRef: 'credentials-02',
        sendRegister: true,
        uris: [
          {
            user: 'pbx',
            host: 'sip.carrier.example',
            port: 5061,
            transport: 'TLS',
            priority: 1,
            weight: 10,
            enabled: false,
          },
          { host: '192.0.2.7', port: 7060, transport: 'UDP' },
        ],
      },
      'Trunk/trunk-02': { name: 'Inbound only', inboundUri: 'in.example.com' },
      'Number/number-01': {
        name: '(910)343-4434',
        telUrl: 'tel:+19103434434',
        aorLink: 'sip:john@sip.local',
        city: 'Durham, NC',
        country: 'USA',
        countryIsoCode: 'US',
        sessionAffinityHeader: 'X-Room-Id',
        extraHeaders: [{ name: 'X-Room-Id', value: 'jsa-shaa-laa' }],
        trunkRef: 'trunk-01',
      },
      'Number/number-02': {
        name: 'Outbound only',
        telUrl: 'tel:+19103434435',
        city: 'Durham, NC',
        country: 'USA',
        countryIsoCode: 'US',
        trunkRef: 'trunk-01',
      },
      'Domain/domain-01': {
        name: 'Local Domain',
        domainUri: 'sip.local',
        accessControlListRef: 'acl-01',
        egressPolicies: [{ rule: '.*', numberRef: 'number-01' }],
      },
      'Domain/domain-02': { name: 'Branch', domainUri: 'branch.local', accessControlListRef: 'acl-01' },
      'Agent/agent-01': {
        name: 'John Doe',
        username: '1001',
        domainRef: 'domain-01',
        credentialsRef: 'credentials-01',
      },
      'Agent/agent-02': {
        name: 'Jane Doe',
        username: '1002',
        domainRef: 'domain-01',
        credentialsRef: 'credentials-02',
        privacy: 'PRIVATE',
        enabled: false,
        maxContacts: 3,
        expires: 3600,
      },
      'Agent/agent-03': {
        name: 'John',
        username: 'john',
        domainRef: 'domain-01',
        credentialsRef: 'credentials-01',
        privacy: 'NONE',
        maxContacts: -1,
      },
      'Peer/peer-01': {
        name: 'Asterisk Conference',
        username: 'asterisk',
        aor: 'sip:asterisk@default',
        contactAddr: '192.168.1.2:6060',
        credentialsRef: 'credentials-01',
        accessControlListRef: 'acl-01',
        withSessionAffinity: true,
        balancingAlgorithm: 'LEAST_SESSIONS',
      },
      'Peer/peer-02': {
        name: 'Media servers',
        username: 'media',
        aor: 'backend:media',
        balancingAlgorithm: 'ROUND_ROBIN',
        enabled: true,
        maxContacts: -1,
        expires: 60,
      },
    });
    expect(validateOffline(documents)).toEqual([]);
  });

  test('know where their fields stand', async () => {
    const { documents } = await readFixture();
    const places = (ref: string, ...paths: string[]) => {
      const { where } = documents.find((one) => one.ref === ref)!;
      return paths.map((path) => where(path).replace(`${FOLDER}/`, ''));
    };
    expect(places('domain-01', '', 'name', 'egressPolicies[0].rule', 'domainUri', 'ref')).toEqual([
      'domains.yaml:2:3',
      'domains.yaml:6:11',
      'domains.yaml:12:17',
      'domains.yaml:10:18',
      'domains.yaml:4:8',
    ]);
    expect(places('domain-02', 'accessControlListRef')).toEqual(['domains.yaml:23:29']);
    expect(places('trunk-01', 'uris[0].port', 'uris[1].host', 'inboundUri')).toEqual([
      'trunks.toml:27:8',
      'trunks.toml:31:16',
      'trunks.toml:11:7',
    ]);
    expect(places('credentials-02', 'password')).toEqual(['credentials.json:14:64']);
  });

  test('of a kind that Routr does not have, with unknown keys, and with both places of an access list', async () => {
    const result = await read(`
- kind: Persona
  ref: p
  metadata: {name: x}
- kind: Domain
  ref: d
  name: x
  metadata: {naem: x, geoInfo: {}}
  spec: {accessControlListRef: a, context: {accessControlListRef: b, domainUri: sip.local}}
- kind: Agent
  ref: a
  metadata: {name: 7}
  spec: {username: "1001", privacy: secret, context: x}
- kind: Trunk
  ref: t
  metadata: x
  spec: {inbound: [], outbound: {uris: [{uri: {host: a, prot: 5}}, x]}}
`);
    expect(told(result)).toEqual([
      "routr.yaml:2:3 : is written with metadata and spec, as Routr's kinds are: expected the fields of the persona beside kind and ref",
      'routr.yaml:7:9 name: is no field here: expected metadata, spec',
      'routr.yaml:8:20 metadata.naem: is no field here (did you mean name?)',
      'routr.yaml:8:32 metadata.geoInfo: is no field here: expected name',
      'routr.yaml:9:67 spec.context.accessControlListRef: is not what spec.accessControlListRef says: expected one of the two',
      'routr.yaml:12:20 metadata.name: is a number where text is expected: quote it, "7"',
      'routr.yaml:13:37 spec.privacy: "secret" is not valid: expected PRIVATE, NONE',
      'routr.yaml:13:54 spec.context: is no field here: expected username, domainRef, credentialsRef, privacy, enabled, maxContacts, expires',
      'routr.yaml:16:13 metadata: is "x": expected a mapping with name',
      'routr.yaml:17:19 spec.inbound: is a list: expected a mapping with uri, accessControlListRef, credentialsRef',
      'routr.yaml:17:63 spec.outbound.uris[0].uri.prot: is no field here (did you mean port?)',
      'routr.yaml:17:68 spec.outbound.uris[1]: is "x": expected host, port, transport, user, weight, priority, enabled',
    ]);
  });
});
