/** JSON: an array for a list, written item by item; one object for one item. */
import type { Format, Job } from './format.js';
import { escapeJson } from './printable.js';
import { pickDocument } from './view.js';

const textOf = <Item>({ view, picked }: Job<Item>, item: Item): string =>
  escapeJson(JSON.stringify(picked ? pickDocument(picked, item) : view.document(item), undefined, 2));

export const json: Format = {
  async list(job, batches) {
    let before = '[\n  ';
    for await (const batch of batches) {
      const texts = batch.map((item) => textOf(job, item).replaceAll('\n', '\n  '));
      await job.out.write(before + texts.join(',\n  '));
      before = ',\n  ';
    }
    await job.out.write(before.startsWith('[') ? '[]\n' : '\n]\n');
  },
  one: (job, item) => job.out.write(`${textOf(job, item)}\n`),
};
