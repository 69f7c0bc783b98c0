import { describe, expect, test } from '@jest/globals';
import { CtlError } from '../../src/lib/errors.js';
import { acl } from '../../src/lib/kinds/acl.js';
import { agent } from '../../src/lib/kinds/agent.js';
import { credentials } from '../../src/lib/kinds/credentials.js';
import { domain } from '../../src/lib/kinds/domain.js';
import type { Document, Kind, KindName } from '../../src/lib/kinds/kind.js';
import { profile } from '../../src/lib/kinds/profile.js';
import { sipRoute } from '../../src/lib/kinds/sip-route.js';
import { trunk } from '../../src/lib/kinds/trunk.js';
import type { Asker, Verdict } from '../../src/lib/cli/input/asker.js';
import { type Answers, askForResource } from '../../src/lib/cli/input/prompts.js';
import type { Candidate } from '../../src/lib/cli/input/questions.js';

/** What there is to refer to. */
const EXISTING: Partial<Record<KindName, Candidate[]>> = {
  Domain: [{ ref: 'domain-01', label: 'sip.local', name: 'Local Domain' }],
  Number: [{ ref: 'number-01', label: '+19103434434', name: '\u001b[2Jnumber' }],
  Persona: [{ ref: 'concierge', label: 'concierge', name: 'concierge' }],
  Policy: [{ ref: 'policy-01', label: 'concierge', name: 'concierge' }],
  Modality: [
    { ref: 'rt-01', label: 'realtime/deepgram_rt', name: 'deepgram_rt' },
    { ref: 'stt-01', label: 'stt/deepgram_stt', name: 'deepgram_stt' },
  ],
};

interface Session {
  readonly answers: Answers;
  /** Questions, refusals of answers, rows offered and lines in between. */
  readonly transcript: string;
}

/** Answers questions in order from a script; a search is answered with the text of a row. */
async function session(
  kind: unknown,
  given: Document,
  script: readonly (string | boolean)[],
  { all = false }: { all?: boolean } = {},
): Promise<Session> {
  const queue = [...script];
  const lines: string[] = [];
  const next = <T>(message: string): T => {
    if (queue.length === 0) throw new Error(`no answer for: ${message}\n${lines.join('\n')}`);
    return queue.shift() as T;
  };
  const typed = async (message: string, validate: (answer: string) => Verdict, initial?: string) => {
    lines.push(`? ${message}${initial === undefined ? '' : ` [${initial}]`}`);
    for (;;) {
      const answer = next<string>(message) || (initial ?? '');
      const verdict = validate(answer);
      if (verdict === true) return Promise.resolve(answer);
      lines.push(`! ${verdict}`);
    }
  };
  const asker: Asker = {
    text: typed,
    secret: (message, validate) => typed(message, validate),
    confirm: (message) => {
      lines.push(`? ${message}`);
      return Promise.resolve(next<boolean>(message));
    },
    select: (message, choices, initial) => {
      lines.push(`? ${message} ${choices.map(({ name }) => name).join('|')} [${initial}]`);
      return Promise.resolve(next<string>(message));
    },
    search: async (message, source) => {
      const rows = await source('');
      lines.push(`? ${message} ${rows.map(({ name }) => name).join('|')}`);
      const text = next<string>(message);
      const found = rows.find(({ name }) => name.includes(text));
      if (!found) throw new Error(`no row has ${text}`);
      return found.value;
    },
    say: (text) => Promise.resolve(void lines.push(text.trimEnd())),
  };
  const answers = await askForResource(kind as Kind, given, {
    asker,
    all,
    width: 80,
    search: (name, text, where) =>
      Promise.resolve(
        (EXISTING[name] ?? []).filter(
          ({ label }) => label.includes(text) && (!where?.['type'] || label.startsWith(where['type'])),
        ),
      ),
  });
  expect(queue).toEqual([]);
  return { answers, transcript: lines.join('\n') };
}

