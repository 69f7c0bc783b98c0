import { Catalog } from '../../src/lib/kinds/catalog.js';
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
  profile,
  refused,
  remove,
  route,
  trunk,
  update,
} from '../support/plan.js';

const base = after(
  Catalog.empty,
  acl('acl-01'),
  credentials('credentials-01'),
  credentials('credentials-02'),
  trunk('trunk-01', { outboundCredentialsRef: 'credentials-02', inboundCredentialsRef: 'credentials-01' }),
  number('number-01', '+1', { trunkRef: 'trunk-01' }),
  number('number-02', '+2', { trunkRef: 'trunk-01' }),
  domain('domain-01', 'sip.local', {
    accessControlListRef: 'acl-01',
    egressPolicies: [
      { rule: '^1', numberRef: 'number-01' },
      { rule: '^2', numberRef: 'number-02' },
      { rule: '^3', numberRef: 'number-01' },
    ],
  }),
  agent('agent-01', '1001', 'sip.local', { credentialsRef: 'credentials-01' }),
  agent('agent-02', '1002', 'sip.local'),
  peer('peer-01', 'asterisk', 'sip:asterisk@default'),
  ...profile('main'),
  route('r1', '1000'),
  route('r2', '2000'),
);

test('deletes what nothing refers to', () => {
  const plan = planOf(base, [remove('Agent', '1001@sip.local'), remove('Peer', 'asterisk')]);
  expect(effects(plan)).toEqual(['deleted Agent/agent-01', 'deleted Peer/peer-01']);
  expect(plan.catalog.get('Agent', 'agent-01')).toBeUndefined();
  expect(plan.catalog.referrers('Credentials', 'credentials-01').map(({ ref }) => ref)).toEqual(['trunk-01']);
});

test('of nothing: an error, unless that is allowed', () => {
  expect(refused(base, [remove('Agent', 'nobody')]).status).toBe('NOT_FOUND');
  expect(planOf(base, [remove('Agent', 'nobody', { ignoreNotFound: true })])).toEqual({
    changes: [],
    deltas: [],
    catalog: base,
  });
});

test('refused while something refers to it: who and by which field', () => {
  const error = refused(base, [remove('Number', '+1')]);
  expect(error.status).toBe('FAILED_PRECONDITION');
  expect(error.message).toBe(
    'cannot delete number +1 (number-01): 1 resource refers to it: domain sip.local (domain-01) by egressPolicies[0].numberRef, egressPolicies[2].numberRef',
  );
  expect(error.hint).toContain('--cascade');
});

test('names the first 20 referrers and counts the rest', () => {
  const many = after(base, ...Array.from({ length: 30 }, (_, i) => agent(`many-${i}`, `${i}`, 'sip.local')));
  const { message } = refused(many, [remove('Domain', 'sip.local')]);
  expect(message).toContain('32 resources refer to it');
  expect(message).toContain('; and 12 more');
  expect(message.match(/by domainRef/g)).toHaveLength(20);
});

test('together with its referrers, or once they let go', () => {
  const all = planOf(base, [
    remove('Domain', 'sip.local'),
    remove('Agent', 'agent-01'),
    remove('Agent', 'agent-02'),
  ]);
  expect(effects(all)).toHaveLength(3);
  const let_go = planOf(base, [
    remove('Trunk', 'trunk-01'),
    update('Number', 'number-01', { trunkRef: '' }),
    update('Number', 'number-02', {}, { clear: ['trunkRef'] }),
  ]);
  expect(effects(let_go)).toEqual([
    'deleted Trunk/trunk-01',
    'updated Number/number-01',
    'updated Number/number-02',
  ]);
  expect(
    refused(base, [remove('Trunk', 'trunk-01'), update('Number', 'number-01', { name: 'x' })]).status,
  ).toBe('FAILED_PRECONDITION');
});

