/** Where findings stand in the files that a configuration was made of, whatever their syntax and form. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { findingsView } from '../../../src/lib/cli/output/findings.js';
import { sarifLog } from '../../../src/lib/cli/output/sarif.js';
import { Places } from '../../../src/lib/cli/route/places.js';
import { layOver } from '../../../src/lib/config/offline.js';
import { Catalog } from '../../../src/lib/kinds/catalog.js';
import type { Finding, Place } from '../../../src/lib/proof/lint/finding.js';
import { checks, lint } from '../../../src/lib/proof/lint/index.js';
import { Snapshot } from '../../../src/lib/routing/snapshot.js';
import { readFiles } from '../files/support.js';

/** File → its content. */
type Files = Readonly<Record<string, string>>;

/** Findings of files that are laid over each other, and where things stand in them. */
async function linted(...layers: readonly Files[]): Promise<{ findings: Finding[]; places: Places }> {
  const places = new Places();
  let catalog = Catalog.empty;
  for (const files of layers) {
    const inputs = Object.entries(files).map(([path, content]) => ({ path, content }));
    const { documents, problems } = await readFiles(inputs);
    expect(problems).toEqual([]);
    const laid = layOver(catalog, documents);
    if ('problems' in laid) throw new Error(JSON.stringify(laid.problems));
    places.noteDocuments(documents, laid.plan.changes);
    catalog = laid.plan.catalog;
  }
  return { findings: [...lint(Snapshot.of(catalog))], places };
}

/** The rest of the line at a place: what a reader sees who goes there. */
function textAt(files: Files, place: string): string {
  const [, path, line, column] = /^(.*):(\d+):(\d+)$/.exec(place)!;
  return files[path!]!.split('\n')[Number(line) - 1]!.slice(Number(column) - 1);
}

const REST = `
{"kind": "Trunk", "ref": "trunk-01", "name": "Carrier", "inboundUri": "trunk.example.com", "uris": [{"host": "gw.example"}]}
{"kind": "Credentials", "ref": "credentials-01", "name": "John", "username": "1001", "password": "changeit"}
{"kind": "Number", "ref": "number-01", "name": "Main", "telUrl": "tel:+19103434434", "trunkRef": "trunk-01", "city": "Durham", "country": "USA", "countryIsoCode": "US"}
{"kind": "Agent", "ref": "agent-01", "name": "John", "username": "1001", "domainRef": "domain-01", "credentialsRef": "credentials-01"}
`.trim();

/** A domain whose second rule never decides, and what stands at the places of both rules. */
const domains: Record<string, { file: string; content: string; first: string; second: string }> = {
  'YAML in blocks': {
    file: 'domain.yaml',
    content: `
- kind: Domain
  ref: domain-01
  name: Local
  domainUri: sip.local
  egressPolicies:
    - rule: '^\\+1'
      numberRef: number-01
    - rule: '^\\+1910'
      numberRef: number-01
`,
    first: "rule: '^\\+1'",
    second: "rule: '^\\+1910'",
  },
  'YAML in flows, in the second of two documents': {
    file: 'domain.yaml',
    content: `# comment
---
{kind: Policy, ref: other, name: Other}
---
kind: Domain
ref: domain-01
name: Local
domainUri: sip.local
egressPolicies: [{rule: '^\\+1', numberRef: number-01}, {rule: '^\\+1910', numberRef: number-01}]
`,
    first: "{rule: '^\\+1', numberRef: number-01}, {rule: '^\\+1910', numberRef: number-01}]",
    second: "{rule: '^\\+1910', numberRef: number-01}]",
  },
  TOML: {
    file: 'domain.toml',
    content: `
[[resources]]
kind = "Policy"
ref = "other"
name = "Other"

[[resources]]
kind = "Domain"
ref = "domain-01"
name = "Local"
domainUri = "sip.local"
egressPolicies = [
  { rule = '^\\+1', numberRef = "number-01" },
  { rule = '^\\+1910', numberRef = "number-01" },
]
`,
    first: '{ rule = \'^\\+1\', numberRef = "number-01" },',
    second: '{ rule = \'^\\+1910\', numberRef = "number-01" },',
  },
  'JSON on one line': {
    file: 'domain.json',
    content: String.raw`[{"kind": "Policy", "ref": "other", "name": "Other"}, {"kind": "Domain", "ref": "domain-01", "name": "Local", "domainUri": "sip.local", "egressPolicies": [{"rule": "^\\+1", "numberRef": "number-01"}, {"rule": "^\\+1910", "numberRef": "number-01"}]}]`,
    first: String.raw`{"rule": "^\\+1", "numberRef": "number-01"}, {"rule": "^\\+1910", "numberRef": "number-01"}]}]`,
    second: String.raw`{"rule": "^\\+1910", "numberRef": "number-01"}]}]`,
  },
  "Routr's form": {
    file: 'domain.yaml',
    content: `
apiVersion: v2beta1
kind: Domain
ref: domain-01
metadata:
  name: Local
spec:
  context:
    domainUri: sip.local
    egressPolicies:
      - rule: '^\\+1'
        numberRef: number-01
      - rule: '^\\+1910'
        numberRef: number-01
`,
    first: "rule: '^\\+1'",
    second: "rule: '^\\+1910'",
  },
};

