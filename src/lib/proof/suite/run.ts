/** Runs test cases against whoever answers calls. */
import type { CtlError } from '../../errors.js';
import type { Decision, Stage, TraceEntry } from '../../routing/decision.js';
import type { Answer, Engine } from '../engine.js';
import type { Case } from './case.js';
import { mismatch, type Mismatch } from './expectation.js';
import type { NamesOf } from './parts.js';
import { firstDifference } from './stage.js';

/** How a case ended. */
export interface Result {
  readonly test: Case;
  readonly passed: boolean;
  readonly mismatches: readonly Mismatch[];
  /** The first stage that went another way than expected; null for a case that passed. */
  readonly stage: Stage | null;
  /** The line of the trace that says what that stage did. */
  readonly entry: TraceEntry | null;
  /** Absent where the call could not be decided. */
  readonly decision?: Decision;
  /** Why the call could not be decided. */
  readonly error?: CtlError;
}

/** The results of cases, in their order, as they come. */
export async function* runSuite(
  cases: readonly Case[],
  engine: Engine,
  namesOf: NamesOf,
): AsyncGenerator<Result> {
  let at = 0;
  for await (const answer of engine.answers(callsOf(cases))) yield resultOf(cases[at++]!, answer, namesOf);
}

function* callsOf(cases: readonly Case[]) {
  for (const { call } of cases) yield call;
}

/** How a case ends with this answer. */
export function resultOf(test: Case, answer: Answer, namesOf: NamesOf): Result {
  if ('error' in answer)
    return { test, passed: false, mismatches: [], stage: 'call', entry: null, error: answer.error };
  const { decision } = answer;
  const mismatches = test.expectations.flatMap(
    (expectation) => mismatch(expectation, decision, namesOf) ?? [],
  );
  if (mismatches.length === 0) return { test, passed: true, mismatches, stage: null, entry: null, decision };
  const { stage, entry = null } = firstDifference(decision, mismatches);
  return { test, passed: false, mismatches, stage, entry, decision };
}
