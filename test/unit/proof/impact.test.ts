/** What a change does to calls, compared with asking every caller everything. */
import { atOnce } from '../../../src/lib/config/steps.js';
import { isDeepStrictEqual } from 'node:util';
import { kinds } from '../../../src/lib/kinds/index.js';
import type { Agent } from '../../../src/lib/kinds/agent.js';
import type { Domain } from '../../../src/lib/kinds/domain.js';
import type { Peer } from '../../../src/lib/kinds/peer.js';
import type { KindName } from '../../../src/lib/kinds/kind.js';
import { compare, type Comparison, differenceOf } from '../../../src/lib/proof/impact/compare.js';
import { arrivals, dialledValues } from '../../../src/lib/proof/impact/dialled.js';
import { transition, type Transition } from '../../../src/lib/proof/impact/rebase.js';
import { changesCalls, impactOf } from '../../../src/lib/proof/impact/impact.js';
import { dialledAs } from '../../../src/lib/proof/dialled.js';
import type { CallRequest } from '../../../src/lib/routing/request.js';
import { callerClasses } from '../../../src/lib/proof/impact/callers.js';
import { difference } from '../../../src/lib/proof/outcome.js';
import { normalizeUser, parseAddress } from '../../../src/lib/routing/normalize.js';
import { simulate } from '../../../src/lib/routing/simulate.js';
import { Snapshot } from '../../../src/lib/routing/snapshot.js';
import { snapshotOf, type World } from '../../support/catalog.js';
import { dialler } from '../../support/dialling.js';
import { ArbitraryWorld, callWithin, writtenAs } from '../routing/arbitrary.js';
import { seed } from '../routing/seed.js';
import { PARTS, type Parts, parts, smallSnapshot } from './small-world.js';
import { cases, counted, fc } from '../../support/property.js';

const run = (change: Transition): Comparison => atOnce(compare(change));

const between = (before: World, after: World) =>
  run(transition(snapshotOf(before), snapshotOf(after).catalog));

const lines = ({ groups }: Comparison) =>
  groups.map(({ before, after, count }) => `${count}: ${before} → ${after}`);

/** A name for each agent and each peer that means it wherever it is, and one from outside. */
function callersOf({ before, after }: Transition): (readonly [name?: string, kind?: KindName])[] {
  const names = (['Agent', 'Peer'] as const).flatMap((kind) => {
    const refs = new Set(
      [before, after].flatMap(({ catalog }) => [...catalog.all(kind)].map(({ ref }) => ref)),
    );
    return [...refs].flatMap((ref) => {
      const having = [before, after].filter(({ catalog }) => catalog.get(kind, ref));
      const labels = having.map(({ catalog }) => catalog.label(catalog.get(kind, ref)!));
      const name = [...labels, ref].find((one) =>
        having.every((side) => callerRef(side, one) === `${kind}/${ref}`),
      );
      return name === undefined ? [] : [[name, kind] as const];
    });
  });
  return [...new Map([...names, ...movedOf({ before, after })].map((one) => [one[0], one])).values(), []];
}

const idOf = (text: string) => text.split('/') as [KindName, string];

/** Addresses of agents and peers that are called something else than before, as a device gives them. */
function movedOf({ before, after }: Pick<Transition, 'before' | 'after'>): (readonly [string, KindName])[] {
  return (['Agent', 'Peer'] as const).flatMap((kind) =>
    [...before.catalog.all(kind)].flatMap(({ ref }) => {
      const addresses = [before, after].map((side) => {
        const doc = side.catalog.get(kind, ref)?.doc as (Agent & Peer) | undefined;
        const domain = side.resource<Domain>('Domain', doc?.domainRef)?.doc.domainUri;
        const host = doc && kind === 'Peer' ? (parseAddress(doc.aor).host ?? 'invalid') : domain;
        return doc && host && dialledAs(normalizeUser(doc.username), host.toLowerCase());
      });
      const stays = after.catalog.get(kind, ref) === undefined || addresses[0] === addresses[1];
      if (stays) return [];
      return addresses.flatMap((address) => {
        if (!address) return [];
        const whose = [before, after].map((side) => callerRef(side, address));
        const [other, ...more] = whose.filter((one) => one !== `${kind}/${ref}`);
        const isNew = other && [before, after].some(({ catalog }) => !catalog.get(...idOf(other)));
        return whose.includes(`${kind}/${ref}`) && more.length === 0 && whose[0] !== whose[1] && !isNew
          ? [[address, kind] as const]
          : [];
      });
    }),
  );
}

const PLAIN = {
  method: 'INVITE',
  headers: [],
  unauthenticated: false,
  registered: 'assume',
  down: [],
} as const;

function callerRef(snapshot: Snapshot, from: string): string | undefined {
  try {
    const { caller } = simulate(
      snapshot,
      { ...PLAIN, dialled: 'x', from },
      { connectToken: { state: 'none' }, now: 0 },
    );
    return caller ? `${caller.kind}/${caller.ref}` : undefined;
  } catch {
    return undefined;
  }
}

