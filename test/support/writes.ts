/** Random writes over a few kinds that refer to each other, for property tests. */
import type { Operation } from '../../src/lib/config/operation.js';
import { Catalog } from '../../src/lib/kinds/catalog.js';
import type { Document } from '../../src/lib/kinds/kind.js';
import { create, planOf, remove, update } from './plan.js';
import { fc } from './property.js';

export const aRef = fc.constantFrom('r1', 'r2', 'r3', 'r4');
const maybe = (to: typeof aRef) => fc.option(to, { nil: undefined, freq: 1 });
const hosts = fc.constantFrom(...'abcdefgh').map((letter) => `${letter}.example`);

export const documents: Record<string, fc.Arbitrary<Document>> = {
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
export const kindNames = Object.keys(documents) as Operation['kind'][];
const names = fc.constantFrom('x', 'y');

export const operation: fc.Arbitrary<Operation> = fc.constantFrom(...kindNames).chain((kind) =>
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
export const writes = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: operation.map((one) => [one]) },
    { weight: 2, arbitrary: fc.array(operation, { minLength: 2, maxLength: 4 }) },
  ),
  { minLength: 10, maxLength: 40 },
);

/** Where all begins: two of each kind, one referring to the other kinds'. */
export const start = planOf(Catalog.empty, [
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
