/**
 * The decision: classification, access, profile, route, in this order, and the trace of it. Pure: no clock, no
 * I/O; the same snapshot and call give the same bytes. The daemon, simulations and tests all call this function.
 */
import { checkAccess, type Refusal } from './access.js';
import type { Call } from './call.js';
import type {
  DecidedCall,
  Decision,
  Effect,
  ProfileOutcome,
  Rejection,
  RouteOutcome,
  RoutingType,
} from './decision.js';
import { maskedHeaders } from './headers.js';
import { nearMiss } from './hints.js';
import { sipUri } from './normalize.js';
import { classify, partyOf, resolveCallee, resolveCaller, type Callee, type Caller } from './parties.js';
import { selectProfile } from './profile.js';
import { rejections, type RejectReason } from './reasons.js';
import { findRoute } from './route.js';
import type { Snapshot } from './snapshot.js';
import { subjectOf, Trace } from './trace.js';

const EMERGENCY = new Set(['112', '911']);

/**
 * Decides a call. With `explain` the trace lists every rule tried as well.
 * Never throws for a well-formed call, whatever the configuration.
 */
export function decide(snapshot: Snapshot, call: Call, { explain = false } = {}): Decision {
  const trace = new Trace(explain, call.assumptions);
  const { caller, callee, routingType, outcome } = settle(snapshot, call, trace);
  const { verdict, profile, route, refusal } = sorted(outcome);
  const near = callee.kind === 'unknown' && (refusal || route) ? nearMiss(snapshot, call, trace) : undefined;
  warn(snapshot, call, routingType, profile, route, near, trace);
  return {
    schema: 'ctl.decision/v1',
    revision: snapshot.revision,
    call: decidedCall(call),
    routingType,
    caller: partyOf(caller, snapshot),
    callee: partyOf(callee),
    verdict,
    profile,
    route,
    rejection: refusal && rejection(refusal, near, call),
    warnings: trace.warnings,
    trace: trace.entries,
  };
}

/** What `decide` does to a call, for whoever decides many and reads no account of it. */
export function effectOf(snapshot: Snapshot, call: Call): Effect {
  const { routingType, outcome } = settle(snapshot, call, undefined);
  const { verdict, profile, route, refusal } = sorted(outcome);
  const rejection = refusal && { sipStatus: rejections[refusal.reason][0], reason: refusal.reason };
  return { routingType, verdict, profile, route, rejection };
}

/** What was found out about a call. */
interface Settled {
  readonly caller: Caller;
  readonly callee: Callee;
  readonly routingType: RoutingType;
  readonly outcome: ProfileOutcome | RouteOutcome | Refusal;
}

/** The stages, in their order. Without a trace nothing is noted. */
function settle(snapshot: Snapshot, call: Call, trace: Trace | undefined): Settled {
  const caller = resolveCaller(snapshot, call, trace);
  const callee = resolveCallee(snapshot, call, trace);
  const routingType = classify(caller, callee);
  trace?.add('type', routingType, 'note', 'classified', [
    caller.kind === 'Token' ? 'Agent' : caller.kind,
    callee.kind,
  ]);
  const outcome =
    checkAccess(snapshot, call, caller, callee, trace) ??
    unlinkedToken(caller, callee, call, trace) ??
    selectProfile(snapshot, call, caller, callee, routingType, trace) ??
    (routingType === 'unknown'
      ? noRoutingType(caller, callee, trace)
      : findRoute(snapshot, call, caller, callee, routingType, trace));
  return { caller, callee, routingType, outcome };
}

/** An outcome by its kind; the others are null. */
interface Sorted extends Pick<Decision, 'verdict' | 'profile' | 'route'> {
  readonly refusal: Refusal | null;
}

function sorted(outcome: Settled['outcome']): Sorted {
  if ('reason' in outcome) return { verdict: 'reject', profile: null, route: null, refusal: outcome };
  return 'persona' in outcome
    ? { verdict: 'profile', profile: outcome, route: null, refusal: null }
    : { verdict: 'route', profile: null, route: outcome, refusal: null };
}

/** docs/semantics.md 4: a token whose aorLink names nothing. */
function unlinkedToken(
  caller: Caller,
  callee: Callee,
  call: Call,
  trace: Trace | undefined,
): Refusal | undefined {
  if (caller.kind !== 'Token' || callee.kind !== 'unknown') return undefined;
  const { aorLink } = caller.claims;
  trace?.add('callee', aorLink, 'fail', 'link-target-unknown');
  return { reason: 'link-target-unknown', detail: `The token's aorLink is "${aorLink}".` };
}

/** docs/semantics.md 6: what no SIP route took and no routing type is for. */
function noRoutingType(caller: Caller, callee: Callee, trace: Trace | undefined): Refusal {
  const reason: RejectReason =
    caller.kind === 'Peer' && callee.kind === 'Peer' ? 'unsupported-pair' : 'unknown-parties';
  trace?.add('route', 'unknown', 'fail', reason, [caller.kind, callee.kind]);
  return { reason, detail: '' };
}

function rejection({ reason, detail }: Refusal, near: string | undefined, call: Call): Rejection {
  const [sipStatus, text] = rejections[reason];
  const outside = call.assumptions.find((entry) => entry.reason === 'outside-caller');
  const hint =
    near ??
    (outside ? `Nobody has the user "${outside.subject}": it was taken for an outside caller.` : null);
  return { sipStatus, reason, message: detail ? `${text} ${detail}` : text, hint };
}

function warn(
  snapshot: Snapshot,
  call: Call,
  routingType: RoutingType,
  profile: ProfileOutcome | null,
  route: RouteOutcome | null,
  near: string | undefined,
  trace: Trace,
): void {
  const { user, host } = call.requestUri;
  if (routingType === 'agent-to-pstn' && route && !snapshot.domainOf(host))
    trace.warn('foreign-host', `"${host}".`);
  if (EMERGENCY.has(user) && !route)
    trace.warn(
      'emergency',
      profile ? `"${user}" reaches ${subjectOf('Profile', profile.ref)}.` : `"${user}" is rejected.`,
    );
  if (near && route) trace.warn('near-miss', near);
}

function decidedCall(call: Call): DecidedCall {
  const { source } = call;
  const { user, host, port = null } = call.requestUri;
  return {
    raw: call.raw,
    method: call.method,
    from: { user: call.from.user, host: call.from.host, displayName: call.from.displayName ?? null },
    requestUri: { uri: sipUri(user, host, port), user, host, port },
    source: source ? { ip: source.ip, port: source.port ?? null, transport: source.transport ?? null } : null,
    headers: maskedHeaders(call),
    at: rfc3339(call.at),
    authentication: call.authentication,
    connectToken: call.connectToken.state,
    registered: call.registered,
    down: call.down.map(({ kind, ref }) => subjectOf(kind, ref)),
  };
}

let second = NaN;
let toTheSecond = '';

/** Calls come many in a second, and making this text anew would be a tenth of a decision: its start is kept. */
function rfc3339(at: number): string {
  const whole = Math.floor(at / 1000);
  if (whole !== second) {
    toTheSecond = new Date(whole * 1000).toISOString().slice(0, -'000Z'.length);
    second = whole;
  }
  return `${toTheSecond}${String(Math.floor(at - whole * 1000)).padStart(3, '0')}Z`;
}
