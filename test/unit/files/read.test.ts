import { describe, expect, test } from '@jest/globals';
import { type Input, readStream } from '../../../src/lib/config/files/index.js';
import { kinds } from '../../../src/lib/kinds/index.js';
import { readFiles } from './support.js';

const read = (content: string, path = 'config.yaml', options = {}) => readFiles([{ path, content }], options);
const told = ({ problems }: Awaited<ReturnType<typeof read>>) =>
  problems.map(({ place, path, message }) => `${place} ${path}: ${message}`);

const AGENT = { name: 'John Doe', username: '1001', domainRef: 'domain-01' };
const DOMAIN = { name: 'Local Domain', domainUri: 'sip.local' };
const BOTH = [
  ['Agent', 'agent-01', AGENT],
  ['Domain', 'domain-01', DOMAIN],
];

const YAML = `kind: Agent
ref: agent-01
name: John Doe
username: "1001"
domainRef: domain-01
---
kind: Domain
ref: domain-01
name: Local Domain
domainUri: sip.local
`;
const values = [
  { kind: 'Agent', ref: 'agent-01', ...AGENT },
  { kind: 'Domain', ref: 'domain-01', ...DOMAIN },
];
const TOML = `[[resources]]
kind = "Agent"
ref = "agent-01"
name = "John Doe"
username = "1001"
domainRef = "domain-01"

[[resources]]
kind = "Domain"
ref = "domain-01"
name = "Local Domain"
domainUri = "sip.local"
`;

describe('our flat form', () => {
  test.each([
    ['YAML documents', 'a.yaml', YAML],
    [
      'a YAML list',
      'a.yml',
      YAML.replace(/^---\n/m, '')
        .replace(/^(?!kind)/gm, '  ')
        .replace(/^kind/gm, '- kind'),
    ],
    [
      'an indented YAML list',
      'a.yaml',
      `# x\n${values.map((one) => `  - ${JSON.stringify(one)}\n`).join('')}`,
    ],
    ['a list per document', 'a.yaml', values.map((one) => `- ${JSON.stringify(one)}\n`).join('---\n')],
    ['a JSON list', 'a.json', JSON.stringify(values, null, 2)],
    ['JSON Lines', 'a.jsonl', values.map((one) => JSON.stringify(one)).join('\n')],
    ['JSON in a YAML file', 'a.yaml', JSON.stringify(values)],
    ['JSON with trailing commas', 'a.json', JSON.stringify(values).replace(']', ',]')],
    ['JSON under resources', 'a.json', JSON.stringify({ resources: values })],
    ['TOML', 'a.toml', TOML],
    ['YAML on stdin', 'stdin', YAML],
    ['JSON on stdin', 'stdin', JSON.stringify(values)],
    ['TOML on stdin', 'stdin', `# x\n\n${TOML}`],
    ['TOML under another name', 'a.conf', TOML],
  ])('as %s', async (_, path, text) => {
    const { documents, problems, notes } = await read(text, path);
    expect([problems, notes]).toEqual([[], []]);
    expect(documents.map(({ kind, ref, doc }) => [kind.name, ref, doc])).toEqual(BOTH);
  });

  test('one resource at the top of a TOML file', async () => {
    const { documents } = await read('kind = "agent"\nref = "a"\nextended = { a = 1 }\n', 'a.toml');
    expect(documents.map(({ kind, ref, doc }) => [kind.name, ref, doc])).toEqual([
      ['Agent', 'a', { extended: { a: 1 } }],
    ]);
  });

  test('what is read only, Routr’s version, nulls and masked secrets are not given', async () => {
    const { documents, problems } = await read(`apiVersion: v2
kind: credentials
ref: c
name: c
username: ~
password: "********"
createdAt: 2026-11-21T10:00:00.000Z
updatedAt: x
revision: 7
position: 1
`);
    expect(problems).toEqual([]);
    expect(documents[0]!.doc).toEqual({ name: 'c' });
  });

  test('choices in any case, with dashes; TOML carries objects with nulls as text', async () => {
    const { documents } = await read(`
- {kind: Peer, ref: p, balancingAlgorithm: round-robin, extended: '{"a": null}'}
- {kind: Trunk, ref: t, uris: [{transport: tls}]}
- {kind: Agent, ref: a, privacy: Private}
`);
    expect(documents.map(({ doc }) => doc)).toEqual([
      { balancingAlgorithm: 'ROUND_ROBIN', extended: { a: null } },
      { uris: [{ transport: 'TLS' }] },
      { privacy: 'PRIVATE' },
    ]);
  });

  test('a missing ref is the natural key where one field is the key', async () => {
    const { documents, problems } = await read(`
- {kind: Domain, name: x, domainUri: SIP.local}
- {kind: Number, name: x, telUrl: "tel:+1910"}
- {kind: Peer, name: x, username: asterisk, aor: "sip:a@b"}
- {kind: Persona, name: concierge}
- {kind: Trunk, ref: ~, name: x, inboundUri: trunk.example.com}
`);
    expect(problems).toEqual([]);
    expect(documents.map(({ ref }) => ref)).toEqual([
      'SIP.local',
      '+1910',
      'asterisk',
      'concierge',
      'trunk.example.com',
    ]);
  });

  test('the examples of all kinds', async () => {
    for (const kind of kinds) {
      const { ref, ...doc } = kind.example;
      const { documents } = await read(JSON.stringify({ kind: kind.name, ...kind.example }));
      expect(documents.map((one) => [one.kind, one.ref, one.doc])).toEqual([[kind, ref, doc]]);
    }
  });

  test('unknown keys are passed over when reading is lenient, and said', async () => {
    const text = 'kind: Agent\nref: a\ncolour: blue\nusername: "1001"\n';
    expect(told(await read(text))).toHaveLength(1);
    const { documents, problems, notes } = await read(text, 'a.yaml', { lenient: true });
    expect(problems).toEqual([]);
    expect(documents[0]!.doc).toEqual({ username: '1001' });
    expect(notes).toEqual(['passed over, since it is not known: a.yaml:3:9 colour']);
    const wrong = await read(`${text}name: 7\n`, 'a.yaml', { lenient: true });
    expect(told(wrong)).toEqual(['a.yaml:5:7 name: is a number where text is expected: quote it, "7"']);
  });

  test('beside Routr’s, in one file', async () => {
    const { documents, problems } = await read(`
- {kind: Domain, ref: d1, name: One, domainUri: one.local}
- {kind: domain, ref: d2, metadata: {name: Two}, spec: {context: {domainUri: two.local}}}
`);
    expect(problems).toEqual([]);
    expect(documents.map(({ doc }) => doc)).toEqual([
      { name: 'One', domainUri: 'one.local' },
      { name: 'Two', domainUri: 'two.local' },
    ]);
  });
});