const placesIn = (places: Places, { object, related }: Finding): (string | undefined)[] =>
  [object, ...related].map((one) => places.of(one));

test.each(Object.entries(domains))('an egress rule in %s', async (_, { file, content, first, second }) => {
  const files = { 'rest.jsonl': REST, [file]: content };
  const { findings, places } = await linted(files);
  const finding = findings.find(({ code }) => code === 'egress-never-fires')!;
  const texts = placesIn(places, finding).map((place) => textAt(files, place!));
  expect(texts).toEqual([second, first]);
});

test('a called value of Voxtronics configuration', async () => {
  const files = {
    'vox.toml': `
[personas.concierge]
instructions = "Be kind."
[policies.concierge]
[realtime.voice]
provider = "deepgram"
[profiles.main]
persona = "concierge"
policy = "concierge"
realtime = "voice"

[[routing.sip]]
profile = "main"
match = { called = ["1000", "concierge"] }
[[routing.sip]]
profile = "main"
match = { called = ["3000", "1000"] }
`,
  };
  const { findings, places } = await linted(files);
  const finding = findings.find(({ code }) => code === 'called-twice')!;
  expect(placesIn(places, finding)).toEqual(['vox.toml:17:29', 'vox.toml:14:21']);
});

describe('a field that is missing', () => {
  const NUMBER =
    'kind: Number\nref: spare\nname: Spare\ntelUrl: tel:1\ncity: Durham\ncountry: USA\ncountryIsoCode: US\n';

  test('is where its document begins', async () => {
    const { findings, places } = await linted({ 'a b.yaml': `---\n# one\n---\n${NUMBER}` });
    expect(findings.map(({ code, object }) => [code, places.of(object)])).toContainEqual([
      'number-no-trunk',
      'a b.yaml:4:1',
    ]);
  });
});

describe('files laid over others', () => {
  const acl = (ref: string, ...rest: string[]) =>
    [`kind: AccessControlList`, `ref: ${ref}`, 'name: Office', 'allow: [10.0.0.0/8]', ...rest].join('\n');
  const over = (base: Files, other: Files) => linted(base, other);
  const at = async (base: Files, other: Files) => {
    const { findings, places } = await over(base, other);
    return findings.map(({ object }) => [object.ref, places.of(object)]);
  };

  test('have the places of what they say again, and of nothing else', async () => {
    const base = { 'base.yaml': `${acl('one')}\n---\n${acl('two')}\n` };
    expect(await at(base, { 'change.yaml': `# why\n${acl('two')}\n` })).toEqual([
      ['one', 'base.yaml:1:1'],
      ['two', 'change.yaml:2:1'],
    ]);
  });

  test('may name a resource by its natural key', async () => {
    const { places } = await over(
      { 'base.yaml': '{kind: Domain, ref: domain-01, name: Local, domainUri: sip.local}' },
      { 'change.yaml': '\n\n{kind: Domain, ref: sip.local, name: Other, domainUri: sip.local}' },
    );
    const place: Place = { kind: 'Domain', ref: 'domain-01', path: null };
    expect(places.of(place)).toBe('change.yaml:3:1');
    expect(places.of({ ...place, ref: 'sip.local' })).toBeUndefined();
  });
});

