/**
 * Tables: boxes on a terminal, tab-separated full values in a pipe. `-o table` always draws boxes; `wide` shows
 * every field and cuts none. Items that say too much for a row have paragraphs on a terminal, unless a table was
 * asked for.
 */
import { type Batches, type Format, type Job, only } from './format.js';
import { painterFor } from './paint.js';
import { printable, printableLines } from './printable.js';
import type { Column, View } from './view.js';

/** Rows of one table: a streamed list is a table per page, so that memory does not grow with it. */
const PAGE_ROWS = 200;

const columnsOf = <Item>({ view, picked }: Job<Item>, every: boolean): readonly Column<Item>[] =>
  picked ?? view.columns.filter(({ shown }) => shown === 'always' || (every && shown === 'wide'));

const cellOf = <Item>(column: Column<Item>, item: Item): string =>
  column.texts(item).map(printable).join(', ');

async function printTsv<Item>(
  job: Job<Item>,
  columns: readonly Column<Item>[],
  batches: Batches<Item>,
): Promise<void> {
  const lineOf = (item: Item) => `${columns.map((column) => cellOf(column, item)).join('\t')}\n`;
  if (job.headers) await job.out.write(`${columns.map(({ header }) => header).join('\t')}\n`);
  for await (const batch of batches) await job.out.write(batch.map(lineOf).join(''));
}

async function printBoxes<Item>(
  job: Job<Item>,
  columns: readonly Column<Item>[],
  batches: Batches<Item>,
  width: number | undefined,
): Promise<void> {
  const { drawGrid } = await import('./boxes.js');
  const { strong } = await painterFor(job.out);
  const head = job.headers ? columns.map(({ header }) => header) : undefined;
  const keep = columns.map((column) => column.keep === true);
  let drawn = false;
  for await (const page of pages(batches)) {
    const rows = page.map((item) => columns.map((column) => cellOf(column, item)));
    await job.out.write(drawGrid(rows, { head, keep, width, strong }));
    drawn = true;
  }
  if (!drawn && head) await job.out.write(drawGrid([], { head, keep, width, strong }));
}

/** Items as paragraphs. */
async function printParagraphs<Item>(
  out: Job<Item>['out'],
  paragraph: NonNullable<View<Item>['paragraph']>,
  batches: Batches<Item>,
): Promise<void> {
  const painter = await painterFor(out);
  for await (const batch of batches)
    await out.write(batch.map((item) => `${paragraph(item, painter)}\n`).join(''));
}

async function* pages<Item>(batches: Batches<Item>): AsyncGenerator<Item[]> {
  let page: Item[] = [];
  for await (const batch of batches)
    for (const item of batch) {
      page.push(item);
      if (page.length < PAGE_ROWS) continue;
      yield page;
      page = [];
    }
  if (page.length > 0) yield page;
}

/** One item as a table of field and value, an entry of a list per line. */
async function printDetail<Item>(job: Job<Item>, item: Item): Promise<void> {
  const { drawDetail } = await import('./boxes.js');
  const { strong } = await painterFor(job.out);
  const rows = columnsOf(job, true).map((column) => ({
    field: column.header,
    lines: column.texts(item).flatMap(printableLines),
  }));
  const width = job.out.isTTY ? job.out.width : undefined;
  await job.out.write(drawDetail(rows, { headers: job.headers, width, strong }));
}

const tableFormat = (every: boolean): Format => ({
  list(job, batches) {
    const { paragraph } = job.view;
    if (paragraph && job.out.isTTY && !job.explicit && !job.picked)
      return printParagraphs(job.out, paragraph, batches);
    const columns = columnsOf(job, every);
    const boxes = job.out.isTTY || (job.explicit && !every);
    if (!boxes) return printTsv(job, columns, batches);
    return printBoxes(job, columns, batches, job.out.isTTY && !every ? job.out.width : undefined);
  },
  async one(job, item) {
    if (job.view.prose && !job.picked)
      return job.out.write(await job.view.prose(item, await painterFor(job.out)));
    const boxes = job.out.isTTY || (job.explicit && !every);
    return boxes ? printDetail(job, item) : printTsv(job, columnsOf(job, true), only(item));
  },
});

export const table = tableFormat(false);
export const wide = tableFormat(true);
