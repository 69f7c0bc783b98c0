import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CtlError } from '../../../src/lib/errors.js';
import { collectInputs } from '../../../src/lib/cli/input/files.js';
import { Sources } from '../../../src/lib/cli/input/source.js';

const folder = mkdtempSync(join(tmpdir(), 'ctl-files-'));
const at = (...parts: string[]) => join(folder, ...parts);
const sources = () => new Sources(() => Readable.from([Buffer.from('from stdin')]));

beforeAll(() => {
  for (const name of ['config/b', 'config/.git', 'empty/inner', 'other'])
    mkdirSync(at(name), { recursive: true });
  for (const name of ['config/z.yaml', 'config/a.yml', 'config/b/c.json', 'config/b/d.TOML', 'other/x.jsonl'])
    writeFileSync(at(name), name);
  for (const name of ['config/readme.md', 'config/.hidden.yaml', 'config/.git/x.yaml'])
    writeFileSync(at(name), name);
  symlinkSync(at('config'), at('config/b/loop'));
  symlinkSync(at('other'), at('config/linked'));
  symlinkSync(at('config/z.yaml'), at('config/b/zz.yaml'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function collect(...paths: string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const { path, content } of await collectInputs(paths, sources())) {
    const pieces: Uint8Array[] = [];
    for await (const piece of content as AsyncIterable<Uint8Array>) pieces.push(piece);
    found.push(`${path.replace(`${folder}/`, '')}: ${Buffer.concat(pieces).toString()}`);
  }
  return found;
}

async function refused(...paths: string[]): Promise<string[]> {
  const error = await collect(...paths).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(CtlError);
  const { exitCode, fields } = error as CtlError;
  expect(exitCode).toBe(2);
  return fields.map(({ field, message }) => `${field} ${message.replaceAll(`${folder}/`, '')}`);
}

describe('what -f names', () => {
  test('a folder with its folders, by name, each file once', async () => {
    expect(await collect(at('config'))).toEqual([
      'config/a.yml: config/a.yml',
      'config/b/c.json: config/b/c.json',
      'config/b/d.TOML: config/b/d.TOML',
      'config/b/zz.yaml: config/z.yaml',
      'config/linked/x.jsonl: other/x.jsonl',
    ]);
  });

  test('files whatever their names, several, stdin, in the order given', async () => {
    expect(await collect(at('config/readme.md'), '-', at('other'), at('other/x.jsonl'), at('other'))).toEqual(
      ['config/readme.md: config/readme.md', 'stdin: from stdin', 'other/x.jsonl: other/x.jsonl'],
    );
  });

  test('how many bytes they have, and how many of them have been read', async () => {
    const inputs = await collectInputs([at('config'), at('other')], sources());
    expect(inputs.size).toBe('config/a.ymlconfig/b/c.jsonconfig/b/d.TOMLconfig/z.yamlother/x.jsonl'.length);
    const read: number[] = [];
    for await (const { content } of inputs) {
      read.push(inputs.read);
      for await (const _ of content as AsyncIterable<Uint8Array>);
    }
    expect(read.slice(0, 2)).toEqual([0, 'config/a.yml'.length]);
    expect(inputs.read).toBe(inputs.size);
    expect((await collectInputs([at('config'), '-'], sources())).size).toBeNaN();
  });

  test('what is not there, and what holds nothing', async () => {
    expect(await refused(at('nowhere'), at('empty'), at('config'))).toEqual([
      '--file nowhere cannot be read: there is no such file or folder',
      '--file empty holds no files: expected some that end with .yaml, .yml, .json or .toml',
    ]);
  });

  test('a link to nothing', async () => {
    symlinkSync(at('gone.yaml'), at('empty/inner/gone.yaml'));
    expect(await refused(at('empty'))).toContain(
      '--file empty/inner/gone.yaml cannot be read: it is a link to nothing',
    );
    rmSync(at('empty/inner/gone.yaml'));
  });

  test('stdin twice', async () => {
    expect(await refused('-', '-')).toEqual([
      '--file is -, and so is --file: stdin can be read once, expected a file',
    ]);
  });
});
