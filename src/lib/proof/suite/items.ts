/** What a configuration has that tests can reach, and what a decision reaches of it. */
import type { Domain } from '../../kinds/domain.js';
import type { KindName, Resource } from '../../kinds/kind.js';
import type { SipRoute } from '../../kinds/sip-route.js';
import type { Trunk } from '../../kinds/trunk.js';
import type { Decision, RoutingType } from '../../routing/decision.js';
import { calledKeys } from '../../routing/indexes.js';
import { failover } from '../../routing/outbound.js';
import { rejections, type RejectReason } from '../../routing/reasons.js';
import type { Snapshot } from '../../routing/snapshot.js';
import { subjectOf } from '../../routing/trace.js';
import { inOrder } from './search/callers.js';

const ROUTING_TYPES: readonly RoutingType[] = [
  'agent-to-agent',
  'agent-to-peer',
  'agent-to-pstn',
  'from-pstn',
  'peer-to-agent',
  'peer-to-pstn',
  'unknown',
];

/** The groups of items, as reports name them. */
export type Group = 'SIP route' | 'called value' | 'egress rule' | 'trunk URI' | 'routing type' | 'reason';

/** Something that a test can reach. */
export type Item = { readonly id: string; readonly text: string } & (
  | { readonly group: 'SIP route'; readonly route: Resource<SipRoute> }
  | { readonly group: 'called value'; readonly route: Resource<SipRoute>; readonly key: string }
  | { readonly group: 'egress rule'; readonly domain: Resource<Domain>; readonly index: number }
  | { readonly group: 'trunk URI'; readonly trunk: Resource<Trunk>; readonly index: number }
  | { readonly group: 'routing type'; readonly type: RoutingType }
  | { readonly group: 'reason'; readonly reason: RejectReason }
);

const at = (kind: KindName, ref: string, path: string): string => `${subjectOf(kind, ref)} ${path}`;

/** All items of a configuration; of reasons all there are, whether it can give them or not. */
export function itemsOf(snapshot: Snapshot): Item[] {
  const routes = snapshot.sipRoutes;
  const domains = inOrder<Domain>(snapshot, 'Domain');
  const trunks = inOrder<Trunk>(snapshot, 'Trunk');
  return [
    ...routes.map((route): Item => ({
      id: subjectOf('SipRoute', route.ref),
      text: '',
      group: 'SIP route',
      route,
    })),
    ...routes.flatMap(calledItems),
    ...domains.flatMap((domain) =>
      domain.doc.egressPolicies.map(({ rule }, index): Item => ({
        id: at('Domain', domain.ref, `egressPolicies[${index}]`),
        text: rule,
        group: 'egress rule',
        domain,
        index,
      })),
    ),
    ...trunks.flatMap((trunk) =>
      trunk.doc.uris.map(({ host }, index): Item => ({
        id: at('Trunk', trunk.ref, `uris[${index}]`),
        text: host,
        group: 'trunk URI',
        trunk,
        index,
      })),
    ),
    ...ROUTING_TYPES.map((type): Item => ({
      id: `routing type ${type}`,
      text: '',
      group: 'routing type',
      type,
    })),
    ...(Object.keys(rejections) as RejectReason[]).map((reason): Item => ({
      id: `reason ${reason}`,
      text: '',
      group: 'reason',
      reason,
    })),
  ];
}

/** Values that are read as the same one are one item. */
function calledItems(route: Resource<SipRoute>): Item[] {
  const keys = calledKeys(route.doc);
  return [...new Set(keys)].map((key): Item => {
    const index = keys.indexOf(key);
    const id = at('SipRoute', route.ref, `called[${index}]`);
    return { id, text: route.doc.called[index]!, group: 'called value', route, key };
  });
}

const RULE = /^domains\/\S+ egressPolicies\[\d+\]$/;

/** The ids of the items that a decision reaches. */
export function reachedBy(snapshot: Snapshot, decision: Decision): string[] {
  const { routingType, profile, route, rejection, trace } = decision;
  const reached = [`routing type ${routingType}`];
  if (rejection) reached.push(`reason ${rejection.reason}`);
  if (profile) {
    const { doc } = snapshot.resource<SipRoute>('SipRoute', profile.sipRoute)!;
    const index = doc.called.indexOf(profile.called);
    reached.push(
      subjectOf('SipRoute', profile.sipRoute),
      at('SipRoute', profile.sipRoute, `called[${index}]`),
    );
  }
  // The trace tells of a rule that matched also where the call is rejected after that.
  for (const { subject, reason } of trace)
    if (reason === 'egress-matched' && RULE.test(subject)) reached.push(subject);
  const via = route?.targets[0]?.via;
  const trunk = via?.kind === 'Trunk' ? snapshot.resource<Trunk>('Trunk', via.ref) : undefined;
  if (trunk)
    for (const uri of failover(trunk.doc))
      reached.push(at('Trunk', trunk.ref, `uris[${trunk.doc.uris.indexOf(uri)}]`));
  return reached;
}
