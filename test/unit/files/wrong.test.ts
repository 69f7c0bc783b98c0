import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readFiles } from './support.js';

const TABLE = join(import.meta.dirname, '../../fixtures/wrong.txt');

interface Case {
  readonly title: string;
  readonly inputs: readonly { readonly path: string; readonly content: string }[];
  readonly expected: readonly string[];
}

/** The table's cases: `=== title`, `> name` before each file, `! problem` after them. */
const cases: readonly Case[] = readFileSync(TABLE, 'utf8')
  .split(/^=== /m)
  .slice(1)
  .map((section) => {
    const [title, ...lines] = section.trimEnd().split('\n');
    const expected = lines.filter((line) => line.startsWith('! ')).map((line) => line.slice(2));
    const files = lines
      .filter((line) => !line.startsWith('! '))
      .join('\n')
      .split(/^> /m)
      .slice(1);
    const inputs = files.map((file) => {
      const end = file.indexOf('\n');
      return { path: file.slice(0, end), content: `${file.slice(end + 1).trimEnd()}\n` };
    });
    return { title: title!, inputs, expected };
  });

describe('wrong files, and what is said about them', () => {
  test.each(cases.map((one) => [one.title, one] as const))('%s', async (_, { inputs, expected }) => {
    const { problems } = await readFiles(inputs);
    const found = problems.map(({ place, path, message }) => `${place} ${path}${path ? ': ' : ''}${message}`);
    expect(found).toEqual(expected);
    expect(found.length).toBeGreaterThan(0);
  });

  test('are at least twenty', () => expect(cases.length).toBeGreaterThanOrEqual(20));
});
