/** What a format is, and what it gets to print. */
import type { Output } from '../terminal.js';
import type { Column, View } from './view.js';

/** Items as they come, so many at once as there are. */
export type Batches<Item> = AsyncIterable<readonly Item[]>;

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

/** A format: a list in batches as they come, or a single item. */
export interface Format {
  list<Item>(job: Job<Item>, batches: Batches<Item>): Promise<void>;
  one<Item>(job: Job<Item>, item: Item): Promise<void>;
}

/** A list of one item. */
export async function* only<Item>(item: Item): Batches<Item> {
  yield [item];
}

/** Whether a format is for programs, which get errors as JSON too. */
export const isForPrograms = (format: string | undefined): boolean =>
  format === 'json' || format === 'jsonl' || format === 'yaml';
