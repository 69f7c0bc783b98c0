import { describe, expect, test } from '@jest/globals';
import { compare, placeOf } from '../../../src/lib/config/files/writable.js';
import {
  type FileFormat,
  type Writable,
  writeDocuments,
  type WriteOptions,
} from '../../../src/lib/config/files/write.js';
import { kinds } from '../../../src/lib/kinds/index.js';
import { validate } from '../../../src/lib/kinds/validate.js';
import { resources } from './arbitrary.js';
import { readFiles } from './support.js';
import { cases, fc } from '../../support/property.js';

const FORMATS: readonly FileFormat[] = ['yaml', 'json', 'toml'];

async function write(all: Iterable<Writable>, format: FileFormat, options?: WriteOptions): Promise<string> {
  let text = '';
  for await (const chunk of writeDocuments(all, format, options)) text += chunk;
  return text;
}

/** What files hold, with defaults as the daemon fills them in. */
async function read(text: string, path: string) {
  const { documents, problems, notes } = await readFiles([{ path, content: text }]);
  expect(problems).toEqual([]);
  if (documents.length > 0) expect(notes).toEqual([]);
  return documents.map(({ kind, ref, doc }) => ({ kind: kind.name, ref, ...validate(kind, doc) }));
}

const wanted = (all: readonly Writable[]) =>
  [...all]
    .sort((a, b) => compare(placeOf(a), placeOf(b)))
    .map(({ kind, ref, doc }) => ({ kind: kind.name, ref, doc, problems: [] }));

describe.each(FORMATS)('%s', (format) => {
  test('reading gives back what was written, and so does stdin', async () => {
    await fc.assert(
      fc.asyncProperty(resources(), async (all) => {
        const text = await write(all, format, { reveal: true });
        expect(await read(text, `config.${format}`)).toEqual(wanted(all));
        expect(await read(text, 'stdin')).toEqual(wanted(all));
      }),
      cases(150),
    );
  });

  test('the same resources in any order are the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(resources(), async (all) => {
        expect(await write(all.toReversed(), format)).toBe(await write(all, format));
      }),
      cases(30),
    );
  });
});

const credentials = kinds.find(({ name }) => name === 'Credentials')!;
const secret: Writable = {
  kind: credentials,
  ref: 'credentials-01',
  doc: { name: 'John', username: '1001', password: 'changeit' },
};
const route = (ref: string, position: number): Writable => ({
  kind: kinds.find(({ name }) => name === 'SipRoute')!,
  ref,
  position,
  doc: { name: ref, called: [ref], profileRef: 'main', enabled: true },
});

describe('what is written', () => {
  test('secrets only when they are revealed; the mark is read as nothing given', async () => {
    for (const format of FORMATS) {
      const text = await write([secret], format);
      expect(text).toContain('********');
      expect(text).not.toContain('changeit');
      const { documents } = await readFiles([{ path: `a.${format}`, content: text }]);
      expect(documents[0]!.doc).toEqual({ name: 'John', username: '1001' });
      expect(await write([secret], format, { reveal: true })).toContain('changeit');
      const unknown = { ...secret, doc: { name: 'John', username: '1001' } };
      expect(await write([unknown], format, { reveal: true })).toContain('********');
    }
  });

  test('kinds in their order of dependency, routes in their declared order', async () => {
    const text = await write([route('b', 1), route('a', 2), secret], 'yaml');
    expect(text).toBe(`kind: Credentials
ref: credentials-01
name: John
username: "1001"
password: "********"
---
kind: SipRoute
ref: b
name: b
called:
  - b
profileRef: main
---
kind: SipRoute
ref: a
name: a
called:
  - a
profileRef: main
`);
  });

  test('texts of several lines as such', async () => {
    const persona: Writable = {
      kind: kinds.find(({ name }) => name === 'Persona')!,
      ref: 'concierge',
      doc: {
        name: 'concierge',
        instructions: 'You are the concierge.\n\n  Be kind.\n',
        welcomeMessage: 'Hi: ho',
      },
    };
    expect(await write([persona], 'yaml')).toBe(`kind: Persona
ref: concierge
name: concierge
instructions: |
  You are the concierge.

    Be kind.
welcomeMessage: "Hi: ho"
`);
  });

  test('JSON as one list, TOML as tables', async () => {
    expect(await write([secret], 'json')).toBe(`[
  {
    "kind": "Credentials",
    "ref": "credentials-01",
    "name": "John",
    "username": "1001",
    "password": "********"
  }
]
`);
    expect(await write([secret], 'toml')).toBe(`[[resources]]
kind = "Credentials"
ref = "credentials-01"
name = "John"
username = "1001"
password = "********"
`);
  });

  test('nothing, as files that can be read', async () => {
    for (const format of FORMATS) {
      const text = await write([], format);
      expect((await readFiles([{ path: `a.${format}`, content: text }])).problems).toEqual([]);
    }
  });

  test('in chunks', async () => {
    const many = Array.from({ length: 2000 }, (_, i) => ({ ...secret, ref: `c${i}` }));
    const chunks: string[] = [];
    for await (const chunk of writeDocuments(many, 'yaml')) chunks.push(chunk);
    expect(chunks.length).toBeGreaterThan(1);
    expect(await read(chunks.join(''), 'a.yaml')).toHaveLength(2000);
  });
});
