import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Parser } from '@oclif/core';
import { CtlError } from '../../src/lib/errors.js';
import { agent } from '../../src/lib/kinds/agent.js';
import { credentials } from '../../src/lib/kinds/credentials.js';
import { domain } from '../../src/lib/kinds/domain.js';
import { kinds } from '../../src/lib/kinds/index.js';
import type { Kind } from '../../src/lib/kinds/kind.js';
import { policy } from '../../src/lib/kinds/policy.js';
import { sipRoute } from '../../src/lib/kinds/sip-route.js';
import { trunk } from '../../src/lib/kinds/trunk.js';
import { flagsOf, type Verb } from '../../src/lib/cli/input/flags.js';
import { missingError, missingFields } from '../../src/lib/cli/input/missing.js';
import { type Given, parseFlags } from '../../src/lib/cli/input/parse.js';
import { renameFields } from '../../src/lib/cli/input/problems.js';
import { Sources } from '../../src/lib/cli/input/source.js';
import { flagOfPath } from '../../src/lib/cli/names.js';

const folder = mkdtempSync(join(tmpdir(), 'ctl-flags-'));
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
afterAll(() => rmSync(folder, { recursive: true }));

/** What a command line means, through the parser that commands use. */
async function given(kind: unknown, verb: Verb, argv: string[], stdin = ''): Promise<Given> {
  const { flags } = await Parser.parse(argv, { flags: flagsOf(kind as Kind, verb), args: {}, strict: true });
  return parseFlags(
    kind as Kind,
    verb,
    flags,
    new Sources(() => Readable.from(stdin === '' ? [] : [Buffer.from(stdin)])),
  );
}

async function problems(kind: unknown, verb: Verb, argv: string[], stdin = ''): Promise<[string, string][]> {
  const error = await given(kind, verb, argv, stdin).then(
    () => new Error('expected an error'),
    (failure: unknown) => failure,
  );
  if (!(error instanceof CtlError)) throw error;
  expect(error.exitCode).toBe(2);
  return error.fields.map(({ field, message }) => [field, message]);
}

describe('create', () => {
  test('every type of field', async () => {
    const argv = [
      ...['--ref', 'agent-01', '--name', 'John Doe', '--username', '1001', '--domain', 'sip.local'],
      ...['--credentials', 'credentials-01', '--privacy', 'private', '--no-enabled', '--max-contacts', '-1'],
      ...['--expires', '60', '--extended', '{"a": [1]}'],
    ];
    expect(await given(agent, 'create', argv)).toEqual({
      ref: 'agent-01',
      doc: {
        name: 'John Doe',
        username: '1001',
        domainRef: 'sip.local',
        credentialsRef: 'credentials-01',
        privacy: 'PRIVATE',
        enabled: false,
        maxContacts: -1,
        expires: 60,
        extended: { a: [1] },
      },
      clear: [],
      edits: [],
    });
  });

  test('lists and structs are repeatable, and take one value each', async () => {
    expect((await given(sipRoute, 'create', ['--called', '1000', '--called', 'concierge'])).doc).toEqual({
      called: ['1000', 'concierge'],
    });
    expect(
      (await given(policy, 'create', ['--function', 'a', '--adapter', 'b', '--intent-router', 'c'])).doc,
    ).toEqual({
      functions: ['a'],
      adapters: ['b'],
      intentRouter: 'c',
    });
    const uris = ['--uri', 'host=a.example', '--uri', 'host=b.example,port=5061'];
    expect((await given(trunk, 'create', uris)).doc['uris']).toEqual([
      { host: 'a.example' },
      { host: 'b.example', port: 5061 },
    ]);
    expect(
      (await given(domain, 'create', ['--egress', 'rule=^\\+1,number=number-01', '--acl', 'acl-01'])).doc,
    ).toEqual({
      accessControlListRef: 'acl-01',
      egressPolicies: [{ rule: '^\\+1', numberRef: 'number-01' }],
    });
  });

  test('nothing given is nothing', async () => {
    expect(await given(agent, 'create', [])).toEqual({ ref: undefined, doc: {}, clear: [], edits: [] });
  });

  test('all problems at once, each with its flag, the value and what is expected', async () => {
    const argv = [
      ...['--ref', '', '--name', '', '--privacy', 'sometimes', '--max-contacts', 'many', '--expires', '-5'],
      ...['--extended', '[1]'],
    ];
    expect(await problems(agent, 'create', argv)).toEqual([
      ['--name', 'is empty: expected name for people, 1-60 characters'],
      ['--privacy', '"sometimes" is not valid: expected PRIVATE, NONE'],
      ['--max-contacts', '"many" is not valid: expected a whole number from -1 to 2147483647'],
      ['--expires', '"-5" is not valid: expected a whole number from 0 to 2147483647'],
      ['--extended', '"[1]" is not valid: expected a JSON object such as {"department": "sales"}'],
      ['--ref', 'is empty: expected a ref, or no --ref for a UUID'],
    ]);
    expect(await problems(sipRoute, 'create', ['--called', '1000', '--called', ''])).toEqual([
      ['--called', 'is empty: expected called value'],
    ]);
    expect(await problems(trunk, 'create', ['--uri', 'port=70000'])).toEqual([
      ['--uri', '"port=70000": port=70000 is not valid: expected a whole number from 0 to 65535'],
      ['--uri', '"port=70000": is missing host= (host or address)'],
    ]);
  });
});