const {
  $schema: _draft,
  id: _id,
  ...schema
} = JSON.parse(readFileSync('test/fixtures/sarif-2.1.0-rtm.5.json', 'utf8')) as Record<string, unknown>;
const isSarif = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);

describe('in SARIF', () => {
  const ACL = '{kind: AccessControlList, ref: all, name: All, allow: [0.0.0.0/0]}';
  const logOf = async (files: Files) => {
    const { findings, places } = await linted(files);
    const results = findings.map((finding) => ({ finding, by: undefined }));
    const log = sarifLog({
      version: '1',
      rules: checks,
      results,
      root: '/srv',
      places,
      simulate: () => undefined,
    });
    isSarif(log);
    expect(isSarif.errors ?? []).toEqual([]);
    return (log as unknown as Log).runs[0].results;
  };

  test.each([
    ['conf/trunk.yaml', 'conf/trunk.yaml'],
    ['./conf/../conf/trunk.yaml', 'conf/trunk.yaml'],
    ['/srv/conf/trunk.yaml', 'conf/trunk.yaml'],
    ['a b/50%/ü#1?.yaml', 'a%20b/50%25/%C3%BC%231%3F.yaml'],
    ['one:two.yaml', 'one%3Atwo.yaml'],
    ['../other/acl.yaml', 'file:///other/acl.yaml'],
    ['/etc/a b.yaml', 'file:///etc/a%20b.yaml'],
    ['..acl.yaml', '..acl.yaml'],
  ])('%s is %s', async (path, uri) => {
    const [result] = await logOf({ [path]: `\n  ${ACL}` });
    expect(result!.locations[0]).toEqual({
      physicalLocation: { artifactLocation: { uri }, region: { startLine: 2, startColumn: 3 } },
      logicalLocations: [{ name: 'all', fullyQualifiedName: 'acls/all', kind: 'resource' }],
    });
  });

  test('what is related has its place too', async () => {
    const { file, content } = domains['YAML in blocks']!;
    const results = await logOf({ 'rest.jsonl': REST, [file]: content });
    const { relatedLocations } = results.find(({ ruleId }) => ruleId === 'egress-never-fires')!;
    expect(relatedLocations!.map(({ physicalLocation }) => physicalLocation!.region)).toEqual([
      { startLine: 7, startColumn: 7 },
    ]);
  });

  test('stdin is no file that can be opened', async () => {
    const [result] = await logOf({ stdin: ACL });
    expect(result!.locations[0]).toEqual({
      logicalLocations: [{ name: 'all', fullyQualifiedName: 'acls/all', kind: 'resource' }],
    });
  });
});

test('places that nobody knows are null in documents', () => {
  const object: Place = { kind: 'Trunk', ref: 'trunk-01', path: null };
  const finding: Finding = {
    code: 'c',
    severity: 'note',
    object,
    message: '',
    witness: null,
    related: [object],
  };
  const view = findingsView({ simulate: () => undefined, places: new Places() });
  expect(view.document(finding)).toMatchObject({ place: null, related: [{ ...object, place: null }] });
});

interface Location {
  readonly physicalLocation?: { readonly region: object };
}
interface Log {
  readonly runs: readonly [
    {
      readonly results: readonly {
        readonly ruleId: string;
        readonly locations: readonly Location[];
        readonly relatedLocations?: readonly Location[];
      }[];
    },
  ];
}
