/** The persistent map and the index of refs over it behave as plain ones do, and older versions stay as they were. */
import fc from 'fast-check';
import { PersistentMap } from '../../src/lib/kinds/persistent-map.js';
import { RefIndex } from '../../src/lib/kinds/refs.js';

const KEYS = Array.from({ length: 30 }, (_, i) => `key-${i}`);
const key = fc.constantFrom(...KEYS);
/** A version is made by several changes: a value sets, none deletes. */
const change = fc.tuple(key, fc.option(fc.nat(3), { nil: undefined }));
const versions = fc.array(fc.array(change, { maxLength: 12 }), { maxLength: 20 });
const sorted = <T>(entries: Iterable<T>): T[] => [...entries].sort();

test('a persistent map is a map', () => {
  fc.assert(
    fc.property(versions, (all) => {
      const plain = new Map<string, number>();
      const history: [PersistentMap<number>, [string, number][]][] = [];
      let map = PersistentMap.empty<number>();
      for (const changes of all) {
        const draft = map.edit();
        for (const [name, value] of changes) {
          if (value === undefined) draft.delete(name);
          else draft.set(name, value);
          if (value === undefined) plain.delete(name);
          else plain.set(name, value);
          expect([draft.get(name), draft.has(name), draft.size]).toEqual([
            value,
            plain.has(name),
            plain.size,
          ]);
        }
        map = draft.done();
        history.push([map, sorted(plain)]);
      }
      for (const [version, entries] of history) {
        expect(sorted(version.entries())).toEqual(entries);
        expect(sorted(version.keys())).toEqual(entries.map(([name]) => name));
        expect([...version.values()].length).toBe(version.size);
        for (const name of KEYS) expect(version.get(name)).toBe(new Map(entries).get(name));
      }
    }),
  );
});

test('many small changes do not pile up', () => {
  let map = PersistentMap.empty<number>();
  for (let i = 0; i < 20_000; i++) {
    const draft = map.edit();
    draft.set(`key-${i % 5000}`, i);
    if (i % 3 === 0) draft.delete(`key-${(i * 7) % 5000}`);
    map = draft.done();
  }
  expect((map as unknown as { layers: unknown[] }).layers.length).toBeLessThan(7);
  expect([...map.keys()].length).toBe(map.size);
});

test('a change of nothing is the same map', () => {
  const draft = PersistentMap.empty<number>().edit();
  draft.set('a', 1);
  const map = draft.done();
  const same = map.edit();
  same.delete('b');
  expect(same.done()).toBe(map);
});

test('an index of refs has the refs that were added and not removed', () => {
  const ref = fc.constantFrom('r1', 'r2', 'r3', 'r4');
  const step = fc.tuple(fc.constantFrom('a', 'b'), ref, fc.boolean());
  fc.assert(
    fc.property(fc.array(fc.array(step, { maxLength: 8 }), { maxLength: 10 }), (all) => {
      const plain = { a: new Set<string>(), b: new Set<string>() };
      const history: [RefIndex, string[], string[]][] = [];
      let index = RefIndex.empty;
      for (const steps of all) {
        const draft = index.edit();
        for (const [name, which, added] of steps) {
          const refs = plain[name as 'a' | 'b'];
          if (added) {
            draft.add(name, which);
            refs.add(which);
          } else {
            draft.remove(name, which);
            refs.delete(which);
          }
          expect(draft.has(name)).toBe(refs.size > 0);
        }
        index = draft.done();
        history.push([index, sorted(plain.a), sorted(plain.b)]);
      }
      for (const [version, a, b] of history)
        expect([sorted(version.at('a')), sorted(version.at('b'))]).toEqual([a, b]);
    }),
  );
});
