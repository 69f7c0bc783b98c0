/**
 * Why a call is not decided as somebody expects: the stage that prevented it, the least change of the call that would
 * do, and the least change of the configuration. Every change is proved by deciding the changed call.
 */
import type { Decision } from '../../routing/decision.js';
import type { Snapshot } from '../../routing/snapshot.js';
import type { Expectation, Mismatch } from '../suite/expectation.js';
import { CallChanges } from './call-changes.js';
import { configChanges } from './config-changes.js';
import type { Configure, Edit } from './edit.js';
import { type Prevention, prevention } from './prevented.js';
import { decideQuestion, type Question, unmet } from './question.js';
import { waysTo } from './search.js';

export interface CallWay {
  readonly changes: readonly string[];
  readonly question: Question;
  readonly decision: Decision;
}

export interface ConfigWay {
  readonly changes: readonly string[];
  readonly edits: readonly Edit[];
  readonly decision: Decision;
}

/** Why not, and what would do; the first way is the smallest, the others have as many changes. */
export interface WhyNot {
  readonly mismatches: readonly Mismatch[];
  readonly prevented: Prevention;
  readonly call: readonly CallWay[];
  readonly configuration: readonly ConfigWay[];
}

/** Ways that are shown. */
const SHOWN = 3;
/** Calls that are decided in search of a change, and changes of the configuration that are tried. */
const MOST_CALLS = 20_000;
const MOST_EDITS = 2_000;

interface Decided {
  readonly decision: Decision;
}

/**
 * Undefined when the decision is as expected.
 * @param decision the explained decision of the question
 */
export function whyNot(
  snapshot: Snapshot,
  question: Question,
  decision: Decision,
  expectations: readonly Expectation[],
  configure: Configure,
): WhyNot | undefined {
  const mismatches = unmet(snapshot, decision, expectations);
  if (mismatches.length === 0) return undefined;
  return {
    mismatches,
    prevented: prevention(snapshot, decision, expectations, mismatches),
    call: callWays(snapshot, question, decision, expectations),
    configuration: configWays(snapshot, question, decision, expectations, configure),
  };
}

function callWays(
  snapshot: Snapshot,
  question: Question,
  decision: Decision,
  expectations: readonly Expectation[],
): CallWay[] {
  interface State extends Decided {
    readonly question: Question;
  }
  const changes = new CallChanges(snapshot);
  const decided = (question: Question): State | undefined => {
    const decision = decideQuestion(snapshot, question);
    return decision && { question, decision };
  };
  const ways = waysTo<State>(
    { question, decision },
    {
      isMet: (state) => unmet(snapshot, state.decision, expectations).length === 0,
      changes: (state) =>
        changes
          .of(state.question, state.decision)
          .map((change) => ({ ...change, apply: () => decided(change.question) })),
      outcome,
      most: MOST_CALLS,
    },
    SHOWN,
  );
  return ways.map(({ changes, state }) => ({ changes, ...state }));
}

function configWays(
  snapshot: Snapshot,
  question: Question,
  decision: Decision,
  expectations: readonly Expectation[],
  configure: Configure,
): ConfigWay[] {
  interface State extends Decided {
    readonly snapshot: Snapshot;
    readonly edits: readonly Edit[];
  }
  const made = (state: State, edit: Edit): State | undefined => {
    const changed = configure(state.snapshot, [edit]);
    const decision = changed && decideQuestion(changed, question);
    return decision && { snapshot: changed, edits: [...state.edits, edit], decision };
  };
  const ways = waysTo<State>(
    { snapshot, edits: [], decision },
    {
      isMet: (state) => unmet(state.snapshot, state.decision, expectations).length === 0,
      changes: (state) =>
        configChanges({ snapshot: state.snapshot, decision: state.decision, expectations }).map(
          ({ text, size, edit }) => ({ text, size, part: text, apply: () => made(state, edit) }),
        ),
      outcome,
      most: MOST_EDITS,
    },
    SHOWN,
  );
  return ways.map(({ changes, state: { edits, decision } }) => ({ changes, edits, decision }));
}

/** What a call does, in as much as a further change could build on it. */
const outcome = ({ decision }: Decided): string => {
  const { routingType, verdict, caller, callee, profile, route, rejection, trace } = decision;
  const failed = trace.find((entry) => entry.outcome === 'fail')?.subject;
  const facts = [caller?.ref, callee?.ref, profile?.ref, route?.targets[0]?.uri, rejection?.reason, failed];
  return JSON.stringify([routingType, verdict, ...facts]);
};
