import { fieldChanges } from '../../src/lib/config/diff.js';
import { kindOf } from '../../src/lib/kinds/index.js';
import { type Document } from '../../src/lib/kinds/kind.js';
import { validate } from '../../src/lib/kinds/validate.js';

const trunk = (...uris: object[]): Document =>
  validate(kindOf('Trunk'), { name: 't', inboundUri: 't.example', uris }).doc!;
const changes = (before: Document | undefined, after: Document | undefined): string[] =>
  fieldChanges(kindOf('Trunk'), before, after).map(
    ({ path, before: old, after: now }) =>
      `${path} ${JSON.stringify(old) ?? '-'} ${JSON.stringify(now) ?? '-'}`,
  );

test('one line for each field that differs', () => {
  const before = trunk({ host: 'a.example' });
  expect(changes(before, before)).toEqual([]);
  expect(changes(before, { ...before, name: 'u', sendRegister: true, extended: { a: 1 } })).toEqual([
    'name "t" "u"',
    'sendRegister false true',
    'extended - {"a":1}',
  ]);
});

test('a created resource has all its fields, a deleted one too', () => {
  const doc = trunk();
  expect(changes(undefined, doc)).toEqual(['name - "t"', 'inboundUri - "t.example"', 'sendRegister - false']);
  expect(changes(doc, undefined)).toEqual(['name "t" -', 'inboundUri "t.example" -', 'sendRegister false -']);
});

test('entries: members where they pair up, whole entries where they come or go', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((letter) => ({ host: `${letter}.example` }));
  expect(changes(trunk(a!, b!), trunk(a!, { ...b, port: 5080 }))).toEqual(['uris[1].port 5060 5080']);
  expect(changes(trunk(a!, c!), trunk(a!, b!, c!))).toEqual([
    `uris[1] - ${JSON.stringify((trunk(b!)['uris'] as object[])[0])}`,
  ]);
  expect(changes(trunk(a!, b!, c!), trunk(b!, c!))).toEqual([
    `uris[0] ${JSON.stringify((trunk(a!)['uris'] as object[])[0])} -`,
  ]);
  const acl = (...allow: string[]): Document => ({ name: 'a', allow, deny: [] });
  expect(fieldChanges(kindOf('AccessControlList'), acl('1.1.1.1'), acl('2.2.2.2', '1.1.1.1'))).toEqual([
    { path: 'allow[0]', before: undefined, after: '2.2.2.2' },
  ]);
});

test('secrets are masked', () => {
  const doc = (password: string): Document => ({ name: 'c', username: 'u', password });
  expect(fieldChanges(kindOf('Credentials'), doc('old'), doc('new'))).toEqual([
    { path: 'password', before: '********', after: '********' },
  ]);
  expect(JSON.stringify(fieldChanges(kindOf('Credentials'), undefined, doc('new')))).not.toContain('new');
});
