import { kindOf, kinds } from '../../src/lib/kinds/index.js';
import type { Document, KindName } from '../../src/lib/kinds/kind.js';
import { MASK, refFault, validate, validateField } from '../../src/lib/kinds/validate.js';
import { cases, fc } from '../support/property.js';

const exampleOf = (name: KindName): Document => {
  const { ref: _, ...doc } = kindOf(name).example;
  return name === 'Credentials' ? { ...doc, password: 'secret' } : doc;
};
const check = (name: KindName, change: Record<string, unknown>) =>
  validate(kindOf(name), { ...exampleOf(name), ...change });
/** The problems as lines. */
const lines = (name: KindName, change: Record<string, unknown>): string[] =>
  check(name, change).problems.map(({ field, message }) => `${field} ${message}`);

describe('canonical documents', () => {
  test.each(kinds.map(({ name }) => name))(
    'the example of %s is valid, and validating twice changes nothing',
    (name) => {
      const { doc, problems } = check(name, {});
      expect(problems).toEqual([]);
      expect(validate(kindOf(name), doc)).toEqual({ doc, problems: [] });
      expect(Object.keys(doc!)).toEqual(Object.keys(kindOf(name).fields).filter((field) => field in doc!));
    },
  );

  test('defaults, lists and the order of fields do not depend on the input', () => {
    const { doc } = validate(kindOf('Agent'), { username: '1001', name: 'John' });
    expect(JSON.stringify(doc)).toBe(
      '{"name":"John","username":"1001","privacy":"NONE","enabled":true,"maxContacts":-1,"expires":0}',
    );
    expect(validate(kindOf('Policy'), { name: 'p' }).doc).toEqual({ name: 'p', functions: [], adapters: [] });
  });

  test('defaults inside entries', () => {
    const { doc } = check('Trunk', { uris: [{ host: 'sip.carrier.example' }] });
    expect(doc!['uris']).toEqual([
      { host: 'sip.carrier.example', port: 5060, transport: 'UDP', weight: 1, priority: 0, enabled: true },
    ]);
  });

  test('"" and null are absent where the field is optional', () => {
    const { doc, problems } = check('Number', {
      aorLink: '',
      trunkRef: '',
      sessionAffinityHeader: null,
      extraHeaders: null,
    });
    expect(problems).toEqual([]);
    expect(doc).not.toHaveProperty('aorLink');
    expect(doc).not.toHaveProperty('trunkRef');
    expect(doc!['extraHeaders']).toEqual([]);
  });
});

