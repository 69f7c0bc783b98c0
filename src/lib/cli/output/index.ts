/** Printing: the formats there are, and the one way from items to stdout. Formats are loaded when used. */
import { didYouMean } from '../../kinds/nearest.js';
import { quote } from '../../kinds/words.js';
import { inputError } from '../input/problems.js';
import type { Output } from '../terminal.js';
import type { Batches, Format, Job } from './format.js';
import { pickColumns, type View } from './view.js';

const formats = {
  table: async () => (await import('./table.js')).table,
  wide: async () => (await import('./table.js')).wide,
  json: async () => (await import('./json.js')).json,
  jsonl: async () => (await import('./jsonl.js')).jsonl,
  yaml: async () => (await import('./yaml.js')).yaml,
  csv: async () => (await import('./csv.js')).csv,
  name: async () => (await import('./name.js')).name,
} satisfies Record<string, () => Promise<Format>>;

export type FormatName = keyof typeof formats;

/** The names that `-o` takes. */
export const formatNames = Object.keys(formats) as readonly FormatName[];

export interface PrintOptions {
  /** Value of `-o`; absent: a table, or tab-separated values into a pipe. */
  readonly format?: string | undefined;
  /** Value of `--fields`. */
  readonly fields?: string | undefined;
  /** False with `--no-headers`. */
  readonly headers?: boolean | undefined;
  /** Formats that the command prints itself, for errors to list. */
  readonly own?: readonly string[] | undefined;
}

export interface Printer<Item> {
  /** Prints items as they arrive, holding no more than one screen of them. */
  list(items: AsyncIterable<Item> | readonly Item[]): Promise<void>;
  /** The same for items that come many at once, which costs less for each. */
  batches(batches: Batches<Item>): Promise<void>;
  one(item: Item): Promise<void>;
}

/**
 * Checks the options, before any work is done for them, and returns what prints.
 * @throws CtlError usage, for an unknown format, unknown fields, or a format that these items do not have
 */
export function printerFor<Item>(out: Output, view: View<Item>, options: PrintOptions = {}): Printer<Item> {
  const format = formatNamed(options.format ?? 'table', options.own);
  if (format === 'name') checkNames(view, options);
  const job: Job<Item> = {
    out,
    view,
    picked: options.fields === undefined ? undefined : pickColumns(view, options.fields),
    headers: options.headers ?? true,
    explicit: options.format !== undefined,
  };
  return {
    list: async (items) => (await formats[format]()).list(job, await begun(singly(items))),
    batches: async (batches) => (await formats[format]()).list(job, await begun(batches)),
    one: async (item) => (await formats[format]()).one(job, item),
  };
}

async function* singly<Item>(items: AsyncIterable<Item> | readonly Item[]): Batches<Item> {
  if (Symbol.asyncIterator in items) for await (const item of items) yield [item];
  else if (items.length > 0) yield items;
}

/**
 * The same items, once the first is there: nothing is printed, no header even, when they cannot be had. Who stops
 * early, because the output was closed, ends their source too: a stream that is left open keeps the process alive.
 */
async function begun<Item>(batches: Batches<Item>): Promise<Batches<Item>> {
  const iterator = batches[Symbol.asyncIterator]();
  let next = await iterator.next();
  return (async function* () {
    try {
      for (; !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.(undefined);
    }
  })();
}

/**
 * The format with this name.
 * @param own further ones, for the error
 * @throws CtlError usage, listing the real ones
 */
export function formatNamed(text: string, own: readonly string[] = []): FormatName {
  const found = formatNames.find((name) => name === text);
  if (found) return found;
  const names = [...formatNames, ...own];
  const message = `${quote(text)} is no format${didYouMean(text, names)}`;
  throw inputError('cannot print', [{ field: '--output', message }], `Formats: ${names.join(', ')}`);
}

function checkNames<Item>(view: View<Item>, { fields, own = [] }: PrintOptions): void {
  if (!view.name)
    throw inputError(
      'cannot print',
      [{ field: '--output', message: '"name" is for resources, and there are none here' }],
      `Formats: ${[...formatNames.filter((name) => name !== 'name'), ...own].join(', ')}`,
    );
  if (fields !== undefined)
    throw inputError(
      'cannot print',
      [{ field: '--fields', message: 'contradicts -o name, which prints names alone' }],
      'Refs alone: --fields ref --no-headers',
    );
}
