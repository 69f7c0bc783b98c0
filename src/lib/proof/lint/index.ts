/** Static analysis of a configuration: what is wrong with it whoever calls (docs/lint.md lists the checks). */
import type { Snapshot } from '../../routing/snapshot.js';
import type { Check } from './check.js';
import { dialSpaceChecks } from './checks/dial-space.js';
import { egressOverlapChecks, notAnalysable } from './checks/egress-overlap.js';
import { egressRuleChecks } from './checks/egress-rules.js';
import { separators } from './checks/egress-separators.js';
import { endpointChecks } from './checks/endpoints.js';
import { guardChecks } from './checks/guards.js';
import { nameChecks } from './checks/names.js';
import { numberChecks } from './checks/numbers.js';
import { singlePoint } from './checks/single-points.js';
import { shadows } from './checks/sip-route-shadows.js';
import { calledChecks } from './checks/sip-routes.js';
import type { DialSpace } from './dial-space.js';
import { Facts } from './facts.js';
import type { Finding } from './finding.js';

/** All checks, in the order in which they are documented. */
export const checks: readonly Check[] = [
  ...egressRuleChecks,
  separators,
  ...egressOverlapChecks,
  calledChecks.neverTaken,
  calledChecks.calledTwice,
  shadows,
  calledChecks.catchAllNear,
  ...nameChecks,
  ...numberChecks,
  ...endpointChecks,
  ...guardChecks,
  ...dialSpaceChecks,
  singlePoint,
  notAnalysable,
];

export interface LintOptions {
  /** What should be reachable. */
  readonly dialSpace?: DialSpace | undefined;
  /** Also what each single failure loses. */
  readonly singlePoints?: boolean;
}

/** The findings of all checks, made as they are asked for. Pure, and in the same order for the same snapshot. */
export function* lint(
  snapshot: Snapshot,
  { dialSpace, singlePoints = false }: LintOptions = {},
): Generator<Finding> {
  const facts = new Facts(snapshot, dialSpace);
  for (const { code, severity, run } of checks.filter((check) => check !== singlePoint || singlePoints))
    for (const { object, message, witness = null, related = [] } of run(facts))
      yield { code, severity, object, message, witness, related };
}
