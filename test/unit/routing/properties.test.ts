/** What holds for every configuration and every call. */
import type { Delta } from '../../../src/lib/kinds/catalog.js';
import { CtlError } from '../../../src/lib/errors.js';
import type { KindName } from '../../../src/lib/kinds/kind.js';
import { PersistentMap } from '../../../src/lib/kinds/persistent-map.js';
import { decide, effectOf } from '../../../src/lib/routing/decide.js';
import type { Decision } from '../../../src/lib/routing/decision.js';
import { rejections, steps } from '../../../src/lib/routing/reasons.js';
import { simulate } from '../../../src/lib/routing/simulate.js';
import { Snapshot } from '../../../src/lib/routing/snapshot.js';
import { ArbitraryWorld, arbitraryCall, callWithin } from './arbitrary.js';
import { Model } from './model.js';
import { cases, counted, fc } from '../../support/property.js';

const INDEXED: readonly KindName[] = ['Agent', 'Peer', 'Number', 'SipRoute'];
const text = (snapshot: Snapshot, call: Parameters<typeof decide>[1]) =>
  JSON.stringify(decide(snapshot, call, { explain: true }));

/** The indexes of a snapshot as plain data. */
const contents = (snapshot: Snapshot): unknown =>
  JSON.parse(
    JSON.stringify((snapshot as unknown as { indexes: unknown }).indexes, (_, value: unknown) =>
      value instanceof PersistentMap ? Object.fromEntries(value.entries()) : value,
    ),
  );

function outcomeOf({ profile, route, rejection }: Decision): string {
  if (profile) return `SipRoute/${profile.sipRoute}`;
  if (rejection) return rejection.reason;
  return route!.targets
    .map(({ via, host }) => `${via.kind}/${via.ref}${via.kind === 'Trunk' ? ` ${host}` : ''}`)
    .join();
}

function checkDocument(decision: Decision): void {
  const { verdict, profile, route, rejection, trace } = decision;
  const given = { profile, route, reject: rejection };
  for (const [name, part] of Object.entries(given)) expect(part !== null).toBe(name === verdict);
  for (const { reason } of trace) expect(reason in steps || reason in rejections).toBe(true);
  if (rejection) {
    expect(rejection.sipStatus).toBe(rejections[rejection.reason][0]);
    expect(trace.some(({ outcome, reason }) => outcome === 'fail' && reason === rejection.reason)).toBe(true);
  }
  if (route) {
    expect(route.targets.length).toBeGreaterThan(0);
    for (const { uri, headers } of route.targets) {
      expect(uri).toMatch(/^sip:[\x21-\x7e]+@([^:@[\]]+|\[[^\]]+\])(:\d+)?(;transport=\w+)?$/);
      for (const { value } of headers) expect(value ?? '').not.toMatch(/[\r\n]/);
    }
  }
  expect(JSON.stringify(decision)).not.toContain('secret-of');
}

/** What a decision can come to: each reason to reject, a profile, each routing type. */
const OUTCOMES = [
  ...Object.keys(rejections),
  ...[
    'profile',
    'agent-to-agent',
    'agent-to-pstn',
    'from-pstn',
    'peer-to-pstn',
    'agent-to-peer',
    'peer-to-agent',
  ],
];

test('a decision is what the definition says, and one document', () => {
  const { count, expectEach } = counted();
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const world = new ArbitraryWorld(draw);
      const snapshot = Snapshot.of(world.catalog());
      for (let i = 0; i < 4; i++) {
        const call = callWithin(draw, world);
        const decision = decide(snapshot, call);
        const { caller, callee, routingType } = decision;
        expect({
          caller: caller && `${caller.kind}/${caller.ref}`,
          callee: callee && `${callee.kind}/${callee.ref}`,
          routingType,
          outcome: outcomeOf(decision),
        }).toEqual(new Model(world.list(), call).expected());
        checkDocument(decision);
        count(decision.rejection?.reason ?? (decision.profile ? 'profile' : routingType));
      }
    }),
    cases(1_500),
  );
  expectEach(OUTCOMES, 1);
});

test('the same snapshot and call give the same bytes; explaining changes the trace alone; an effect is a part of it', () => {
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const world = new ArbitraryWorld(draw);
      const snapshot = Snapshot.of(world.catalog());
      for (let i = 0; i < 3; i++) {
        const call = callWithin(draw, world);
        const before = JSON.stringify(call);
        const plain = decide(snapshot, call);
        expect(JSON.stringify(decide(snapshot, call))).toBe(JSON.stringify(plain));
        const { trace, ...explained } = decide(snapshot, call, { explain: true });
        const { trace: short, ...rest } = plain;
        expect(JSON.stringify(explained)).toBe(JSON.stringify(rest));
        expect(trace.length).toBeGreaterThanOrEqual(short.length);
        expect(JSON.stringify(call)).toBe(before);
        const { routingType, verdict, profile, route, rejection } = plain;
        const refused = rejection && { sipStatus: rejection.sipStatus, reason: rejection.reason };
        expect(effectOf(snapshot, call)).toEqual({
          routingType,
          verdict,
          profile,
          route,
          rejection: refused,
        });
      }
    }),
    cases(300),
  );
});

