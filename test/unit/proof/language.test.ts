/** Sets of dialled users: the automata, re2js and brute force over short strings say the same. */
import { RE2JS } from 're2js';
import { ALPHABET } from '../../../src/lib/proof/language/alphabet.js';
import {
  analysed,
  isAnalysable,
  Language,
  languageOf,
  type NotAnalysable,
} from '../../../src/lib/proof/language/language.js';
import { normalizeUser, parseAddress, sipUri } from '../../../src/lib/routing/normalize.js';
import { cases, counted, fc } from '../../support/property.js';

const analysable = (rule: string): Language => {
  const language = languageOf(rule);
  if (!isAnalysable(language)) throw new Error(language.notAnalysable);
  return language;
};

/** All texts over these characters, up to a length. */
function textsOver(characters: string, length: number): string[] {
  const all = [''];
  for (let i = 0; i < length; i++)
    all.push(
      ...all.filter((text) => text.length === i).flatMap((text) => [...characters].map((one) => text + one)),
    );
  return all;
}

const isDialled = (text: string): boolean =>
  text !== '' && parseAddress(sipUri(text, 'sip.local')).user === text;

/** Parts of rules in RE2's syntax, each construct of it, and the same for JavaScript; without, where it is the same. */
const ATOMS: readonly (readonly [re2: string, javaScript?: string])[] = [
  ...['1', '9', 'a', '_', '.', '\\+', '-', '[0-4]', '[^1]', '[^\\D]', '[\\w-]', '[^\\s_]'].map(
    (text): [string] => [text],
  ),
  ...['\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\x31', '\\b', '\\B', '^', '$', '\\t', '\\.', '\\*'].map(
    (text): [string] => [text],
  ),
  ...['(19|91)', '(?:1?)', '(?:)', '(|1)', '((1|9)*a)', '(9{2}|1)', '(?:a|(1+))', '(a|1|)'].map(
    (text): [string] => [text],
  ),
  ['[]9]', '[\\]9]'],
  ['[[:digit:]]', '\\d'],
  ['[[:^alpha:]a]', '(?:[^a-zA-Z]|a)'],
  ['[[:word:]+]', '[\\w+]'],
  ['[[:upper:]]', '[A-Z]'],
  ['[^[:alnum:]]', '[^a-zA-Z0-9]'],
  ['[\\d[:lower:]]', '[\\da-z]'],
  ['\\pN', '\\d'],
  ['\\p{L}', '[a-zA-Z]'],
  ['\\p{Lu}', '[A-Z]'],
  ['\\P{Greek}', '[^]'],
  ['\\p{^L}', '[^a-zA-Z]'],
  ['[\\pL1]', '[a-zA-Z1]'],
  ['\\x{2B}', '\\+'],
  ['\\071', '9'],
  ['\\Q+1\\E', '\\+1'],
  ['(?i:A)', '[aA]'],
  ['(?i:k)', '[kK]'],
  ['(?-i:a)'],
  ['(?P<name>9a?)', '(9a?)'],
  ['(?<other>1+)', '(1+)'],
  ['(?s:.)', '[^]'],
  ['(?m:^)', '(?:^)'],
  ['(?m:$)', '(?:$)'],
  ['(?i-s:a.)', '(?:[aA].)'],
  ['\\A', '^'],
  ['\\z', '$'],
  ['[^\\x00-\\x{10FFFF}]', '[]'],
];
const TIMES = ['', '', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{0}', '{1,3}', '{2,}', '{,2}', '{1,2}?'];
const STARTS = [
  ['', ''],
  ['', ''],
  ['^', '^'],
  ['\\A', '^'],
  ['(?i)', ''],
  ['(?m)', ''],
  ['(?U)', ''],
  ['(?s)', ''],
] as const;
const ENDS = [
  ['', ''],
  ['', ''],
  ['$', '$'],
  ['\\z', '$'],
  ['|9', '|9'],
  ['|^a', '|^a'],
  ['|', '|'],
] as const;

interface Rule {
  readonly rule: string;
  /** The same, if JavaScript can say it. */
  readonly javaScript: RegExp | undefined;
}

const rules: fc.Arbitrary<Rule> = fc
  .tuple(
    fc.constantFrom(...STARTS),
    fc.array(fc.tuple(fc.constantFrom(...ATOMS), fc.constantFrom(...TIMES)), { maxLength: 4 }),
    fc.constantFrom(...ENDS),
  )
  .map(([start, parts, end]): Rule => {
    const own = parts.map(([[re2], many]) => re2 + many).join('');
    const other = parts.map(([[re2, javaScript = re2], many]) => javaScript + many).join('');
    return { rule: start[0] + own + end[0], javaScript: expressionOf(start[1] + other + end[1], start[0]) };
  })
  .filter(({ rule }) => compiled(rule) !== undefined);

const rule = rules.map((one) => one.rule);

function compiled(text: string): RE2JS | undefined {
  try {
    return RE2JS.compile(text);
  } catch {
    return undefined;
  }
}

function expressionOf(text: string, start: string): RegExp | undefined {
  try {
    return new RegExp(text, start === '(?i)' ? 'i' : '');
  } catch {
    return undefined;
  }
}

describe('the users of a rule', () => {
  test('are those in which re2js finds a match, and JavaScript, that can be dialled', () => {
    const character = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...'0149+aAkK_-') },
      { weight: 1, arbitrary: fc.constantFrom(...ALPHABET) },
    );
    const texts = fc.array(fc.string({ unit: character, maxLength: 8 }), { minLength: 4, maxLength: 4 });
    const short = textsOver('19+a', 3);
    const isShort = new Map(short.map((text) => [text, isDialled(text)]));
    const { count, expectEach } = counted();
    fc.assert(
      fc.property(rules, texts, ({ rule, javaScript }, longer) => {
        const language = Language.matching(rule);
        const pattern = RE2JS.compile(rule);
        for (const user of [...short, ...longer]) {
          const isMatched = pattern.test(user);
          const isUser = isShort.get(user) ?? isDialled(user);
          if (language.has(user) !== (isMatched && isUser)) expect([rule, user, isMatched]).toEqual([]);
          if (javaScript && javaScript.test(user) !== isMatched) expect([rule, javaScript, user]).toEqual([]);
          count(isMatched ? 'matched' : 'not matched');
        }
        count(javaScript ? 'in JavaScript too' : 'not in JavaScript');
        count(language.isEmpty ? 'none' : 'some');
        expectShortest(language, pattern, short);
      }),
      cases(10_000),
    );
    expectEach(['in JavaScript too', 'some', 'none'], 500);
    expectEach(['matched', 'not matched'], 100_000);
  });

  /** It is empty, and begins with the shortest, as brute force says. */
  function expectShortest(language: Language, pattern: RE2JS, short: readonly string[]): void {
    const first = language.shortest();
    const found = short.find((user) => language.has(user));
    const isSo =
      first === undefined
        ? language.isEmpty && found === undefined
        : !language.isEmpty &&
          pattern.test(first) &&
          isDialled(first) &&
          (found === undefined || first.length <= found.length);
    if (!isSo) expect([pattern.pattern(), first, found]).toEqual([]);
  }
});