describe('places', () => {
  test.each([
    ['a.yaml', YAML, ['a.yaml:4:11', 'a.yaml:3:7', 'a.yaml:1:1', 'a.yaml:9:7']],
    ['a.json', JSON.stringify(values, null, 2), ['a.json:6:17', 'a.json:5:13', 'a.json:2:3', 'a.json:12:13']],
    ['a.toml', TOML, ['a.toml:5:12', 'a.toml:4:8', 'a.toml:1:3', 'a.toml:11:8']],
  ])('of fields in %s', async (path, text, expected) => {
    const { documents } = await read(text, path);
    const [agent, domain] = documents;
    expect([
      agent!.where('username'),
      agent!.where('name'),
      agent!.where('privacy'),
      domain!.where('name'),
    ]).toEqual(expected);
  });

  test('problems come by file and line', async () => {
    const { problems } = await readFiles([
      { path: 'b.yaml', content: 'kind: Agent\nref: a\nx: 1\nname: 7\n' },
      { path: 'a.yaml', content: '- {kind: Agent}\n- x\n' },
    ]);
    expect(problems.map(({ place }) => place)).toEqual([
      'b.yaml:3:4',
      'b.yaml:4:7',
      'a.yaml:1:3',
      'a.yaml:2:3',
    ]);
  });
});

describe('files with nothing in them', () => {
  test.each([
    ['a.yaml', ''],
    ['a.yaml', '# nothing\n---\n# at all\n'],
    ['a.yaml', '---\n---\n~\n'],
    ['a.json', ''],
    ['a.json', '[]\n'],
    ['a.toml', '# nothing\n'],
    ['stdin', '[]\n'],
    ['stdin', ' \n'],
  ])('%s: %j', async (path, text) => {
    const { documents, problems, notes } = await read(text, path);
    expect([documents, problems]).toEqual([[], []]);
    expect(notes.length).toBeLessThanOrEqual(1);
  });
});

describe('streams', () => {
  test('read as far as they are asked', async () => {
    let opened = 0;
    const inputs = async function* (): AsyncIterable<Input> {
      for (const i of [1, 2, 3]) {
        opened++;
        yield { path: `${i}.yaml`, content: `kind: Domain\nref: d${i}\n---\nkind: Domain\nref: e${i}\n` };
      }
    };
    const refs: string[] = [];
    for await (const { ref } of readStream(inputs())) {
      refs.push(ref);
      if (refs.length === 3) break;
    }
    expect([refs, opened]).toEqual([['d1', 'e1', 'd2'], 2]);
  });

  test('go on after a problem, so that all are found', async () => {
    const stream = readStream([
      { path: 'a.yaml', content: 'kind: X\n---\nkind: Domain\nref: d\n---\n- 1\n' },
    ]);
    const refs: string[] = [];
    for await (const { ref } of stream) refs.push(ref);
    expect(refs).toEqual(['d']);
    expect(stream.problems.map(({ place }) => place)).toEqual(['a.yaml:1:7', 'a.yaml:6:3']);
  });

  test('twenty thousand resources in one list, one of them wrong', async () => {
    const items = Array.from({ length: 20_000 }, (_, i) => `- kind: Domain\n  ref: d${i}\n  name: D\n`);
    items[12_345] = '- kind: Domain\n  ref: d12345\n  nme: D\n';
    const { documents, problems } = await read(items.join(''));
    expect(documents).toHaveLength(19_999);
    expect(problems.map(({ place, path }) => `${place} ${path}`)).toEqual(['config.yaml:37038:8 nme']);
  });
});
