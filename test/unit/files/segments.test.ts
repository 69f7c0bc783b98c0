import { beforeAll, describe, expect, test } from '@jest/globals';
import { emitYaml } from '../../../src/lib/config/files/emit-yaml.js';
import { readStream } from '../../../src/lib/config/files/index.js';
import { type Segment, segmentsOf } from '../../../src/lib/config/files/segments.js';
import { splitYaml } from '../../../src/lib/config/files/yaml-split.js';
import { loadYaml } from '../../../src/lib/config/files/yaml.js';
import { json, texts } from './arbitrary.js';
import { cases, counted, fc } from '../../support/property.js';

let parse: Awaited<ReturnType<typeof loadYaml>>;
beforeAll(async () => {
  parse = await loadYaml();
});

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function divided(text: string, size: number, enough: number, path = 'a.yaml') {
  const segments: (Omit<Segment, 'content'> & { text: string })[] = [];
  for await (const { content, line } of segmentsOf({ path, content: inPieces(text, size) }, enough))
    segments.push({ text: Buffer.from(content).toString(), line });
  return segments;
}

const documents = fc
  .array(
    fc.oneof(
      fc.dictionary(texts(10), json, { minKeys: 1, maxKeys: 3 }).map(emitYaml),
      fc.constantFrom('# a comment\n', '\n', 'a: |\n  --- b\n', 'a: &x 1\nb: *x\n', '- é\n', '...\n'),
    ),
    { maxLength: 8 },
  )
  .chain((parts) =>
    fc
      .array(fc.constantFrom('---\n', '--- # x\n', '---\r\n', '---\t\n'), {
        minLength: parts.length,
        maxLength: parts.length,
      })
      .map((marks) => parts.flatMap((part, i) => [marks[i]!, part]).join('')),
  );

/** What a text holds, chunk by chunk. */
const values = (text: string, line = 1) =>
  [...splitYaml('x', text, line).chunks].flatMap((chunk) => {
    const { documents: found, problems } = parse(chunk);
    const values: readonly unknown[] = found.map((located) => [located.value, located.at('')]);
    return problems.length > 0 ? problems : values;
  });

describe('segments of a YAML file', () => {
  test('hold what the whole holds, at the same places', async () => {
    const { count, expectEach } = counted();
    await fc.assert(
      fc.asyncProperty(
        documents,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        async (text, size, enough) => {
          const segments = await divided(text, size, enough);
          expect(segments.map((segment) => segment.text).join('')).toBe(text);
          expect(segments.flatMap((segment) => values(segment.text, segment.line))).toEqual(values(text));
          if (segments.length > 3) count('more than three');
        },
      ),
      cases(300),
    );
    expectEach(['more than three'], 20);
  });

  test('are not divided behind a directive, nor where a text only looks like a mark', async () => {
    const count = async (text: string, path?: string) => (await divided(text, 4, 8, path)).length;
    expect(await count('a: 1\n---\nb: 2\n---\nc: 3\n')).toBe(2);
    expect(await count('a: 1\n...\n%YAML 1.2\n---\nb: 2\n---\nc: 3\n')).toBe(1);
    expect(await count('a: 1\n----\n ---\n---x\nb: 2\n')).toBe(1);
    expect(await count('a: 1\n---\nb: 2\n---\nc: 3\n', 'a.toml')).toBe(1);
  });

  test('of a long file: problems have their lines, and what comes twice is found', async () => {
    const one = (i: number) => `---\nkind: Domain\nref: d${i}\nname: D\ndomainUri: d${i}.local\n`;
    const count = 30_000;
    const text = Array.from({ length: count }, (_, i) => one(i)).join('');
    const wrong = `${text}---\nkind: Domain\nref: d7\nname: 7\n${one(8)}---\nkind: Domain\nref: é\0\n`;
    const read = async (content: string, options = {}) => {
      const stream = readStream([{ path: 'a.yaml', content: inPieces(content, 100_000) }], options);
      let found = 0;
      for await (const _ of stream) found++;
      return [found, stream.problems.map(({ place, message }) => `${place} ${message.slice(0, 22)}`)];
    };
    expect(await read(text)).toEqual([count, []]);
    expect(await read(text + one(8), { repeats: true })).toEqual([count + 1, []]);
    const end = 5 * count;
    expect(await read(text + one(8))).toEqual([count, [`a.yaml:${end + 3}:6 is the domain d8 a sec`]]);
    expect((await read(wrong))[1]).toEqual([`a.yaml:${end + 12}:7 has a NUL character: e`]);
    expect((await read(wrong.replace('\0', '')))[1]).toEqual([
      `a.yaml:${end + 4}:7 is a number where text`,
      `a.yaml:${end + 7}:6 is the domain d8 a sec`,
      `a.yaml:${end + 12}:6 is "é": expected 1-64 `,
    ]);
  });
});
