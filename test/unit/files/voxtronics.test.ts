import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFiles, type ReadResult } from '../../../src/lib/config/files/index.js';
import { assignRefs, slugOf } from '../../../src/lib/config/files/refs.js';
import { type Writable, writeVoxtronics } from '../../../src/lib/config/files/write.js';
import { validateOffline } from '../../../src/lib/config/offline.js';
import { kinds } from '../../../src/lib/kinds/index.js';
import type { Document, KindName } from '../../../src/lib/kinds/kind.js';
import { validate } from '../../../src/lib/kinds/validate.js';
import { refFault } from '../../../src/lib/kinds/words.js';
import { resources, texts } from './arbitrary.js';

const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../fixtures/voxtronics', name), 'utf8');
const read = (content: string, path = 'voxtronics.toml', options = {}) =>
  readFiles([{ path, content }], options);
const kindNamed = (name: KindName) => kinds.find((kind) => kind.name === name)!;
const contents = ({ documents }: ReadResult) =>
  documents.map(({ kind, ref, doc }) => [kind.name, ref, doc] as const);
const told = ({ problems }: ReadResult) =>
  problems.map(({ place, path, message }) => `${place} ${path}: ${message}`);
const complete = ({ documents }: ReadResult): Writable[] =>
  documents.map(({ kind, ref, doc }, i) => {
    const { doc: full, problems } = validate(kind, doc);
    expect(problems).toEqual([]);
    return { kind, ref, doc: full!, ...(kind.order && { position: i }) };
  });

