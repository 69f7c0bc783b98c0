import { describe, expect, test } from '@jest/globals';
import { domain } from '../../src/lib/kinds/domain.js';
import type { Json, StructsField } from '../../src/lib/kinds/kind.js';
import { number } from '../../src/lib/kinds/number.js';
import { trunk } from '../../src/lib/kinds/trunk.js';
import { formatStructured, parseStructured } from '../../src/lib/cli/input/structured.js';
import { fc } from '../support/property.js';

const egress: StructsField = domain.fields.egressPolicies;
const uri: StructsField = trunk.fields.uris;
const header: StructsField = number.fields.extraHeaders;

describe('reading', () => {
  test.each<[string, StructsField, string, { [key: string]: Json }]>([
    ['the example', egress, 'rule=^\\+1,number=number-01', { rule: '^\\+1', numberRef: 'number-01' }],
    [
      'the full name of a reference',
      egress,
      'rule=.*,numberRef=number-01',
      { rule: '.*', numberRef: 'number-01' },
    ],
    ['any order', egress, 'number=+19103434434,rule=.*', { rule: '.*', numberRef: '+19103434434' }],
    ['a blank after the comma', egress, 'rule=.*, number=a', { rule: '.*', numberRef: 'a' }],
    [
      'commas and = in a pattern',
      egress,
      'rule=^\\d{3,5}(a=b)?,$,number=a',
      { rule: '^\\d{3,5}(a=b)?,$', numberRef: 'a' },
    ],
    [
      'types',
      uri,
      'host=a.example,port=5061,transport=tls,enabled=FALSE',
      {
        host: 'a.example',
        port: 5061,
        transport: 'TLS',
        enabled: false,
      },
    ],
    ['a value that looks like a key', header, 'name=X-Room,value=a,b=c', { name: 'X-Room', value: 'a,b=c' }],
  ])('%s', (_, field, text, entry) => expect(parseStructured(field, text)).toEqual({ entry, problems: [] }));

  test.each<[string, StructsField, string, string[]]>([
    [
      'nothing',
      uri,
      '',
      ['is empty: expected host=, port=, transport=, user=, weight=, priority=, enabled='],
    ],
    ['a missing key', egress, 'rule=.*', ['is missing number= (number that the call leaves by)']],
    [
      'an unknown key',
      uri,
      'hots=a',
      [
        'has no key "hots" (did you mean host?): expected host=, port=, transport=, user=, weight=, priority=, enabled=',
        'is missing host= (host or address)',
      ],
    ],
    [
      'an unknown key further on',
      egress,
      'rule=.*,numbr=number-01',
      [
        'has no key "numbr" (did you mean number?): expected rule=, number=',
        'is missing number= (number that the call leaves by)',
      ],
    ],
    ['a key twice', egress, 'rule=a,rule=b,number=c', ['has rule= twice: expected it once']],
    ['both names of a key', egress, 'rule=a,number=b,numberRef=c', ['has number= twice: expected it once']],
    [
      'bad values, all of them',
      uri,
      'host=,port=x,transport=carrier pigeon,weight=0',
      [
        'host= is empty: expected host or address',
        'port=x is not valid: expected a whole number from 0 to 65535',
        'transport=carrier pigeon is not valid: expected UDP, TCP, SCTP, TLS, WS, WSS',
        'weight=0 is not valid: expected a whole number from 1 to 65535',
      ],
    ],
    ['no value', uri, 'host', ['host= is empty: expected host or address']],
  ])('%s', (_, field, text, problems) => expect(parseStructured(field, text).problems).toEqual(problems));

  test('to name an entry, some keys are enough', () => {
    expect(parseStructured(egress, 'rule=.*', { partial: true })).toEqual({
      entry: { rule: '.*' },
      problems: [],
    });
  });
});

describe('writing and reading back', () => {
  /** Text that does not itself hold `,key=`. */
  const text = fc.string({ minLength: 1 }).filter((value) => !/,\s*[A-Za-z][\w-]*=/.test(value));

  const roundTrip = (field: StructsField, entry: { [key: string]: Json }) =>
    expect(parseStructured(field, formatStructured(field, entry))).toEqual({ entry, problems: [] });

  test('egress policies, with any pattern', () => {
    fc.assert(fc.property(fc.record({ rule: text, numberRef: text }), (entry) => roundTrip(egress, entry)));
  });

  test('trunk URIs, with any subset of keys', () => {
    const entries = fc.record(
      {
        host: text,
        port: fc.integer({ min: 0, max: 65535 }),
        transport: fc.constantFrom('UDP', 'TCP', 'SCTP', 'TLS', 'WS', 'WSS'),
        user: text,
        weight: fc.integer({ min: 1, max: 65535 }),
        priority: fc.integer({ min: 0, max: 65535 }),
        enabled: fc.boolean(),
      },
      { requiredKeys: ['host'] },
    );
    fc.assert(fc.property(entries, (entry) => roundTrip(uri, entry)));
  });

  test('references by what they are called', () => {
    expect(formatStructured(egress, { rule: '.*', numberRef: 'n' }, (kind, ref) => `${kind}:${ref}`)).toBe(
      'rule=.*,number=Number:n',
    );
  });
});
