/** JSON Lines: an item a line, for programs that read them as they come. */
import type { Format, Job } from './format.js';
import { escapeJson } from './printable.js';
import { pickDocument } from './view.js';

const lineOf = <Item>({ view, picked }: Job<Item>, item: Item): string =>
  `${escapeJson(JSON.stringify(picked ? pickDocument(picked, item) : view.document(item)))}\n`;

export const jsonl: Format = {
  async list(job, batches) {
    for await (const batch of batches) await job.out.write(batch.map((item) => lineOf(job, item)).join(''));
  },
  one: (job, item) => job.out.write(lineOf(job, item)),
};
