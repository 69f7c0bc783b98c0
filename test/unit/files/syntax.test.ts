import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../../src/lib/kinds/kind.js';
import { emitYaml, emitYamlItem } from '../../../src/lib/config/files/emit-yaml.js';
import { quickJson, splitJson } from '../../../src/lib/config/files/json.js';
import { loadToml } from '../../../src/lib/config/files/toml.js';
import type { Chunk, Parse, Syntax } from '../../../src/lib/config/files/types.js';
import { loadYaml } from '../../../src/lib/config/files/yaml.js';
import { quickYaml } from '../../../src/lib/config/files/yaml-quick.js';
import { splitYaml } from '../../../src/lib/config/files/yaml-split.js';
import { json, texts } from './arbitrary.js';

let parse: (chunk: Chunk) => Parse;
let toml: Syntax;
beforeAll(async () => {
  parse = await loadYaml();
  toml = await loadToml();
});

const whole = (text: string): Chunk => ({ file: 'x', text, line: 1, column: 1 });

/** What the library with places says: values, or that there are problems. */
function slowly(text: string): Json[] | 'problems' {
  const { documents, problems } = parse(whole(text));
  return problems.length > 0 ? 'problems' : documents.map(({ value }) => value);
}

const fragment = fc.oneof(
  fc.constantFrom(
    'a:',
    'b:',
    'c: ',
    'kind: x',
    '- ',
    '-',
    '- a: 1',
    '- b',
    '- - c',
    '? d',
    ': e',
    '#',
    '# f',
    ' # g',
  ),
  fc.constantFrom(
    '---',
    '...',
    '"x"',
    "'y'",
    "'it''s'",
    '[1, "a"]',
    '["a"]',
    '{}',
    '[]',
    '{a: 1}',
    '|',
    '|-',
    '>',
  ),
  fc.constantFrom(
    'true',
    'null',
    '~',
    '1',
    '01',
    '-0',
    '0x1f',
    '0o7',
    '1_0',
    '+1',
    '1.5',
    '.5',
    '5.',
    '1e3',
    '.inf',
  ),
  fc.constantFrom(
    '&a x',
    '*a',
    '!t x',
    '%x',
    '@x',
    'a b',
    'a  b ',
    'sip:a@b',
    'a: b: c',
    '10.0.0.0/8',
    '\t',
    'é',
    '"a',
  ),
  fc.constantFrom(
    '9007199254740993',
    '"a\\u0041"',
    '"a" b',
    'a"b"',
    '-x',
    '--',
    '..',
    '=',
    '<<: x',
    'on: y',
    'a:b',
  ),
  texts(12).filter((text) => !text.includes('\n')),
);
const line = fc
  .tuple(
    fc.constantFrom(0, 0, 2, 2, 4, 1, 6),
    fc.array(fragment, { maxLength: 3 }),
    fc.constantFrom('', '', ' ', '\r'),
  )
  .map(([indent, parts, end]) => ' '.repeat(indent) + parts.join(' ') + end);
const simple = fc
  .tuple(
    fc.constantFrom(0, 0, 2, 2, 4),
    fc.constantFrom('', '- '),
    fc.constantFrom('a', 'b', 'c', 'd'),
    fragment,
  )
  .map(([indent, dash, key, value]) => `${' '.repeat(indent)}${dash}${key}: ${value}`);
const yamlText = fc
  .array(fc.oneof({ weight: 1, arbitrary: line }, { weight: 3, arbitrary: simple }), { maxLength: 7 })
  .map((lines) => lines.join('\n'));

const yamlList = fc
  .array(
    fc.oneof(
      fc.dictionary(texts(10), json, { minKeys: 1, maxKeys: 3 }).map(emitYamlItem),
      fc.constantFrom('# x\n', '\n', '- &a 1\n'),
    ),
  )
  .map((items) => items.join(''));

describe('YAML', () => {
  test('what the fast reader reads, the library reads alike', () => {
    let sure = 0;
    fc.assert(
      fc.property(yamlText, (text) => {
        const quick = quickYaml(text);
        if (quick === undefined) return;
        sure++;
        // A document of nothing is none.
        const slow = slowly(text);
        expect(quick).toEqual(slow === 'problems' ? slow : slow.filter((value) => value !== null));
      }),
      { numRuns: 4000 },
    );
    expect(sure).toBeGreaterThan(400);
  });

  test('what is written is mostly read by the fast reader, and always right', () => {
    fc.assert(
      fc.property(fc.dictionary(texts(10), json, { maxKeys: 5 }), (value) => {
        const text = emitYaml(value);
        const expected = Object.keys(value).length === 0 ? [] : [value];
        expect(slowly(text)).toEqual(expected);
        expect([expected, undefined]).toContainEqual(quickYaml(text));
      }),
      { numRuns: 1000 },
    );
  });

  test('chunks hold what the whole holds', () => {
    let split = 0;
    fc.assert(
      fc.property(
        fc.array(fc.oneof(yamlText, yamlList), { maxLength: 4 }).map((parts) => parts.join('\n---\n')),
        (text) => {
          const expected = slowly(text);
          if (expected === 'problems') return;
          const chunks = [...splitYaml('x', text).chunks];
          expect(chunks.map((chunk) => chunk.text).join('')).toBe(text);
          if (chunks.length > 1) split++;
          const found = chunks.flatMap((chunk) => slowly(chunk.text));
          const items = (values: readonly unknown[]) => values.flat().filter((value) => value !== null);
          expect(items(found)).toEqual(items(expected));
        },
      ),
      { numRuns: 2000 },
    );
    expect(split).toBeGreaterThan(50);
  });

  test('chunks know where they start', () => {
    const text = '# x\n- a: 1\n\n- b: 2\n---\nc: 3\n--- # d\ne: 4\n...\n%YAML 1.2\n---\nf: 5\n';
    expect([...splitYaml('x', text.replace('%', '#')).chunks].map(({ line, text }) => [line, text])).toEqual([
      [1, '# x\n- a: 1\n\n'],
      [4, '- b: 2\n'],
      [5, '---\nc: 3\n'],
      [7, '--- # d\ne: 4\n...\n#YAML 1.2\n'],
      [11, '---\nf: 5\n'],
    ]);
    expect([...splitYaml('x', text).chunks]).toHaveLength(1);
    expect([...splitYaml('x', '- &a {x: 1}\n- *a\n').chunks]).toHaveLength(1);
  });
});

