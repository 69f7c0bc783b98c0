import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type Writable, writeVoxtronics } from '../../../src/lib/config/files/write.js';
import { kinds } from '../../../src/lib/kinds/index.js';
import type { Document, KindName } from '../../../src/lib/kinds/kind.js';
import { validate } from '../../../src/lib/kinds/validate.js';
import { resources, texts } from './arbitrary.js';
import { complete, kindNamed, readText, told } from './support.js';
import { cases, fc } from '../../support/property.js';

const FIXTURE = readFileSync(join(import.meta.dirname, '../../fixtures/voxtronics/config.toml'), 'utf8');
const read = (content: string) => readText(content, 'voxtronics.toml');

/** Runtime resources under their own names, whose references are among them. */
const world = fc
  .record({
    personas: fc.uniqueArray(texts(30), { minLength: 1, maxLength: 3 }),
    policies: fc.uniqueArray(texts(30), { minLength: 1, maxLength: 3 }),
    realtime: fc.uniqueArray(texts(30), { minLength: 1, maxLength: 3 }),
    stt: fc.uniqueArray(texts(30), { maxLength: 3 }),
    called: fc.array(
      fc.oneof(
        fc.constant(['*']),
        fc.array(
          texts(30).filter((text) => text !== '*'),
          { minLength: 1, maxLength: 3 },
        ),
      ),
      { maxLength: 4 },
    ),
    all: resources(kinds.filter(({ connect }) => !connect)),
  })
  .map(({ personas, policies, realtime, stt, called, all }) => {
    const documents = (kind: KindName, names: readonly string[], more: object): Writable[] => {
      const some = all.filter((one) => one.kind.name === kind).map(({ doc }) => doc);
      return names.map((name, i) => ({
        kind: kindNamed(kind),
        ref: name,
        doc: validate(kindNamed(kind), { ...(some[i] as Document), ...more, name }).doc!,
      }));
    };
    const modalities = [
      ...documents('Modality', realtime, { type: 'realtime', provider: 'p' }),
      ...documents('Modality', stt, { type: 'stt', provider: 'p' }),
    ];
    return [
      ...documents('Persona', personas, { instructions: 'a\nb' }),
      ...documents('Policy', policies, {}),
      ...modalities,
      ...documents('Profile', ['main'], {
        personaRef: personas[0],
        policyRef: policies[0],
        realtimeRef: realtime[0],
      }),
      ...documents(
        'SipRoute',
        called.map((values) => values[0]!),
        { profileRef: 'main', called: ['x'] },
      ).map(
        (one, i) =>
          ({ ...one, position: i, doc: { ...one.doc, enabled: true, called: called[i]! } }) as Writable,
      ),
    ].filter(({ doc }) => doc !== undefined);
  });

describe('writing', () => {
  test('comes back as it was written', async () => {
    const first = await read(FIXTURE);
    const { text, notes } = writeVoxtronics(complete(first));
    expect(notes).toEqual([]);
    const second = await read(text);
    expect(new Set(complete(second).map((one) => JSON.stringify({ ...one, position: 0 })))).toEqual(
      new Set(complete(first).map((one) => JSON.stringify({ ...one, position: 0 }))),
    );
    expect(writeVoxtronics(complete(second).toReversed()).text).toBe(text);
    expect(text.slice(0, text.indexOf('[profiles.openai'))).toBe(`[[routing.sip]]
profile = "main"

[routing.sip.match]
called = [ "1000", "concierge" ]

[[routing.sip]]
profile = "openai_realtime_profile"

[routing.sip.match]
called = [ "2000", "openai_realtime_profile" ]

[[routing.sip]]
profile = "openai_realtime_profile"

[routing.sip.match]
called = [ "3000", "openai_realtime_profile" ]

[profiles.main]
persona = "concierge"
policy = "concierge"
realtime = "deepgram_rt"

`);
    expect(text).toContain(`[personas.concierge]
instructions = """
You are the concierge of a hotel.

Answer briefly, and say "one moment" when you look something up.
"""
welcome_message = "Good evening, how may I help?"
`);
  });

  test('reading gives back names, fields and order, whatever the names', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (all) => {
        const { text, notes } = writeVoxtronics(all);
        const result = await read(text);
        const lossy = notes.some(
          (note) => note.startsWith('extended.') || note.includes('access control list'),
        );
        if (lossy) return;
        expect(told(result)).toEqual([]);
        const back = complete(result);
        const exact = notes.length === 0;
        const bared = (some: readonly Writable[]) => some.map((one) => bare(one, exact));
        expect(back).toHaveLength(all.length);
        expect(bared(back)).toEqual(expect.arrayContaining(bared(all)));
        expect(calledIn(back)).toEqual(calledIn(all));
      }),
      cases(200),
    );
  });

  test('what cannot be carried is said', () => {
    const route = (ref: string, position: number, more: object): Writable => ({
      kind: kindNamed('SipRoute'),
      ref,
      position,
      doc: { name: ref, called: [ref], profileRef: 'main', enabled: true, ...more },
    });
    const { text, notes } = writeVoxtronics([
      route('a', 1, { enabled: false }),
      route('b', 2, { accessControlListRef: 'acl-01' }),
      route('c', 3, { name: 'Third', extended: { match: 1, nothing: [null], fine: 1 } }),
      route('d', 4, { called: ['*'] }),
      {
        kind: kindNamed('Persona'),
        ref: 'p-1',
        doc: { name: 'p', instructions: 'x', extended: { Instructions: 1 } },
      },
      ...['1', '2', '3', '4', '5', '6', '7'].map((ref) => ({
        kind: kindNamed('Agent'),
        ref,
        doc: { name: ref },
      })),
    ]);
    expect(text).toBe(`[[routing.sip]]
profile = "main"
fine = 1

[routing.sip.match]
called = [ "c" ]

[[routing.sip]]
profile = "main"

[routing.sip.match]
called = [ "*" ]

[personas.p]
instructions = "x"
`);
    expect(notes).toEqual([
      'not written, since it is disabled: sip-routes/a',
      'not written, since without its access control list it would be open: sip-routes/b',
      'its ref is not written, and reads as "catch-all": sip-routes/d',
      'its name is not written, and reads as its first called value: sip-routes/c, sip-routes/d',
      'extended.match is not written, since the format has no place for it: sip-routes/c',
      'extended.nothing is not written, since the format has no place for it: sip-routes/c',
      'extended.Instructions is not written, since the format has no place for it: personas/p-1',
      'its ref is not written, and reads as "p": personas/p-1',
      'not written, since Voxtronics has no such kind: agents/1, agents/2, agents/3, agents/4, agents/5 and 2 more',
    ]);
    expect(writeVoxtronics([])).toEqual({ text: '', notes: [] });
  });
});

const calledIn = (all: readonly Writable[]) =>
  all.flatMap(({ doc }) => ('called' in doc ? [doc['called']] : []));

/** A resource as it can be compared: without refs, and names of routes, unless reading gives these back. */
function bare({ kind, ref, doc }: Writable, exact: boolean): object {
  const { name, extended = {}, ...rest } = doc;
  if (exact) return { kind: kind.name, ref, doc: { name, extended, ...rest } };
  const references = Object.keys(rest).filter((field) => field.endsWith('Ref'));
  const blank = Object.fromEntries(references.map((field) => [field, '']));
  return { kind: kind.name, name: 'called' in doc ? '' : name, extended, ...rest, ...blank };
}
