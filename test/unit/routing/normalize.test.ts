/** The one normaliser (docs/semantics.md 2). */
import {
  addressKey,
  addressOfKey,
  isNearMiss,
  keyOf,
  nearKey,
  normalizeUser,
  parseAddress,
  sipUri,
  urisOf,
} from '../../../src/lib/routing/normalize.js';
import { cases, fc } from '../../support/property.js';

describe('parseAddress', () => {
  test.each([
    ['1002', '1002', undefined],
    ['concierge', 'concierge', undefined],
    ['+19103434434', '+19103434434', undefined],
    ['tel:+19103434434', '+19103434434', undefined],
    ['TEL:+1-910-343-4434', '+19103434434', undefined],
    ['tel:+19103434434;phone-context=example.com', '+19103434434', undefined],
    ['(910) 343-4434', '9103434434', undefined],
    ['+1 (910) 343.4434', '+19103434434', undefined],
    ['  1002\t', '1002', undefined],
    ['1002@sip.local', '1002', 'sip.local'],
    ['sip:1002@sip.local', '1002', 'sip.local'],
    ['SIP:1002@SIP.Local', '1002', 'sip.local'],
    ['sips:1002@sip.local', '1002', 'sip.local'],
    ['sip:1002@sip.local;user=phone', '1002', 'sip.local'],
    ['sip:1002@sip.local;transport=tcp?Subject=a', '1002', 'sip.local'],
    ['sip:1002;user=phone', '1002', undefined],
    ['sip:+1910;ext=5@gw.example', '+1910', 'gw.example'],
    ['sip:concierge;transport=tcp', 'concierge', undefined],
    ['sip:Concierge@sip.local', 'Concierge', 'sip.local'],
    ['sip:(910)%20343-4434@sip.local', '9103434434', 'sip.local'],
    ['sip:%2B19103434434@sip.local', '+19103434434', 'sip.local'],
    ['sip:j%6Fhn@sip.local', 'john', 'sip.local'],
    ['sip:j%C3%B6rg@sip.local', 'jörg', 'sip.local'],
    ['sip:100%@sip.local', '100%', 'sip.local'],
    ['sip:a%40b@sip.local', 'a@b', 'sip.local'],
    ['a@b@sip.local', 'a@b', 'sip.local'],
    ['sip:1002@[2001:DB8::1]', '1002', '2001:db8::1'],
    ['sip:1002@10.0.0.5', '1002', '10.0.0.5'],
    ['sip:sip.local', '', 'sip.local'],
    ['sip:[2001:db8::1]', '', '2001:db8::1'],
    ['sip:10.0.0.5', '', '10.0.0.5'],
    ['1001@', '1001', ''],
    ['', '', undefined],
    ['+', '+', undefined],
    ['john-doe', 'john-doe', undefined],
    ['1001x', '1001x', undefined],
    ['1+2', '1+2', undefined],
    ['(+1) 910', '(+1) 910', undefined],
    ['٣٤', '٣٤', undefined],
  ])('%j is user %j at %j', (text, user, host) => {
    const address = parseAddress(text);
    expect([address.scheme, address.user, address.host]).toEqual(['sip', user, host]);
  });

  test.each([
    ['sip:1002@sip.local:5080', 5080],
    ['sip:1002@[2001:db8::1]:5080;transport=tcp', 5080],
    ['sip:1002@sip.local', undefined],
  ])('the port of %j is %j', (text, port) => expect(parseAddress(text).port).toBe(port));

  test.each([
    ['sip:alice:hunter@sip.local', 'alice'],
    ['alice:hunter@sip.local', 'alice'],
    ['sip:+1 910:hunter@sip.local', '+1910'],
    ['sip:alice:hun:ter%20@sip.local', 'alice'],
    ['sip:alice:@sip.local', 'alice'],
  ])('the password in %j is not kept', (text, user) => {
    expect(parseAddress(text).user).toBe(user);
    expect(JSON.stringify(parseAddress(text))).not.toMatch(/hun|ter/);
  });

  test.each([
    ['backend:asterisk', 'backend:asterisk'],
    ['BACKEND:asterisk@Default', 'backend:asterisk@default'],
    ['sip:asterisk@Default', 'asterisk@default'],
    ['sip:asterisk@default:5070;lr', 'asterisk@default'],
    ['+1 910', '+1910'],
  ])('%j compares as %j', (text, key) => expect(addressKey(text)).toBe(key));

  test('a backend: address never equals a sip: one', () => {
    expect(addressKey('backend:asterisk@default')).not.toBe(addressKey('sip:asterisk@default'));
    expect(addressKey('backend:asterisk@default')).not.toBe(addressKey('sip:backend%3Aasterisk@default'));
  });
});