describe('JSON', () => {
  test('what the fast reader reads, the library reads alike', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 2, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        const quick = quickJson(text);
        if (quick !== undefined) expect(quick).toEqual(value);
        if (value !== null)
          expect([[quick], 'problems']).toContainEqual(quick === undefined ? 'problems' : slowly(text));
      }),
      { numRuns: 1000 },
    );
  });

  test('only the library tells of duplicate keys and of numbers that lose digits', () => {
    for (const text of [
      '{"a": 1, "a": 2}',
      '[{"b": {"a": 1, "a": 2}}]',
      '9223372036854775807',
      '{"a": 1,}',
      '{a: 1}',
      '',
    ])
      expect(quickJson(text)).toBeUndefined();
    expect(quickJson('{"a:": "b: \\" : ", "__proto__": 1}')).toEqual(
      JSON.parse('{"a:": "b: \\" : ", "__proto__": 1}'),
    );
  });

  test('elements of lists, and values one after another, are chunks', () => {
    const chunks = (text: string) => {
      const split = splitJson('x', text);
      return split && [...split.chunks].map(({ line, column, text }) => `${line}:${column} ${text}`);
    };
    expect(chunks('\n [ {"a": [1, "]"]} ,\n  2, "x,\\"" ]\n')).toEqual([
      '2:4 {"a": [1, "]"]}',
      '3:3 2',
      '3:6 "x,\\""',
    ]);
    expect(chunks('{"a": 1}\n{"b": 2}')).toEqual(['1:1 {"a": 1}', '2:1 {"b": 2}']);
    expect(chunks('[]')).toEqual([]);
    for (const text of [
      '[',
      '[1',
      '[1,]',
      '[1 2]',
      '{"a": "b}',
      '}',
      `${'['.repeat(100)}1${']'.repeat(100)}`,
    ])
      expect(chunks(text)).toBeUndefined();
  });
});

describe('TOML', () => {
  const read = (text: string) => {
    const { documents, problems } = toml.parse(whole(text));
    return problems.length > 0
      ? problems.map(({ place, message }) => `${place} ${message}`)
      : documents.map(({ value }) => value);
  };

  test('both parsers read alike', () => {
    for (const text of [
      'a = 1\nb.c = "x"\nb."d e" = [1, [2], {f = true}]\n[t]\nx = 0x1f\n[t.u]\ny = 1.5\n[[l]]\nz = 1\n[[l]]\n[l.m]\nn = """\na\n"""\n',
      '[a.b]\nx = 1\n[a]\ny = 2\n[[a.c]]\n[[a.c.d]]\ne = 1_000\n[[a.c]]\n[[a.c.d]]\ne = -1\n',
      "s = 'a\\b'\nm = '''\nx'''\ninline = { a = { b = [] }, c.d = {} }\n",
    ])
      expect(toml.quick(text)).toEqual(read(text));
  });

  test('only the parser with places tells of dates, which stay text, and of numbers that cannot be kept', () => {
    expect(toml.quick('a = 2026-11-21\n')).toBeUndefined();
    expect(read('a = 2026-11-21\nb = [07:30:00]\n')).toEqual([{ a: '2026-11-21', b: ['07:30:00'] }]);
    expect(toml.quick('a = inf\n')).toBeUndefined();
    expect(read('a = inf\nb.c = 9223372036854775807\n')).toEqual([
      'x:1:5 "inf" is no number that can be kept',
      'x:2:7 is a number of too many digits to be kept: quote it',
    ]);
  });

  test('places', () => {
    const { documents } = toml.parse({
      ...whole('a = 1\n[t."x y"]\nb = [1,\n  {c = 2}]\n[[l]]\nd = 4\n'),
      line: 11,
    });
    const [located] = documents;
    const at = (path: string) => located!.at(path);
    expect([
      at('a'),
      at('t.x y'),
      at('t.x y.b'),
      at('t.x y.b[1].c'),
      at('l[0]'),
      at('l[0].d'),
      at('l[0].e'),
      at('z'),
    ]).toEqual(['x:11:5', 'x:12:2', 'x:13:5', 'x:14:8', 'x:15:3', 'x:16:5', 'x:15:3', 'x:11:1']);
    expect(located!.sourceOf('t.x y.b[1].c')).toBe('2');
  });

  test('each resources table is a chunk, unless a text of several lines could hold its header', () => {
    const text = '# x\n[[resources]]\na = 1\n[resources.b]\n[[resources]]\na = 2\n';
    const chunks = (one: string) => [...toml.split('x', one)!.chunks].map(({ line }) => line);
    expect(chunks(text)).toEqual([1, 2, 5]);
    expect(chunks(`${text}c = """\n[[resources]]"""`)).toEqual([1]);
  });
});
