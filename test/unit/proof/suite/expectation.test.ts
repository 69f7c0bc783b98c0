/** What cases may expect of a decision, and what is said where they expect what no decision has. */
import type { Json } from '../../../../src/lib/kinds/kind.js';
import { expectationOf, mismatch } from '../../../../src/lib/proof/suite/expectation.js';
import { parts } from '../../../../src/lib/proof/suite/parts.js';
import type { Decision } from '../../../../src/lib/routing/decision.js';
import { snapshotOf } from '../../../support/catalog.js';
import { ask, NUMBER, patch, seed } from '../../routing/seed.js';
import { namesOf } from './support.js';

const world = patch(seed, {
  Trunk: [
    {
      ref: 'trunk-01',
      uris: [{ host: 'a.example' }, { host: 'b.example', priority: 1, port: 5080, transport: 'TLS' }],
    },
  ],
});
const snapshot = snapshotOf(world);
const routed = ask(world, { dialled: '+17853178070', from: '1001', displayName: 'John' });
const handled = ask(world, { dialled: '1000' });
const rejected = ask(world, { dialled: '4000' });

/** The actual value where it is another than expected; true where the expectation is met. */
function met(decision: Decision, name: string, value: Json): Json {
  const expectation = expectationOf(name, value);
  if ('problem' in expectation) return `${name} ${expectation.problem}`;
  const found = mismatch(expectation, decision, namesOf(snapshot));
  return found ? found.actual : true;
}

test.each<[string, Json]>([
  ['routingType', 'agent-to-pstn'],
  ['verdict', 'route'],
  ['verdict', '/^(profile|route)$/'],
  ['caller', 'agent-01'],
  ['caller', '1001@sip.local'],
  ['callee', null],
  ['profile', null],
  ['trunk', 'trunk-01'],
  ['trunk', 'trunk.example.com'],
  ['target', 'sip:+17853178070@a.example:5060'],
  ['target', ['/@a\\.example/', 'sip:+17853178070@b.example:5080;transport=tls']],
  ['egressRule', '.*'],
  ['egressNumber', NUMBER],
  ['egressNumber', 'number-01'],
  ['reason', null],
  ['sipStatus', null],
  ['warning', null],
  ['warning', []],
  ['header.Privacy', 'none'],
  ['header.p-asserted-identity', '/John/'],
  ['header.X-Other', null],
  ['header.X.Other', null],
  ['route.targets[1].port', 5080],
  ['route.targets[*].host', 'b.example'],
  ['route.targets[0].assumed', false],
  ['route.egressPolicy.index', 0],
  ['call.requestUri.user', '/^\\+1785/'],
  ['profile.persona.ref', null],
  ['trace[*].reason', 'trunk-selected'],
])('a routed call has %s %j', (name, value) => {
  expect(met(routed, name, value)).toBe(true);
});

test.each<[Decision, string, Json, Json]>([
  [routed, 'verdict', 'profile', 'route'],
  [routed, 'trunk', 'trunk-02', 'trunk-01'],
  [
    routed,
    'target',
    ['/a/'],
    ['sip:+17853178070@a.example:5060', 'sip:+17853178070@b.example:5080;transport=tls'],
  ],
  [routed, 'header.Privacy', 'id', 'none'],
  [routed, 'header.Privacy', null, 'none'],
  [routed, 'caller', null, 'agent-01'],
  [routed, 'route.targets[*].host', '/^c/', 'a.example'],
  [routed, 'reason', '/./', null],
  [handled, 'profile', 'other', 'main'],
  [handled, 'sipRoute', 'ROUTE-01', 'route-01'],
  [handled, 'warning', [], ['open-profile']],
  [rejected, 'sipStatus', 404, 403],
  [rejected, 'reason', '/^no-/', 'unknown-parties'],
])('%#: it is not as expected', (decision, name, value, actual) => {
  expect(met(decision, name, value)).toEqual(actual);
});

test.each<[string, Json, string]>([
  ['verdct', 'route', 'verdct is no part of a decision (did you mean verdict?)'],
  [
    'route.target[0].uri',
    'x',
    'route.target[0].uri names no part of a decision: "target" (did you mean targets?)',
  ],
  [
    'route.targets',
    'x',
    'route.targets names a whole object: expected one of route.targets[0], route.targets[*]',
  ],
  ['route.targets.uri', 'x', 'route.targets.uri names a list before "uri": expected [0] or [*]'],
  ['verdict.x', 'x', 'verdict.x names nothing: there is a single value before "x"'],
  ['call..at', 'x', 'call..at is no path: expected one such as route.targets[0].port'],
  ['verdict', '/(/', 'verdict is no pattern that RE2 reads: error parsing regexp: missing closing ): `(`'],
  ['verdict', ['route'], 'verdict is a list: a single value stands there'],
  ['verdict', { is: 'route' }, 'verdict is a mapping: expected a value, /a pattern/ or a list'],
])('%s: %j is no expectation', (name, value, problem) => {
  expect(met(routed, name, value)).toBe(problem);
});

test('every short name has a summary, and stands for nothing in no decision', () => {
  for (const [name, { summary }] of Object.entries(parts)) {
    expect(summary).toMatch(/^([a-z]|SIP|URI)/);
    expect(met(routed, name, 'no such value')).not.toBe(true);
  }
});
