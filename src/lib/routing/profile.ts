/** Which SIP route takes the call, and the profile it selects (docs/semantics.md 6). */
import type { KindName, Resource } from '../kinds/kind.js';
import type { Profile } from '../kinds/profile.js';
import type { SipRoute } from '../kinds/sip-route.js';
import { checkAcl, type Refusal } from './access.js';
import type { Call } from './call.js';
import type { Expanded, ProfileOutcome, RoutingType } from './decision.js';
import { userKeyOf } from './normalize.js';
import { isOutside, linkOf, partyOf, resolveLink, type Callee, type Caller } from './parties.js';
import { calledKeys, calledText, CATCH_ALL } from './indexes.js';
import type { Snapshot } from './snapshot.js';
import { subjectOf, type Trace } from './trace.js';

const NOBODY: Callee = { kind: 'unknown' };

interface Match {
  readonly route: Resource<SipRoute>;
  /** The called value of the call that matched; CATCH_ALL when none did. */
  readonly value: string;
}

/**
 * Called values of a call, in the order in which one is reported: the request user, user@host, and for a number
 * the user and user@host of its aorLink. (Its E.164 is the request user.)
 */
function calledValues(call: Call, callee: Callee): string[] {
  const { user: dialled, host } = call.requestUri;
  const user = userKeyOf({ scheme: 'sip', user: dialled });
  const values = [user, `${user}@${host}`];
  const link = callee.kind === 'Number' ? linkOf(callee.number.doc) : undefined;
  if (!link) return values;
  for (const key of [link.userKey, link.key]) if (!values.includes(key)) values.push(key);
  return values;
}

/** Concatenated, which costs nothing until somebody reads it, unlike a join. */
const listOf = (values: readonly string[]): string => values.reduce((list, value) => `${list}, ${value}`);

/** Selects the profile; a refusal of the winning route's ACL rejects; undefined when no route takes the call. */
export function selectProfile(
  snapshot: Snapshot,
  call: Call,
  caller: Caller,
  callee: Callee,
  routingType: RoutingType,
  trace: Trace | undefined,
): ProfileOutcome | Refusal | undefined {
  const values = calledValues(call, callee);
  const catchable =
    isOutside(caller) &&
    (routingType === 'unknown' || (callee.kind === 'Number' && callee.number.doc.aorLink === undefined));
  const match = winner(snapshot, values, catchable);
  if (trace?.explain) explainRoutes(snapshot, values, catchable, match, trace);
  if (!match) {
    if (!trace?.explain)
      trace?.add('profile', 'sip-routes', 'no-match', 'no-sip-route', [listOf(values), '']);
    return undefined;
  }
  const { route } = match;
  const called = calledText(route.doc, match.value);
  const subject = subjectOf('SipRoute', route.ref);
  if (!trace?.explain)
    trace?.add('profile', subject, 'match', match.value === CATCH_ALL ? 'catch-all' : 'called-equal', [
      match.value === CATCH_ALL ? values[0]! : match.value,
      called,
    ]);
  const refusal = checkAcl(snapshot, call, route.doc.accessControlListRef, trace, 'profile');
  if (refusal) return refusal;
  if (trace) warn(snapshot, match, caller, callee, trace);
  const { ref, name, persona, policy, realtime, stt, llm, tts } = handlerOf(snapshot, route.doc.profileRef);
  return { ref, name, sipRoute: route.ref, called, persona, policy, realtime, stt, llm, tts };
}

function winner(snapshot: Snapshot, values: readonly string[], catchable: boolean): Match | undefined {
  let best: Match | undefined;
  for (const value of values) {
    const route = snapshot.routesByCalled(value)[0];
    if (route && (!best || route.position! < best.route.position!)) best = { route, value };
  }
  if (best || !catchable) return best;
  const route = snapshot.routesByCalled(CATCH_ALL)[0];
  return route && { route, value: CATCH_ALL };
}

