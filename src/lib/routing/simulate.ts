/**
 * From what a person asks ("1001 dials 911") to a call, and its decision. What is missing is assumed, and every
 * assumption is a line of the trace (docs/semantics.md 2).
 */
import type { Credentials } from '../kinds/credentials.js';
import type { Domain } from '../kinds/domain.js';
import { kindOf } from '../kinds/index.js';
import type { KindName } from '../kinds/kind.js';
import type { Trunk } from '../kinds/trunk.js';
import { quote } from '../kinds/words.js';
import { CtlError } from '../errors.js';
import type { Call, ConnectToken } from './call.js';
import { assume, callerOf, domainNamed, NO_HOST, type CallerAddress } from './caller.js';
import { decide } from './decide.js';
import type { Decision, TraceEntry } from './decision.js';
import { maskPassword } from './headers.js';
import { parseAddress, type Address } from './normalize.js';
import { resolveCallee, resolveCaller } from './parties.js';
import type { CallRequest } from './request.js';
import type { StepReason } from './reasons.js';
import type { Snapshot } from './snapshot.js';
import { subjectOf } from './trace.js';

/** Facts that were established outside: the verdict on the token, and the time of the call in milliseconds. */
export interface Established {
  readonly connectToken: ConnectToken;
  readonly now: number;
  readonly explain?: boolean;
}

/**
 * Decides the call that a request describes.
 * @throws CtlError `usage` for an ambiguous caller or an unreadable value, `not-found` for a caller nobody is.
 */
export function simulate(snapshot: Snapshot, request: CallRequest, established: Established): Decision {
  return decide(snapshot, callOf(snapshot, request, established), { explain: established.explain ?? false });
}

/** The call that a request describes. Errors as `simulate`. */
export const callOf = (snapshot: Snapshot, request: CallRequest, established: Established): Call =>
  callsOf(snapshot, request, established)(request.dialled);

/**
 * The calls of one caller, who is resolved once, by what it dials: those of the request with other dialled values.
 * Errors as `simulate`.
 */
export function callsOf(
  snapshot: Snapshot,
  request: CallRequest,
  { connectToken, now }: Established,
): (text: string) => Call {
  const beforehand: TraceEntry[] = [];
  const caller = callerOf(snapshot, request, beforehand);
  const { user, host, displayName } = caller;
  const from = { user, host, displayName: request.displayName ?? displayName };
  const known = caller.known && { kind: caller.known.kind, ref: caller.known.ref };
  const down = request.down.map(({ kind, ref }) => ({ kind, ref: refNamed(snapshot, kind, ref) }));
  return (text) => {
    const dialled = parseAddress(text);
    if (dialled.user === '' || dialled.scheme === 'backend')
      throw new CtlError('usage', `cannot dial "${maskPassword(text)}"`, {
        hint: 'Dial a user, a number or a SIP URI: 1002, +19103434434, sip:1002@sip.local.',
        fields: [{ field: 'dialled', message: 'names nothing that can be dialled' }],
      });
    const assumptions = beforehand.slice();
    const hostDialled =
      dialled.host ?? assumedHost(snapshot, request, dialled, caller, connectToken, assumptions);
    const call: Call = {
      method: request.method,
      raw: { dialled: maskPassword(text), from: caller.raw },
      from,
      requestUri: { user: dialled.user, host: hostDialled, port: dialled.port },
      caller: known,
      source: request.source,
      headers: request.headers,
      at: request.at ?? now,
      authentication: request.unauthenticated ? 'absent' : 'assumed',
      connectToken,
      registered: request.registered,
      down,
      assumptions,
    };
    return request.password === undefined || request.unauthenticated
      ? call
      : { ...call, authentication: authenticate(snapshot, call, request.password) };
  };
}

/** The host of a dialled value that has none (docs/semantics.md 2, "Host"). */
function assumedHost(
  snapshot: Snapshot,
  request: CallRequest,
  dialled: Address,
  caller: CallerAddress,
  token: ConnectToken,
  assumptions: TraceEntry[],
): string {
  const [host, reason] = ((): [string, StepReason] => {
    if (token.state === 'valid') return [token.claims.domain.toLowerCase(), 'host-of-caller'];
    if (caller.home !== undefined) return [caller.home, 'host-of-caller'];
    const number = snapshot.numberByUser(dialled.user);
    const trunk = snapshot.resource<Trunk>('Trunk', number?.doc.trunkRef);
    if (trunk) return [trunk.doc.inboundUri, 'host-of-trunk'];
    if (request.domain !== undefined)
      return [domainNamed(snapshot, request.domain).doc.domainUri, 'host-given'];
    if (snapshot.catalog.size('Domain') !== 1) return [NO_HOST, 'host-invalid'];
    const [single] = snapshot.all<Domain>('Domain');
    return [single!.doc.domainUri, 'host-only-domain'];
  })();
  assume(assumptions, 'call', 'requestUri.host', reason, [dialled.user, host.toLowerCase()]);
  return host.toLowerCase();
}

/** The ref of a resource that a person names by ref or natural key. */
function refNamed(snapshot: Snapshot, kind: KindName, key: string): string {
  const [ref, other] = snapshot.catalog.find(kind, key);
  if (ref !== undefined && other === undefined) return ref;
  const message = other === undefined ? 'names no resource' : `is ambiguous: ${ref}, ${other}`;
  throw new CtlError(other === undefined ? 'not-found' : 'usage', `${subjectOf(kind, key)} ${message}`, {
    hint: `See "ctl ${kindOf(kind).topic} list".`,
    fields: [{ field: 'down', message: `${quote(key)} ${message}` }],
  });
}

/** Compares a password with the credentials that guard this caller. */
function authenticate(snapshot: Snapshot, call: Call, password: string): 'passed' | 'failed' {
  const caller = resolveCaller(snapshot, call, undefined);
  const callee = resolveCallee(snapshot, call, undefined);
  const trunkRef = callee.kind === 'Number' ? callee.number.doc.trunkRef : undefined;
  const ref =
    caller.kind === 'Agent'
      ? caller.agent.doc.credentialsRef
      : caller.kind === 'Peer'
        ? caller.peer.doc.credentialsRef
        : snapshot.resource<Trunk>('Trunk', trunkRef)?.doc.inboundCredentialsRef;
  return snapshot.resource<Credentials>('Credentials', ref)?.doc.password === password ? 'passed' : 'failed';
}
