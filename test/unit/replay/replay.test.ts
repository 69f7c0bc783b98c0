/** How past calls fare: beside their records, beside another configuration, and counted. */
import { describe, expect, test } from '@jest/globals';
import { CtlError } from '../../../src/lib/errors.js';
import { type Effective, type Engine, snapshotEngine } from '../../../src/lib/proof/engine.js';
import { compareWithRecord } from '../../../src/lib/proof/replay/compare.js';
import type { PastCall, Recorded, Replayed } from '../../../src/lib/proof/replay/past.js';
import { replay } from '../../../src/lib/proof/replay/replay.js';
import { Report, type Replay } from '../../../src/lib/proof/replay/report.js';
import { replayView } from '../../../src/lib/cli/output/replay.js';
import { snapshotOf, type World } from '../../support/catalog.js';
import { ask, patch, seed, without } from '../routing/seed.js';

const engineOf = (world: World): Engine =>
  snapshotEngine(
    snapshotOf(world),
    () => Promise.resolve({ state: 'none' }),
    () => 0,
  );

async function* inBatches<T>(items: readonly T[], size: number): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

const past = (dialled: string, recorded: Recorded = {}, from: string | undefined = '1001'): PastCall => ({
  place: 'cdr.csv:2',
  call: { dialled, ...(from === undefined ? {} : { from }) },
  recorded,
});

async function run(calls: readonly Replayed[], after: Engine, before?: Engine) {
  const report = new Report();
  const replays: Replay[] = [];
  for await (const batch of replay(inBatches(calls, 3), report, after, before)) replays.push(...batch);
  return { report, replays };
}

describe('beside the record', () => {
  const delivered = ask(seed, { dialled: '+17853178070', from: '1001' });
  const rejected = ask(without(seed, 'SipRoute', 'route-01'), { dialled: '1000' });
  const profile = ask(seed, { dialled: '1000' });
  test.each<[string, Recorded, typeof delivered, string, string]>([
    ['answered, delivered', { sipStatus: 200 }, delivered, 'same', 'delivered'],
    ['busy, delivered', { sipStatus: 486 }, delivered, 'same', 'delivered'],
    ['no answer, delivered', { disposition: 'NO ANSWER' }, delivered, 'same', 'delivered'],
    ['not found, delivered', { sipStatus: 404 }, delivered, 'was rejected', 'rejected 404'],
    ['failed, delivered', { disposition: 'FAILED' }, delivered, 'was rejected', 'rejected FAILED'],
    ['answered, rejected', { disposition: 'answered' }, rejected, 'now rejected', 'delivered'],
    ['refused, rejected', { sipStatus: 500 }, rejected, 'same', 'rejected 500'],
    ['by that trunk', { trunk: 'trunk-01' }, delivered, 'same', 'delivered: trunk trunk-01'],
    [
      'by that channel',
      { trunk: 'PJSIP/trunk-01-0000002a' },
      delivered,
      'same',
      'delivered: trunk PJSIP/trunk-01-0000002a',
    ],
    [
      'by that host',
      { trunk: 'sip.carrier.example' },
      delivered,
      'same',
      'delivered: trunk sip.carrier.example',
    ],
    [
      'by another trunk',
      { trunk: 'trunk-02', sipStatus: 200 },
      delivered,
      'changed',
      'delivered: trunk trunk-02',
    ],
    ['by that profile', { profile: 'main' }, profile, 'same', 'delivered: profile main'],
    ['by another profile', { profile: 'other' }, profile, 'changed', 'delivered: profile other'],
    ['nothing told', {}, delivered, 'untold', ''],
    ['nothing understood', { disposition: 'HM' }, delivered, 'untold', ''],
  ])('%s', (_, recorded, decision, change, before) => {
    expect(compareWithRecord(recorded, decision)).toMatchObject({ change, before });
  });

  test('a status that both a callee and we answer is the same', () => {
    const disabled = ask(patch(seed, { Agent: [{ ref: 'agent-02', enabled: false }] }), {
      dialled: '1002',
      from: '1001',
    });
    expect(disabled.rejection?.sipStatus).toBe(480);
    expect(compareWithRecord({ sipStatus: 480 }, disabled).change).toBe('same');
    expect(compareWithRecord({ sipStatus: 200 }, disabled).change).toBe('now rejected');
  });
});

