import type { Operation } from '../../src/lib/config/operation.js';
import { PlanError } from '../../src/lib/config/problems.js';
import { Catalog, keyValue } from '../../src/lib/kinds/catalog.js';
import { kindOf, kinds } from '../../src/lib/kinds/index.js';
import { type Document, referencesOf } from '../../src/lib/kinds/kind.js';
import { contents, planOf, rebuilt } from '../support/plan.js';
import { operation, start, writes } from '../support/writes.js';
import { cases, counted, fc } from '../support/property.js';

/** A configuration as plainly as it can be kept: documents by `Kind/ref`. */
type Model = ReadonlyMap<string, Document>;

/** The configuration after a write, or undefined when it must be refused: judged by the final state alone. */
function modelAfter(model: Model, operations: readonly Operation[]): Model | undefined {
  const next = new Map(model);
  const seen = new Set<string>();
  for (const { action, kind, key, document } of operations) {
    const id = `${kind}/${key}`;
    if (seen.has(id) || model.has(id) !== (action !== 'create')) return undefined;
    seen.add(id);
    if (action === 'delete') next.delete(id);
    else next.set(id, { ...next.get(id), ...(document as Document) });
  }
  return isSound(next) ? next : undefined;
}

function isSound(model: Model): boolean {
  const keys = new Set<string>();
  for (const [id, doc] of model) {
    const kind = kindOf(id.split('/')[0] as Operation['kind']);
    for (const { field, ref } of referencesOf(kind, doc)) if (!model.has(`${field.to}/${ref}`)) return false;
    for (const [i, key] of kind.keys.entries()) {
      const value = keyValue(kind, key, doc);
      if (value === undefined) continue;
      const entry = `${kind.name} ${i} ${value}`;
      if (keys.has(entry)) return false;
      keys.add(entry);
    }
  }
  return true;
}

const modelOf = (catalog: Catalog): Map<string, Document> =>
  new Map(
    kinds.flatMap((kind) =>
      [...catalog.all(kind.name)].map(({ ref, doc }) => [`${kind.name}/${ref}`, doc] as const),
    ),
  );

test('plans what a naive model allows, refuses what it refuses, and both end in the same state', () => {
  const { count, expectEach } = counted();
  fc.assert(
    fc.property(writes, (all) => {
      let catalog = start;
      let model: Model = modelOf(start);
      let done = 0;
      for (const operations of all) {
        const expected = modelAfter(model, operations);
        let next: Catalog | undefined;
        try {
          next = planOf(catalog, operations).catalog;
        } catch (error) {
          if (!(error instanceof PlanError)) throw error;
        }
        expect(next === undefined).toBe(expected === undefined);
        if (!next || !expected) continue;
        done++;
        catalog = next;
        model = expected;
        const actual = modelOf(catalog);
        expect([...actual.keys()].sort()).toEqual([...model.keys()].sort());
        for (const [id, doc] of model) expect(actual.get(id)).toMatchObject(JSON.parse(JSON.stringify(doc)));
      }
      expect(contents(catalog)).toEqual(contents(rebuilt(catalog)));
      count('accepted', done);
    }),
    cases(80),
  );
  // Otherwise it would prove next to nothing.
  expectEach(['accepted'], 200);
});

test('a cascade leaves a sound configuration, touches what it reports and nothing else', () => {
  fc.assert(
    fc.property(writes, fc.array(operation, { minLength: 1, maxLength: 3 }), (all, last) => {
      let catalog = start;
      for (const operations of all)
        try {
          catalog = planOf(catalog, operations).catalog;
        } catch {
          continue;
        }
      let plan;
      try {
        plan = planOf(catalog, last, true);
      } catch {
        return;
      }
      const before = modelOf(catalog);
      const now = modelOf(plan.catalog);
      expect(isSound(now)).toBe(true);
      expect(contents(plan.catalog)).toEqual(contents(rebuilt(plan.catalog)));
      const replayed = new Map(before);
      for (const change of plan.changes) {
        const { kind, ref } = (change.after ?? change.before)!;
        expect(before.get(`${kind}/${ref}`)).toEqual(change.before?.doc);
        if (change.after) replayed.set(`${kind}/${ref}`, change.after.doc);
        else replayed.delete(`${kind}/${ref}`);
      }
      expect(replayed).toEqual(now);
    }),
    cases(80),
  );
});
