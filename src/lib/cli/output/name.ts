/** Names alone, one a line: `agents/agent-01`. */
import type { Format, Job } from './format.js';
import { printable } from './printable.js';

const lineOf = <Item>({ view }: Job<Item>, item: Item): string => `${printable(view.name!(item))}\n`;

export const name: Format = {
  async list(job, batches) {
    for await (const batch of batches) await job.out.write(batch.map((item) => lineOf(job, item)).join(''));
  },
  one: (job, item) => job.out.write(lineOf(job, item)),
};
