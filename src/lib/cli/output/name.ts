/** Names alone, one a line: `agents/agent-01`. */
import type { Format } from './format.js';
import { printable } from './printable.js';

export const name: Format = {
  async list(job, items) {
    for await (const item of items) await job.out.write(`${printable(job.view.name!(item))}\n`);
  },
  one: (job, item) => job.out.write(`${printable(job.view.name!(item))}\n`),
};
