/** YAML: a sequence for a list, written item by item; one mapping for one item. */
import type { Document, ToStringOptions } from 'yaml';
import type { Json } from '../../kinds/kind.js';
import type { Format, Job } from './format.js';
import { escapeJson, isHostile } from './printable.js';
import { pickDocument } from './view.js';

type Yaml = typeof import('yaml');

/** Long texts stay on their line, and texts that older readers would take for booleans are quoted too. */
const LAYOUT: ToStringOptions = { lineWidth: 0 };

const dataOf = <Item>({ view, picked }: Job<Item>, item: Item): Json =>
  picked ? pickDocument(picked, item) : view.document(item);

function textOf(yaml: Yaml, data: Json): string {
  const document = new yaml.Document(data, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  const hostile = quoteHostile(yaml, document);
  const text = document.toString(LAYOUT);
  return hostile ? escapeJson(text) : text;
}

/** Puts texts with unprintable characters into double quotes, where they can be escaped. True if there are any. */
function quoteHostile(yaml: Yaml, document: Document): boolean {
  let found = false;
  yaml.visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value !== 'string' || !isHostile(node.value.replaceAll('\n', ''))) return;
      node.type = 'QUOTE_DOUBLE';
      found = true;
    },
  });
  return found;
}

/** The text of a value. */
export const yamlText = async (data: Json): Promise<string> => textOf(await import('yaml'), data);

export const yaml: Format = {
  async list(job, batches) {
    const library = await import('yaml');
    let empty = true;
    for await (const batch of batches) {
      empty = false;
      await job.out.write(batch.map((item) => textOf(library, [dataOf(job, item)])).join(''));
    }
    if (empty) await job.out.write('[]\n');
  },
  async one(job, item) {
    await job.out.write(textOf(await import('yaml'), dataOf(job, item)));
  },
};
