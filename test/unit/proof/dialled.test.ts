/** What is dialled for a user, wherever it is called. */
import { dialledAs, dialledFor } from '../../../src/lib/proof/dialled.js';
import { keyOf, normalizeUser, parseAddress } from '../../../src/lib/routing/normalize.js';
import { cases, fc } from '../../support/property.js';

test.each([
  ['1001', undefined, undefined, '1001'],
  ['1001', 'sip.local', undefined, '1001@sip.local'],
  ['a@b', undefined, undefined, undefined],
  ['a@b', undefined, 'sip.local', 'sip:a%40b@sip.local'],
  ['a@b', 'sip.local', undefined, 'a@b@sip.local'],
  ['tel:+1', undefined, undefined, undefined],
  ['tel:+1', 'sip.local', undefined, 'sip:tel%3A+1@sip.local'],
  ['backend:pool', 'sip.local', undefined, 'sip:backend%3Apool@sip.local'],
  ['a\u0007b', 'sip.local', undefined, 'sip:a%07b@sip.local'],
  ['1001', '2001:db8::1', undefined, '1001@2001:db8::1'],
])('the user %j at %j, or else %j, is dialled as %j', (user, host, assumed, dialled) => {
  expect(dialledAs(user, host, assumed)).toBe(dialled);
});

test('what is dialled is read as what was meant', () => {
  const user = fc.string({ unit: fc.constantFrom(...'ab1+@%:24065.-;\u0000é '), minLength: 1, maxLength: 8 });
  const host = fc.constantFrom('sip.local', '10.0.0.5', '2001:db8::1');
  fc.assert(
    fc.property(user, host, fc.boolean(), (text, at, isAssumed) => {
      const meant = normalizeUser(text);
      fc.pre(meant !== '');
      const dialled = isAssumed ? dialledAs(meant, undefined, at) : dialledAs(meant, at);
      const read = parseAddress(dialled!);
      expect([read.scheme, read.user, read.host ?? at]).toEqual(['sip', meant, at]);
      const key = keyOf({ scheme: 'sip', user: meant, host: at, port: undefined });
      expect(parseAddress(dialledFor(key)!)).toMatchObject({ scheme: 'sip', user: meant, host: at });
    }),
    cases(1000),
  );
  expect(dialledFor('backend:pool')).toBeUndefined();
});
