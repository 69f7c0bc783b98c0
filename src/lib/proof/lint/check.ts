/** What a check is. */
import type { Facts } from './facts.js';
import type { Found, Severity } from './finding.js';

export interface Check {
  /** Stable: suppressions and other tools refer to it. */
  readonly code: string;
  readonly severity: Severity;
  /** One line: lower case, no full stop. */
  readonly summary: string;
  /** Why it matters and what to do, in a few sentences. */
  readonly advice: string;
  run(facts: Facts): Iterable<Found>;
}
