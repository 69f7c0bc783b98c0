/** Runs test cases against whoever answers calls. */
import type { CtlError } from '../../errors.js';
import type { Decision, Stage, TraceEntry } from '../../routing/decision.js';
import { BATCH } from '../batches.js';
import type { Answer, CallDocument, Engine } from '../engine.js';
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
  /** The lines of the trace that say what that stage did. */
  readonly entries: readonly TraceEntry[];
  /** Absent where the call could not be decided. */
  readonly decision?: Decision;
  /** Why the call could not be decided. */
  readonly error?: CtlError;
}

/** The results of cases, in their order, so many at once as come. */
export async function* runSuite(
  cases: readonly Case[],
  engine: Engine,
  namesOf: NamesOf,
): AsyncGenerator<readonly Result[]> {
  let at = 0;
  for await (const answers of engine.decisions(callsOf(cases)))
    yield answers.map((answer) => resultOf(cases[at++]!, answer, namesOf));
}

async function* callsOf(cases: readonly Case[]): AsyncGenerator<CallDocument[]> {
  for (let i = 0; i < cases.length; i += BATCH) yield cases.slice(i, i + BATCH).map(({ call }) => call);
}

/** How a case ends with this answer. */
export function resultOf(test: Case, answer: Answer, namesOf: NamesOf): Result {
  if ('error' in answer)
    return { test, passed: false, mismatches: [], stage: 'call', entries: [], error: answer.error };
  const { decision } = answer;
  const mismatches = test.expectations.flatMap(
    (expectation) => mismatch(expectation, decision, namesOf) ?? [],
  );
  if (mismatches.length === 0) return { test, passed: true, mismatches, stage: null, entries: [], decision };
  const { stage, entries } = firstDifference(decision, mismatches);
  return { test, passed: false, mismatches, stage, entries, decision };
}
