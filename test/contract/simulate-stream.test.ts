/** Routing.SimulateStream: many calls on one configuration, as another client would ask them. */
import { status } from '@grpc/grpc-js';
import { pino } from 'pino';
import {
  type Answer,
  SimulateOptions_Told as Told,
  type SimulateStreamRequest,
} from '../../src/lib/api/generated/v1/ctl.js';
import { CREATE, failureOf, operation, PUT, TestDaemon } from '../support/daemon.js';

const domain = operation(CREATE, 'Domain', 'domain-01', { name: 'Local', domainUri: 'sip.local' });
const credentials = operation(CREATE, 'Credentials', 'c', { name: 'c', username: 'u', password: 'pw' });
const agent = (ref: string, more: object = {}) => ({
  name: ref,
  username: ref,
  domainRef: 'domain-01',
  credentialsRef: 'c',
  ...more,
});

/** A profile, and what it refers to. */
const PROFILE = [
  operation(CREATE, 'Persona', 'persona', { name: 'p', instructions: 'Be kind.' }),
  operation(CREATE, 'Policy', 'policy', { name: 'p', functions: ['book_table'] }),
  operation(CREATE, 'Modality', 'realtime', { name: 'r', type: 'realtime', provider: 'p' }),
  operation(CREATE, 'Profile', 'main', {
    name: 'main',
    personaRef: 'persona',
    policyRef: 'policy',
    realtimeRef: 'realtime',
  }),
];

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  const agents = ['1001', '1002'].map((ref) => operation(CREATE, 'Agent', ref, agent(ref)));
  await daemon.write([credentials, domain, ...agents]);
});
afterAll(() => daemon.stop());

const request = (more: Partial<SimulateStreamRequest>): SimulateStreamRequest => ({
  options: undefined,
  candidate: [],
  calls: [],
  ...more,
});
const call = (dialled: string, more: object = {}) => JSON.stringify({ dialled, from: '1001', ...more });
const options = (more: object = {}) => ({ revision: 0, explain: false, told: Told.DECISION, ...more });

/** All answers to these requests. */
function stream(...requests: SimulateStreamRequest[]): Promise<Answer[]> {
  return new Promise((resolve, reject) => {
    const open = daemon.routing.simulateStream();
    const answers: Answer[] = [];
    open.on('data', (response) => answers.push(...response.answers));
    open.on('error', reject);
    open.on('end', () => resolve(answers));
    for (const one of requests) open.write(one);
    open.end();
  });
}

const verdicts = (answers: readonly Answer[]): string[] =>
  answers.map(({ decision, fault }) => {
    if (fault) return `${fault.code}: ${fault.message}`;
    const { verdict, rejection, revision } = JSON.parse(decision);
    return `${verdict}${rejection ? ` ${rejection.reason}` : ''} at ${revision}`;
  });

test('answers come in the order of the calls, and a call that cannot be decided is one of them', async () => {
  const answers = await stream(
    request({ options: options(), calls: [call('1002'), 'no JSON', call('1002', { from: 'nobody' })] }),
    request({ calls: [call('911')] }),
  );
  expect(verdicts(answers)).toEqual([
    'route at 1',
    'usage: the call is no JSON text',
    'not-found: no agent or peer is "nobody"',
    'reject no-egress-policy at 1',
  ]);
  expect(answers[2]!.fault).toMatchObject({ fields: [{ field: 'from', message: 'names nobody' }] });
});

test('no response grows large, however much its answers say', async () => {
  const candidate = Array.from({ length: 200 }, (_, i) =>
    operation(CREATE, 'SipRoute', `route-${i}`, { name: `r${i}`, called: [`5${i}`], profileRef: 'main' }),
  );
  const calls = Array.from({ length: 100 }, () => call('1002'));
  const open = daemon.routing.simulateStream();
  const sizes: number[] = [];
  open.write(request({ options: options({ explain: true }), candidate: [...PROFILE, ...candidate] }));
  open.write(request({ calls }));
  open.end();
  let count = 0;
  for await (const { answers } of open) {
    count += answers.length;
    sizes.push(answers.reduce((sum: number, { decision }: Answer) => sum + decision.length, 0));
  }
  expect(count).toBe(100);
  // Each of them explains two hundred routes.
  expect(sizes.reduce((a, b) => a + b)).toBeGreaterThan(2_000_000);
  expect(Math.max(...sizes)).toBeLessThan(300_000);
});

