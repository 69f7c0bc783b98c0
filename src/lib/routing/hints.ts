/** Near misses (docs/semantics.md 2): reported so that a person finds the typing error, never matched. */
import type { Agent } from '../kinds/agent.js';
import type { Resource } from '../kinds/kind.js';
import type { TelNumber } from '../kinds/number.js';
import type { Peer } from '../kinds/peer.js';
import type { Call } from './call.js';
import { isNearMiss, nearKey } from './normalize.js';
import { calledText } from './indexes.js';
import type { Snapshot } from './snapshot.js';
import { subjectOf, type Trace } from './trace.js';

const SHOWN = 5;

/** A resource that has nearly what was dialled, and the text it has. */
interface Near {
  readonly subject: string;
  readonly text: string;
}

/** What was dialled nearly names these; the first is put into words. Undefined when nothing is near. */
export function nearMiss(snapshot: Snapshot, call: Call, trace: Trace): string | undefined {
  const { user } = call.requestUri;
  const near = nearOf(snapshot, user, call.requestUri.host);
  for (const { subject, text } of near.slice(0, SHOWN))
    trace.add('callee', subject, 'note', 'near-miss', [user, text]);
  const first = near[0];
  return first && `${first.subject} has "${first.text}", which differs from "${user}" and is not a match.`;
}

/** Agents of any domain and peers whose user a person may have meant, as `agents/agent-01`, sorted. */
export function callersNear(snapshot: Snapshot, user: string): string[] {
  const users = snapshot.near(nearKey(user)).filter((near) => isNearMiss(near, user));
  const found = users.flatMap((near) =>
    [snapshot.agentsByUser(near), snapshot.peerByUser(near) ?? []].flat(),
  );
  return [...new Set(found.map(({ kind, ref }) => subjectOf(kind, ref)))].sort().slice(0, SHOWN);
}

/** In the order in which a callee is looked for, then by text: nothing may hang on the order of an index. */
function nearOf(snapshot: Snapshot, user: string, host: string): Near[] {
  const key = nearKey(user);
  const users = snapshot.near(key).filter((near) => isNearMiss(near, user));
  const withHost = snapshot
    .near(key, host)
    .filter((near) => isNearMiss(near.slice(0, -host.length - 1), user));
  if (users.length + withHost.length === 0) return [];
  users.sort();
  const domain = snapshot.domainOf(host);
  const routes = [...users, ...withHost.sort()].flatMap((called) => {
    const [route] = snapshot.routesByCalled(called);
    return route ? [{ subject: subjectOf('SipRoute', route.ref), text: calledText(route.doc, called) }] : [];
  });
  return [
    ...users.flatMap((near) => snapshot.numberByUser(near) ?? []).map(nearResource),
    ...users.flatMap((near) => (domain && snapshot.agentAt(domain.ref, near)) ?? []).map(nearResource),
    ...users.flatMap((near) => snapshot.peerByUser(near) ?? []).map(nearResource),
    ...routes,
  ];
}

const nearResource = ({ kind, ref, doc }: Resource<Agent> | Resource<Peer> | Resource<TelNumber>): Near => ({
  subject: subjectOf(kind, ref),
  text: 'telUrl' in doc ? doc.telUrl : doc.username,
});