test('changes of a configuration, in groups', () => {
  const disabled = {
    ...seed,
    Agent: seed.Agent!.map((agent) => (agent.ref === 'agent-02' ? { ...agent, enabled: false } : agent)),
  };
  expect(lines(between(seed, seed))).toEqual([]);
  const found = between(seed, disabled);
  expect(lines(found)).toMatchInlineSnapshot(`
   [
     "4: agent-to-agent to an agent → agent-to-agent, rejected 403 caller-disabled",
     "4: agent-to-pstn by trunks/trunk-01 as numbers/number-01 → agent-to-pstn, rejected 403 caller-disabled",
     "3: profile openai_realtime_profile → agent-to-pstn, rejected 403 caller-disabled",
     "2: agent-to-agent to an agent → agent-to-agent, rejected 480 callee-disabled",
     "2: agent-to-peer, rejected 403 connect-token-missing → agent-to-peer, rejected 403 caller-disabled",
     "2: peer-to-agent to an agent → peer-to-agent, rejected 480 callee-disabled",
     "2: profile main → agent-to-pstn, rejected 403 caller-disabled",
     "1: from-pstn, rejected 404 link-target-unknown → from-pstn, rejected 403 caller-disabled",
   ]
  `);
  expect(found.groups[0]!.examples[0]).toMatchInlineSnapshot(`
   {
     "dialled": "1001",
     "from": "1002@sip.local",
     "headers": [],
   }
  `);
  expect(found.decided).toBeLessThan(found.calls);
});

test('the same words, and yet another outcome', () => {
  const other = {
    ...seed,
    Trunk: seed.Trunk!.map((trunk) => ({ ...trunk, uris: [{ host: 'other.carrier.example' }] })),
    Persona: seed.Persona!.map((persona) => ({ ...persona, instructions: 'Be short.' })),
  };
  expect(lines(between(seed, other))).toMatchInlineSnapshot(`
   [
     "12: profile openai_realtime_profile → profile openai_realtime_profile, of other content",
     "8: agent-to-pstn by trunks/trunk-01 as numbers/number-01 → agent-to-pstn by trunks/trunk-01 as numbers/number-01, at other addresses",
     "8: profile main → profile main, of other content",
     "4: peer-to-pstn by trunks/trunk-01 → peer-to-pstn by trunks/trunk-01, at other addresses",
   ]
  `);
});

test('equals asking every caller every value', () => {
  const { count, expectEach } = counted();
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const world = new ArbitraryWorld(draw);
      const old = Snapshot.of(world.catalog());
      for (let i = draw(fc.integer, { min: 1, max: 3 }); i > 0; i--) alter(world, draw);
      const change = transition(old, world.catalog(2));
      const { before, after } = change;
      const values = dialledValues(before, after);
      const expected = new Map<string, Set<string>>();
      for (const [from] of callersOf(change))
        for (const dialled of values)
          for (const headers of [[], [{ name: 'X-DOD-Number', value: '+19103434434' }]]) {
            const call = { ...PLAIN, dialled, headers };
            const outcomes = differenceOf(before, after, { ...call, ...(from !== undefined && { from }) });
            if (!outcomes) continue;
            const key = outcomes.join(' → ');
            expected.set(key, (expected.get(key) ?? new Set()).add(parseAddress(dialled).user));
          }
      const found = new Map(run(change).groups.map((group) => [`${group.before} → ${group.after}`, group]));
      for (const [key, users] of expected) {
        if (/dod-number|peer-to-pstn|no such caller/.test(key)) continue;
        expect([key, found.has(key)]).toEqual([key, true]);
        count('changed', users.size);
      }
      for (const { before: was, after: now, examples } of found.values())
        for (const { dialled, from, headers } of examples) {
          const call = { ...PLAIN, dialled, from: from ?? undefined, headers };
          expect(differenceOf(before, after, call)).toEqual([was, now]);
        }
    }),
    cases(60),
  );
  expectEach(['changed'], 10);
});

test('a change of which nothing is said changes no call', () => {
  const { count, expectEach } = counted();
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const world = new ArbitraryWorld(draw);
      const old = Snapshot.of(world.catalog());
      const calls = Array.from({ length: 20 }, () => requestWithin(draw, world));
      for (let i = draw(fc.integer, { min: 1, max: 2 }); i > 0; i--) alter(world, draw);
      calls.push(...Array.from({ length: 20 }, () => requestWithin(draw, world)));
      const change = transition(old, world.catalog(2));
      const { before, after } = change;
      // Who guards an address that goes over from one of ours to another is not compared.
      const isHandedOver = ({ from }: CallRequest) => {
        const [old, now] = [before, after].map((side) => from && callerRef(side, from));
        return old && now && old !== now;
      };
      const changed = calls.find(
        (call) =>
          differenceOf(before, after, call) &&
          ((!call.source && !call.unauthenticated) || !isHandedOver(call)),
      );
      const isSaid = changesCalls(atOnce(impactOf(change)));
      count(isSaid ? 'said' : 'nothing said');
      if (!changed) return;
      count('changed');
      if (!isSaid) expect([changed, differenceOf(before, after, changed)]).toEqual('said');
    }),
    { ...cases(400), endOnFailure: true },
  );
  expectEach(['said', 'nothing said', 'changed'], 50);
});