describe('secrets', () => {
  test('come from a file or stdin, without the last line break', async () => {
    const path = file('password', 'hunter2\n');
    expect((await given(credentials, 'create', ['--password-file', path])).doc).toEqual({
      password: 'hunter2',
    });
    const piped = await given(credentials, 'create', ['--password-file', '-'], ' two words \r\n');
    expect(piped.doc).toEqual({ password: ' two words ' });
  });

  test('have no flag of their own', () => {
    expect(Object.keys(flagsOf(credentials as Kind, 'create'))).not.toContain('password');
  });

  test('that cannot be had are named, and never shown', async () => {
    const read = (path: string, stdin = '') =>
      problems(credentials, 'create', ['--password-file', path], stdin);
    const missing = join(folder, 'none');
    expect(await read(missing)).toEqual([
      ['--password-file', `${missing} cannot be read: there is no such file`],
    ]);
    expect(await read(folder)).toEqual([['--password-file', `${folder} cannot be read: it is a folder`]]);
    expect(await read('-', '\n')).toEqual([['--password-file', 'stdin is empty: expected the secret']]);
    const binary = file('binary', Buffer.from([0xc3, 0x28]));
    expect(await read(binary)).toEqual([
      ['--password-file', `${binary}:1 is not valid UTF-8: expected text in UTF-8`],
    ]);
    const large = file('large', 'x'.repeat(70_000));
    expect((await read(large))[0]![1]).toBe(`${large} is larger than 65536 bytes: expected less`);
  });

  test('stdin is for one taker', async () => {
    const sources = new Sources(() => Readable.from(['a']));
    await sources.read('-', '--file', 10);
    await expect(sources.read('-', '--password-file', 10)).rejects.toThrow(
      '--password-file is -, and so is --file: stdin can be read once',
    );
  });
});

describe('update', () => {
  test('entries are added and removed, and fields cleared', async () => {
    const argv = [
      ...['--add-egress', 'rule=^9,number=n', '--remove-egress', 'number=old', '--clear', 'acl'],
      ...['--name', 'New'],
    ];
    expect(await given(domain, 'update', argv)).toEqual({
      ref: undefined,
      doc: { name: 'New' },
      clear: ['accessControlListRef'],
      edits: [
        { field: 'egressPolicies', entry: { numberRef: 'old' }, remove: true },
        { field: 'egressPolicies', entry: { rule: '^9', numberRef: 'n' }, remove: false },
      ],
    });
  });

  test('fixed fields, contradictions and fields that cannot be cleared', async () => {
    expect(
      await problems(agent, 'update', ['--username', '1002', '--clear', 'name', '--clear', 'domian']),
    ).toEqual([
      ['--username', 'is fixed when the agent is created: delete it and create another one to change it'],
      ['--clear', expect.stringMatching(/^"name" cannot be empty: expected one of domain, credentials, /)],
      [
        '--clear',
        expect.stringMatching(/^"domian" is no field here \(did you mean domain\?\): expected one of /),
      ],
    ]);
    expect(
      await problems(sipRoute, 'update', [
        '--called',
        '1',
        '--add-called',
        '2',
        '--acl',
        'a',
        '--clear',
        'acl',
      ]),
    ).toEqual([
      ['--called', 'contradicts --add-called or --remove-called: expected one of them'],
      ['--access-control-list', 'contradicts --clear: expected one of them'],
    ]);
    expect(await problems(policy, 'update', ['--intent-router', ''])).toEqual([
      ['--intent-router', 'is empty: expected intent router, or --clear intent-router'],
    ]);
  });

  test('fixed fields have no flag in help', () => {
    const { username, name } = flagsOf(agent as Kind, 'update');
    expect(username!.hidden).toBe(true);
    expect(name!.hidden).toBeUndefined();
  });
});

describe('names', () => {
  test('a path in the document is the flag that sets it', () => {
    expect(flagOfPath(domain.fields, 'egressPolicies[0].numberRef')).toBe('--egress');
    expect(flagOfPath(agent.fields, 'domainRef')).toBe('--domain');
    expect(flagOfPath(credentials.fields, 'password')).toBe('--password-file');
    expect(flagOfPath(agent.fields, 'ref')).toBe('--ref');
    expect(flagOfPath(agent.fields, 'nonsense')).toBeUndefined();
  });

  test('errors of the daemon get the names that the user gave', () => {
    const error = new CtlError('usage', 'cannot create agent', {
      fields: [{ field: 'domainRef', message: 'names nothing' }],
    });
    const renamed = renameFields(error, (path) => flagOfPath(agent.fields, path));
    expect(renamed.fields).toEqual([{ field: '--domain', message: 'names nothing' }]);
    expect([renamed.code, renamed.message]).toEqual([error.code, error.message]);
  });

  test.each(kinds.map((kind) => [kind.topic, kind] as const))(
    '%s: one flag per field, one field per flag',
    (_, kind) => {
      for (const verb of ['create', 'update'] as const) {
        const flags = flagsOf(kind, verb);
        const names = Object.entries(flags).flatMap(([name, flag]) => [name, ...(flag.aliases ?? [])]);
        expect(new Set(names).size).toBe(names.length);
        for (const [name, flag] of Object.entries(flags)) {
          expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
          expect(flag.summary ?? '').not.toBe('');
          expect(flag.required ?? false).toBe(false);
        }
      }
    },
  );
});

describe('missing fields', () => {
  test('are named all at once', () => {
    expect(missingFields(credentials as Kind, { username: '1001' })).toEqual(['name', 'password']);
    const error = missingError(credentials as Kind, ['name', 'password']);
    expect(error.exitCode).toBe(2);
    expect(error.message).toBe('cannot create credentials: missing --name, --password-file');
    expect(error.fields).toEqual([
      { field: '--name', message: 'is missing: expected name for people, 1-60 characters' },
      { field: '--password-file', message: 'is missing: expected password of the digest' },
    ]);
    expect(error.hint).toContain('-f FILE');
  });
});
