/**
 * Routing tests: cases a second over a large configuration, and how long coverage and mutants of a middling one take.
 * Rates and times are of processor time. Needs a built `dist`.
 */
import { snapshotEngine } from '../../dist/lib/proof/engine.js';
import { coverageOf, witnessesFor } from '../../dist/lib/proof/suite/coverage.js';
import { mutate } from '../../dist/lib/proof/suite/mutation.js';
import { runSuite } from '../../dist/lib/proof/suite/run.js';
import { Calls } from '../../dist/lib/proof/suite/search/calls.js';
import { caseOf, casesOf } from '../../dist/lib/proof/suite/suggest.js';
import { simulate } from '../../dist/lib/routing/simulate.js';
import { readRequest } from '../../dist/lib/routing/request.js';
import { median } from './median.js';
import { buildSnapshot, mixedRequests, SIZES } from './world.js';

const CASES = 20_000;
const ROUNDS = 5;
/** As an operator may have it: some tenants, each with a dial plan. */
const MIDDLING = {
  ...SIZES,
  numbers: 1_000,
  agents: 1_000,
  domains: 10,
  sipRoutes: 200,
  rules: 20,
  peers: 20,
};

const engineOf = (snapshot) =>
  snapshotEngine(
    snapshot,
    () => Promise.resolve({ state: 'invalid' }),
    () => 0,
  );

/** Seconds of processor time so far, so that whatever else a machine does counts less. */
const spent = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Cases a second, all of which pass. */
async function rate(cases, snapshot) {
  const started = spent();
  let passed = 0;
  for await (const results of runSuite(cases, engineOf(snapshot), () => []))
    passed += results.filter((result) => result.passed).length;
  if (passed !== cases.length) throw new Error(`${cases.length - passed} cases fail`);
  return cases.length / (spent() - started);
}

export async function benchSuite() {
  const large = buildSnapshot();
  const calls = mixedRequests(CASES);
  const none = { connectToken: { state: 'none' }, now: 0 };
  const cases = casesOf(
    calls.map((call) => ({ call, decision: simulate(large, readRequest(call), none) })),
  ).map(caseOf);
  const rates = [];
  for (let i = 0; i < ROUNDS; i++) rates.push(await rate(cases, large));

  const middling = buildSnapshot(MIDDLING);
  let started = spent();
  const search = new Calls(middling);
  const coverage = coverageOf(search, new Set());
  const suite = casesOf(witnessesFor(search, coverage)).map(caseOf);
  const covered = spent() - started;
  started = spent();
  let mutants = 0;
  for await (const _ of mutate(suite, search, engineOf, () => [])) mutants++;
  return [
    { name: 'test cases, in process', value: median(rates), unit: '/s' },
    { name: `coverage of ${coverage.length} items from nothing`, value: covered, unit: 's' },
    {
      name: `${mutants} mutants by ${suite.length} tests`,
      value: spent() - started,
      unit: 's',
    },
  ];
}