/** A configuration with one or two parts of another, or only the first thing of such a part. */
const changes = fc
  .tuple(parts, parts, fc.subarray([...PARTS], { minLength: 1, maxLength: 2 }), fc.boolean())
  .map(([old, other, changed, isWhole]): { old: Parts; now: Parts; changed: readonly string[] } => ({
    old,
    now: {
      ...old,
      ...Object.fromEntries(
        changed.map((name) => [name, isWhole ? other[name] : firstOf(other[name], old[name])]),
      ),
    },
    changed,
  }));

/** A list whose first entry is that of another list, or has its last field: whether a peer is enabled, say. */
function firstOf<T>(other: T, old: T): T {
  if (!Array.isArray(other) || !Array.isArray(old)) return other;
  if (other.length === 0 || old.length === 0) return other;
  const [theirs, own] = [other[0], old[0]] as unknown[];
  const isList = Array.isArray(theirs) && Array.isArray(own) && theirs.length > 0;
  return [isList ? [...own.slice(0, -1), theirs.at(-1)] : theirs, ...old.slice(1)] as T;
}

/** Change of outcome → how many calls, by asking as every caller, one by one, whatever may be dialled. */
function countedOneByOne(change: Transition, callers: ReturnType<typeof callersOf>): Map<string, number> {
  const { before, after } = change;
  const counts = new Map<string, number>();
  const values = dialledValues(before, after);
  const outward = callerClasses(before, after).find(({ resource }) => resource?.kind === 'Peer')?.outward;
  for (const [from, kind] of callers) {
    const numbers = kind === 'Peer' && outward && outward.length > 0 ? outward : [undefined];
    const sides = numbers.map((number) => {
      const headers = number === undefined ? [] : [{ name: 'X-DOD-Number', value: number }];
      return [before, after].map((side) => dialler(side, from, headers));
    });
    // Where a trunk moves, it matters to calls from outside at which host they arrive.
    const all = from === undefined ? [...values, ...new Set(arrivals(change))] : values;
    for (const dialled of all)
      for (const [was, is] of sides) {
        const [old, now] = [was!(dialled), is!(dialled)];
        const outcomes = difference(old, now);
        const key = outcomes?.join(' → ');
        if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
        // Which number a peer gives counts where it calls out.
        if (old?.routingType !== 'peer-to-pstn' && now?.routingType !== 'peer-to-pstn') break;
      }
  }
  return counts;
}

test('groups and their counts equal asking as every caller, one by one', () => {
  const { count, expectEach } = counted();
  fc.assert(
    fc.property(changes, ({ old, now, changed }) => {
      const change = transition(smallSnapshot(old), smallSnapshot(now).catalog);
      const callers = callersOf(change);
      const expected = countedOneByOne(change, callers);
      const { groups } = run(change);
      const found = new Map(groups.map((group) => [`${group.before} → ${group.after}`, group.count]));
      if (!isDeepStrictEqual(found, expected)) expect(found).toEqual(expected);
      count(groups.length === 0 ? 'no group' : groups.length < 4 ? 'some groups' : 'many groups');
      for (const name of changed) if (groups.length > 0) count(name);
    }),
    cases(10_000),
  );
  expectEach(['no group', 'some groups', 'many groups', ...PARTS], 300);
});

/** A call between parties of a configuration, as a request; it may come from any address, without credentials. */
function requestWithin(draw: fc.GeneratorValue, world: ArbitraryWorld): CallRequest {
  const call = callWithin(draw, world);
  const { headers, source, registered } = call;
  const { dialled, from } = writtenAs(call, draw(fc.nat, 2) > 0);
  return {
    ...PLAIN,
    dialled,
    from: draw(fc.nat, 3) === 0 ? undefined : from,
    headers: headers.filter(({ name }) => name === 'X-DOD-Number'),
    source,
    registered,
    unauthenticated: draw(fc.nat, 7) === 0,
  };
}

/** Gives a resource other fields, creates one, or deletes one that nobody refers to. */
function alter(world: ArbitraryWorld, draw: fc.GeneratorValue): void {
  const kind = draw(fc.constantFrom<KindName[]>, ...kinds.map(({ name }) => name));
  const ref = `${kind}-${draw(fc.nat, 6)}`;
  if (draw(fc.boolean) || ['Persona', 'Policy', 'Modality', 'Profile'].includes(kind)) {
    if (kind !== 'SipRoute' || world.refs('Profile').length > 0) world.put(kind, ref);
  } else if (world.catalog().referrers(kind, ref).length === 0) world.resources.delete(`${kind}/${ref}`);
}
