/** How plain records look that are no resources: the state of the daemon, versions, counts. */
import type { Json } from '../../kinds/kind.js';
import { headerOf } from '../names.js';
import type { View } from './view.js';

export type RecordItem = { readonly [name: string]: Json | undefined };

/**
 * The view of records with these fields, in this order.
 * @param names the fields, as JSON has them; tables show them in upper case words
 */
export const recordView = (names: readonly string[]): View<RecordItem> => ({
  columns: names.map((name) => ({
    name,
    header: headerOf(name),
    shown: 'always',
    value: (item) => item[name],
    texts: (item) => textsOf(item[name]),
  })),
  document: (item) => Object.fromEntries(names.map((name) => [name, item[name] ?? null])),
});

function textsOf(value: Json | undefined): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value === 'object')
    return Object.entries(value).map(([name, member]) => `${name}: ${textsOf(member).join(', ')}`);
  return [String(value)];
}