describe('cascade', () => {
  const cascade = (...operations: ReturnType<typeof remove>[]) => planOf(base, operations, true);

  test('list entries go', () => {
    const plan = cascade(remove('Number', 'number-01'));
    expect(effects(plan)).toEqual(['deleted Number/number-01', 'updated Domain/domain-01']);
    expect(plan.changes[1]!.because).toBe('egressPolicies[0].numberRef refers to number +1 (number-01)');
    expect(plan.catalog.get('Domain', 'domain-01')!.doc['egressPolicies']).toEqual([
      { rule: '^2', numberRef: 'number-02' },
    ]);
  });

  test('the agents of a domain go', () => {
    expect(effects(cascade(remove('Domain', 'sip.local')))).toEqual([
      'deleted Domain/domain-01',
      'deleted Agent/agent-01',
      'deleted Agent/agent-02',
    ]);
  });

  test('who cannot do without it goes, and who cannot do without that', () => {
    expect(effects(cascade(remove('Modality', 'realtime/realtime-of-main')))).toEqual([
      'deleted Modality/realtime-of-main',
      'deleted Profile/main',
      'deleted SipRoute/r1',
      'deleted SipRoute/r2',
    ]);
  });

  test('other optional references are cleared', () => {
    const plan = cascade(remove('Credentials', 'credentials-02'));
    expect(effects(plan)).toEqual(['deleted Credentials/credentials-02', 'updated Trunk/trunk-01']);
    expect(plan.catalog.get('Trunk', 'trunk-01')!.doc).not.toHaveProperty('outboundCredentialsRef');
    expect(plan.catalog.get('Trunk', 'trunk-01')).toMatchObject({
      revision: 2,
      updatedAt: 2000,
      createdAt: 1000,
    });
  });

  test('what guards something stays, and it says what it guards', () => {
    const error = refused(base, [remove('AccessControlList', 'acl-01')], true);
    expect(error).toMatchObject({
      status: 'FAILED_PRECONDITION',
      message:
        'cannot delete access control list acl-01: it guards domain sip.local (domain-01) by accessControlListRef, which would be open without it',
    });
    expect(refused(base, [remove('Credentials', 'credentials-01')], true).fields).toEqual([]);
  });

  test('what guards only what goes too, goes', () => {
    const plan = cascade(remove('Domain', 'sip.local'), remove('AccessControlList', 'acl-01'));
    expect(effects(plan)).toEqual([
      'deleted Domain/domain-01',
      'deleted AccessControlList/acl-01',
      'deleted Agent/agent-01',
      'deleted Agent/agent-02',
    ]);
  });

  test('joins the change that the write makes itself', () => {
    const plan = planOf(
      base,
      [
        update('Trunk', 'trunk-01', { name: 'New' }),
        remove('Credentials', 'credentials-02'),
        update('Agent', 'agent-02', { name: 'x' }),
      ],
      true,
    );
    expect(effects(plan)).toEqual([
      'updated Trunk/trunk-01',
      'deleted Credentials/credentials-02',
      'updated Agent/agent-02',
    ]);
    expect(plan.changes[0]!.before!.doc['name']).toBe('trunk-01');
    expect(plan.catalog.get('Trunk', 'trunk-01')!.doc).toMatchObject({ name: 'New' });
    expect(plan.catalog.get('Trunk', 'trunk-01')!.doc).not.toHaveProperty('outboundCredentialsRef');
    const gone = planOf(
      base,
      [update('Agent', 'agent-02', { name: 'x' }), remove('Domain', 'sip.local')],
      true,
    );
    expect(effects(gone)).toEqual([
      'deleted Agent/agent-02',
      'deleted Domain/domain-01',
      'deleted Agent/agent-01',
    ]);
  });
});

test('a kept reference of another kind with the same ref is not touched', () => {
  const same = after(
    Catalog.empty,
    trunk('x'),
    create('Persona', 'x', { name: 'x', instructions: 'y' }),
    number('n', '+1', { trunkRef: 'x' }),
  );
  expect(effects(planOf(same, [remove('Persona', 'x')]))).toEqual(['deleted Persona/x']);
});