describe('problems', () => {
  test('all at once, with path, value and expectation', () => {
    expect(
      lines('Trunk', {
        name: '',
        inboundUri: 'sip:x',
        nam: 1,
        uris: [{ host: 'a b', port: 70000, transport: 'udp', weight: 0 }, 7],
      }),
    ).toEqual([
      'nam is no field of a trunk (did you mean name?)',
      'name is empty: expected 1-60 characters',
      'inboundUri is "sip:x": expected a host name such as sip.carrier.example, or an IP address, without scheme and port',
      'uris[0].host is "a b": expected a host name such as sip.carrier.example, or an IP address, without scheme and port',
      'uris[0].port is 70000: expected a whole number from 0 to 65535',
      'uris[0].transport is "udp": expected one of UDP, TCP, SCTP, TLS, WS, WSS',
      'uris[0].weight is 0: expected a whole number from 1 to 65535',
      'uris[1] is 7: expected an object with host, port, transport, user, weight, priority, enabled',
    ]);
  });

  test('missing required fields', () => {
    expect(validate(kindOf('Number'), {}).problems.map(({ field }) => field)).toEqual([
      'name',
      'telUrl',
      'city',
      'country',
      'countryIsoCode',
    ]);
    expect(lines('SipRoute', { called: [] })).toEqual(['called has 0 entries: expected at least 1']);
    expect(validate(kindOf('Agent'), []).problems).toEqual([
      { field: '', message: 'is a list: expected a JSON object' },
    ]);
  });

  test('rules of a kind come once its fields are right', () => {
    expect(lines('AccessControlList', { allow: [], deny: [] })).toHaveLength(1);
    expect(lines('SipRoute', { called: ['*', '1'] })[0]).toContain('the catch-all alone');
    expect(lines('Profile', { sttRef: 's' })[0]).toContain('beside realtimeRef');
  });

  test('secrets never show', () => {
    const secret = 'hunter2\u0007';
    const shown = JSON.stringify([
      lines('Credentials', { password: secret }),
      lines('Credentials', { password: 'hunter2'.repeat(60) }),
      lines('Credentials', { password: ['hunter2'] }),
    ]);
    expect(shown).not.toContain('hunter2');
    expect(shown).toContain('U+0007');
    expect(lines('Credentials', { password: MASK })[0]).toContain('mask');
    expect(lines('Credentials', { password: '' })[0]).toBe('password is empty: expected 1-255 characters');
  });

  test('numbers that are no whole numbers, and text that is no text', () => {
    for (const value of [1.5, NaN, Infinity, '5', true, 2 ** 31, -2])
      expect(lines('Agent', { maxContacts: value })).toHaveLength(1);
    expect(lines('Agent', { name: 1001 })[0]).toBe(
      'name is 1001, which is no text: expected 1-60 characters',
    );
    expect(lines('Agent', { enabled: 'true' })[0]).toBe('enabled is "true": expected true or false');
  });

  test('lengths count characters, not code units', () => {
    expect(lines('Agent', { name: '📞'.repeat(60) })).toEqual([]);
    expect(lines('Agent', { name: '📞'.repeat(61) })).toEqual(['name has 61 characters: expected 1-60']);
  });

  test('characters that text must not hold', () => {
    expect(lines('Agent', { name: 'a\u0000b' })[0]).toBe(
      'name holds the control character U+0000 at position 2',
    );
    expect(lines('Agent', { name: 'a\nb' })).toHaveLength(1);
    expect(lines('Agent', { name: 'a\u0085b' })).toHaveLength(1);
    expect(lines('Agent', { name: 'a\ufffdb' })[0]).toContain('U+FFFD');
    expect(lines('Agent', { name: 'a\ud800b' })[0]).toContain('surrogate');
    expect(lines('Persona', { instructions: 'two\nlines\tand a tab' })).toEqual([]);
    expect(lines('Persona', { instructions: 'no\rreturns' })).toHaveLength(1);
  });

  test('long values are shortened and objects only named', () => {
    const [line] = lines('Agent', { username: `${'x'.repeat(500)} y` });
    expect(line).toBe('username has 502 characters: expected 1-60');
    expect(lines('Domain', { domainUri: 'x'.repeat(200) })[0]!.length).toBeLessThan(200);
    expect(lines('Agent', { privacy: { a: 1 } })[0]).toContain('is an object');
  });

  test('extended: any JSON object, not too deep', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
    expect(lines('Agent', { extended: nested(16) })).toEqual([]);
    expect(lines('Agent', { extended: nested(17) })[0]).toContain('deeper than 16');
    expect(lines('Agent', { extended: nested(5000) })[0]).toContain('deeper than 16');
    expect(lines('Agent', { extended: [] })[0]).toContain('is a list');
    expect(lines('Agent', { extended: { a: NaN } })[0]).toContain('no JSON');
    expect(lines('Agent', { extended: { a: 'x\ufffd' } })[0]).toContain('U+FFFD');
    expect(lines('Agent', { extended: JSON.parse('{"__proto__": {"x": 1}}') })[0]).toContain('__proto__');
    expect(lines('Agent', { extended: { a: 'x'.repeat(1024 * 1024) } })[0]).toContain('expected at most');
  });

  test('names of Object.prototype are no fields', () => {
    expect(lines('Agent', { constructor: 1, toString: 2 })).toHaveLength(2);
    expect(lines('Trunk', { uris: [{ host: 'a.example', hasOwnProperty: 1 }] })).toHaveLength(1);
  });
});