describe('missing fields', () => {
  test('are asked for, checked while they are typed, and shown before anything is created', async () => {
    const { answers, transcript } = await session(agent, { domainRef: 'domain-01' }, [
      '',
      'John',
      '10 01',
      '1001',
      true,
    ]);
    expect(answers).toEqual({
      ref: undefined,
      doc: { name: 'John', username: '1001', domainRef: 'domain-01' },
    });
    expect(transcript).toBe(`? Name (name for people, 1-60 characters):
! is empty: expected name for people, 1-60 characters
? Username (user part of its address, unique in its domain, such as 1001):
! is "10 01": expected text without spaces, such as 1001

New agent:
┌──────────┬───────────┐
│ NAME     │ John      │
│ USERNAME │ 1001      │
│ DOMAIN   │ domain-01 │
└──────────┴───────────┘
? Create it?`);
  });

  test('when there are none, nothing is asked', async () => {
    const doc = { name: 'John', username: '1001' };
    expect(await session(agent, doc, [])).toEqual({ answers: { ref: undefined, doc }, transcript: '' });
  });

  test('no at the end creates nothing', async () => {
    const error = await session(agent, { name: 'John' }, ['1001', false]).catch(
      (failure: unknown) => failure,
    );
    expect(error).toBeInstanceOf(CtlError);
    expect((error as CtlError).exitCode).toBe(130);
    expect((error as CtlError).message).toBe('cancelled: no agent was created');
  });

  test('secrets are typed twice and shown as a mask', async () => {
    const { answers, transcript } = await session(credentials, { name: 'a', username: 'b' }, [
      '',
      'hunter2',
      'hunter3',
      'hunter2',
      'hunter2',
      true,
    ]);
    expect(answers.doc['password']).toBe('hunter2');
    expect(transcript).toContain('They differ: type it again.');
    expect(transcript).toContain('│ PASSWORD │ ******** │');
    expect(transcript).not.toContain('hunter');
  });

  test('lists are asked entry by entry, at least as many as are needed', async () => {
    const { answers, transcript } = await session(sipRoute, { name: 'r', profileRef: 'main' }, [
      '',
      '1000',
      '1000',
      'concierge',
      '',
      true,
    ]);
    expect(answers.doc['called']).toEqual(['1000', 'concierge']);
    expect(transcript).toContain('! expected value that the called destination may have');
    expect(transcript).toContain('! is there already');
  });
});

describe('references', () => {
  test('are chosen from what exists, by what people call it', async () => {
    const { answers, transcript } = await session(profile, { name: 'main' }, [
      'concierge',
      'concierge',
      'deepgram_rt',
      true,
    ]);
    expect(answers.doc).toEqual({
      name: 'main',
      personaRef: 'concierge',
      policyRef: 'policy-01',
      realtimeRef: 'rt-01',
    });
    expect(transcript).toContain('? Persona (persona; type to search): concierge\n');
    expect(transcript).toContain('type to search): (none)|realtime/deepgram_rt  deepgram_rt  rt-01\n');
    expect(transcript).toContain(
      'realtimeRef is missing: expected a realtime modality, or all of stt, llm and tts',
    );
    expect(transcript).toContain('│ REALTIME │ realtime/deepgram_rt │');
  });

  test('an alternative is asked for when the first is left out', async () => {
    const { answers } = await session(profile, { personaRef: 'a', policyRef: 'b' }, [
      ...['main', '(none)', 'stt/deepgram_stt', '(none)', '(none)'],
      true,
    ]);
    expect(answers.doc).toEqual({ name: 'main', personaRef: 'a', policyRef: 'b', sttRef: 'stt-01' });
    const second = await session(acl, {}, ['Local', '', '10.0.0.0/8', '', true]);
    expect(second.answers.doc).toEqual({ name: 'Local', allow: [], deny: ['10.0.0.0/8'] });
  });

  test('a required one with nothing to name says what to create first', async () => {
    await expect(session(sipRoute, { name: 'x', called: ['1'] }, [])).rejects.toMatchObject({
      code: 'not-found',
      message: 'there is no profile yet that profile could be',
      hint: 'Create one first: ctl profiles create',
    });
  });
});

describe('everything (--interactive)', () => {
  test('every field, with defaults, entries in a loop, and the ref', async () => {
    const { answers, transcript } = await session(
      trunk,
      { name: 'Carrier' },
      [
        ...['bad ref', 'trunk-01', 'trunk.example.com', true, '(none)', '(none)', '(none)'],
        ...[true, 'sip.carrier.example', '70000', '', 'TLS', '', '', '', true, false],
        ...['', true],
      ],
      { all: true },
    );
    expect(answers).toEqual({
      ref: 'trunk-01',
      doc: {
        name: 'Carrier',
        inboundUri: 'trunk.example.com',
        sendRegister: true,
        uris: [
          {
            host: 'sip.carrier.example',
            port: 5060,
            transport: 'TLS',
            weight: 1,
            priority: 0,
            enabled: true,
          },
        ],
      },
    });
    expect(transcript).toContain('? Add URI (gateway of the carrier');
    expect(transcript).toContain(
      '? Port (port): [5060]\n! is not valid: expected a whole number from 0 to 65535',
    );
    expect(transcript).toContain('? Transport (transport): UDP|TCP|SCTP|TLS|WS|WSS [UDP]');
  });

  test('patterns are checked, and stored text cannot drive the terminal', async () => {
    const { answers, transcript } = await session(
      domain,
      { name: 'Local', domainUri: 'sip.local', accessControlListRef: 'acl-01' },
      ['', true, '(', '^9', 'number', false, '', true],
      { all: true },
    );
    expect(answers.doc['egressPolicies']).toEqual([{ rule: '^9', numberRef: 'number-01' }]);
    expect(transcript).toContain('Add egress policy (rule for calls to the PSTN');
    expect(transcript).toContain('+19103434434  \\x1b[2Jnumber  number-01');
    expect(transcript).toContain('rule=^9,number=+19103434434');
    expect(transcript).toMatch(/! is "\(", .*: expected a pattern in RE2 syntax/);
  });
});
