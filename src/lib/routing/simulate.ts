/**
 * From what a person asks ("1001 dials 911") to a call, and its decision. What is missing is assumed, and every
 * assumption is a line of the trace (docs/semantics.md 2).
 */
import type { Agent } from '../kinds/agent.js';
import type { Credentials } from '../kinds/credentials.js';
import type { Domain } from '../kinds/domain.js';
import type { KindName, Resource } from '../kinds/kind.js';
import type { TelNumber } from '../kinds/number.js';
import type { Peer } from '../kinds/peer.js';
import type { Trunk } from '../kinds/trunk.js';
import { CtlError } from '../errors.js';
import type { Call, ConnectToken } from './call.js';
import { decide } from './decide.js';
import type { Decision, TraceEntry } from './decision.js';
import { isTelephone, parseAddress, type Address } from './normalize.js';
import { resolveCallee, resolveCaller } from './parties.js';
import type { CallRequest } from './request.js';
import type { StepReason } from './reasons.js';
import type { Snapshot } from './snapshot.js';
import { subjectOf, Trace } from './trace.js';

const ANONYMOUS = { user: 'anonymous', host: 'anonymous.invalid' };
const NO_HOST = 'invalid';

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
export function callOf(snapshot: Snapshot, request: CallRequest, { connectToken, now }: Established): Call {
  const assumptions: TraceEntry[] = [];
  const caller = callerOf(snapshot, request, assumptions);
  const dialled = parseAddress(request.dialled);
  if (dialled.user === '' || dialled.scheme === 'backend')
    throw new CtlError('usage', `cannot dial "${request.dialled}"`, {
      hint: 'Dial a user, a number or a SIP URI: 1002, +19103434434, sip:1002@sip.local.',
      fields: [{ field: 'dialled', message: 'names nothing that can be dialled' }],
    });
  const host = dialled.host ?? assumedHost(snapshot, request, dialled, caller, connectToken, assumptions);
  const call: Call = {
    method: request.method,
    raw: { dialled: request.dialled, from: request.from ?? null },
    from: { user: caller.user, host: caller.host, displayName: request.displayName ?? caller.displayName },
    requestUri: { user: dialled.user, host, port: dialled.port },
    caller: caller.known && { kind: caller.known.kind, ref: caller.known.ref },
    source: request.source,
    headers: request.headers,
    at: request.at ?? now,
    authentication: request.unauthenticated ? 'absent' : 'assumed',
    connectToken,
    registered: request.registered,
    down: request.down,
    assumptions,
  };
  return request.password === undefined || request.unauthenticated
    ? call
    : { ...call, authentication: authenticate(snapshot, call, request.password) };
}

type Known = Agent | Peer | TelNumber;

interface CallerAddress {
  readonly user: string;
  readonly host: string;
  readonly displayName?: string | undefined;
  readonly known?: Resource<Known> | undefined;
}

/** `--from`: a ref or natural key, a SIP URI, or a bare user. */
function callerOf(snapshot: Snapshot, request: CallRequest, assumptions: TraceEntry[]): CallerAddress {
  const { from } = request;
  if (from === undefined) {
    assume(assumptions, 'caller', ANONYMOUS.user, 'anonymous-caller');
    return ANONYMOUS;
  }
  const named = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))\s*<([^>]*)>\s*$/.exec(from);
  const displayName = named ? (named[1]?.replace(/\\(.)/g, '$1') ?? named[2]) || undefined : undefined;
  const text = (named ? named[3]! : from).trim();
  const address = parseAddress(text);
  if (address.user === '' && address.host === undefined)
    throw new CtlError('usage', `"${from}" names no caller`, {
      hint: 'Give a ref, a user or a SIP URI: --from 1001@sip.local.',
      fields: [{ field: 'from', message: 'is empty' }],
    });
  const known = knownCaller(snapshot, text, address, request.domain);
  if (known) return { ...addressOf(snapshot, known), displayName, known };
  if (address.host !== undefined) return { user: address.user, host: address.host, displayName };
  if (!isTelephone(address.user)) throw unknownCaller(snapshot, from, address.user);
  if (!snapshot.numberByUser(address.user)) assume(assumptions, 'caller', address.user, 'outside-caller');
  return { user: address.user, host: NO_HOST, displayName };
}

/** The Agent or Peer that a text names: by ref, by natural key, then as a bare user. */
function knownCaller(
  snapshot: Snapshot,
  text: string,
  address: Address,
  domain: string | undefined,
): Resource<Known> | undefined {
  const kinds: KindName[] = ['Agent', 'Peer'];
  const byRef = [...kinds, 'Number' as const].flatMap((kind) => snapshot.resource<Known>(kind, text) ?? []);
  if (byRef.length > 0) return only(snapshot, text, byRef);
  if (address.host !== undefined || address.scheme === 'backend') {
    const keys = kinds.flatMap((kind) => snapshot.catalog.find(kind, text).map((ref) => ({ kind, ref })));
    const found = keys.map(({ kind, ref }) => snapshot.resource<Known>(kind, ref)!);
    return found.length === 0 ? undefined : only(snapshot, text, found);
  }
  const peer = snapshot.peerByUser(address.user);
  const found = [...snapshot.agentsByUser(address.user), ...(peer ? [peer] : [])];
  if (found.length < 2 || domain === undefined)
    return found.length === 0 ? undefined : only(snapshot, text, found);
  const wanted = domainNamed(snapshot, domain);
  const chosen = found.filter(({ doc }) => 'domainRef' in doc && doc.domainRef === wanted.ref);
  return only(snapshot, text, chosen.length > 0 ? chosen : found);
}