describe('formats', () => {
  const table: [KindName, string, readonly string[], readonly string[]][] = [
    [
      'Domain',
      'domainUri',
      ['sip.local', 'SIP.Local', 'a-b.example.com', 'xn--bcher-kva.example'],
      ['localhost', '10.0.0.1', 'sip_x.local', 'sip.local.', '-a.local', 'a..b', 'sip.l0', 'sip.local:5060'],
    ],
    [
      'Trunk',
      'inboundUri',
      ['sip.carrier.example', '10.0.0.1', '::1', '2001:db8::5'],
      [
        'localhost',
        '010.0.0.1',
        '1.2.3',
        'sip:a.example',
        'a.example:5060',
        '[::1]',
        'fe80::1%eth0',
        '1.2.3.4.5',
      ],
    ],
    [
      'Peer',
      'contactAddr',
      ['10.0.0.5', '10.0.0.5:5060', 'a.example:1', '[2001:db8::5]:5060', '2001:db8::5', 'a.example:65535'],
      [
        '10.0.0.5:0',
        '10.0.0.5:99999',
        '10.0.0.5:',
        'localhost:5060',
        '[10.0.0.1]:5060',
        'a.example:05060',
        ':5060',
      ],
    ],
    [
      'Number',
      'telUrl',
      ['tel:+19103434434', 'tel:1', 'tel:123456789012345'],
      ['+19103434434', 'tel:', 'tel:++1', 'tel:1234567890123456', 'tel:(910)', 'TEL:1', 'tel:abc', 'tel:١'],
    ],
    [
      'Peer',
      'aor',
      ['sip:asterisk@default', 'backend:conference'],
      ['asterisk', 'sip:', 'sips:a@b', 'sip:a b'],
    ],
    ['Number', 'sessionAffinityHeader', ['X-Room-Id', 'a', '9'], ['X-', '-', 'X_Room', 'X Room', 'X:Room']],
    ['Number', 'countryIsoCode', ['US', 'xx'], ['USA', 'U', 'U1', '']],
    ['Agent', 'username', ['1001', 'john.doe', 'ünïcode'], ['a b', ' ', 'a\u00a0b']],
  ];
  test.each(table)('%s.%s', (kind, field, good, bad) => {
    for (const value of good)
      expect({ value, lines: lines(kind, { [field]: value }) }).toEqual({ value, lines: [] });
    for (const value of bad)
      expect({ value, count: lines(kind, { [field]: value }).length }).toEqual({ value, count: 1 });
  });

  test('networks may have host bits, of either family', () => {
    for (const value of [
      '10.1.2.3/8',
      '0.0.0.0/0',
      '10.0.0.1',
      '::/0',
      '2001:db8::1/32',
      '::ffff:10.0.0.1/128',
    ])
      expect(lines('AccessControlList', { allow: [value] })).toEqual([]);
    for (const value of [
      '10.0.0.1/33',
      '10.0.0.01/8',
      '10.0.0.1/08',
      '10.0.0.1/',
      '10.0.0.1/255.0.0.0',
      '::/129',
      'a',
    ])
      expect(lines('AccessControlList', { allow: [value] })).toHaveLength(1);
  });

  test('patterns compile under RE2, and say what RE2 lacks', () => {
    const rule = (text: string) => lines('Domain', { egressPolicies: [{ rule: text, numberRef: 'n' }] });
    for (const text of ['.*', '^\\+1', '(?i)a', '(?P<x>1)', '[[:digit:]]+']) expect(rule(text)).toEqual([]);
    expect(rule('(?=1)')).toEqual([
      'egressPolicies[0].rule is "(?=1)", RE2 has no look-around: expected a pattern in RE2 syntax, such as ^\\+1',
    ]);
    expect(rule('(1)\\1')[0]).toContain('no back-references');
    expect(rule('(')[0]).toContain('missing closing )');
    expect(rule('((a{100}){100}){100}')[0]).toContain('invalid repeat count');
  });

  test('patterns must not compile to more than can be matched quickly', () => {
    const rules = (...texts: string[]) =>
      lines('Domain', { egressPolicies: texts.map((text) => ({ rule: text, numberRef: 'n' })) });
    const large = (first: number) => `${first}(?:0123456789){497}`;
    expect(rules(...Array.from({ length: 20 }, (_, i) => large(i)))).toEqual([]);
    expect(rules('(?:0123456789){1000}')).toEqual([
      'egressPolicies[0].rule compiles to 10002 instructions: expected at most 5000 for a pattern; repeat less, or say it shorter',
    ]);
    const [problem, ...others] = rules(...Array.from({ length: 30 }, (_, i) => large(i)));
    expect(problem).toMatch(
      /^egressPolicies\[20\]\.rule and those before it compile to 104\d{3} instructions: expected at most 100000 for a document/,
    );
    expect(others).toEqual([]);
  });

  test('patterns beyond the limit of a document are not compiled any more', () => {
    const largest = (i: number) => `${i}(?:${'\\pL'.repeat(120)}){1000}`;
    const texts = Array.from({ length: 1000 }, (_, i) => ({ rule: largest(i), numberRef: 'n' }));
    expect(lines('Domain', { egressPolicies: texts })).toHaveLength(1);
  });

  test('refs that people choose', () => {
    for (const ref of ['agent-01', 'a', '+1910', 'A.b_c', 'x'.repeat(64)])
      expect(refFault(ref)).toBeUndefined();
    for (const ref of ['', 'a b', 'a/b', 'a@b', 'x'.repeat(65), 'é', 'a\n'])
      expect(refFault(ref)).toContain('expected');
  });
});

test('references are resolved, or their problem reported', () => {
  const resolve = (_: unknown, text: string) =>
    text === 'sip.local' ? { ref: 'd1' } : { problem: 'is nothing' };
  const agent = kindOf('Agent');
  const input = { name: 'a', username: '1', domainRef: 'sip.local' };
  expect(validate(agent, input, { resolve }).doc).toMatchObject({ domainRef: 'd1' });
  expect(validate(agent, { ...input, domainRef: 'x', credentialsRef: 5 }, { resolve }).problems).toEqual([
    { field: 'domainRef', message: 'is nothing' },
    { field: 'credentialsRef', message: 'is 5: expected the ref of credentials' },
  ]);
});

test('one field alone, as prompts check it', () => {
  const { telUrl } = kindOf('Number').fields;
  expect(validateField('telUrl', telUrl!, 'tel:+1')).toEqual([]);
  expect(validateField('telUrl', telUrl!, '+1')[0]!.message).toContain('is "+1": expected tel:');
});

test('whatever comes in, it answers with a document or with problems', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.oneof(
        fc.jsonValue(),
        fc.record(
          Object.fromEntries(
            kinds.flatMap((kind) => Object.keys(kind.fields)).map((name) => [name, fc.jsonValue()]),
          ),
          { requiredKeys: [] },
        ),
      ),
      (kind, input) => {
        const { doc, problems } = validate(kind, input);
        expect(doc === undefined).toBe(problems.length > 0);
        if (doc) expect(validate(kind, JSON.parse(JSON.stringify(doc))).doc).toEqual(doc);
      },
    ),
    cases(500),
  );
});
