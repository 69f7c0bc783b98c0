/**
 * Decisions per second in one process, over a large configuration and a mix of all routing types, profiles and
 * rejections. Needs a built `dist`. Prints one line of JSON: node test/bench/decide.js
 */
import { pathToFileURL } from 'node:url';
import { decide } from '../../dist/lib/routing/decide.js';
import { median } from './median.js';
import { buildSnapshot, mixedCalls, SIZES } from './world.js';

/** As many distinct calls as a busy hour has. */
const CALLS = 10_000;
const ROUNDS = 9;
const ROUND_MS = 400;

/** Decisions per second of processor time, so that whatever else a machine does counts less. */
function rate(snapshot, calls, options, ms) {
  const started = process.cpuUsage();
  const spent = () => {
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  };
  let decided = 0;
  do {
    for (const call of calls) decide(snapshot, call, options);
    decided += calls.length;
  } while (spent() < ms);
  return decided / (spent() / 1000);
}

/** How often each outcome occurs: the verdict, and the routing type of a route. */
function outcomes(snapshot, calls) {
  const counts = {};
  for (const call of calls) {
    const { verdict, routingType } = decide(snapshot, call);
    const name = verdict === 'route' ? routingType : verdict;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Measures; rates are medians of several rounds, in decisions per second. */
export async function benchDecide(sizes = SIZES) {
  const started = performance.now();
  const snapshot = buildSnapshot(sizes);
  const buildMs = Math.round(performance.now() - started);
  const calls = mixedCalls(snapshot, CALLS, sizes);
  const measured = {};
  for (const [name, options] of [
    ['plain', {}],
    ['explain', { explain: true }],
  ]) {
    rate(snapshot, calls, options, 2 * ROUND_MS);
    const rounds = Array.from({ length: ROUNDS }, () => rate(snapshot, calls, options, ROUND_MS));
    measured[name] = Math.round(median(rounds));
  }
  return {
    bench: 'decide',
    unit: 'decisions/s',
    ...measured,
    buildMs,
    sizes,
    mix: outcomes(snapshot, calls),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) console.log(JSON.stringify(await benchDecide()));