describe('beside another configuration', () => {
  const candidate = patch(without(seed, 'SipRoute', 'route-01'), {
    Agent: [{ ref: 'agent-02', enabled: false }],
    Trunk: [{ ref: 'trunk-01', uris: [{ host: 'other.carrier.example', port: 5060, transport: 'UDP' }] }],
    SipRoute: [{ ref: 'route-04', called: ['4000'], profileRef: 'main' }],
  });
  const calls: Replayed[] = [
    past('1002'),
    past('+17853178070'),
    { place: 'cdr.csv:3', message: 'is broken' },
    past('4000', {}, 'sip:+17853178070@carrier.example'),
    past('2000', {}, 'sip:+17853178070@carrier.example'),
    past('1002', {}, 'nobody'),
    past('1000', {}, 'sip:+17853178070@carrier.example'),
  ];

  test('what each call does then and now', async () => {
    const { report, replays } = await run(calls, engineOf(candidate), engineOf(seed));
    expect(
      replays.map(({ past: { call }, change, before, after }) => [call['dialled'], change, before, after]),
    ).toEqual([
      ['1002', 'now rejected', 'agent-to-agent to an agent', 'agent-to-agent, rejected 480 callee-disabled'],
      [
        '+17853178070',
        'changed',
        'agent-to-pstn by trunks/trunk-01 as numbers/number-01',
        'agent-to-pstn by trunks/trunk-01 as numbers/number-01, at other addresses',
      ],
      ['4000', 'was rejected', 'unknown, rejected 403 unknown-parties', 'profile main'],
      ['2000', 'same', 'profile openai_realtime_profile', 'profile openai_realtime_profile'],
      ['1000', 'now rejected', 'profile main', 'unknown, rejected 403 unknown-parties'],
    ]);
    expect(report.counts).toEqual({ 'now rejected': 2, changed: 1, 'was rejected': 1, same: 1, untold: 0 });
    expect(report).toMatchObject({ calls: 5, broken: 1, undecided: 1, differs: true });
    expect(report.faults).toEqual([
      { place: 'cdr.csv:3', message: 'is broken' },
      { place: 'cdr.csv:2', message: 'no agent or peer is "nobody"' },
    ]);
    expect(report.groups.map(({ change, calls: count }) => `${count} ${change}`)).toEqual([
      '1 now rejected',
      '1 now rejected',
      '1 changed',
      '1 was rejected',
      '1 same',
      '1 undecided',
      '1 broken',
    ]);
  });

  test('a configuration beside itself changes nothing', async () => {
    const { report } = await run(calls, engineOf(seed), engineOf(seed));
    expect(report.differs).toBe(false);
    expect(report.counts.same).toBe(5);
  });

  test('engines may answer in batches of their own', async () => {
    const rebatched = (engine: Engine, size: number): Engine => ({
      ...engine,
      effects: async function* (batches) {
        const answers: Effective[] = [];
        for await (const some of engine.effects(batches)) answers.push(...some);
        yield* inBatches(answers, size);
      },
    });
    const expected = await run(calls, engineOf(candidate), engineOf(seed));
    for (const [a, b] of [
      [1, 4],
      [4, 1],
      [5, 2],
    ] as const)
      expect(
        (await run(calls, rebatched(engineOf(candidate), a), rebatched(engineOf(seed), b))).replays,
      ).toEqual(expected.replays);
  });
});

test('whoever stops early ends both engines and what they read', async () => {
  const ended: string[] = [];
  const noting = (engine: Engine, name: string): Engine => ({
    ...engine,
    effects: async function* (batches) {
      try {
        yield* engine.effects(batches);
      } finally {
        ended.push(name);
      }
    },
  });
  const source = (async function* () {
    try {
      for (;;) yield [past('1002')];
    } finally {
      ended.push('source');
    }
  })();
  const engines = [noting(engineOf(seed), 'after'), noting(engineOf(seed), 'before')] as const;
  for await (const _ of replay(source, new Report(), ...engines)) break;
  expect(ended.sort()).toEqual(['after', 'before', 'source']);
});

describe('the report', () => {
  test('keeps a bounded number of groups, examples and faults', () => {
    const report = new Report();
    const decision = ask(seed, { dialled: '1000' });
    for (let i = 0; i < 3000; i++) {
      const told = { ...decision, profile: { ...decision.profile!, ref: `profile-${i}` } };
      report.add(past(`${i}`), { effect: told }, { effect: decision });
      report.add(past(`${i}`), { error: new CtlError('usage', 'nothing') });
      report.break({ place: `cdr.csv:${i}`, message: 'broken' });
    }
    expect(report.calls).toBe(3000);
    expect(report.groups.length).toBeLessThan(1010);
    expect(report.groups.reduce((sum, { calls }) => sum + calls, 0)).toBe(9000);
    expect(Math.max(...report.groups.map(({ examples }) => examples.length))).toBe(3);
    expect(report.faults).toHaveLength(20);
  });

  test('never shows a password of a URI', () => {
    const report = new Report();
    const decision = ask(seed, { dialled: '1000' });
    const call = past('sip:1000:topsecret@sip.local', {}, 'sip:1001:topsecret@sip.local');
    const added = report.add(call, { effect: decision })!;
    expect(JSON.stringify([replayView.document(added), report.groups])).not.toContain('topsecret');
  });
});
