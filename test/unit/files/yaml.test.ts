import { beforeAll, describe, expect, test } from '@jest/globals';
import { emitYaml, emitYamlItem } from '../../../src/lib/config/files/emit-yaml.js';
import type { Chunk, Parse } from '../../../src/lib/config/files/types.js';
import { loadYaml } from '../../../src/lib/config/files/yaml.js';
import { quickYaml } from '../../../src/lib/config/files/yaml-quick.js';
import { splitYaml } from '../../../src/lib/config/files/yaml-split.js';
import type { Json } from '../../../src/lib/kinds/kind.js';
import { json, texts } from './arbitrary.js';
import { cases, counted, fc } from '../../support/property.js';

let parse: (chunk: Chunk) => Parse;
beforeAll(async () => {
  parse = await loadYaml();
});

/** What the library with places says: values, or that there are problems. */
function slowly(text: string): Json[] | 'problems' {
  const { documents, problems } = parse({ file: 'x', text, line: 1, column: 1 });
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
    const { count, expectEach } = counted();
    fc.assert(
      fc.property(yamlText, (text) => {
        const quick = quickYaml(text);
        if (quick === undefined) return;
        count('sure');
        // A document of nothing is none.
        const slow = slowly(text);
        expect(quick).toEqual(slow === 'problems' ? slow : slow.filter((value) => value !== null));
      }),
      cases(4000),
    );
    expectEach(['sure'], 400);
  });

  test('what is written is mostly read by the fast reader, and always right', () => {
    fc.assert(
      fc.property(fc.dictionary(texts(10), json, { maxKeys: 5 }), (value) => {
        const text = emitYaml(value);
        const expected = Object.keys(value).length === 0 ? [] : [value];
        expect(slowly(text)).toEqual(expected);
        expect([expected, undefined]).toContainEqual(quickYaml(text));
      }),
      cases(1000),
    );
  });

  test('chunks hold what the whole holds', () => {
    const { count, expectEach } = counted();
    fc.assert(
      fc.property(
        fc.array(fc.oneof(yamlText, yamlList), { maxLength: 4 }).map((parts) => parts.join('\n---\n')),
        (text) => {
          const expected = slowly(text);
          // The library takes ''' before a mark for text that has an end; alone it says that there is none.
          if (expected === 'problems' || /'''\s*\n---/.test(text)) return;
          const chunks = [...splitYaml('x', text).chunks];
          expect(chunks.map((chunk) => chunk.text).join('')).toBe(text);
          if (chunks.length > 1) count('split');
          const found = chunks.flatMap((chunk) => slowly(chunk.text));
          const items = (values: readonly unknown[]) => values.flat().filter((value) => value !== null);
          expect(items(found)).toEqual(items(expected));
        },
      ),
      cases(2000),
    );
    expectEach(['split'], 50);
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

test('a tab that indents is named, instead of all that follows from it', () => {
  const problems = (text: string) => parse({ file: 'x', text, line: 1, column: 1 }).problems;
  const TAB = 'Tabs are not allowed as indentation';
  expect(problems('- name: a\n\tcall: { dialled: "1" }\n')).toEqual([
    { place: 'x:2:2', path: '', message: TAB },
  ]);
  expect(problems('a:\n  b: 1\n \tc: 2\n')).toEqual([{ place: 'x:3:1', path: '', message: TAB }]);
});
