import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { assignRefs, slugOf } from '../../../src/lib/config/files/refs.js';
import { validateOffline } from '../../../src/lib/config/offline.js';
import { refFault } from '../../../src/lib/kinds/words.js';
import { texts } from './arbitrary.js';
import { contents, readText, told, readFiles, type ReadResult } from './support.js';
import { fc } from '../../support/property.js';

const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../fixtures/voxtronics', name), 'utf8');
const read = (content: string, path = 'voxtronics.toml', options = {}) => readText(content, path, options);

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
    expect(await refs(modalities.toReversed())).toEqual(expected);
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
