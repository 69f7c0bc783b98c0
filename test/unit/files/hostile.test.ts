import { describe, expect, test } from '@jest/globals';
import { readStream } from '../../../src/lib/config/files/index.js';
import { readFiles } from './support.js';

const MB = 1024 * 1024;
/** Generous: what these guard against takes minutes, or all memory. */
const LONGEST = 10_000;

async function problemsOf(content: string | Uint8Array, path = 'hostile.yaml'): Promise<string[]> {
  const started = performance.now();
  const { problems } = await readFiles([{ path, content }]);
  expect(performance.now() - started).toBeLessThan(LONGEST);
  for (const { path: at, message } of problems) expect(at.length + message.length).toBeLessThan(2000);
  return problems.map(({ place, message }) => `${place} ${message}`);
}

const bomb = (levels: number) =>
  [
    'a0: &a0 [x, x, x, x, x, x, x, x, x]',
    ...Array.from(
      { length: levels },
      (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`,
    ),
  ].join('\n');

describe('nesting', () => {
  test.each([
    ['JSON lists', 'a.json', '['.repeat(MB), /nested deeper than 64 levels/],
    ['JSON objects', 'a.json', '{"a":'.repeat(100_000), /nested deeper than 64 levels/],
    [
      'closed JSON',
      'a.json',
      `${'['.repeat(500)}1${']'.repeat(500)}`,
      /Excessive|nested deeper than 64|nest/i,
    ],
    ['YAML flow', 'a.yaml', `a: ${'['.repeat(10_000)}`, /nested deeper than 64 levels/],
    ['YAML maps in flow', 'a.yaml', '{a: '.repeat(50_000), /nested deeper than 64 levels/],
    ['YAML block lists', 'a.yaml', `${'- '.repeat(10_000)}x`, /nested deeper than 64 levels/],
    ['YAML keys', 'a.yaml', '? '.repeat(10_000), /nested deeper than 64 levels/],
    [
      'YAML block maps',
      'a.yaml',
      Array.from({ length: 1500 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      /nest/i,
    ],
    ['TOML lists', 'a.toml', `a = ${'['.repeat(100_000)}`, /nested deeper than 64 levels/],
    ['TOML tables', 'a.toml', `[${'a.'.repeat(200)}b]\nc = 1\n`, /nested deeper than 64 levels/],
    ['TOML keys', 'a.toml', `${'a.'.repeat(10_000)}b = 1\n`, /nested deeper than 64 levels/],
    [
      'TOML inline tables',
      'a.toml',
      `a = ${'{a = '.repeat(900)}1${'}'.repeat(900)}`,
      /nested deeper than 64 levels/,
    ],
  ])('%s', async (_, path, text, expected) => {
    expect((await problemsOf(text, path)).join('\n')).toMatch(expected);
  });

  test('a little is fine', async () => {
    const deep = `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`;
    expect(await problemsOf(`{"kind": "Agent", "ref": "a", "extended": ${deep}}`, 'a.json')).toEqual([]);
  });
});

describe('size', () => {
  test('a file', async () => {
    const [problem] = await problemsOf(new Uint8Array(64 * MB + 1));
    expect(problem).toBe('hostile.yaml:1:1 has 67108865 bytes: expected at most 67108864; divide it');
  });

  test.each([
    ['YAML', 'a.yaml', (text: string) => `kind: Persona\nref: p\ninstructions: ${text}\n`],
    ['quoted YAML', 'a.yaml', (text: string) => `kind: Persona\nref: p\ninstructions: "${text}"\n`],
    ['JSON', 'a.json', (text: string) => `{"kind": "Persona", "ref": "p", "instructions": "${text}"}`],
    [
      'TOML',
      'a.toml',
      (text: string) => `[[resources]]\nkind = "Persona"\nref = "p"\ninstructions = "${text}"\n`,
    ],
  ])('a huge scalar in %s', async (_, path, of) => {
    const [problem] = await problemsOf(of('x'.repeat(60 * MB)), path);
    expect(problem).toMatch(/holds a document of \d+ characters: expected at most 2097152; divide it/);
  });

  test('a huge number', async () => {
    const digits = '1'.repeat(MB);
    expect((await problemsOf(`kind: Agent\nref: ${digits}\n`))[0]).toMatch(
      /neither text, number|too many digits/,
    );
    expect((await problemsOf(`{"kind": "Agent", "ref": ${digits}}`, 'a.json'))[0]).toMatch(
      /neither text, number/,
    );
    expect(await problemsOf(`kind = "Agent"\nref = ${digits}\n`, 'a.toml')).toHaveLength(1);
  });

  test('a huge key', async () => {
    const key = 'k'.repeat(900_000);
    expect((await problemsOf(`{"kind": "Agent", "ref": "a", "${key}": 1}`, 'a.json'))[0]).toMatch(
      /is no field here/,
    );
  });

  test('too many parts for a document', async () => {
    const text = `kind: Agent\nref: a\nextended: {a: [${'x y, '.repeat(100_000)}]}\n`;
    expect((await problemsOf(text))[0]).toMatch(/holds a document of too many parts/);
  });
});

describe('keys', () => {
  const keys = (count: number, key: (i: number) => string) => Array.from({ length: count }, (_, i) => key(i));

  test('20,000 of them', async () => {
    const yaml = `kind: Agent\nref: a\nextended:\n${keys(20_000, (i) => `  k${i}: "v"\n`).join('')}`;
    expect(await problemsOf(yaml)).toEqual([]);
    // What the fast reader does not take.
    expect(await problemsOf(yaml.replace('"v"', '!!str v'))).toEqual([]);
    const json = `{"kind": "Agent", "ref": "a", "extended": {${keys(20_000, (i) => `"k${i}": 1`).join()}}}`;
    expect(await problemsOf(json, 'a.json')).toEqual([]);
    const toml = `kind = "Agent"\nref = "a"\n[extended]\n${keys(20_000, (i) => `k${i} = 1\n`).join('')}`;
    expect(await problemsOf(toml, 'a.toml')).toEqual([]);
  });

  test('20,000 of one name', async () => {
    const yaml = `kind: Agent\nref: a\nextended:\n${'  k: 1\n'.repeat(20_000)}`;
    expect((await problemsOf(yaml))[0]).toBe(
      'hostile.yaml:5:3 "k" stands here a second time: expected each key once',
    );
    const json = `{"kind": "Agent", "ref": "a", "extended": {"k": 1${', "k": 1'.repeat(20_000)}}}`;
    expect((await problemsOf(json, 'a.json'))[0]).toMatch(/^a.json:1:52 "k" stands here a second time/);
    expect(await problemsOf('k = 1\n'.repeat(20_000), 'a.toml')).toEqual([
      'a.toml:2:1 Defining a key multiple times is invalid',
    ]);
  });

  test('20,000 that nobody knows', async () => {
    const problems = await problemsOf(`kind: Agent\nref: a\n${keys(20_000, (i) => `k${i}: 1\n`).join('')}`);
    expect(problems.length).toBeLessThanOrEqual(20_001);
    expect(problems[0]).toMatch(/^hostile.yaml:3:5 is no field here/);
  });

  test('of prototypes', async () => {
    const text = '{"kind": "Agent", "ref": "a", "extended": {"__proto__": {"x": 1}, "constructor": 2}}';
    const { documents } = await readFiles([{ path: 'a.json', content: text }]);
    expect(JSON.stringify(documents[0]!.doc['extended'])).toBe('{"__proto__":{"x":1},"constructor":2}');
    expect(({} as { x?: number }).x).toBeUndefined();
    for (const path of ['a.yaml', 'a.json']) {
      const [problem] = await problemsOf('{"kind": "Agent", "ref": "a", "__proto__": {"name": "x"}}', path);
      expect(problem).toMatch(/is no field here/);
    }
    const toml = 'kind = "Agent"\nref = "a"\n[extended.__proto__]\nx = 1\n';
    const read = await readFiles([{ path: 'a.toml', content: toml }]);
    expect(JSON.stringify(read.documents[0]!.doc['extended'])).toBe('{"__proto__":{"x":1}}');
  });
});

describe('aliases', () => {
  test('bombs', async () => {
    expect(
      (await problemsOf(`kind: Agent\nref: a\nextended:\n${bomb(9).replace(/^/gm, '  ')}\n`))[0],
    ).toMatch(/is one alias too many: expected at most 1000/);
    const wide = `kind: Agent\nref: a\nextended:\n  a: &a [${'x, '.repeat(2000)}]\n  b: [${'*a, '.repeat(900)}]\n`;
    expect((await problemsOf(wide))[0]).toMatch(/is one value too many/);
  });

  test('some are fine, also among the items of a list', async () => {
    const text = `- kind: Agent
  ref: a
  extended: &e {x: 1}
${Array.from({ length: 300 }, (_, i) => `- {kind: Agent, ref: a${i}, extended: *e}\n`).join('')}`;
    const { documents, problems } = await readFiles([{ path: 'a.yaml', content: text }]);
    expect(problems).toEqual([]);
    expect(documents).toHaveLength(301);
    expect(documents[300]!.doc).toEqual({ extended: { x: 1 } });
  });

  test('of themselves', async () => {
    expect((await problemsOf('kind: Agent\nref: a\nextended: &a {b: *a}\n')).length).toBeGreaterThan(0);
  });
});

describe('bytes', () => {
  test('that are no UTF-8', async () => {
    expect(await problemsOf(Buffer.from('kind: Agent\nname: J\xf6rg\n', 'latin1'))).toEqual([
      'hostile.yaml:2:8 is not valid UTF-8: expected text in UTF-8',
    ]);
    expect(await problemsOf(Buffer.from('\ufeffkind: Agent\n', 'utf16le'))).toEqual([
      'hostile.yaml:1:1 is not valid UTF-8: expected text in UTF-8',
    ]);
  });

  test('NUL', async () => {
    for (const path of ['a.yaml', 'a.json', 'a.toml', 'stdin'])
      expect(await problemsOf('a\nb\0', path)).toEqual([`${path}:2:2 has a NUL character: expected text`]);
  });

  test('a byte order mark, and lines that end with CR LF', async () => {
    const text = '\ufeffkind: Agent\r\nref: a\r\nname: "J"\r\nextended:\r\n  a: |\r\n    x\r\n    y\r\n';
    for (const [path, content] of [
      ['a.yaml', text],
      ['a.json', '\ufeff{"kind": "Agent",\r\n"ref": "a", "name": "J", "extended": {"a": "x\\ny\\n"}}\r\n'],
      ['a.toml', '\ufeffkind = "Agent"\r\nref = "a"\r\nname = "J"\r\nextended = { a = "x\\ny\\n" }\r\n'],
    ] as const) {
      const { documents, problems } = await readFiles([{ path, content: Buffer.from(content) }]);
      expect(problems).toEqual([]);
      expect(documents.map(({ doc }) => doc)).toEqual([{ name: 'J', extended: { a: 'x\ny\n' } }]);
    }
  });
});

describe('problems without end', () => {
  test('are not all listed', async () => {
    const text = 'kind: Agent\nref: a\nusername: 1001\n---\n'.repeat(3000);
    const stream = readStream([
      { path: 'a.yaml', content: text },
      { path: 'b.yaml', content: 'x' },
    ]);
    for await (const _ of stream) throw new Error('no document is right');
    expect(stream.problems).toHaveLength(1001);
    expect(stream.problems.at(-1)).toEqual({
      place: 'a.yaml',
      path: '',
      message: 'the rest is not read: there are 1000 problems already',
    });
  });

  test('of syntax neither', async () => {
    expect((await problemsOf(`a: [${'} '.repeat(20_000)}`)).length).toBeLessThanOrEqual(20);
  });
});
