/** Arbitrary resources: valid ones of every kind, with texts that are awkward to write down. */
import type { FormatName } from '../../../src/lib/kinds/formats.js';
import { kinds } from '../../../src/lib/kinds/index.js';
import type { Document, Field, Fields, Json, Kind, TextField } from '../../../src/lib/kinds/kind.js';
import { validate } from '../../../src/lib/kinds/validate.js';
import type { Writable } from '../../../src/lib/config/files/write.js';
import { fc } from '../../support/property.js';

const AWKWARD = [
  ...[
    'true',
    'null',
    '~',
    'y',
    'no',
    'ON',
    'Null',
    '.inf',
    '.nan',
    '=',
    '<<',
    '1001',
    '+1910',
    '010',
    '0x10',
    '1e3',
  ],
  ...[
    '1_000',
    '12:30:45',
    '2026-11-21',
    '- a',
    '-',
    'a: b',
    'a #b',
    'a:',
    ':a',
    '?',
    '? a',
    '|',
    '>',
    '%a',
    '@a',
    '`a',
  ],
  ...[
    '*a',
    '&a',
    '!a',
    '---',
    '...',
    '[a]',
    '{a}',
    '"q"',
    "'q'",
    "it's",
    ' lead',
    'trail ',
    'a\\nb',
    'a,b',
    'a = b',
  ],
  ...[
    '"""',
    "'''",
    'x"""',
    '[[resources]]',
    '\u202eabc',
    '\ufeffx',
    'a\u2028b',
    '日本',
    'é',
    '😀',
    '\u{e0041}',
    'a\u00a0',
  ],
];
const LINES = [
  'a\nb',
  'a\n',
  '\na',
  'a\n\n\nb\n\n',
  '  a\n b\n',
  'a\n\tb',
  'a \n b ',
  'x\n---\ny',
  'x\n"""\ny"',
  '# a\n# b',
];

const character = fc.constantFrom(...' aZ0-_.:#"\'\\,[]{}&*!|>%@`~?=+/éß日😀'.match(/./gu)!);
const texts = (max: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...AWKWARD).filter((text) => [...text].length <= max),
    fc.string({ unit: character, minLength: 1, maxLength: Math.min(max, 40) }),
  );

const refs = fc.oneof(
  fc.constantFrom(
    '1000',
    'null',
    'a',
    'agent-01',
    '+1910',
    '1e3',
    '-',
    '.',
    'true',
    '0x1',
    '--',
    '...',
    '1.5',
  ),
  fc.stringMatching(/^[A-Za-z0-9._+-]{1,12}$/),
);

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const host = fc.oneof(
  label.map((name) => `${name}.example.com`),
  fc.ipV4(),
  fc.constant('2001:db8::1'),
);

const formats: { readonly [F in FormatName]: fc.Arbitrary<string> } = {
  fqdn: label.map((name) => `${name}.example.com`),
  host,
  hostPort: fc.oneof(
    host,
    label.map((name) => `${name}.example.com:5060`),
  ),
  tel: fc.stringMatching(/^tel:\+?[0-9]{1,15}$/),
  aor: label.map((name) => `sip:${name}@sip.local`),
  cidr: fc.oneof(fc.ipV4(), fc.constantFrom('10.0.0.0/8', '2001:db8::/32', '::1')),
  re2: fc.constantFrom('.*', '^\\+1', '[0-9]+', '^(a|b)$', 'a{2,3}', '#', "'", '\\d \\d'),
  headerName: fc.stringMatching(/^[A-Za-z0-9-]{0,8}[A-Za-z0-9]$/),
  username: texts(60).filter((text) => !/\s/.test(text)),
  countryCode: fc.constantFrom('US', 'no', 'NO', 'XX'),
};

const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(texts(40), fc.constantFrom(...LINES)),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(texts(10), tie('value'), { maxKeys: 3 }),
  ),
})).value;

const texted = (field: TextField): fc.Arbitrary<string> => {
  if (field.format) return formats[field.format];
  return field.multiline ? fc.oneof(texts(field.max), fc.constantFrom(...LINES)) : texts(field.max);
};

function valueOf(field: Field): fc.Arbitrary<unknown> {
  switch (field.type) {
    case 'text':
      return texted(field);
    case 'integer':
      return fc.integer({ min: field.min, max: field.max });
    case 'boolean':
      return fc.boolean();
    case 'choice':
      return fc.constantFrom(...field.values);
    case 'reference':
      return refs;
    case 'list':
      return fc.array(texted(field.of), { minLength: field.min ?? 0, maxLength: 3 });
    case 'structs':
      return fc.array(fieldsOf(field.of), { maxLength: 3 });
    case 'object':
      return fc.dictionary(texts(10), json, { maxKeys: 4 });
  }
}

const fieldsOf = (fields: Fields): fc.Arbitrary<object> =>
  fc.record(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, valueOf(field)])), {
    requiredKeys: Object.keys(fields).filter((name) => fields[name]!.required),
  });

/** Documents that pass validation, in their canonical form. */
const documentsOf = (kind: Kind): fc.Arbitrary<Document> =>
  fieldsOf(kind.fields)
    .map((input) => validate(kind, kind.name === 'Profile' ? withModalities(input) : input).doc)
    .filter((doc) => doc !== undefined);

/** Realtime, or all of the others: an arbitrary choice of the four is hardly ever either. */
function withModalities(input: { realtimeRef?: unknown }): object {
  if (input.realtimeRef === undefined) return { ...input, sttRef: 'stt', llmRef: 'llm', ttsRef: 'tts' };
  return { ...input, sttRef: undefined, llmRef: undefined, ttsRef: undefined };
}

const resourceOf = (kind: Kind): fc.Arbitrary<Writable> =>
  fc.record({ kind: fc.constant(kind), ref: refs, doc: documentsOf(kind) });

/** Resources of all kinds, refs unique in each, in any order. Those with a declared order have a position. */
export const resources = (of: readonly Kind[] = kinds): fc.Arbitrary<Writable[]> =>
  fc
    .uniqueArray(fc.oneof(...of.map(resourceOf)), {
      maxLength: 12,
      selector: ({ kind, ref }) => `${kind.name}/${ref}`,
    })
    .map((all) => all.map((one, i) => (one.kind.order ? { ...one, position: i + 1 } : one)));

export { json, texts };
