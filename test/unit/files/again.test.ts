/** What was applied from files, and is exported in any format, applies again as unchanged. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { collectInputs } from '../../../src/lib/cli/input/files.js';
import { type Parsed } from '../../../src/lib/config/files/index.js';
import {
  type Writable,
  writeDocuments,
  writeRoutr,
  writeVoxtronics,
} from '../../../src/lib/config/files/write.js';
import { Catalog } from '../../../src/lib/kinds/catalog.js';
import { kindOf, kinds } from '../../../src/lib/kinds/index.js';
import { planOf, put } from '../../support/plan.js';
import { readFiles } from './support.js';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
let catalog: Catalog;

const puts = (documents: readonly Parsed[]) =>
  documents.map(({ kind, ref, doc }) => put(kind.name, ref, doc));

const effectsOf = (documents: readonly Parsed[], on: Catalog) =>
  new Set(planOf(on, puts(documents)).changes.map(({ effect }) => effect));

/** All resources as the daemon hands them out. */
function exported(): Writable[] {
  return kinds.flatMap(({ name }) => {
    const all = [...catalog.all(name)].sort((a, b) => ((a.position ?? '') < (b.position ?? '') ? -1 : 1));
    return all.map(({ kind, ref, doc }, i) => ({
      kind: kindOf(kind),
      ref,
      doc,
      ...(kindOf(kind).order && { position: i + 1 }),
    }));
  });
}

beforeAll(async () => {
  const paths = [join(FIXTURES, 'routr'), join(FIXTURES, 'voxtronics/config.toml')];
  const { documents, problems } = await readFiles(await collectInputs(paths));
  expect(problems).toEqual([]);
  catalog = planOf(Catalog.empty, puts(documents)).catalog;
  expect(effectsOf(documents, catalog)).toEqual(new Set(['unchanged']));
});

describe('exported and applied again', () => {
  test.each(['yaml', 'json', 'toml'] as const)('%s, secrets kept', async (format) => {
    let text = '';
    for await (const chunk of writeDocuments(exported(), format)) text += chunk;
    const { documents, problems } = await readFiles([{ path: `all.${format}`, content: text }]);
    expect(problems).toEqual([]);
    expect(documents).toHaveLength(exported().length);
    expect(effectsOf(documents, catalog)).toEqual(new Set(['unchanged']));
  });

  test("Routr's documents, secrets kept", async () => {
    const { documents } = await readFiles([{ path: 'routr.yaml', content: writeRoutr(exported()).text }]);
    expect(documents).toHaveLength(exported().filter(({ kind }) => kind.connect).length);
    expect(effectsOf(documents, catalog)).toEqual(new Set(['unchanged']));
  });

  test('Voxtronics configuration', async () => {
    const { text } = writeVoxtronics(exported());
    const { documents } = await readFiles([{ path: 'voxtronics.toml', content: text }]);
    expect(documents).toHaveLength(exported().filter(({ kind }) => !kind.connect).length);
    expect(effectsOf(documents, catalog)).toEqual(new Set(['unchanged']));
    const json = readFileSync(join(FIXTURES, 'voxtronics/config.json'), 'utf8');
    const same = await readFiles([{ path: 'config.json', content: json }]);
    expect(effectsOf(same.documents, catalog)).toEqual(new Set(['unchanged']));
  });

  test('a revealed secret goes in elsewhere', async () => {
    const { text } = writeRoutr(exported(), { reveal: true });
    const { documents } = await readFiles([{ path: 'routr.yaml', content: text }]);
    const elsewhere = planOf(Catalog.empty, puts(documents)).catalog;
    expect(elsewhere.get('Credentials', 'credentials-01')!.doc['password']).toBe('changeit');
  });
});
