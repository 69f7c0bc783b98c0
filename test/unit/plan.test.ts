import { Catalog } from '../../src/lib/kinds/catalog.js';
import { MASK } from '../../src/lib/kinds/validate.js';
import {
  acl,
  after,
  agent,
  create,
  credentials,
  domain,
  effects,
  number,
  peer,
  planOf,
  put,
  refused,
  remove,
  trunk,
  update,
} from '../support/plan.js';

const { empty } = Catalog;
/** One of each Connect kind, referring to each other. */
const base = after(
  empty,
  acl('acl-01'),
  credentials('credentials-01'),
  trunk('trunk-01', { uris: [{ host: 'a.example' }, { host: 'b.example' }] }),
  number('number-01', '+19103434434', { trunkRef: 'trunk-01' }),
  domain('domain-01', 'sip.local', { egressPolicies: [{ rule: '.*', numberRef: 'number-01' }] }),
  agent('agent-01', '1001', 'sip.local', { credentialsRef: 'credentials-01' }),
  peer('peer-01', 'asterisk', 'sip:asterisk@default'),
);
const docOf = (catalog: Catalog, kind: Parameters<Catalog['get']>[0], ref: string) =>
  catalog.get(kind, ref)!.doc;

describe('create', () => {
  test('references may point forwards and use natural keys; refs are stored', () => {
    const plan = planOf(empty, [
      agent('', '1001', 'sip.local'),
      domain('domain-01', 'sip.local', { egressPolicies: [{ rule: '.*', numberRef: '+1' }] }),
      number('number-01', '+1'),
    ]);
    expect(effects(plan)).toEqual([
      expect.stringMatching(/^created Agent\/generated-/),
      'created Domain/domain-01',
      'created Number/number-01',
    ]);
    expect(plan.catalog.revision).toBe(1);
    expect(docOf(plan.catalog, 'Domain', 'domain-01')['egressPolicies']).toEqual([
      { rule: '.*', numberRef: 'number-01' },
    ]);
    const [made] = plan.catalog.find('Agent', '1001@sip.local');
    expect(plan.catalog.get('Agent', made!)).toMatchObject({ createdAt: 1000, updatedAt: 1000, revision: 1 });
  });

  test('all problems of a document', () => {
    const error = refused(empty, [create('Agent', 'agent-01', { username: 'a b', domainRef: 'nope', x: 1 })]);
    expect(error.status).toBe('INVALID_ARGUMENT');
    expect(error.message).toBe('cannot create agent agent-01');
    expect(error.fields.map(({ field }) => field)).toEqual(['x', 'name', 'username', 'domainRef']);
  });

  test('a taken ref, a bad ref', () => {
    expect(refused(base, [acl('acl-01')])).toMatchObject({
      status: 'ALREADY_EXISTS',
      fields: [{ field: 'ref', message: expect.stringContaining('acl-01') }],
    });
    expect(refused(base, [acl('a b')])).toMatchObject({
      status: 'INVALID_ARGUMENT',
      fields: [{ field: 'ref' }],
    });
  });

  test('no document, or none that is an object', () => {
    for (const document of [undefined, null, [], 'x'])
      expect(refused(empty, [create('Agent', 'a', document)]).status).toBe('INVALID_ARGUMENT');
  });
});

describe('unique keys', () => {
  test('the field, the value and who has it', () => {
    const error = refused(base, [domain('other', 'SIP.LOCAL')]);
    expect(error.status).toBe('ALREADY_EXISTS');
    expect(error.fields).toEqual([
      { field: 'domainUri', message: 'is "SIP.LOCAL", which domain sip.local (domain-01) has already' },
    ]);
    expect(refused(base, [agent('other', '1001', 'domain-01')]).fields).toEqual([
      {
        field: 'username',
        message: 'is "1001" with domainRef "sip.local", which agent 1001@sip.local (agent-01) has already',
      },
    ]);
  });

  test('agents are unique in their domain only', () => {
    const next = after(base, domain('domain-02', 'two.example'), agent('agent-02', '1001', 'domain-02'));
    expect(next.find('Agent', '1001@two.example')).toEqual(['agent-02']);
    expect(() => after(next, agent('a3', '1001'), agent('a4', '1001'))).not.toThrow();
  });

  test('two of one write: the later one is told', () => {
    const error = refused(empty, [domain('a', 'sip.local'), domain('b', 'sip.local')]);
    expect(error.fields).toEqual([
      { field: 'domains/b: domainUri', message: 'is "sip.local", which domain sip.local (a) has already' },
    ]);
  });

  test('keys may be swapped, and taken over from what is deleted', () => {
    const two = after(base, number('number-02', '+2'));
    const plan = planOf(two, [
      update('Number', 'number-01', { telUrl: 'tel:+2' }),
      update('Number', 'number-02', { telUrl: 'tel:+19103434434' }),
    ]);
    expect(plan.catalog.find('Number', '+2')).toEqual(['number-01']);
    expect(plan.catalog.find('Number', '+19103434434')).toEqual(['number-02']);
    const taken = planOf(base, [remove('Peer', 'peer-01'), peer('peer-02', 'asterisk', 'sip:x')]);
    expect(taken.catalog.find('Peer', 'asterisk')).toEqual(['peer-02']);
  });
});