function warn(
  snapshot: Snapshot,
  { route, value }: Match,
  caller: Caller,
  callee: Callee,
  trace: Trace,
): void {
  const others = snapshot.routesByCalled(value);
  if (others.length > 1) {
    const names = others.slice(1).map(({ ref }) => subjectOf('SipRoute', ref));
    trace.warn('overlap', `"${value}": also in ${names.join(', ')}.`);
  }
  const link = callee.kind === 'Number' ? linkOf(callee.number.doc) : undefined;
  const shadowed = partyOf(
    callee.kind !== 'Number' ? callee : link === undefined ? NOBODY : resolveLink(snapshot, link.address),
  );
  if (shadowed)
    trace.warn(
      'shadowed',
      `${subjectOf('SipRoute', route.ref)} wins over ${subjectOf(shadowed.kind, shadowed.ref)}.`,
    );
  if (isOutside(caller) && callee.kind !== 'Number' && route.doc.accessControlListRef === undefined)
    trace.warn('open-profile', `Give it one: ctl sip-routes update ${route.ref} --acl ACL.`);
}

/** Every route in declared order, and why it did or did not take the call. */
function explainRoutes(
  snapshot: Snapshot,
  values: readonly string[],
  catchable: boolean,
  match: Match | undefined,
  trace: Trace,
): void {
  for (const { ref, doc } of snapshot.sipRoutes) {
    const subject = subjectOf('SipRoute', ref);
    const keys = calledKeys(doc);
    const isCatchAll = keys[0] === CATCH_ALL;
    const wins = match?.route.ref === ref;
    const hit = wins ? match.value : values.find((value) => keys.includes(value));
    const right = hit === undefined || isCatchAll ? doc.called.join(', ') : doc.called[keys.indexOf(hit)]!;
    const compared: [string, string] = [isCatchAll ? values[0]! : (hit ?? listOf(values)), right];
    if (!doc.enabled) trace.add('profile', subject, 'no-match', 'route-disabled', compared);
    else if (wins)
      trace.add('profile', subject, 'match', isCatchAll ? 'catch-all' : 'called-equal', compared);
    else if (hit !== undefined) trace.add('profile', subject, 'note', 'called-later', compared);
    else if (!isCatchAll) trace.add('profile', subject, 'no-match', 'called-differs', compared);
    else if (catchable) trace.add('profile', subject, 'note', 'called-later', compared);
    else trace.add('profile', subject, 'no-match', 'catch-all-excluded', compared);
  }
  if (!match) trace.add('profile', 'sip-routes', 'no-match', 'no-sip-route', [listOf(values), '']);
}

type Handler = Omit<ProfileOutcome, 'sipRoute' | 'called'>;

const handlers = new WeakMap<Snapshot, Map<string, Handler>>();

/** What handles the calls of a profile, written out once per snapshot. */
function handlerOf(snapshot: Snapshot, profileRef: string): Handler {
  let known = handlers.get(snapshot);
  if (!known) handlers.set(snapshot, (known = new Map()));
  let handler = known.get(profileRef);
  if (!handler) known.set(profileRef, (handler = writeOut(snapshot, profileRef)));
  return handler;
}

function writeOut(snapshot: Snapshot, profileRef: string): Handler {
  const expand = (kind: KindName, ref: string | undefined): Expanded | null => {
    const resource = snapshot.resource<{ name: string }>(kind, ref);
    return resource ? ({ ref: resource.ref, ...resource.doc } as Expanded) : null;
  };
  const { ref, doc } = snapshot.resource<Profile>('Profile', profileRef)!;
  return {
    ref,
    name: doc.name,
    persona: expand('Persona', doc.personaRef)!,
    policy: expand('Policy', doc.policyRef)!,
    realtime: expand('Modality', doc.realtimeRef),
    stt: expand('Modality', doc.sttRef),
    llm: expand('Modality', doc.llmRef),
    tts: expand('Modality', doc.ttsRef),
  };
}
