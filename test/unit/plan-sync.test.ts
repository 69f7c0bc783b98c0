import type { Operation } from '../../src/lib/config/operation.js';
import { plan } from '../../src/lib/config/plan.js';
import { PlanError } from '../../src/lib/config/problems.js';
import { Catalog, type Delta } from '../../src/lib/kinds/catalog.js';
import { kindOf, kinds } from '../../src/lib/kinds/index.js';
import { type KindName, referencesOf, type Resource } from '../../src/lib/kinds/kind.js';
import { contents, order, planOf, profile, put } from '../support/plan.js';
import { aRef, documents, kindNames, start, writes } from '../support/writes.js';
import { cases, counted, fc } from '../support/property.js';

let seq = 10_000;
const planSync = (catalog: Catalog, operations: readonly Operation[], names: readonly KindName[]) =>
  plan(catalog, operations, {
    cascade: false,
    sync: { kinds: names, allowMassDelete: true },
    now: 1,
    newRef: () => `generated-${++seq}`,
    nextSeq: () => ++seq,
  });

/** A catalog after random writes, those that are refused left out. */
const catalogs = writes.map((all) =>
  all.reduce((catalog, operations) => attempt(() => planOf(catalog, operations).catalog) ?? catalog, start),
);

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof PlanError) return undefined;
    throw error;
  }
}

/** A configuration as files would have it: at most one document for a ref. */
const files = fc
  .uniqueArray(
    fc.constantFrom(...kindNames).chain((kind) => fc.tuple(fc.constant(kind), aRef, documents[kind]!)),
    { selector: ([kind, ref]) => `${kind}/${ref}`, maxLength: 12 },
  )
  .map((all) => all.map(([kind, ref, doc]) => put(kind, ref, { name: 'x', ...doc })));

const resourcesOf = (catalog: Catalog): Resource[] => kinds.flatMap(({ name }) => [...catalog.all(name)]);

/** Every reference of a catalog that names nothing. */
const dangling = (catalog: Catalog): string[] =>
  resourcesOf(catalog).flatMap(({ kind, doc }) =>
    referencesOf(kindOf(kind), doc)
      .filter(({ field, ref }) => !catalog.get(field.to, ref))
      .map(({ path }) => `${kind} ${path}`),
  );

/** Applies changes one at a time; no reference may dangle after any of them. */
function stepByStep(from: Catalog, deltas: readonly Delta[]): Catalog {
  let catalog = from;
  for (const delta of deltas) {
    catalog = catalog.apply([delta], from.revision + 1);
    expect(dangling(catalog)).toEqual([]);
  }
  return catalog;
}

test('no reference dangles after any change of a plan, and each of them changes something', () => {
  const { count, expectEach } = counted();
  fc.assert(
    fc.property(catalogs, files, fc.subarray(kindNames), (catalog, operations, synced) => {
      const done = attempt(() => planSync(catalog, operations, synced));
      if (!done) return;
      count('planned', done.deltas.length);
      expect(contents(stepByStep(catalog, done.deltas))).toEqual(contents(done.catalog));
      for (const { before, after } of done.deltas)
        if (before && after) expect(after.doc).not.toEqual(before.doc);
    }),
    cases(300),
  );
  expectEach(['planned'], 200);
});

test('a sync leaves what the files have of its kinds, and nothing else; doing it again changes nothing', () => {
  const { count, expectEach } = counted();
  fc.assert(
    fc.property(catalogs, files, fc.subarray(kindNames), (catalog, operations, synced) => {
      const done = attempt(() => planSync(catalog, operations, synced));
      if (!done) return;
      count('planned');
      for (const name of synced) {
        const wanted = operations.filter(({ kind }) => kind === name).map(({ key }) => key);
        expect([...done.catalog.all(name)].map(({ ref }) => ref).sort()).toEqual(wanted.sort());
      }
      for (const name of kindNames.filter((kind) => !synced.includes(kind)))
        for (const { ref } of catalog.all(name)) expect(done.catalog.get(name, ref)).toBeDefined();
      const again = planSync(done.catalog, operations, synced);
      expect(again.deltas).toEqual([]);
      expect(again.catalog).toBe(done.catalog);
    }),
    cases(300),
  );
  expectEach(['planned'], 30);
});

test('putting what is there changes nothing, in any order', () => {
  fc.assert(
    fc.property(catalogs, fc.infiniteStream(fc.nat()), (catalog, random) => {
      const operations = resourcesOf(catalog).map(({ kind, ref, doc }) => put(kind, ref, doc));
      operations.sort(() => (random.next().value % 3) - 1);
      const all = kinds.map(({ name }) => name);
      expect(planSync(catalog, operations, all).deltas).toEqual([]);
    }),
    cases(50),
  );
});

describe('a declared order', () => {
  const base = planOf(Catalog.empty, profile('main')).catalog;
  const routes = (refs: readonly string[], ...more: Operation[]) => [
    ...refs.map((ref) => put('SipRoute', ref, { name: ref, called: [ref], profileRef: 'main' })),
    ...more,
  ];
  const all = put('SipRoute', 'all', { name: 'all', called: ['*'], profileRef: 'main' });
  const sync = (catalog: Catalog, operations: Operation[]) => planSync(catalog, operations, ['SipRoute']);
  const shuffled = (refs: string[]) => fc.shuffledSubarray(refs, { minLength: 1 });

  test('becomes that of the operations, and the catch-all stays last', () => {
    const names = [...'abcdefgh'];
    fc.assert(
      fc.property(shuffled(names), shuffled(names), fc.boolean(), (first, second, withAll) => {
        const more = withAll ? [all] : [];
        const before = sync(base, routes(first)).catalog;
        const done = sync(before, [...more, ...routes(second)]);
        expect(order(done.catalog)).toEqual([...second, ...more.map(({ key }) => key)]);
        expect(sync(done.catalog, [...routes(second), ...more]).deltas).toEqual([]);
      }),
    );
  });

  test('moves as few as can be, and none in a write that is no sync', () => {
    const before = sync(base, routes([...'abcdef'])).catalog;
    const moved = (refs: string) => sync(before, routes([...refs])).deltas.map(({ after }) => after!.ref);
    expect(moved('abcdef')).toEqual([]);
    expect(moved('bcdefa')).toEqual(['a']);
    expect(moved('fabcde')).toEqual(['f']);
    expect(moved('abdcef')).toHaveLength(1);
    expect(moved('fedcba')).toHaveLength(5);
    expect(planOf(before, routes([...'fedcba'])).deltas).toEqual([]);
    const placed = { ...routes(['f'])[0]!, before: 'c' };
    expect(order(sync(before, [...routes([...'abcde']), placed]).catalog)).toEqual([...'abfcde']);
  });
});
