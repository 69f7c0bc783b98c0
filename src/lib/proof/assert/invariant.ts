/** What must hold for all calls of a sort (docs/assert.md). */
import type { Language, NotAnalysable } from '../language/language.js';
import type { CallDocument } from '../engine.js';
import type { Expectation } from '../suite/expectation.js';

/** Who calls: agents, of one domain if its ref is given; peers; anybody outside; or one agent or peer. */
export type Callers =
  | { readonly of: 'agents'; readonly domainRef?: string }
  | { readonly of: 'peers' | 'outside' }
  | { readonly of: 'one'; readonly kind: 'Agent' | 'Peer'; readonly ref: string };

/** What is dialled: a value as a person writes it, every number, or the users in which a pattern finds a match. */
export type Dialled =
  | { readonly value: string }
  | { readonly numbers: true }
  | {
      readonly pattern: string;
      readonly language: Language | NotAnalysable;
      matches(user: string): boolean;
    };

export interface Invariant {
  readonly name: string;
  /** `file:line:column`. */
  readonly place: string;
  readonly callers: readonly Callers[];
  readonly dialled: readonly Dialled[];
  /** Users are dialled without a host, or at any host. */
  readonly hosts: 'assumed' | 'any';
  /** Members of every call but `dialled` and `from`. */
  readonly circumstances: CallDocument;
  /** Every call has to meet one of `outcomes`, or none may. */
  readonly wanted: 'must' | 'mustNot';
  /** Outcomes: each is met when all of its expectations are. */
  readonly outcomes: readonly (readonly Expectation[])[];
}
