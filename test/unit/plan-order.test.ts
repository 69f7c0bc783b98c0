import { Catalog } from '../../src/lib/kinds/catalog.js';
import {
  acl,
  after,
  create,
  effects,
  order,
  planOf,
  profile,
  refused,
  remove,
  route,
  update,
} from '../support/plan.js';
import { cases, fc } from '../support/property.js';

const base = after(Catalog.empty, ...profile('main'));
const three = after(base, route('a', '1'), route('b', '2'), route('c', '3'));
const withLast = after(three, route('last', '*'));

test('a new route goes last, but before the catch-all', () => {
  expect(order(three)).toEqual(['a', 'b', 'c']);
  expect(order(after(withLast, route('d', '4')))).toEqual(['a', 'b', 'c', 'd', 'last']);
  expect(order(after(base, route('last', '*'), route('a', '1')))).toEqual(['a', 'last']);
});

test('before and after place it, and change no other document', () => {
  const plan = planOf(withLast, [route('d', '4', { before: 'a' })]);
  expect(order(plan.catalog)).toEqual(['d', 'a', 'b', 'c', 'last']);
  expect(effects(plan)).toEqual(['created SipRoute/d']);
  expect(order(after(withLast, route('d', '4', { after: 'a' })))).toEqual(['a', 'd', 'b', 'c', 'last']);
  expect(order(after(withLast, route('d', '4', { before: 'last' })))).toEqual(['a', 'b', 'c', 'd', 'last']);
});

test('an update moves it; where it stands already nothing changes', () => {
  const move = (ref: string, where: object) => planOf(withLast, [update('SipRoute', ref, undefined, where)]);
  expect(order(move('c', { before: 'a' }).catalog)).toEqual(['c', 'a', 'b', 'last']);
  expect(order(move('a', { after: 'c' }).catalog)).toEqual(['b', 'c', 'a', 'last']);
  expect(order(move('a', { before: 'last' }).catalog)).toEqual(['b', 'c', 'a', 'last']);
  expect(effects(move('b', { after: 'a' }))).toEqual(['unchanged SipRoute/b']);
  expect(effects(move('c', { before: 'last' }))).toEqual(['unchanged SipRoute/c']);
  expect(effects(move('b', { before: 'c' }))).toEqual(['unchanged SipRoute/b']);
});

test('several of one write', () => {
  const plan = planOf(withLast, [
    route('x', '7', { before: 'y' }),
    route('y', '8'),
    update('SipRoute', 'a', undefined, { after: 'x' }),
    remove('SipRoute', 'b'),
  ]);
  expect(order(plan.catalog)).toEqual(['c', 'x', 'a', 'y', 'last']);
});

test('becoming and ceasing to be the catch-all', () => {
  const swapped = after(
    withLast,
    update('SipRoute', 'last', { called: ['9'] }),
    update('SipRoute', 'a', { called: ['*'] }),
  );
  expect(order(swapped)).toEqual(['b', 'c', 'last', 'a']);
});

test('what cannot be', () => {
  const wrong = (operation: ReturnType<typeof route>) => {
    const { status, message, fields } = refused(withLast, [operation]);
    return `${status} ${fields[0]?.field ?? ''} ${fields[0]?.message ?? message}`;
  };
  expect(wrong(route('d', '*'))).toContain('ALREADY_EXISTS  SIP route last is the catch-all already');
  expect(wrong(route('d', '4', { after: 'last' }))).toContain(
    'INVALID_ARGUMENT after is last, the catch-all',
  );
  expect(wrong(route('d', '4', { before: 'nope' }))).toContain(
    'INVALID_ARGUMENT before is nope, but there is no such SIP route',
  );
  expect(wrong(route('d', '4', { before: 'a', after: 'b' }))).toContain('together with after');
  expect(wrong(route('d', '4', { before: 'd' }))).toContain('itself');
  expect(wrong(update('SipRoute', 'last', undefined, { before: 'a' }))).toContain('always stands last');
  expect(
    refused(withLast, [route('x', '7', { before: 'y' }), route('y', '8', { after: 'x' })]).fields[0]!.message,
  ).toContain('places only later');
  expect(refused(base, [route('x', '*'), route('y', '*')]).fields[0]!.field).toBe('sip-routes/y');
  expect(refused(base, [{ ...acl('x'), before: 'y' }]).fields[0]).toMatchObject({
    field: 'before',
    message: expect.stringContaining('no declared order'),
  });
  expect(
    refused(base, [create('SipRoute', 'x', {}, { before: 'nope' })]).fields.map(({ field }) => field),
  ).toEqual(['name', 'called', 'profileRef']);
});

test('any moves lead to the order that a plain list has, and never collide', () => {
  const step = fc.record({
    what: fc.constantFrom('insert', 'move', 'delete'),
    at: fc.nat(),
    side: fc.constantFrom('before' as const, 'after' as const),
    to: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let catalog = after(withLast);
      let model = ['a', 'b', 'c'];
      for (const [i, { what, at, side, to }] of steps.entries()) {
        const ref = what === 'insert' || model.length === 0 ? `new-${i}` : model[at % model.length]!;
        const others = model.filter((other) => other !== ref);
        const target = others.length > 0 ? others[to % others.length]! : undefined;
        if (what === 'delete' && model.includes(ref)) {
          catalog = after(catalog, remove('SipRoute', ref));
          model = others;
          continue;
        }
        const place = target === undefined ? {} : { [side]: target };
        catalog = after(
          catalog,
          model.includes(ref) ? update('SipRoute', ref, undefined, place) : route(ref, `${i}`, place),
        );
        const index =
          target === undefined ? others.length : others.indexOf(target) + (side === 'after' ? 1 : 0);
        model = [...others.slice(0, index), ref, ...others.slice(index)];
      }
      expect(order(catalog)).toEqual([...model, 'last']);
      const positions = [...catalog.all('SipRoute')].map(({ position }) => position);
      expect(new Set(positions).size).toBe(positions.length);
    }),
    cases(100),
  );
});