function only(snapshot: Snapshot, text: string, found: readonly Resource<Known>[]): Resource<Known> {
  if (found.length === 1) return found[0]!;
  const names = found.map(
    (one) => `${subjectOf(one.kind, one.ref)} (${snapshot.catalog.label(one as never)})`,
  );
  const more = names.length > 20 ? `, and ${names.length - 20} more` : '';
  throw new CtlError(
    'usage',
    `"${text}" names ${names.length} callers: ${names.slice(0, 20).join(', ')}${more}`,
    {
      hint: 'Give the ref or user@domain, or choose with --domain.',
      fields: [{ field: 'from', message: 'is ambiguous' }],
    },
  );
}

function unknownCaller(snapshot: Snapshot, from: string, user: string): CtlError {
  const near = [...new Set(snapshot.near(user).map(({ kind, ref }) => subjectOf(kind, ref)))].slice(0, 5);
  return new CtlError('not-found', `no agent or peer is "${from}"`, {
    hint: near.length > 0 ? `Near it: ${near.join(', ')}.` : 'See "ctl agents list" and "ctl peers list".',
    fields: [{ field: 'from', message: 'names nobody' }],
  });
}

function addressOf(snapshot: Snapshot, resource: Resource<Known>): { user: string; host: string } {
  if ('telUrl' in resource.doc) return { user: parseAddress(resource.doc.telUrl).user, host: NO_HOST };
  const { user } = parseAddress(resource.doc.username);
  if ('aor' in resource.doc) return { user, host: parseAddress(resource.doc.aor).host ?? NO_HOST };
  const domain = snapshot.resource<Domain>('Domain', resource.doc.domainRef);
  return { user, host: domain?.doc.domainUri.toLowerCase() ?? NO_HOST };
}

/** The domain that a person names by ref or by its host. */
function domainNamed(snapshot: Snapshot, text: string): Resource<Domain> {
  const domain = snapshot.resource<Domain>('Domain', snapshot.catalog.find('Domain', text)[0]);
  if (domain) return domain;
  throw new CtlError('not-found', `no domain is "${text}"`, {
    hint: 'See "ctl domains list".',
    fields: [{ field: 'domain', message: 'names no domain' }],
  });
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
    const agent = caller.known?.kind === 'Agent' ? (caller.known.doc as Agent) : undefined;
    const own = agent ? agent.domainRef : caller.known ? undefined : agentDomain(snapshot, caller);
    const domain = snapshot.resource<Domain>('Domain', own);
    if (domain) return [domain.doc.domainUri, 'host-of-caller'];
    const number = snapshot.numberByUser(dialled.user);
    const trunk = snapshot.resource<Trunk>('Trunk', number?.doc.trunkRef);
    if (trunk) return [trunk.doc.inboundUri, 'host-of-trunk'];
    if (request.domain !== undefined)
      return [domainNamed(snapshot, request.domain).doc.domainUri, 'host-given'];
    if (snapshot.catalog.size('Domain') !== 1) return [NO_HOST, 'host-invalid'];
    const [single] = snapshot.catalog.all('Domain') as Iterable<Resource<Domain>>;
    return [single!.doc.domainUri, 'host-only-domain'];
  })();
  assume(assumptions, 'call', 'requestUri.host', reason, [dialled.user, host.toLowerCase()]);
  return host.toLowerCase();
}

/** The domain of the agent that a caller's address names. */
function agentDomain(snapshot: Snapshot, caller: CallerAddress): string | undefined {
  const domain = snapshot.domainOf(caller.host);
  return domain && snapshot.agentAt(domain.ref, caller.user) ? domain.ref : undefined;
}

/** Compares a password with the credentials that guard this caller. */
function authenticate(snapshot: Snapshot, call: Call, password: string): 'passed' | 'failed' {
  const silent = new Trace(false, []);
  const caller = resolveCaller(snapshot, call, silent);
  const callee = resolveCallee(snapshot, call, silent);
  const trunkRef = callee.kind === 'Number' ? callee.number.doc.trunkRef : undefined;
  const ref =
    caller.kind === 'Agent'
      ? caller.agent.doc.credentialsRef
      : caller.kind === 'Peer'
        ? caller.peer.doc.credentialsRef
        : snapshot.resource<Trunk>('Trunk', trunkRef)?.doc.inboundCredentialsRef;
  return snapshot.resource<Credentials>('Credentials', ref)?.doc.password === password ? 'passed' : 'failed';
}

function assume(
  assumptions: TraceEntry[],
  stage: 'call' | 'caller',
  subject: string,
  reason: StepReason,
  compared: [string, string] | null = null,
): void {
  assumptions.push({ stage, subject, outcome: 'assumed', reason, compared });
}
