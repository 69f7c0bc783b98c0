/** CSV (RFC 4180): all fields, refs as they are; lists and objects as JSON text. */
import type { Json } from '../../kinds/kind.js';
import { type Batches, type Format, type Job, only } from './format.js';
import { printable } from './printable.js';
import type { Column } from './view.js';

/** Line breaks belong to the data and are quoted; other control characters are shown as escapes. */
const cellOf = (value: Json | undefined): string => {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.split('\n').map(printable).join('\n');
};

async function printRows<Item>(job: Job<Item>, batches: Batches<Item>): Promise<void> {
  const { stringify } = await import('csv-stringify/sync');
  const columns: readonly Column<Item>[] =
    job.picked ?? job.view.columns.filter((column) => column.shown !== 'picked');
  if (job.headers) await job.out.write(stringify([columns.map((column) => column.name)]));
  for await (const batch of batches)
    await job.out.write(stringify(batch.map((item) => columns.map((column) => cellOf(column.value(item))))));
}

export const csv: Format = {
  list: printRows,
  one: (job, item) => printRows(job, only(item)),
};