describe('normaliser properties', () => {
  const plain = fc.string({ unit: fc.constantFrom(...'abAZ019+-.() @:;[]sip?=&\t'), maxLength: 20 });

  test('what was normalised stays as it is', () => {
    fc.assert(
      fc.property(plain, (text) => {
        const user = normalizeUser(text);
        expect(normalizeUser(user)).toBe(user);
      }),
    );
  });

  test('separators, escapes and surrounding blanks never tell two numbers apart, a + does', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 15 });
    const separators = fc.array(fc.constantFrom('', '-', '.', ' ', '(', ')', ') ', '--'), {
      minLength: 15,
      maxLength: 15,
    });
    fc.assert(
      fc.property(digits, separators, fc.boolean(), fc.boolean(), (number, marks, plus, escaped) => {
        const marked = [...number].map((digit, i) => digit + marks[i]).join('');
        const sign = plus ? '+' : '';
        const written = escaped
          ? [...`${sign}${marked}`].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')
          : `${sign}${marked}`;
        expect(normalizeUser(` ${written} `)).toBe(sign + number);
        expect(parseAddress(`sip:${written}@sip.local;user=phone`).user).toBe(sign + number);
        expect(parseAddress(`tel:${written}`).user).toBe(sign + number);
      }),
    );
  });

  test('a key tells which address it was made of', () => {
    const user = fc.string({ unit: fc.constantFrom(...'ab1+@%:24065.-;'), maxLength: 10 });
    const misleading = fc.constantFrom(
      'backend:pool',
      'backend%3Apool',
      'a%40b',
      'tel:+1',
      '%25',
      '@',
      'a@b@c',
    );
    const host = fc.option(fc.constantFrom('sip.local', '2001:db8::1', ''), { nil: undefined });
    const scheme = fc.constantFrom('sip' as const, 'backend' as const);
    fc.assert(
      fc.property(fc.oneof(user, misleading), host, scheme, (text, at, kind) => {
        const address = { scheme: kind, user: normalizeUser(text), host: at, port: undefined };
        expect(addressOfKey(keyOf(address))).toEqual(address);
      }),
      cases(1000),
    );
  });

  test('a target URI names the user and host it was made of', () => {
    const hosts = fc.constantFrom('sip.local', '10.0.0.5', '2001:db8::1');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), hosts, (text, host) => {
        const user = normalizeUser(text);
        fc.pre(user !== '' && !/^[+\d].*;/.test(user));
        const address = parseAddress(urisOf(user)(host, 5080, 'TLS'));
        expect(address).toEqual({ scheme: 'sip', user, host, port: 5080 });
      }),
    );
  });

  test('any text is read, quickly', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const address = parseAddress(text);
        expect(typeof keyOf(address)).toBe('string');
        expect(address.host ?? '').toBe((address.host ?? '').toLowerCase());
        expect(sipUri(address.user, 'h.example')).toMatch(/^sip:[\x21-\x7e]*@h\.example$/);
      }),
    );
    const started = performance.now();
    for (const unit of ['1 ', '(', '1', ' ', '%', '%31', ';', ':', '[', '@', '+', '1;'])
      for (const end of ['x', '', '>', '@h'])
        for (const start of ['', 'sip:', 'tel:', 'backend:'])
          parseAddress(start + unit.repeat(16384 / unit.length) + end);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('near misses', () => {
  test.each([
    ['+19103434434', '19103434434'],
    ['+19103434434', '9103434434'],
    ['+19103434434', '0019103434434'],
    ['+4989123456', '089123456'],
    ['John', 'john'],
    ['john.doe', 'johndoe'],
    ['john_doe', 'John-Doe'],
  ])('%j and %j', (left, right) => {
    expect([isNearMiss(left, right), isNearMiss(right, left)]).toEqual([true, true]);
    expect(nearKey(left)).toBe(nearKey(right));
  });

  test.each([
    ['1001', '1001'],
    ['1001', '1002'],
    ['1001', '01001'],
    ['+19103434434', '+19103434435'],
    ['+19103434434', '+12123434434'],
    ['3434434', '+19103434434'],
    ['john', 'jane'],
  ])('not %j and %j', (left, right) => {
    expect([isNearMiss(left, right), isNearMiss(right, left)]).toEqual([false, false]);
  });

  test('whatever is near shares a key', () => {
    const user = fc.string({ unit: fc.constantFrom(...'0019+-aA.'), maxLength: 14 });
    fc.assert(
      fc.property(user, user, (left, right) => {
        if (isNearMiss(left, right)) expect(nearKey(left)).toBe(nearKey(right));
      }),
      cases(1000),
    );
  });
});
