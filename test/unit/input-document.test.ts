import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, test } from '@jest/globals';
import { CtlError } from '../../src/lib/errors.js';
import { loadYaml } from '../../src/lib/config/files/yaml.js';
import { agent } from '../../src/lib/kinds/agent.js';
import { credentials } from '../../src/lib/kinds/credentials.js';
import { domain } from '../../src/lib/kinds/domain.js';
import type { Kind } from '../../src/lib/kinds/kind.js';
import { kinds } from '../../src/lib/kinds/index.js';
import { sipRoute } from '../../src/lib/kinds/sip-route.js';
import { trunk } from '../../src/lib/kinds/trunk.js';
import { type DocumentFile, readDocument } from '../../src/lib/cli/input/document.js';
import { Sources } from '../../src/lib/cli/input/source.js';
import { printerFor } from '../../src/lib/cli/output/index.js';
import { resourceView } from '../../src/lib/cli/output/resource.js';
import { agentRow, credentialsRow, domainRow, routeRow } from '../support/rows.js';
import { memoryTerminal } from '../support/terminal.js';

const read = (kind: unknown, text: string | Buffer): Promise<DocumentFile> =>
  readDocument(new Sources(() => Readable.from([Buffer.from(text)])), '-', kind as Kind);

async function problems(kind: unknown, text: string | Buffer): Promise<string[]> {
  const error = await read(kind, text).then(
    () => new Error('expected an error'),
    (failure: unknown) => failure,
  );
  if (!(error instanceof CtlError)) throw error;
  expect(error.exitCode).toBe(2);
  return error.fields.map(({ field, message }) => `${field} ${message}`);
}

