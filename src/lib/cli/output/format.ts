/** What a format is, and what it gets to print. */
import type { Output } from '../terminal.js';
import type { Column, View } from './view.js';

/** Items as they come. */
export type Items<Item> = AsyncIterable<Item> | Iterable<Item>;

/** What a format gets to print. */
export interface Job<Item> {
  readonly out: Output;
  readonly view: View<Item>;
  /** The columns that `--fields` picked, if any. */
  readonly picked: readonly Column<Item>[] | undefined;
  readonly headers: boolean;
  /** The format was asked for by name. */
  readonly explicit: boolean;
}

/** A format: a list item by item as they come, or a single item. */
export interface Format {
  list<Item>(job: Job<Item>, items: Items<Item>): Promise<void>;
  one<Item>(job: Job<Item>, item: Item): Promise<void>;
}