test('the order in which resources were put in does not matter', () => {
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const world = new ArbitraryWorld(draw);
      const shuffled = draw(
        fc.shuffledSubarray<number>,
        world.list().map((_, i) => i),
        { minLength: world.list().length },
      );
      const deltas = shuffled.map((i): Delta => ({ after: world.list()[i]! }));
      const one = Snapshot.of(world.catalog());
      const empty = world.catalog().apply(
        world.list().map((before) => ({ before })),
        0,
      );
      const other = Snapshot.of(empty.apply(deltas, 1));
      for (let i = 0; i < 3; i++) {
        const call = callWithin(draw, world);
        expect(text(other, call)).toBe(text(one, call));
      }
    }),
    cases(100),
  );
});

/** A few creations, updates and deletions of what the indexes hold; numbers of egress policies stay. */
function change(draw: fc.GeneratorValue, world: ArbitraryWorld): Delta[] {
  const deltas: Delta[] = [];
  for (let n = draw(fc.integer, { min: 1, max: 4 }); n > 0; n--) {
    const kind = draw(fc.constantFrom<KindName[]>, ...INDEXED);
    const ref = `${kind}-${draw(fc.nat, 7)}`;
    const before = world.resources.get(`${kind}/${ref}`);
    const isNeeded = JSON.stringify(world.list().filter((other) => other.kind === 'Domain')).includes(
      `"${ref}"`,
    );
    if (before && !isNeeded && draw(fc.boolean)) {
      world.resources.delete(`${kind}/${ref}`);
      deltas.push({ before });
    } else {
      const after = world.put(kind, ref);
      if (after) deltas.push({ before, after });
    }
  }
  return deltas;
}

test('a snapshot changed step by step equals one built anew, and earlier ones stay as they were', () => {
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const world = new ArbitraryWorld(draw);
      const calls = Array.from({ length: 4 }, () => callWithin(draw, world));
      let catalog = world.catalog();
      let snapshot = draw(fc.boolean) ? Snapshot.of(catalog) : Snapshot.of(catalog).apply([], catalog);
      const history: [Snapshot, unknown, string[]][] = [];
      for (let step = 0; step < 5; step++) {
        history.push([snapshot, contents(snapshot), calls.map((call) => text(snapshot, call))]);
        const deltas = change(draw, world);
        catalog = catalog.apply(deltas, catalog.revision + 1);
        snapshot = snapshot.apply(deltas, catalog);
        const anew = Snapshot.of(world.catalog(catalog.revision));
        expect(contents(snapshot)).toEqual(contents(anew));
        for (const call of calls) expect(text(snapshot, call)).toBe(text(anew, call));
      }
      for (const [old, indexes, decisions] of history) {
        expect(contents(old)).toEqual(indexes);
        expect(calls.map((call) => text(old, call))).toEqual(decisions);
      }
    }),
    cases(60),
  );
});

test('any request is decided, or refused with words', () => {
  const written = fc.oneof(
    fc.constantFrom(
      '1001',
      'john',
      'Agent-0',
      'sip:1001@sip.local',
      '"J" <sip:john@other.example>',
      'backend:pool',
      'tel:+19103434434',
      'sip:a:b@c',
      '<',
      '',
    ),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
  );
  fc.assert(
    fc.property(
      fc.gen(),
      written,
      written,
      fc.option(written, { nil: undefined }),
      (draw, from, dialled, domain) => {
        const { method, headers, source, registered, down, connectToken } = arbitraryCall(draw);
        const request = {
          from,
          dialled,
          domain,
          method,
          headers,
          source,
          registered,
          down,
          password: 'p',
          unauthenticated: false,
        };
        try {
          const decision = simulate(Snapshot.of(new ArbitraryWorld(draw).catalog()), request, {
            connectToken,
            now: 0,
            explain: true,
          });
          checkDocument(decision);
        } catch (error) {
          expect(error).toBeInstanceOf(CtlError);
          expect(['usage', 'not-found']).toContain((error as CtlError).code);
          expect((error as CtlError).fields.length).toBe(1);
        }
      },
    ),
    cases(150),
  );
});