describe('users with characters that are no ASCII', () => {
  test('fare as those with a tilde in their place, or the rule is not analysable', () => {
    const character = fc.oneof(fc.constantFrom(...'019+aAkK_-'), fc.constantFrom(...'éßλ\u0085日\u{1f600}'));
    const users = fc.array(fc.string({ unit: character, maxLength: 6 }), { minLength: 5, maxLength: 10 });
    const { count, expectEach } = counted();
    fc.assert(
      fc.property(rules, users, ({ rule: pattern }, texts) => {
        const language = languageOf(pattern);
        if (!isAnalysable(language)) return;
        const compiled = RE2JS.compile(pattern);
        for (const text of texts) {
          if (!/[^ -~]/.test(text)) continue;
          count('analysed');
          const stood = text.replace(/[^ -~]/gu, '~');
          expect([pattern, text, language.has(stood)]).toEqual([pattern, text, compiled.test(text)]);
        }
      }),
      cases(2_000),
    );
    expectEach(['analysed'], 1_000);
  });

  test.each(['\\p{Greek}', '[^ -~]', 'é', '^[[:print:]]*$', '(?i)ß', '~'])(
    '%s tells them apart',
    (pattern) => {
      expect(languageOf(pattern)).toEqual({ notAnalysable: 'it tells apart characters that are no ASCII' });
    },
  );

  test.each(['.', '^\\+1', '(?i)^sos', '(?i)[a-z]', '[^0-9]', '\\W\\b', '\\D', '\\x{1}?'])(
    '%s does not',
    (pattern) => {
      expect(isAnalysable(languageOf(pattern))).toBe(true);
    },
  );
});

test('the universe is what the normaliser makes of calls', () => {
  const text = fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 6 });
  const number = fc.string({ unit: fc.constantFrom(...'12+-.() ;%@:?'), maxLength: 6 });
  fc.assert(
    fc.property(fc.oneof(text, number), (user) => {
      expect([user, Language.all.has(user)]).toEqual([user, isDialled(user)]);
      if (!user.includes('%') && user !== '') expect(isDialled(user)).toBe(normalizeUser(user) === user);
    }),
    cases(3_000),
  );
  expect(Language.all.has('1001é')).toBe(false);
});