describe('references', () => {
  test('unknown: field, value, kind and the nearest real names', () => {
    expect(refused(base, [agent('a', '1', 'sip.locla')]).fields).toEqual([
      {
        field: 'domainRef',
        message:
          'is "sip.locla", but there is no domain with that ref or natural key (did you mean sip.local?)',
      },
    ]);
  });

  test('ambiguous: the candidates', () => {
    const two = after(base, peer('peer-02', 'other', 'sip:asterisk@default'));
    expect(refused(two, [update('Peer', 'sip:asterisk@default', { name: 'x' })]).message).toBe(
      'sip:asterisk@default names several peers: asterisk (peer-01), other (peer-02); expected the ref of one',
    );
  });

  test('of the wrong sort', () => {
    const modalities = after(
      empty,
      create('Modality', 'm1', { name: 'voice', type: 'tts', provider: 'p' }),
      create('Persona', 'p', { name: 'p', instructions: 'x' }),
      create('Policy', 'p', { name: 'p' }),
    );
    const error = refused(modalities, [
      create('Profile', 'x', { name: 'x', personaRef: 'p', policyRef: 'p', realtimeRef: 'tts/voice' }),
    ]);
    expect(error.fields).toEqual([
      { field: 'realtimeRef', message: 'is "tts/voice", a tts modality: expected a realtime modality' },
    ]);
  });

  test('to what fails for a reason of its own are no further problem', () => {
    const error = refused(empty, [
      trunk('t', { inboundUri: 'localhost' }),
      number('n', '+1', { trunkRef: 't' }),
    ]);
    expect(error.fields.map(({ field }) => field)).toEqual(['trunks/t: inboundUri']);
  });

  test('to what the same write deletes', () => {
    expect(
      refused(base, [remove('Peer', 'peer-01'), trunk('t'), remove('Trunk', 't')]).fields[0]!.field,
    ).toBe('trunks/t');
    expect(
      refused(base, [remove('Domain', 'sip.local'), agent('a', '2', 'domain-01')]).fields[0],
    ).toMatchObject({
      field: 'agents/a: domainRef',
    });
  });
});

