/** What a call does, as far as tests should hold it: outcome and way, not the names and places of rules. */
import type { Json } from '../../kinds/kind.js';
import type { Decision } from '../../routing/decision.js';

/** Short names of parts (parts.ts) and what a decision has there; parts that it does not have are left out. */
export function behaviourOf(decision: Decision): Readonly<Record<string, Json>> {
  const { routingType, verdict, profile, route, rejection } = decision;
  const trunk = route?.targets.find(({ via }) => via.kind === 'Trunk')?.via.ref;
  const uris = route?.targets.map(({ uri }) => uri) ?? [];
  return {
    routingType,
    verdict,
    ...(profile && { profile: profile.ref, sipRoute: profile.sipRoute }),
    ...(route && { target: trunk === undefined && uris.length === 1 ? uris[0]! : uris }),
    ...(trunk !== undefined && { trunk }),
    ...(route?.egressPolicy && { egressNumber: route.egressPolicy.numberRef }),
    ...(rejection && { reason: rejection.reason, sipStatus: rejection.sipStatus }),
  };
}

/** Whether two decisions are of calls that do the same. */
export const behaveAlike = (left: Decision, right: Decision): boolean =>
  JSON.stringify(behaviourOf(left)) === JSON.stringify(behaviourOf(right));