describe('operations', () => {
  const users = textsOver('19+', 4).filter(isDialled);
  const small = fc
    .array(fc.constantFrom('1', '9', '\\+', '[19]', '.', '(1|9+)', '1*', '9?', '^', '$'), { maxLength: 5 })
    .map((parts) => parts.join(''))
    .filter((text) => !/[\^$][*?+]/.test(text));

  test('are those of sets', () => {
    fc.assert(
      fc.property(small, small, (one, other) => {
        const [a, b] = [analysable(one), analysable(other)];
        const [inA, inB] = [RE2JS.compile(one), RE2JS.compile(other)];
        const [union, both, rest] = [a.union(b), a.intersect(b), a.minus(b)];
        const having = (set: Language) => users.filter((user) => set.has(user));
        expect(having(union)).toEqual(users.filter((user) => inA.test(user) || inB.test(user)));
        expect(having(both)).toEqual(users.filter((user) => inA.test(user) && inB.test(user)));
        expect(having(rest)).toEqual(users.filter((user) => inA.test(user) && !inB.test(user)));
        expect(a.overlaps(b)).toBe(!both.isEmpty);
        expect(b.covers(a)).toBe(rest.isEmpty);
        expect(a.equals(b)).toBe(rest.isEmpty && b.minus(a).isEmpty);
        expect(both.union(rest).equals(a)).toBe(true);
        expect(Language.all.minus(Language.all.minus(a)).equals(a)).toBe(true);
      }),
      cases(200),
    );
  });

  test('are those of texts: one character more or less at the beginning', () => {
    fc.assert(
      fc.property(small, fc.constantFrom(...'1+'), (pattern, first) => {
        const set = analysable(pattern);
        const [longer, rest] = [set.with(first), set.without(first)];
        const having = (one: Language) => users.filter((user) => one.has(user));
        expect(having(longer)).toEqual(users.filter((user) => user[0] === first && set.has(user.slice(1))));
        expect(having(rest)).toEqual(users.filter((user) => set.has(first + user)));
        const anchored = RE2JS.compile(`\\A(?:${pattern})`);
        expect(having(Language.beginningWith(pattern))).toEqual(users.filter((user) => anchored.test(user)));
      }),
      cases(200),
    );
  });

  test('and of numbers: how many there are', () => {
    fc.assert(
      fc.property(small, fc.nat(3), (pattern, length) => {
        const set = analysable(pattern).intersect(Language.matching(`^[19+]{0,${length}}$`));
        expect(set.size).toBe([...set.words()].length);
        const rest = analysable(pattern).minus(set);
        let count = 0;
        for (const _ of rest.words()) if (++count > 200) break;
        expect(rest.size > 200 ? 201 : rest.size).toBe(count);
      }),
      cases(200),
    );
    expect(analysable('^(11)+$').size).toBe(Infinity);
    expect(analysable('^[0-9]{3}$').size).toBe(1000);
  });

  test('a pattern says the same again, in RE2 and in JavaScript', () => {
    fc.assert(
      fc.property(fc.oneof(rule, small), small, (one, other) => {
        const set = Language.matching(one).minus(analysable(other));
        const pattern = set.pattern();
        if (pattern === undefined) return;
        expect(analysable(pattern).equals(set)).toBe(true);
        const javaScript = new RegExp(pattern);
        expect(users.filter((user) => javaScript.test(user))).toEqual(users.filter((user) => set.has(user)));
      }),
      cases(300),
    );
  });
});

describe('what a person reads', () => {
  test.each([
    ['.*', '', '0'],
    ['^\\+1', '^\\+1', '+1'],
    ['^\\+1[0-9]{10}$', '^\\+1\\d{10}$', '+10000000000'],
    ['^(\\+|00)1\\d{4,12}$', '^(?:\\+|00)1\\d{4,12}$', '+10000'],
    ['^911$|^112$', '^(?:112|911)$', '112'],
    ['^[a-z]+$', '^[a-z]+$', 'a'],
  ])('%s', (text, pattern, example) => {
    expect([analysable(text).pattern(), analysable(text).example()]).toEqual([pattern, example]);
  });

  test('an example is a telephone number where there is one', () => {
    const set = analysable('^(a|1[0-9])$');
    expect([set.shortest(), set.example()]).toEqual(['a', '10']);
    expect([Language.none.shortest(), Language.none.example()]).toEqual([undefined, undefined]);
  });

  test('words come in order, and end where the set does', () => {
    expect([...analysable('^[12b]?[0-1]$').words()]).toEqual(['0', '1', '10', '11', '20', '21', 'b0', 'b1']);
    expect([...Language.of('911', '+1', 'a.b', '12-34').words()]).toEqual(['+1', '911', 'a.b']);
    expect([...Language.upTo(1).words()].length).toBe(94);
    expect([...Language.of().words()]).toEqual([]);
  });
});

describe('what is not analysable says why', () => {
  test.each([
    ['1\\d{16}', 'its automaton has more than 20,000 states'],
    ['(', /missing closing/],
  ])('%s', (text, reason) => {
    const { notAnalysable } = languageOf(text) as NotAnalysable;
    expect(notAnalysable).toEqual(reason instanceof RegExp ? expect.stringMatching(reason) : reason);
  });

  test('an operation that grows too large', () => {
    const rules = [23, 29, 31, 37].map((length) => analysable(`^(.{${length}})*$`));
    const result = analysed(() => rules.reduce((left, right) => left.intersect(right)));
    expect(result).toEqual({ notAnalysable: 'its automaton has more than 20,000 states' });
  });
});