describe('update', () => {
  test('absent keeps, null and "" empty, defaults come back', () => {
    const { catalog } = planOf(base, [
      update('Agent', '1001@sip.local', { name: 'Jane', credentialsRef: '', privacy: null }),
    ]);
    expect(docOf(catalog, 'Agent', 'agent-01')).toEqual({
      name: 'Jane',
      username: '1001',
      domainRef: 'domain-01',
      privacy: 'NONE',
      enabled: true,
      maxContacts: -1,
      expires: 0,
    });
    expect(catalog.referrers('Credentials', 'credentials-01')).toEqual([]);
  });

  test('clear empties; a required field cannot be emptied', () => {
    const { catalog } = planOf(base, [update('Trunk', 'trunk-01', undefined, { clear: ['uris'] })]);
    expect(docOf(catalog, 'Trunk', 'trunk-01')['uris']).toEqual([]);
    const clear = (...names: string[]) =>
      refused(base, [update('Agent', 'agent-01', { expires: 5 }, { clear: names })]);
    expect(clear('username').fields[0]).toMatchObject({
      field: 'username',
      message: expect.stringContaining('missing'),
    });
    expect(clear('expires').fields[0]!.message).toContain('both given and cleared');
    expect(clear('privcy').fields[0]!.message).toContain('did you mean privacy?');
    expect(refused(base, [update('Agent', 'agent-01', { name: '' })]).fields[0]!.field).toBe('name');
  });

  test('fixed fields may be given unchanged only', () => {
    expect(effects(planOf(base, [update('Agent', 'agent-01', { username: '1001' })]))).toEqual([
      'unchanged Agent/agent-01',
    ]);
    expect(effects(planOf(base, [update('Domain', 'sip.local', { domainUri: 'SIP.local' })]))).toEqual([
      'unchanged Domain/domain-01',
    ]);
    expect(refused(base, [update('Agent', 'agent-01', { username: '1002' })])).toMatchObject({
      status: 'INVALID_ARGUMENT',
      fields: [{ field: 'username', message: expect.stringContaining('from "1001" to "1002"') }],
    });
  });

  test('what changes nothing bumps nothing', () => {
    const plan = planOf(base, [
      update('Agent', 'agent-01', { name: 'agent-01', domainRef: 'sip.local' }),
      put('Peer', 'peer-01', docOf(base, 'Peer', 'peer-01')),
    ]);
    expect(effects(plan)).toEqual(['unchanged Agent/agent-01', 'unchanged Peer/peer-01']);
    expect(plan.catalog).toBe(base);
  });

  test('secrets: empty keeps, the mask is refused', () => {
    const password = (document: object) =>
      planOf(base, [update('Credentials', 'credentials-01', document)]).catalog;
    expect(docOf(password({ password: '', username: 'x' }), 'Credentials', 'credentials-01')).toMatchObject({
      username: 'x',
      password: 'secret',
    });
    expect(docOf(password({ password: 'new' }), 'Credentials', 'credentials-01')['password']).toBe('new');
    expect(
      refused(base, [update('Credentials', 'credentials-01', { password: MASK })]).fields[0]!.field,
    ).toBe('password');
  });

  test('lists are replaced, or edited', () => {
    const edit = (field: string, entry: unknown, removed = false) => ({
      edits: [{ field, entry, remove: removed }],
    });
    const aclOf = (more: object) =>
      docOf(
        planOf(base, [update('AccessControlList', 'acl-01', undefined, more)]).catalog,
        'AccessControlList',
        'acl-01',
      );
    expect(aclOf(edit('deny', '0.0.0.0/0'))['deny']).toEqual(['0.0.0.0/0']);
    expect(aclOf(edit('allow', '10.0.0.0/8'))['allow']).toEqual(['10.0.0.0/8']);
    const uris = (more: object) =>
      (
        docOf(planOf(base, [update('Trunk', 'trunk-01', undefined, more)]).catalog, 'Trunk', 'trunk-01')[
          'uris'
        ] as { host: string }[]
      ).map(({ host }) => host);
    expect(uris(edit('uris', { host: 'c.example' }))).toEqual(['a.example', 'b.example', 'c.example']);
    expect(uris(edit('uris', { host: 'a.example' }, true))).toEqual(['b.example']);
    expect(uris(edit('uris', { port: 5060 }, true))).toEqual([]);
    const policies = planOf(base, [
      update('Domain', 'domain-01', undefined, edit('egressPolicies', { numberRef: '+19103434434' }, true)),
    ]);
    expect(docOf(policies.catalog, 'Domain', 'domain-01')['egressPolicies']).toEqual([]);
    const wrong = (more: object) =>
      refused(base, [update('Trunk', 'trunk-01', undefined, more)]).fields[0]!.message;
    expect(wrong(edit('uris', { host: 'z.example' }, true))).toBe('has no entry host="z.example" to remove');
    expect(wrong(edit('uri', {}))).toContain('did you mean uris?');
    expect(wrong(edit('name', 'x'))).toContain('no list');
    expect(wrong(edit('uris', {}, true))).toContain('no entry');
  });

  test('an expected revision', () => {
    expect(
      effects(planOf(base, [update('Agent', 'agent-01', { name: 'x' }, { expectedRevision: 1 })])),
    ).toHaveLength(1);
    expect(
      refused(base, [update('Agent', 'agent-01', { name: 'x' }, { expectedRevision: 7 })]),
    ).toMatchObject({
      status: 'ABORTED',
      message: 'agent 1001@sip.local (agent-01) has changed: it is at revision 1, not 7',
    });
  });

  test('of nothing: the nearest', () => {
    expect(refused(base, [update('Agent', '1001@sip.loca', {})])).toMatchObject({
      status: 'NOT_FOUND',
      message: 'there is no agent 1001@sip.loca (did you mean 1001@sip.local?)',
    });
    expect(refused(base, [update('Agent', '', {})]).status).toBe('INVALID_ARGUMENT');
  });
});

