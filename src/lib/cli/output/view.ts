/** How things look, apart from any format: what can be shown of an item, and under which names. */
import type { Json } from '../../kinds/kind.js';
import { didYouMean } from '../../kinds/nearest.js';
import { quote } from '../../kinds/words.js';
import { headerOf } from '../names.js';
import { inputError } from '../input/problems.js';
import type { Painter } from './paint.js';

export interface Column<Item> {
  /** Field name, as `--fields`, JSON keys and CSV headers have it. */
  readonly name: string;
  /** Table header, upper case words. */
  readonly header: string;
  /** In every table, in wide ones and CSV only, or when picked by `--fields` only. */
  readonly shown: 'always' | 'wide' | 'picked';
  /** Other names by which `--fields` may pick it, in lower case. */
  readonly aliases?: readonly string[];
  /** A narrow terminal cuts the other columns first. */
  readonly keep?: boolean;
  /** What a person reads, as stored: one text per entry of a list, none when absent. */
  texts(item: Item): readonly string[];
  /** What a program reads; undefined when absent. */
  value(item: Item): Json | undefined;
}

/** A column of one value, in every table unless `more` says otherwise. */
export const valueColumn = <Item>(
  name: string,
  value: (item: Item) => Json | undefined,
  more: Partial<Pick<Column<Item>, 'shown' | 'keep' | 'texts'>> = {},
): Column<Item> => ({
  name,
  header: headerOf(name),
  shown: 'always',
  value,
  texts: (item) => [value(item) ?? []].flat().map(String),
  ...more,
});

export interface View<Item> {
  readonly columns: readonly Column<Item>[];
  /** The whole item as JSON and YAML show it. */
  document(item: Item): Json;
  /** What `-o name` prints; absent where items have no names. */
  name?(item: Item): string;
  /** Stands in for the table of a single item. Ends with a line break. */
  prose?(item: Item, paint: Painter): Promise<string>;
  /** Stands in for the row of a list on a terminal, for items that say too much for one. Ends with a line break. */
  paragraph?(item: Item, paint: Painter): string;
}

/**
 * The columns that `--fields` picks, in its order.
 * @param fields names with commas between them
 * @throws CtlError usage, for names that no column has
 */
export function pickColumns<Item>(view: View<Item>, fields: string): Column<Item>[] {
  const unknown: string[] = [];
  const picked = fields.split(',').flatMap((text) => {
    const wanted = text.trim();
    const found =
      view.columns.find((column) => column.name === wanted) ??
      view.columns.find((column) =>
        [column.name.toLowerCase(), ...(column.aliases ?? [])].includes(wanted.toLowerCase()),
      );
    if (!found) unknown.push(wanted);
    return found ?? [];
  });
  if (unknown.length === 0) return picked;
  const names = view.columns.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  throw inputError(
    'cannot print',
    unknown.map((name) => ({
      field: '--fields',
      message: `${quote(name)} is no field${didYouMean(name, names)}`,
    })),
    `Fields: ${view.columns.map(({ name }) => name).join(', ')}`,
  );
}

/** The chosen columns of an item as one JSON object; absent values are null, so that every item has every key. */
export const pickDocument = <Item>(columns: readonly Column<Item>[], item: Item): Json =>
  Object.fromEntries(columns.map((column) => [column.name, column.value(item) ?? null]));