describe('Voxtronics configuration', () => {
  test('is read verbatim', async () => {
    const result = await read(fixture('config.toml'));
    expect(told(result)).toEqual([]);
    expect(contents(result)).toEqual([
      [
        'Profile',
        'main',
        { name: 'main', personaRef: 'concierge', policyRef: 'concierge', realtimeRef: 'deepgram_rt' },
      ],
      [
        'Profile',
        'openai_realtime_profile',
        {
          name: 'openai_realtime_profile',
          personaRef: 'concierge',
          policyRef: 'default',
          realtimeRef: 'openai_realtime_voice',
        },
      ],
      [
        'Profile',
        'pipeline',
        {
          name: 'pipeline',
          personaRef: 'night_desk',
          policyRef: 'default',
          sttRef: 'deepgram',
          llmRef: 'openai',
          ttsRef: 'tts-deepgram',
        },
      ],
      [
        'Persona',
        'concierge',
        {
          name: 'concierge',
          instructions:
            'You are the concierge of a hotel.\n\nAnswer briefly, and say "one moment" when you look something up.\n',
          welcomeMessage: 'Good evening, how may I help?',
        },
      ],
      ['Persona', 'night_desk', { name: 'night_desk', instructions: 'You are at the night desk.' }],
      ['Policy', 'default', { name: 'default' }],
      [
        'Policy',
        'concierge',
        {
          name: 'concierge',
          functions: ['book_table', 'find_room'],
          adapters: ['crm'],
          intentRouter: 'front_desk',
          extended: { max_turns: 20, limits: { seconds: 600, interrupt: true } },
        },
      ],
      [
        'Modality',
        'deepgram_rt',
        { name: 'deepgram_rt', type: 'realtime', provider: 'deepgram', transport: 'websocket' },
      ],
      [
        'Modality',
        'openai_realtime_voice',
        {
          name: 'openai_realtime_voice',
          type: 'realtime',
          provider: 'openai',
          transport: 'websocket',
          extended: { voice: 'alloy' },
        },
      ],
      [
        'Modality',
        'deepgram',
        { name: 'deepgram', type: 'stt', provider: 'deepgram', transport: 'websocket' },
      ],
      [
        'Modality',
        'tts-deepgram',
        { name: 'deepgram', type: 'tts', provider: 'deepgram', transport: 'http' },
      ],
      [
        'Modality',
        'openai',
        { name: 'openai', type: 'llm', provider: 'openai', transport: 'http', extended: { model: 'gpt-4o' } },
      ],
      ['SipRoute', '1000', { name: '1000', profileRef: 'main', called: ['1000', 'concierge'] }],
      [
        'SipRoute',
        '2000',
        { name: '2000', profileRef: 'openai_realtime_profile', called: ['2000', 'openai_realtime_profile'] },
      ],
      [
        'SipRoute',
        '3000',
        { name: '3000', profileRef: 'openai_realtime_profile', called: ['3000', 'openai_realtime_profile'] },
      ],
    ]);
    expect(result.notes).toEqual([
      'not stored, since it is outside the routing plane; references to its names are checked: voxtronics.toml:78:2 [providers], voxtronics.toml:84:2 [transports], voxtronics.toml:88:2 [functions], voxtronics.toml:94:2 [adapters], voxtronics.toml:97:2 [routers]',
      'passed over, since it is outside the routing plane: voxtronics.toml:100:2 [logging]',
      'its ref is not its name: voxtronics.toml:71:12 "deepgram" is tts-deepgram',
      'kept in extended: voxtronics.toml:57:13 policies.concierge.max_turns, voxtronics.toml:59:2 policies.concierge.limits, voxtronics.toml:65:81 realtime.openai_realtime_voice.voice, voxtronics.toml:76:9 llm.openai.model',
    ]);
    expect(validateOffline(result.documents)).toEqual([]);
  });

  test('is the same in JSON', async () => {
    const [toml, json] = [
      await read(fixture('config.toml')),
      await read(fixture('config.json'), 'config.json'),
    ];
    expect(told(json)).toEqual([]);
    expect(contents(json)).toEqual(contents(toml));
  });

  test('is the same in several files and on stdin', async () => {
    const text = fixture('config.toml');
    const at = text.indexOf('[personas.concierge]');
    const parts = [text.slice(at), text.slice(0, at)].map((content, i) => ({ path: `${i}.toml`, content }));
    const split = await readFiles(parts);
    expect(told(split)).toEqual([]);
    const sorted = (result: ReadResult) =>
      contents(result)
        .map((one) => JSON.stringify(one))
        .sort();
    expect(sorted(split)).toEqual(sorted(await read(text, 'stdin')));
    expect(
      contents(split)
        .filter(([kind]) => kind === 'SipRoute')
        .map(([, ref]) => ref),
    ).toEqual(['1000', '2000', '3000']);
  });

  test('comes back as it was written', async () => {
    const first = await read(fixture('config.toml'));
    const { text, notes } = writeVoxtronics(complete(first));
    expect(notes).toEqual([]);
    const second = await read(text);
    expect(new Set(complete(second).map((one) => JSON.stringify({ ...one, position: 0 })))).toEqual(
      new Set(complete(first).map((one) => JSON.stringify({ ...one, position: 0 }))),
    );
    expect(writeVoxtronics(complete(second).reverse()).text).toBe(text);
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
});

describe('names and refs', () => {
  test('what no ref can be, and what is taken, is mapped, whatever the order', async () => {
    const modalities = [
      '[stt.x]',
      '[realtime.x]',
      '[llm."stt-x"]',
      '[tts."a b"]',
      '[stt."a-b"]',
      '[llm."*"]',
    ];
    const refs = async (sections: readonly string[]) => {
      const { documents } = await read(sections.map((one) => `${one}\nprovider = "p"\n`).join(''));
      return Object.fromEntries(
        documents.map(({ ref, doc }) => [`${String(doc['type'])}/${String(doc['name'])}`, ref]),
      );
    };
    const expected = {
      'realtime/x': 'x',
      'stt/x': 'stt-x',
      'llm/stt-x': 'llm-stt-x',
      'stt/a-b': 'a-b',
      'tts/a b': 'tts-a-b',
      'llm/*': 'unnamed',
    };
    expect(await refs(modalities)).toEqual(expected);
    expect(await refs([...modalities].reverse())).toEqual(expected);
  });

  test('routes are called by their first called value', async () => {
    const called = ['1000', '*', '1000', 'sip:bob@sip.local', '1000-2', '1000', 'x'.repeat(80)];
    const text = called
      .map((value) => `[[routing.sip]]\nprofile = "p"\nmatch = { called = ["${value}"] }\n`)
      .join('');
    const result = await read(text);
    expect(result.documents.map(({ ref, doc }) => [ref, doc['name']])).toEqual([
      ['1000', '1000'],
      ['catch-all', 'catch-all'],
      ['1000-2', '1000-2'],
      ['sip-bob-sip.local', 'sip:bob@sip.local'],
      ['1000-2-2', '1000-2-2'],
      ['1000-3', '1000-3'],
      ['x'.repeat(56), 'x'.repeat(60)],
    ]);
  });

  test('refs are always refs, and never the same', () => {
    const named = fc.record({
      name: texts(70),
      type: fc.option(fc.constantFrom('stt', 'tts'), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(named), (all) => {
        const items = all.map(({ name, type }) => (type === undefined ? { name } : { name, type }));
        const refs = assignRefs(items);
        expect(new Set(refs).size).toBe(items.length);
        expect(refs.map(refFault)).toEqual(items.map(() => undefined));
        for (const { name } of items) expect(refFault(slugOf(name))).toBeUndefined();
      }),
    );
  });

  test('references go to what is there, or keep their text', async () => {
    const { documents } = await readFiles([
      { path: 'a.yaml', content: '{kind: Modality, ref: flat_rt, name: Flat, type: realtime, provider: p}' },
      {
        path: 'b.toml',
        content: `[profiles.a]
persona = "front desk"
policy = "elsewhere"
realtime = "flat_rt"
[profiles.b]
persona = "p"
policy = "p"
stt = "far"
llm = "llm/far"
tts = "near"
[personas."front desk"]
[tts.near]
provider = "x"
[stt.near]
provider = "x"
`,
      },
    ]);
    const profiles = documents.filter(({ kind }) => kind.name === 'Profile').map(({ doc }) => doc);
    expect(profiles).toEqual([
      { name: 'a', personaRef: 'front-desk', policyRef: 'elsewhere', realtimeRef: 'flat_rt' },
      {
        name: 'b',
        personaRef: 'p',
        policyRef: 'p',
        sttRef: 'stt/far',
        llmRef: 'llm/far',
        ttsRef: 'tts-near',
      },
    ]);
  });
});

describe('what is wrong with it', () => {
  const WRONG = `profile = 1
logging = false
[routing]
default = "main"
SIP = []
[[routing.sip]]
profile = 7
match = { called = [1000], caller = ["x"] }
[[routing.sip]]
profile = "main"
[[routing.sip]]
profile = "main"
Match = { called = ["1"] }
note = "kept"
[profiles.main]
personas = "x"
[Policy.x]
[policies.main]
functions = ["boook"]
intent_router = "desk"
[stt]
x = "deepgram"
[tts.y]
provider = "deepgrm"
transport = "ws"
[functions]
book = {}
[[providers]]
name = "deepgram"
[intent_routers]
other = {}
`;
  test('is told with its place', async () => {
    const result = await read(WRONG);
    expect(told(result)).toEqual([
      'voxtronics.toml:1:11 profile: is not known here (did you mean profiles?)',
      'voxtronics.toml:5:7 routing.SIP: is not known here (did you mean sip?)',
      'voxtronics.toml:7:11 routing.sip[0].profile: is a number where text is expected: quote it, "7"',
      'voxtronics.toml:8:21 routing.sip[0].match.called[0]: is a number where text is expected: quote it, "1000"',
      'voxtronics.toml:8:37 routing.sip[0].match.caller: is no condition that can be kept: expected called alone',
      'voxtronics.toml:9:3 routing.sip[1].match.called: has no value: expected at least one, as called = ["1000"]',
      'voxtronics.toml:13:9 routing.sip[2].Match: is not known here (did you mean match?)',
      'voxtronics.toml:16:12 profiles.main.personas: is not known here (did you mean persona?)',
      'voxtronics.toml:17:2 Policy: is not known here (did you mean policies?)',
      'voxtronics.toml:19:14 policies.main.functions[0]: is "boook", which [functions] does not have (did you mean book?)',
      'voxtronics.toml:20:17 policies.main.intent_router: is "desk", which [intent_routers] does not have',
      'voxtronics.toml:22:5 stt.x: is "deepgram": expected a table',
      'voxtronics.toml:24:12 tts.y.provider: is "deepgrm", which [providers] does not have (did you mean deepgram?)',
    ]);
  });

  test('shapes', async () => {
    expect(told(await read('profiles = 1\nrouting = []\nrealtime = ["x"]\n'))).toEqual([
      'voxtronics.toml:1:12 profiles: is 1: expected tables such as [profiles.main]',
      'voxtronics.toml:2:11 routing: is a list: expected entries, each under [[routing.sip]]',
      'voxtronics.toml:3:12 realtime: is a list: expected tables such as [realtime.main]',
    ]);
    expect(told(await read('[routing]\nsip = [1]\n'))).toEqual([
      'voxtronics.toml:2:8 routing.sip[0]: is 1: expected a table',
    ]);
    expect(told(await read('[routing.sip]\n'))).toEqual([
      'voxtronics.toml:1:2 routing.sip: is a mapping: expected entries, each under [[routing.sip]]',
    ]);
  });

  test('unknown keys are passed over when reading is lenient, and said', async () => {
    const { problems, notes, documents } = await read(
      '[[routing.sip]]\nprofile = "p"\nmatch = { called = ["1"], caller = ["x"] }\nProfile = "x"\n[profile.x]\n[realtime]\n',
      'a.toml',
      { lenient: true },
    );
    expect(problems).toEqual([]);
    expect(documents.map(({ doc }) => doc)).toEqual([
      { name: '1', profileRef: 'p', called: ['1'], extended: { Profile: 'x' } },
    ]);
    expect(notes).toEqual([
      'passed over, since it is not known: a.toml:5:2 profile, a.toml:4:11 routing.sip[0].Profile, a.toml:3:36 routing.sip[0].match.caller',
      'kept in extended: a.toml:4:11 routing.sip[0].Profile',
    ]);
  });

  test('the same name in two files', async () => {
    const result = await readFiles([
      { path: 'a.toml', content: '# a\n[personas.x]\ninstructions = "a"\n' },
      { path: 'b.toml', content: '# b\n[personas.x]\ninstructions = "b"\n' },
    ]);
    expect(told(result)).toEqual([
      'b.toml:2:2 : is the persona x a second time: the first stands at a.toml:2:2',
    ]);
  });
});

/** Runtime resources under their own names, whose references are among them. */
const world = fc
  .record({
    personas: fc.uniqueArray(texts(30), { minLength: 1, maxLength: 3 }),
    policies: fc.uniqueArray(texts(30), { minLength: 1, maxLength: 3 }),
    realtime: fc.uniqueArray(texts(30), { minLength: 1, maxLength: 3 }),
    stt: fc.uniqueArray(texts(30), { maxLength: 3 }),
    called: fc.array(fc.array(texts(30), { minLength: 1, maxLength: 3 }), { maxLength: 4 }),
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
        expect(back).toHaveLength(all.length);
        const exact = notes.length === 0;
        for (const one of all) {
          const same = back.filter(
            (other) =>
              other.kind === one.kind &&
              JSON.stringify(bare(other, exact)) === JSON.stringify(bare(one, exact)),
          );
          expect([one.ref, same.length]).toEqual([one.ref, expect.any(Number)]);
          expect(same.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 200 },
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

/** What names cannot change: without refs, and names of routes, unless they are as reading gives them. */
function bare({ doc, ref }: Writable, exact: boolean): object {
  if (exact) return { ref, doc };
  const { name, extended: _, ...rest } = doc;
  const references = Object.keys(rest).filter((field) => field.endsWith('Ref'));
  return {
    name: 'called' in doc ? '' : name,
    ...rest,
    ...Object.fromEntries(references.map((field) => [field, ''])),
  };
}