describe('put', () => {
  test('makes a resource exactly what is given, but for secrets and extended', () => {
    const start = after(
      base,
      update('Agent', 'agent-01', { extended: { a: 1 }, expires: 60 }),
      update('Credentials', 'credentials-01', { extended: { b: 2 } }),
    );
    const { catalog } = planOf(start, [
      put('Agent', '1001@sip.local', { name: 'John', username: '1001', domainRef: 'sip.local' }),
      put('Credentials', 'credentials-01', { name: 'c', username: 'u', password: '' }),
    ]);
    expect(docOf(catalog, 'Agent', 'agent-01')).toMatchObject({
      name: 'John',
      expires: 0,
      extended: { a: 1 },
    });
    expect(docOf(catalog, 'Agent', 'agent-01')).not.toHaveProperty('credentialsRef');
    expect(docOf(catalog, 'Credentials', 'credentials-01')).toEqual({
      name: 'c',
      username: 'u',
      password: 'secret',
      extended: { b: 2 },
    });
    expect(
      docOf(
        planOf(start, [put('Credentials', 'credentials-01', { name: 'c', username: 'u', extended: null })])
          .catalog,
        'Credentials',
        'credentials-01',
      ),
    ).not.toHaveProperty('extended');
  });

  test('creates the ref that its key names', () => {
    expect(
      effects(planOf(base, [put('Domain', 'domain-02', { name: 'd', domainUri: 'two.example' })])),
    ).toEqual(['created Domain/domain-02']);
    expect(refused(base, [put('Agent', '9@sip.local', { name: 'a', username: '9' })]).status).toBe(
      'NOT_FOUND',
    );
  });

  test('without a key finds by the natural keys of the document', () => {
    const plan = planOf(base, [
      put('Agent', '', { name: 'John', username: '1001', domainRef: 'sip.local' }),
      put('Domain', '', { name: 'New', domainUri: 'two.example' }),
    ]);
    expect(effects(plan)).toEqual([
      'updated Agent/agent-01',
      expect.stringMatching(/^created Domain\/generated/),
    ]);
    expect(
      refused(base, [
        put('Domain', '', { name: 'a', domainUri: 'sip.local' }),
        put('Domain', 'domain-01', { name: 'b', domainUri: 'sip.local' }),
      ]).status,
    ).toBe('INVALID_ARGUMENT');
  });
});

describe('a write as a whole', () => {
  test('the same resource twice', () => {
    const error = refused(base, [
      update('Agent', 'agent-01', { name: 'a' }),
      update('Agent', '1001@sip.local', { name: 'b' }),
    ]);
    expect(error).toMatchObject({ status: 'INVALID_ARGUMENT', fields: [{ field: 'agents/1001@sip.local' }] });
    expect(error.fields[0]!.message).toContain('operation 1 names it too');
  });

  test('problems of all operations, located by key or number', () => {
    const error = refused(base, [
      agent('', 'a b'),
      update('Agent', 'nobody', {}),
      number('n', '+1', { city: '' }),
      acl('fine'),
    ]);
    expect(error.status).toBe('INVALID_ARGUMENT');
    expect(error.message).toBe('nothing was written: 3 problems in 3 of 4 operations');
    expect(error.fields.map(({ field }) => field).sort()).toEqual([
      'agents/#1: username',
      'agents/nobody',
      'numbers/n: city',
    ]);
  });

  test('changes are in the order of the operations', () => {
    const plan = planOf(base, [
      update('Peer', 'peer-01', { name: 'x' }),
      acl('a2'),
      remove('Agent', 'agent-01'),
    ]);
    expect(effects(plan)).toEqual([
      'updated Peer/peer-01',
      'created AccessControlList/a2',
      'deleted Agent/agent-01',
    ]);
  });

  test('an empty write changes nothing', () => expect(planOf(base, []).catalog).toBe(base));
});
