/** What the catalog knows about a list before the store is asked. */
import type { Catalog } from '../kinds/catalog.js';
import { kindOf } from '../kinds/index.js';
import type { Filter, ListQuery } from '../store/store.js';

/** The query with refs for natural keys in filters, and with the refs that a key's index has already found. */
export function resolved(catalog: Catalog, query: ListQuery): ListQuery {
  const filters = (query.filters ?? []).map((filter) => withRef(catalog, query, filter));
  return { ...query, filters, refs: query.refs ?? keyHolders(catalog, query, filters) };
}

function withRef(catalog: Catalog, { kind }: ListQuery, filter: Filter): Filter {
  const [name = '', member] = filter.field.split('.');
  const outer = kindOf(kind).fields[name];
  const field = outer?.type === 'structs' && member !== undefined ? outer.of[member] : outer;
  if (field?.type !== 'reference') return filter;
  const found = catalog.find(field.to, filter.value);
  return found.length === 1 ? { field: filter.field, value: found[0]! } : filter;
}

function keyHolders(catalog: Catalog, { kind }: ListQuery, filters: readonly Filter[]): string[] | undefined {
  for (const [i, key] of kindOf(kind).keys.entries()) {
    const filter = key.fields.length === 1 && filters.find(({ field }) => field === key.fields[0]);
    if (filter && filter.value !== '') return catalog.holdersOf(kind, i, filter.value);
  }
  return undefined;
}
