import { beforeAll, describe, expect, test } from '@jest/globals';
import { quickJson, splitJson } from '../../../src/lib/config/files/json.js';
import { loadToml } from '../../../src/lib/config/files/toml.js';
import type { Chunk, Parse, Syntax } from '../../../src/lib/config/files/types.js';
import { loadYaml } from '../../../src/lib/config/files/yaml.js';
import type { Json } from '../../../src/lib/kinds/kind.js';
import { json } from './arbitrary.js';
import { cases, fc } from '../../support/property.js';

let yaml: (chunk: Chunk) => Parse;
let toml: Syntax;
beforeAll(async () => {
  yaml = await loadYaml();
  toml = await loadToml();
});

const whole = (text: string): Chunk => ({ file: 'x', text, line: 1, column: 1 });

/** What the library with places says: values, or that there are problems. */
function slowly(text: string): Json[] | 'problems' {
  const { documents, problems } = yaml(whole(text));
  return problems.length > 0 ? 'problems' : documents.map(({ value }) => value);
}

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
      cases(1000),
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
    const chunks = (one: string) => [...toml.split('x', one, 1)!.chunks].map(({ line }) => line);
    expect(chunks(text)).toEqual([1, 2, 5]);
    expect(chunks(`${text}c = """\n[[resources]]"""`)).toEqual([1]);
  });
});