const folder = mkdtempSync(join(tmpdir(), 'ctl-document-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a document', () => {
  test('in YAML', async () => {
    const file = await read(
      domain,
      `# the domain of the tour
apiVersion: v2
kind: Domain
ref: domain-01
name: Local Domain
domainUri: sip.local
egressPolicies:
  - rule: ^\\+1
    numberRef: "+19103434434"
extended: {deep: [1, {a: null}], "no": 1.5}
revision: 7
createdAt: 2026-11-21T10:00:00.000Z
`,
    );
    expect(file.ref).toBe('domain-01');
    expect(file.doc).toEqual({
      name: 'Local Domain',
      domainUri: 'sip.local',
      egressPolicies: [{ rule: '^\\+1', numberRef: '+19103434434' }],
      extended: { deep: [1, { a: null }], no: 1.5 },
    });
  });

  test('in JSON, indented with tabs or on one line, with a byte order mark', async () => {
    const value = { name: 'John', username: '1001', privacy: 'private', enabled: false, maxContacts: 3 };
    for (const text of [
      JSON.stringify(value),
      JSON.stringify(value, null, '\t'),
      `\ufeff${JSON.stringify(value)}`,
    ])
      expect((await read(agent, text)).doc).toEqual({ ...value, privacy: 'PRIVATE' });
  });

  test('null empties, and a masked secret is not given', async () => {
    const file = await read(credentials, 'name: John\npassword: "********"\nextended: ~\n');
    expect(file.doc).toEqual({ name: 'John' });
    expect(file.clear).toEqual(['extended']);
  });

  test('knows where its parts stand, and the places of what is missing', async () => {
    const { where } = await read(domain, 'name: x\negressPolicies:\n  - rule: "("\n    numberRef: n\n');
    expect(where('egressPolicies[0].rule')).toBe('stdin:3:11 egressPolicies[0].rule');
    expect(where('egressPolicies[0].unknown')).toBe('stdin:3:5 egressPolicies[0].unknown');
    expect(where('domainUri')).toBe('stdin:1:1 domainUri');
    expect(where('strange]path')).toBe('stdin:1:1 strange]path');
  });

  test('from a file is called by its name', async () => {
    const path = join(folder, 'agents.yaml');
    writeFileSync(path, 'username: 1001\n');
    const sources = new Sources(() => Readable.from([]));
    await expect(readDocument(sources, path, agent as Kind)).rejects.toMatchObject({
      fields: [
        {
          field: `${path}:1:11 username`,
          message: 'is a number where text is expected: quote it, "1001"',
        },
      ],
    });
  });
});

describe('what we print feeds what we read', () => {
  test.each([
    ['agents', agentRow('agent-01', { name: 'no', username: '010' })],
    ['domains', domainRow],
    ['credentials', credentialsRow],
    ['sip-routes', routeRow],
  ])('%s, as JSON and as YAML', async (_, row) => {
    for (const format of ['json', 'yaml']) {
      const { terminal, stdout } = memoryTerminal();
      await printerFor(terminal.out, resourceView(row.kind), { format }).one(row);
      const file = await read(row.kind, stdout.text);
      expect(file.ref).toBe(row.ref);
      expect(file.doc).toEqual(row.doc);
    }
  });

  test.each(kinds.map((kind) => [kind.topic, kind] as const))('the example of %s', async (_, kind) => {
    const { ref, ...doc } = kind.example;
    const file = await read(kind, JSON.stringify(kind.example));
    expect([file.ref, file.doc]).toEqual([ref, doc]);
  });
});

describe('problems, all at once, each with its place', () => {
  test('types', async () => {
    expect(
      await problems(
        agent,
        `name: 7
username: +1910
domainRef: true
privacy: secret
enabled: "yes"
maxContacts: "3"
extended: [1]
usrname: x
ref: 1
`,
      ),
    ).toEqual([
      'stdin:9:6 ref is a number where text is expected: quote it, "1"',
      'stdin:1:7 name is a number where text is expected: quote it, "7"',
      'stdin:2:11 username is a number where text is expected: quote it, "+1910"',
      'stdin:3:12 domainRef is true or false where text is expected: quote it, "true"',
      'stdin:4:10 privacy "secret" is not valid: expected PRIVATE, NONE',
      'stdin:5:10 enabled is "yes": expected true or false',
      'stdin:6:14 maxContacts is "3": expected a whole number',
      'stdin:7:11 extended is a list: expected a mapping',
      'stdin:8:10 usrname is no field here (did you mean username?)',
    ]);
  });

  test('lists and their entries', async () => {
    expect(await problems(sipRoute, 'called: 1000\n')).toEqual(['stdin:1:9 called is 1000: expected a list']);
    expect(await problems(sipRoute, 'called: [1000, "2000", [x]]\n')).toEqual([
      'stdin:1:10 called[0] is a number where text is expected: quote it, "1000"',
      expect.stringMatching(/^stdin:1:24 called\[2\] is a list: expected value that/),
    ]);
    expect(await problems(trunk, 'uris:\n  - hots: a\n    port: x\n  - b\n')).toEqual([
      'stdin:2:11 uris[0].hots is no field here (did you mean host?)',
      'stdin:3:11 uris[0].port is "x": expected a whole number',
      'stdin:4:5 uris[1] is "b": expected host, port, transport, user, weight, priority, enabled',
    ]);
  });

  test('the wrong kind, and no mapping at all', async () => {
    expect(await problems(agent, 'kind: Peer\nname: x\n')).toEqual([
      'stdin:1:7 kind is "Peer": expected Agent, for ctl agents',
    ]);
    expect(await problems(agent, '- name: x\n')).toEqual([
      'stdin:1:1 is a list: expected the fields of one agent',
    ]);
    expect(await problems(agent, 'hello\n')).toEqual([
      'stdin:1:1 is "hello": expected the fields of one agent',
    ]);
    expect(await problems(agent, 'name: ~\n')).toEqual([
      'stdin:1:7 name is empty: expected name for people, 1-60 characters',
    ]);
  });

  test('syntax', async () => {
    expect(await problems(agent, 'name: "x\n')).toEqual([
      expect.stringMatching(/^stdin:\d:\d Missing closing/),
    ]);
    expect(await problems(agent, 'a: b: c\n')).toEqual([expect.stringMatching(/^stdin:1:4 Nested mappings/)]);
    expect(await problems(agent, 'name: !secret x\n')).toEqual([
      expect.stringMatching(/^stdin:1:7 Unresolved tag/),
    ]);
    expect(await problems(agent, 'name: !!binary aGk=\n')).toEqual([
      'stdin:1:16 name aGk= is neither text, number, true, false nor null',
    ]);
    expect(await problems(agent, '? [a]\n: b\n')).toEqual([
      'stdin:1:3 has a key that is no text: expected a name',
    ]);
  });

  test('duplicate keys, at any depth', async () => {
    expect(await problems(agent, 'name: a\nname: b\nextended: {x: 1, x: 2}\n')).toEqual([
      'stdin:2:1 name "name" stands here a second time: expected each key once',
      'stdin:3:18 extended.x "x" stands here a second time: expected each key once',
    ]);
    expect(await problems(agent, '{"name": "a", "name": "b"}')).toEqual([
      'stdin:1:15 name "name" stands here a second time: expected each key once',
    ]);
  });

  test('not one document', async () => {
    expect(await problems(agent, '')).toEqual(['stdin:1:1 holds no documents: expected exactly one']);
    expect(await problems(agent, '# nothing\n')).toEqual([
      'stdin:1:1 holds no documents: expected exactly one',
    ]);
    expect(await problems(agent, 'name: a\n---\nname: b\n')).toEqual([
      'stdin:1:1 holds 2 documents: expected exactly one',
    ]);
    expect((await read(agent, '---\nname: a\n...\n')).doc).toEqual({ name: 'a' });
  });
});

describe('hostile input', () => {
  test('invalid UTF-8', async () => {
    expect(await problems(agent, Buffer.from([0x6e, 0xff]))).toEqual([
      '--file stdin:1 is not valid UTF-8: expected text in UTF-8',
    ]);
  });

  test('depth', async () => {
    const nested = (levels: number) => `extended: {a: ${'['.repeat(levels)}${']'.repeat(levels)}}\n`;
    expect((await read(agent, nested(60))).doc['extended']).toBeDefined();
    expect((await problems(agent, nested(80)))[0]).toMatch(/is nested deeper than 64 levels$/);
    expect((await problems(agent, nested(10_000))).length).toBeGreaterThan(0);
  });

  test('alias bombs', async () => {
    const bomb = [
      'a: &a [x]',
      ...'bcdefghij'.split('').map((name, i) => {
        const before = String.fromCharCode(97 + i);
        return `${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`;
      }),
    ].join('\n  ');
    expect((await problems(agent, `extended:\n  ${bomb}\n`))[0]).toMatch(/is one alias too many/);
    const few = await read(agent, 'extended: {a: &x {b: 1}, c: *x}');
    expect(few.doc['extended']).toEqual({ a: { b: 1 }, c: { b: 1 } });
  });

  test('a file with 20,000 keys is read in time', async () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `  k${i}: v`).join('\n');
    const started = performance.now();
    await read(agent, `extended:\n${keys}\n`);
    expect(performance.now() - started).toBeLessThan(8000);
  });

  test('numbers that are no JSON, and names of prototypes', async () => {
    expect(await problems(agent, 'extended: {a: .inf}')).toEqual([
      'stdin:1:15 extended.a .inf is neither text, number, true, false nor null',
    ]);
    const file = await read(agent, 'extended: {__proto__: {a: 1}, constructor: b}');
    expect(Object.keys(file.doc['extended'] as object)).toEqual(['__proto__', 'constructor']);
    expect(await problems(agent, '__proto__: {a: 1}\nconstructor: x\n')).toEqual([
      expect.stringMatching(/^stdin:1:12 __proto__ is no field here/),
      expect.stringMatching(/^stdin:2:14 constructor is no field here/),
    ]);
  });
});

describe('values with places', () => {
  test('sources are kept as they are written', async () => {
    const parse = await loadYaml();
    const { documents } = parse({ file: 'x.yaml', text: 'a: 0x10\nb: [+1]\n', line: 1, column: 1 });
    const located = documents[0]!;
    expect(located.value).toEqual({ a: 16, b: [1] });
    expect([located.sourceOf('a'), located.sourceOf('b[0]')]).toEqual(['0x10', '+1']);
    expect(located.at('b[0].c')).toBe('x.yaml:2:5');
  });
});
