/**
 * Configurations with one mistake in them, such as people make: a rule that is gone, stands in the wrong place, or
 * takes too much. Mutants change documents of resources that are there, and never what a resource is named by.
 */
import type { Calls } from '../search/calls.js';
import { ofDomain } from './domains.js';
import type { Mutant } from './mutant.js';
import { ofRoutes } from './routes.js';
import { ofNumber, ofPeer, ofTrunk } from './trunks.js';

export type { Mutant, Operator } from './mutant.js';

/** All mutants of a configuration, as they are asked for. */
export function* mutantsOf(calls: Calls): Iterable<Mutant> {
  for (const domain of calls.domains) yield* ofDomain(calls, domain);
  yield* ofRoutes(calls);
  for (const trunk of calls.trunks) yield* ofTrunk(calls, trunk);
  for (const number of calls.numbers) yield* ofNumber(calls, number);
  for (const peer of calls.peers) yield* ofPeer(calls, peer);
}
