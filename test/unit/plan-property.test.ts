import fc from 'fast-check';
import type { Operation } from '../../src/lib/config/operation.js';
import { PlanError } from '../../src/lib/config/problems.js';
import { Catalog, keyValue } from '../../src/lib/kinds/catalog.js';
import { kindOf, kinds } from '../../src/lib/kinds/index.js';
import { type Document, referencesOf } from '../../src/lib/kinds/kind.js';
import { contents, create, planOf, rebuilt, remove, update } from '../support/plan.js';

/** A configuration as plainly as it can be kept: documents by `Kind/ref`. */
type Model = ReadonlyMap<string, Document>;

const aRef = fc.constantFrom('r1', 'r2', 'r3', 'r4');
const maybe = (to: typeof aRef) => fc.option(to, { nil: undefined, freq: 1 });
const hosts = fc.constantFrom(...'abcdefgh').map((letter) => `${letter}.example`);

const documents: Record<string, fc.Arbitrary<Document>> = {
  Credentials: fc.record({ username: fc.constant('u'), password: fc.constant('p') }),
  Trunk: fc.record({
    inboundUri: hosts,
    inboundCredentialsRef: maybe(aRef),
    outboundCredentialsRef: maybe(aRef),
  }),
  Number: fc.record({
    telUrl: fc.integer({ min: 1, max: 8 }).map((n) => `tel:${n}`),
    trunkRef: maybe(aRef),
    city: fc.constant('c'),
    country: fc.constant('c'),
    countryIsoCode: fc.constant('US'),
  }),
  Domain: fc.record({
    domainUri: hosts,
    egressPolicies: fc.array(fc.record({ rule: fc.constant('.*'), numberRef: aRef }), { maxLength: 2 }),
  }),
  Agent: fc.record({
    username: fc.constantFrom('1', '2', '3'),
    domainRef: maybe(aRef),
    credentialsRef: maybe(aRef),
  }),
};
const kindNames = Object.keys(documents) as Operation['kind'][];
const names = fc.constantFrom('x', 'y');

const operation: fc.Arbitrary<Operation> = fc.constantFrom(...kindNames).chain((kind) =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(aRef, documents[kind]!, names)
        .map(([ref, doc, name]) => create(kind, ref, { name, ...doc })),
    },
    { weight: 2, arbitrary: fc.tuple(aRef, names).map(([ref, name]) => update(kind, ref, { name })) },
    {
      weight: 2,
      arbitrary: fc.tuple(aRef, documents[kind]!).map(([ref, doc]) => {
        const { username: _u, domainUri: _d, ...free } = doc;
        return update(kind, ref, free);
      }),
    },
    { weight: 2, arbitrary: aRef.map((ref) => remove(kind, ref)) },
  ),
);
const writes = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: operation.map((one) => [one]) },
    { weight: 2, arbitrary: fc.array(operation, { minLength: 2, maxLength: 4 }) },
  ),
  { minLength: 10, maxLength: 40 },
);

/** Where all begins: two of each kind, one referring to the other kinds'. */
const start = planOf(Catalog.empty, [
  create('Credentials', 'r1', { name: 'x', username: 'u', password: 'p' }),
  create('Credentials', 'r2', { name: 'x', username: 'u', password: 'p' }),
  create('Trunk', 'r1', { name: 'x', inboundUri: 'a.example', outboundCredentialsRef: 'r1' }),
  create('Trunk', 'r2', { name: 'x', inboundUri: 'b.example', inboundCredentialsRef: 'r2' }),
  create('Number', 'r1', {
    name: 'x',
    telUrl: 'tel:1',
    city: 'c',
    country: 'c',
    countryIsoCode: 'US',
    trunkRef: 'r1',
  }),
  create('Domain', 'r1', {
    name: 'x',
    domainUri: 'a.example',
    egressPolicies: [{ rule: '.*', numberRef: 'r1' }],
  }),
  create('Agent', 'r1', { name: 'x', username: '1', domainRef: 'r1', credentialsRef: 'r2' }),
]).catalog;

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
  let accepted = 0;
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
      accepted += done;
    }),
    { numRuns: 80 },
  );
  // Otherwise it would prove next to nothing.
  expect(accepted).toBeGreaterThan(200);
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
    { numRuns: 80 },
  );
});
