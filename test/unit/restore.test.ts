/** A rollback brings back exactly what a revision held, whatever was written since. */
import type { Operation } from '../../src/lib/config/operation.js';
import { PlanError } from '../../src/lib/config/problems.js';
import { Core } from '../../src/lib/daemon/core.js';
import { handleExport } from '../../src/lib/daemon/export.js';
import { handleDiff } from '../../src/lib/daemon/history.js';
import { answer } from '../../src/lib/routing/answer.js';
import type { Call } from '../../src/lib/routing/call.js';
import { decide } from '../../src/lib/routing/decide.js';
import { parseRequest } from '../../src/lib/routing/request.js';
import { SqliteStore } from '../../src/lib/store/sqlite.js';
import { create, profile, remove, update } from '../support/plan.js';
import { operation, start } from '../support/writes.js';
import { kinds } from '../../src/lib/kinds/index.js';
import { cases, counted, fc } from '../support/property.js';

const routeRef = fc.constantFrom('s1', 's2', 's3', 's4');
const place = fc.oneof(
  fc.constant({}),
  routeRef.map((before) => ({ before })),
  routeRef.map((after) => ({ after })),
);
const called = fc.constantFrom('1', '2', '*');
/** Of kinds whose order or creation order counts. */
const ordered: fc.Arbitrary<Operation> = fc.oneof(
  fc
    .tuple(routeRef, called, place)
    .map(([ref, value, more]) =>
      create('SipRoute', ref, { name: ref, called: [value], profileRef: 'main' }, more),
    ),
  fc.tuple(routeRef, place).map(([ref, more]) => update('SipRoute', ref, { extended: { a: 1 } }, more)),
  routeRef.map((ref) => remove('SipRoute', ref)),
  routeRef.map((ref) => create('Peer', ref, { name: ref, username: ref, aor: 'sip:group@x' })),
  routeRef.map((ref) => remove('Peer', ref)),
);
const writes = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: ordered.map((one) => [one]) },
    { weight: 2, arbitrary: operation.map((one) => [one]) },
    { weight: 1, arbitrary: fc.array(fc.oneof(ordered, operation), { minLength: 2, maxLength: 3 }) },
  ),
  { minLength: 10, maxLength: 40 },
);

const answering = { now: 0, verify: () => Promise.reject(new Error('there is no token')) };
const caller = { principal: 'tester', mayReveal: true };

/** All that a revision holds and what decisions hang on: documents, secrets, places, order of creation. */
async function dump(core: Core, revision = 0): Promise<string> {
  const lines: string[] = [];
  const catalog = await core.at(revision || core.catalog.revision);
  const request = { kinds: [], keys: [], revision, reveal: true };
  for await (const { resources } of handleExport(core, request, caller))
    for (const { kind, ref, document, position, label, createdAt } of resources) {
      const { seq } = catalog.get(kind as never, ref)!;
      lines.push([kind, ref, position, label, document, createdAt, seq].join(' '));
    }
  return lines.join('\n');
}

async function withCore(work: (core: Core) => Promise<void>): Promise<void> {
  const core = await Core.open(await SqliteStore.open());
  const all = kinds.flatMap(({ name }) => [...start.all(name)]);
  await core.write([...all.map(({ kind, ref, doc }) => create(kind, ref, doc)), ...profile('main')], caller);
  await work(core);
  await core.close();
}

/** Writes what is accepted; returns the dump of each revision. */
async function writeAll(core: Core, all: readonly Operation[][]): Promise<Map<number, string>> {
  const dumps = new Map([[core.catalog.revision, await dump(core)]]);
  for (const operations of all) {
    await core.write(operations, { ...caller, cascade: true }).catch((error: unknown) => {
      if (!(error instanceof PlanError)) throw error;
    });
    dumps.set(core.catalog.revision, await dump(core));
  }
  return dumps;
}

test('rollback, and export of an earlier revision, are byte-identical to what was', async () => {
  const { count, expectEach } = counted();
  await fc.assert(
    fc.asyncProperty(writes, fc.infiniteStream(fc.nat()), async (all, random) => {
      await withCore(async (core) => {
        const dumps = await writeAll(core, all);
        count('revisions', dumps.size);
        for (const [revision, text] of dumps) expect(await dump(core, revision)).toBe(text);
        for (let i = 0; i < 4; i++) {
          const known = [...dumps.keys()];
          const revision = known[random.next().value % known.length]!;
          await core.write([], { ...caller, rollbackTo: revision });
          expect(await dump(core)).toBe(dumps.get(revision));
          dumps.set(core.catalog.revision, dumps.get(revision)!);
        }
        const { store, catalog } = core;
        const stored = await Core.open({ ...store, load: () => store.load() } as never);
        expect(await dump(stored)).toBe(dumps.get(catalog.revision));
      });
    }),
    cases(25),
  );
  expectEach(['revisions'], 60);
}, 120_000);

test('the log tells what was before and after each change', async () => {
  await fc.assert(
    fc.asyncProperty(writes, async (all) => {
      await withCore(async (core) => {
        const made: unknown[] = [];
        const { revision: above } = core.catalog;
        core.onChange((deltas, { revision }) =>
          deltas.forEach(({ before, after }, seq) => made.push({ revision, seq, before, after })),
        );
        await writeAll(core, all);
        const logged: unknown[] = [];
        for await (const slice of core.store.changes({ above, upTo: core.catalog.revision }))
          logged.push(...slice.map(({ revision, seq, before, after }) => ({ revision, seq, before, after })));
        expect(logged).toEqual(made);
      });
    }),
    cases(25),
  );
}, 120_000);

test('while a far revision is made, calls are decided', async () => {
  const count = 20_000;
  await withCore(async (core) => {
    await core.write([create('Persona', 'p', { name: 'p', instructions: 'x' })], caller);
    const { revision: then } = core.catalog;
    const had = core.catalog.size('Persona');
    const many = Array.from({ length: count }, (_, i) =>
      create('Persona', `p-${i}`, { name: `p-${i}`, instructions: 'x' }),
    );
    await core.write(many, caller);
    let turns = 0;
    let waiting = true;
    const decideNext = async (): Promise<void> => {
      if (!waiting) return;
      const { snapshot } = core;
      const decided = (call: Call) => decide(snapshot, call);
      const { verdict } = await answer(snapshot, parseRequest('{"dialled":"999"}'), answering, decided);
      expect(verdict).toBe('reject');
      turns++;
      await new Promise((resolve) => setImmediate(resolve));
      await decideNext();
    };
    const deciding = decideNext();
    const past = await core.at(then);
    waiting = false;
    await deciding;
    expect(past.size('Persona')).toBe(had);
    // Two of them have their turn before and behind it in any case.
    expect(turns).toBeGreaterThan(2);
  });
}, 60_000);

test('there is no difference to what a rollback restored, and some to what it left', async () => {
  await fc.assert(
    fc.asyncProperty(writes, async (all) => {
      await withCore(async (core) => {
        const dumps = await writeAll(core, all);
        const last = core.catalog.revision;
        await core.write([], { ...caller, rollbackTo: 1 });
        const differences = async (from: number, to: number) => {
          let count = 0;
          for await (const { changes } of handleDiff(core, { from, to })) count += changes.length;
          return count;
        };
        expect(await differences(1, 0)).toBe(0);
        expect(await differences(last, 0)).toBe(await differences(1, last));
        if (dumps.get(1) === dumps.get(last)) expect(await differences(last, 0)).toBe(0);
      });
    }),
    cases(15),
  );
}, 120_000);
