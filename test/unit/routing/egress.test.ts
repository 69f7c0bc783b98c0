/** Egress rules are matched together; one by one says the same (docs/semantics.md 7). */
import { RE2JS } from 're2js';
import type { Domain } from '../../../src/lib/kinds/domain.js';
import { matchingRules } from '../../../src/lib/routing/egress.js';
import { cases, fc } from '../../support/property.js';

const domain = (rules: readonly string[]): Domain => ({
  name: 'd',
  domainUri: 'd.example',
  accessControlListRef: undefined,
  egressPolicies: rules.map((rule) => ({ rule, numberRef: 'n' })),
  extended: undefined,
});

const atom = fc.constantFrom(
  '1',
  '9',
  '[0-4]',
  '[^1]',
  '\\d',
  '.',
  '\\+',
  '(19|91)',
  'a',
  '(?i:A)',
  '\\b',
  '(?:1?)',
);
const times = fc.constantFrom('', '*', '+', '?', '{2}', '{1,3}');
const rule = fc
  .tuple(
    fc.constantFrom('', '^', '\\A'),
    fc.array(fc.tuple(atom, times), { maxLength: 4 }),
    fc.constantFrom('', '$', '\\z'),
  )
  .map(([start, parts, end]) => start + parts.map(([a, t]) => (a === '\\b' ? a : a + t)).join('') + end);
const rules = fc.array(rule, { minLength: 1, maxLength: 40 });
const user = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'0149+aA'), maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

const oneByOne = (list: readonly string[], text: string): number[] =>
  list.flatMap((pattern, i) => (RE2JS.compile(pattern).matcher(text).find() ? [i] : []));

test('the matching rules, lowest first', () => {
  fc.assert(
    fc.property(rules, fc.array(user, { minLength: 1, maxLength: 5 }), (list, texts) => {
      const doc = domain(list);
      for (const text of texts) expect(matchingRules(doc, text)).toEqual(oneByOne(list, text));
    }),
    cases(100),
  );
});

test('of lists that differ little from one another, too', () => {
  const edit = fc.record({
    at: fc.nat(20),
    rule,
    how: fc.constantFrom('replace', 'insert', 'remove', 'repeat', 'swap'),
  });
  const apply = (
    list: readonly string[],
    { at, rule: other, how }: typeof edit extends fc.Arbitrary<infer E> ? E : never,
  ) => {
    const i = at % list.length;
    const [before, own, after] = [list.slice(0, i), list[i]!, list.slice(i + 1)];
    if (how === 'replace') return [...before, other, ...after];
    if (how === 'insert') return [...before, other, own, ...after];
    if (how === 'repeat') return [...before, own, ...after, own];
    return how === 'remove' ? [...before, ...after] : [...after, own, ...before];
  };
  const many = fc.array(rule, { minLength: 9, maxLength: 20 });
  const edits = fc.array(edit, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(many, edits, fc.array(user, { minLength: 4, maxLength: 4 }), (list, all, texts) => {
      let edited: readonly string[] = list;
      matchingRules(domain(list), '1');
      for (const one of all) {
        edited = apply(edited, one);
        const doc = domain(edited);
        const found = texts.map((text) => matchingRules(doc, text));
        expect(found).toEqual(texts.map((text) => oneByOne(edited, text)));
      }
    }),
    cases(200),
  );
});

test('the largest rules that can be written are one set', () => {
  // 20 rules of nearly 5,000 instructions, 100,000 in all: see MAX_INSTRUCTIONS.
  const list = Array.from({ length: 20 }, (_, i) => `^${i}(?:0123456789){497}$`);
  const user = `7${'0123456789'.repeat(497)}`;
  expect(matchingRules(domain(list), user)).toEqual([7]);
});

test('takes time linear in the user, whatever the rule', () => {
  const doc = domain(['^(\\d+)+#$', '(a|a)*b', '^(.*)*$x']);
  const started = performance.now();
  for (const length of [1000, 16000]) matchingRules(doc, '1'.repeat(length));
  expect(performance.now() - started).toBeLessThan(1000);
});
