/** The persistent map and the index over it behave as plain ones do, and older versions stay as they were. */
import { PersistentMap } from '../../src/lib/kinds/persistent-map.js';
import { KeyIndex } from '../../src/lib/kinds/key-index.js';
import { fc } from '../support/property.js';

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

test('an index has the items that were added and not removed, the latest of each id', () => {
  interface Item {
    readonly id: string;
    readonly version: number;
  }
  const item = fc.record({ id: fc.constantFrom('r1', 'r2', 'r3', 'r4'), version: fc.nat(9) });
  const step = fc.tuple(fc.constantFrom('a', 'b'), item, fc.boolean());
  const texts = (items: Iterable<Item>) => [...items].map(({ id, version }) => `${id} ${version}`).sort();
  fc.assert(
    fc.property(fc.array(fc.array(step, { maxLength: 8 }), { maxLength: 10 }), (all) => {
      const plain = new Map([
        ['a', new Map<string, Item>()],
        ['b', new Map<string, Item>()],
      ]);
      const history: [KeyIndex<Item>, string[], string[]][] = [];
      let index = KeyIndex.empty<Item>(({ id }) => id);
      for (const steps of all) {
        const draft = index.edit();
        for (const [key, which, added] of steps) {
          const items = plain.get(key)!;
          if (added) items.set(which.id, which);
          else items.delete(which.id);
          if (added) draft.add(key, which);
          else draft.remove(key, which);
          expect(draft.has(key)).toBe(items.size > 0);
        }
        index = draft.done();
        history.push([index, texts(plain.get('a')!.values()), texts(plain.get('b')!.values())]);
      }
      for (const [version, a, b] of history)
        expect([texts(version.at('a')), texts(version.at('b'))]).toEqual([a, b]);
    }),
  );
});
