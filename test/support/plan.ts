/** Planning from tests: operations in short form against a catalog, with counted refs and times. */
import type { Operation } from '../../src/lib/config/operation.js';
import { plan, type Plan } from '../../src/lib/config/plan.js';
import type { PlanError } from '../../src/lib/config/problems.js';
import { Catalog } from '../../src/lib/kinds/catalog.js';
import { kinds } from '../../src/lib/kinds/index.js';
import type { KindName, Resource } from '../../src/lib/kinds/kind.js';

let count = 0;

/** Plans operations; time is the revision that is made. */
export function planOf(catalog: Catalog, operations: readonly Operation[], cascade = false): Plan {
  return plan(catalog, operations, {
    cascade,
    now: (catalog.revision + 1) * 1000,
    newRef: () => `generated-${++count}`,
    nextSeq: () => ++count,
  });
}

/** The catalog after operations. */
export const after = (catalog: Catalog, ...operations: Operation[]): Catalog =>
  planOf(catalog, operations).catalog;

/** The error of operations that must be refused. */
export function refused(catalog: Catalog, operations: readonly Operation[], cascade = false): PlanError {
  try {
    planOf(catalog, operations, cascade);
  } catch (error) {
    return error as PlanError;
  }
  throw new Error('the write was not refused');
}

/** Effects as `updated Agent/agent-01`. */
export const effects = ({ changes }: Plan): string[] =>
  changes.map(
    ({ effect, before, after: now }) => `${effect} ${(now ?? before)!.kind}/${(now ?? before)!.ref}`,
  );

const action =
  (name: Operation['action']) =>
  (kind: KindName, key: string, document?: unknown, more: Partial<Operation> = {}): Operation => ({
    action: name,
    kind,
    key,
    document,
    ...more,
  });
export const create = action('create');
export const update = action('update');
export const put = action('put');
export const remove = (kind: KindName, key: string, more: Partial<Operation> = {}): Operation => ({
  action: 'delete',
  kind,
  key,
  ...more,
});

export const acl = (ref: string) => create('AccessControlList', ref, { name: ref, allow: ['10.0.0.0/8'] });
export const trunk = (ref: string, more: object = {}) =>
  create('Trunk', ref, { name: ref, inboundUri: `${ref}.example.com`, ...more });
export const number = (ref: string, tel: string, more: object = {}) =>
  create('Number', ref, {
    name: ref,
    telUrl: `tel:${tel}`,
    city: 'Durham',
    country: 'USA',
    countryIsoCode: 'US',
    ...more,
  });
export const domain = (ref: string, uri: string, more: object = {}) =>
  create('Domain', ref, { name: ref, domainUri: uri, ...more });
export const agent = (ref: string, username: string, domainRef?: string, more: object = {}) =>
  create('Agent', ref, {
    name: ref || 'unnamed',
    username,
    ...(domainRef !== undefined && { domainRef }),
    ...more,
  });
export const peer = (ref: string, username: string, aor: string) =>
  create('Peer', ref, { name: ref, username, aor });
export const credentials = (ref: string, password = 'secret') =>
  create('Credentials', ref, { name: ref, username: ref, password });
export const profile = (ref: string): Operation[] => [
  create('Persona', `persona-of-${ref}`, { name: `persona-of-${ref}`, instructions: 'Be kind.' }),
  create('Policy', `policy-of-${ref}`, { name: `policy-of-${ref}` }),
  create('Modality', `realtime-of-${ref}`, { name: `realtime-of-${ref}`, type: 'realtime', provider: 'p' }),
  create('Profile', ref, {
    name: ref,
    personaRef: `persona-of-${ref}`,
    policyRef: `policy-of-${ref}`,
    realtimeRef: `realtime-of-${ref}`,
  }),
];
export const route = (ref: string, called: string, more: Partial<Operation> = {}) =>
  create('SipRoute', ref, { name: ref, called: [called], profileRef: 'main' }, more);

/** Refs of a kind in declared order. */
export const order = (catalog: Catalog): string[] =>
  [...catalog.all('SipRoute')].sort((a, b) => (a.position! < b.position! ? -1 : 1)).map(({ ref }) => ref);

/** Everything that can be asked of a catalog, for comparing two. */
export function contents(catalog: Catalog): unknown {
  return kinds.map((kind) => {
    const all = [...catalog.all(kind.name)].sort((a, b) => (a.ref < b.ref ? -1 : 1));
    return all.map((resource: Resource) => ({
      resource,
      label: catalog.label(resource),
      named: catalog.find(kind.name, catalog.label(resource)).sort(),
      referrers: catalog.referrers(kind.name, resource.ref),
    }));
  });
}

/** A catalog built in one go from the resources of another. */
export const rebuilt = (catalog: Catalog): Catalog =>
  Catalog.empty.apply(
    kinds.flatMap((kind) => [...catalog.all(kind.name)].map((after) => ({ after }))),
    catalog.revision,
  );