test('an outcome says in short what the decision says', async () => {
  const [short] = await stream(request({ options: options({ told: Told.OUTCOME }), calls: [call('1002')] }));
  expect(JSON.parse(short!.decision)).toEqual({
    from: '1001@sip.local',
    dialled: '1002',
    routingType: 'agent-to-agent',
    verdict: 'route',
    target: 'sip:1002@sip.local',
    profile: null,
    reason: null,
    sipStatus: null,
  });
});

test('an effect is the decision without its account', async () => {
  const calls = [call('1002'), call('911')];
  const whole = await stream(request({ options: options(), calls }));
  const effects = await stream(request({ options: options({ told: Told.EFFECT }), calls }));
  for (const [i, { decision }] of effects.entries()) {
    const { routingType, verdict, profile, route, rejection } = JSON.parse(whole[i]!.decision);
    const refused = rejection && { sipStatus: rejection.sipStatus, reason: rejection.reason };
    expect(JSON.parse(decision)).toEqual({ routingType, verdict, profile, route, rejection: refused });
  }
});

test('a candidate is laid over a revision, and nothing is written', async () => {
  const off = operation(PUT, 'Agent', '1002', agent('1002', { enabled: false }));
  const answers = await stream(
    request({ options: options({ revision: 1 }), candidate: [off] }),
    request({ calls: [call('1002')] }),
  );
  expect(verdicts(answers)).toEqual(['reject callee-disabled at 2']);
  expect(verdicts(await stream(request({ calls: [call('1002')] })))).toEqual(['route at 1']);
});

test('what the protocol does not allow is refused, with the field', async () => {
  const off = operation(PUT, 'Agent', '1002', agent('1002'));
  const calls = [call('1002')];
  const refused: [string, SimulateStreamRequest[]][] = [
    ['options', [request({ options: options(), calls }), request({ options: options(), calls })]],
    ['candidate', [request({ candidate: [off], calls })]],
    ['candidate', [request({ calls }), request({ candidate: [off] })]],
    ['options.told', [request({ options: options({ told: 7 }), calls })]],
    ['calls', [request({ calls: Array.from({ length: 1001 }, () => call('1002')) })]],
  ];
  for (const [field, requests] of refused) {
    const failure = await failureOf(stream(...requests));
    expect(failure).toMatchObject({ code: status.INVALID_ARGUMENT, fields: [{ field }] });
  }
  const wrong = operation(PUT, 'Agent', '1002', agent('1002', { domainRef: 'nowhere' }));
  expect(await failureOf(stream(request({ candidate: [wrong] })))).toMatchObject({
    code: status.INVALID_ARGUMENT,
    details: expect.stringContaining('agent 1002'),
  });
  expect(await failureOf(stream(request({ options: options({ revision: 9 }), calls })))).toMatchObject({
    code: status.NOT_FOUND,
  });
});

test('a client that does not read is not read from, and one that goes away is forgotten', async () => {
  const open = daemon.routing.simulateStream();
  const calls = Array.from({ length: 1000 }, () => call('1002'));
  open.on('error', () => {});
  open.pause();
  let taken = 0;
  for (; taken < 400 && open.write(request({ calls })); taken++)
    await new Promise((resolve) => setImmediate(resolve));
  expect(taken).toBeLessThan(400);
  open.cancel();
  // Others are served as before.
  expect(verdicts(await stream(request({ calls: [call('1002')] })))).toEqual(['route at 1']);
});

test('that a client goes away in the middle is no error of the daemon', async () => {
  const log: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => void log.push(line) });
  const own = await TestDaemon.start({ logger });
  const open = own.routing.simulateStream();
  open.on('error', () => {});
  const calls = Array.from({ length: 1000 }, () => JSON.stringify({ dialled: '1002' }));
  for (let i = 0; i < 20; i++) open.write(request({ calls }));
  await new Promise((resolve) => open.once('data', resolve));
  open.cancel();
  await new Promise((resolve) => setTimeout(resolve, 300));
  await own.stop();
  expect(log).toEqual([]);
});
