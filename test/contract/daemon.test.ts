import { TestDaemon, CREATE, operation } from '../support/daemon.js';

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
});
afterAll(() => daemon.stop());

test('create, get, list', async () => {
  const written = await daemon.write([
    operation(CREATE, 'Agent', 'agent-01', { name: 'John Doe', username: '1001', domainRef: 'sip.local' }),
    operation(CREATE, 'Domain', 'domain-01', { name: 'Local', domainUri: 'sip.local' }),
  ]);
  expect(written.effects).toEqual(['CREATED agent-01', 'CREATED domain-01']);
  expect(written.revision).toBe(1);
  const agent = await daemon.get('Agent', '1001@sip.local');
  expect(JSON.parse(agent.document)).toMatchObject({ username: '1001', domainRef: 'domain-01' });
  const { items } = await daemon.list('Agent');
  expect(items).toEqual([agent]);
});
