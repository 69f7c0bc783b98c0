/** Who calls: what a person writes after `--from` (docs/semantics.md 2, "Caller"). */
import { CtlError } from '../errors.js';
import type { Agent } from '../kinds/agent.js';
import type { Domain } from '../kinds/domain.js';
import type { KindName, Resource } from '../kinds/kind.js';
import type { TelNumber } from '../kinds/number.js';
import type { Peer } from '../kinds/peer.js';
import type { TraceEntry } from './decision.js';
import { maskPassword } from './headers.js';
import { callersNear } from './hints.js';
import { isTelephone, normalizeUser, parseAddress, type Address } from './normalize.js';
import type { StepReason } from './reasons.js';
import type { CallRequest } from './request.js';
import type { Snapshot } from './snapshot.js';
import { subjectOf } from './trace.js';

const ANONYMOUS = { user: 'anonymous', host: 'anonymous.invalid' };
/** The host of whoever has none. */
export const NO_HOST = 'invalid';

type Known = Agent | Peer | TelNumber;

export interface CallerAddress {
  readonly user: string;
  readonly host: string;
  readonly displayName?: string | undefined;
  readonly known?: Resource<Known> | undefined;
  /** As it was given, without a password; null for nobody. */
  readonly raw: string | null;
  /** The host of its domain where it is an agent: that of what it dials without one. */
  readonly home?: string | undefined;
}

/**
 * The caller that a ref or natural key, a SIP URI (also with a display name) or a bare user names.
 * @throws CtlError `usage` for an ambiguous or empty text, `not-found` for a caller nobody is.
 */
export function callerOf(snapshot: Snapshot, request: CallRequest, assumptions: TraceEntry[]): CallerAddress {
  const { from, domain } = request;
  if (from === undefined) {
    assume(assumptions, 'caller', ANONYMOUS.user, 'anonymous-caller');
    return { ...ANONYMOUS, raw: null, home: homeOf(snapshot, ANONYMOUS) };
  }
  const callers = callersKnown(snapshot);
  const key = domain === undefined ? from : `${from}\0${domain}`;
  const before = callers.get(key);
  if (before) return before;
  const { displayName, text } = parseNameAddr(from);
  const address = parseAddress(text);
  if (address.user === '' && address.host === undefined)
    throw new CtlError('usage', `"${maskPassword(from)}" names no caller`, {
      hint: 'Give a ref, a user or a SIP URI: --from 1001@sip.local.',
      fields: [{ field: 'from', message: 'is empty' }],
    });
  const known = knownCaller(snapshot, text, address, domain);
  if (!known && address.host === undefined) {
    if (!isTelephone(address.user)) throw unknownCaller(snapshot, from, address.user);
    if (!snapshot.numberByUser(address.user)) assume(assumptions, 'caller', address.user, 'outside-caller');
    return { user: address.user, host: NO_HOST, displayName, raw: from, home: undefined };
  }
  const named = known ? addressOf(snapshot, known) : { user: address.user, host: address.host! };
  const { user, host } = named;
  const home = homeOf(snapshot, named, known);
  // Written out: to spread the name took longer than to find whose it is.
  const found: CallerAddress = { user, host, displayName, known, raw: maskPassword(from), home };
  // From outside there come too many, who hardly come again.
  if (!known && home === undefined) return found;
  if (callers.size >= MAX_CALLERS) callers.clear();
  callers.set(key, found);
  return found;
}

/** The host of the domain of the agent that a caller is, in lower case. */
function homeOf(
  snapshot: Snapshot,
  { user, host }: Pick<CallerAddress, 'user' | 'host'>,
  known?: Resource<Known>,
): string | undefined {
  if (known?.kind === 'Agent') {
    const { domainRef } = known.doc as Agent;
    return snapshot.resource<Domain>('Domain', domainRef)?.doc.domainUri.toLowerCase();
  }
  const domain = known ? undefined : snapshot.domainOf(host);
  return domain && snapshot.agentAt(domain.ref, user) ? host : undefined;
}

const callersOf = new WeakMap<Snapshot, Map<string, CallerAddress>>();
const MAX_CALLERS = 10_000;

/** Agents and peers that have called already: to find out whom a text names takes as long as to decide a call. */
function callersKnown(snapshot: Snapshot): Map<string, CallerAddress> {
  let callers = callersOf.get(snapshot);
  if (!callers) callersOf.set(snapshot, (callers = new Map()));
  return callers;
}

/** The parts of a name-addr (RFC 3261 20.10); any other text is all address. Takes time linear in the text. */
function parseNameAddr(from: string): { displayName: string | undefined; text: string } {
  const trimmed = from.trim();
  const parts = /^(?:"((?:[^"\\]|\\.)*)"\s*|([^"<]*))<([^>]*)>$/.exec(trimmed);
  if (!parts) return { displayName: undefined, text: trimmed };
  const [, quoted, plain, text] = parts;
  const displayName = quoted === undefined ? plain!.trim() : quoted.replace(/\\(.)/g, '$1');
  return { displayName: displayName || undefined, text: text!.trim() };
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
  const names = [...found]
    .sort((a, b) => a.seq - b.seq)
    .map((one) => `${subjectOf(one.kind, one.ref)} (${snapshot.catalog.label(one as never)})`);
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
  const near = callersNear(snapshot, user);
  return new CtlError('not-found', `no agent or peer is "${from}"`, {
    hint: near.length > 0 ? `Near it: ${near.join(', ')}.` : 'See "ctl agents list" and "ctl peers list".',
    fields: [{ field: 'from', message: 'names nobody' }],
  });
}

function addressOf(snapshot: Snapshot, resource: Resource<Known>): { user: string; host: string } {
  if ('telUrl' in resource.doc) return { user: parseAddress(resource.doc.telUrl).user, host: NO_HOST };
  const user = normalizeUser(resource.doc.username);
  if ('aor' in resource.doc) return { user, host: parseAddress(resource.doc.aor).host ?? NO_HOST };
  const domain = snapshot.resource<Domain>('Domain', resource.doc.domainRef);
  return { user, host: domain?.doc.domainUri.toLowerCase() ?? NO_HOST };
}

/** The domain that a person names by ref or by its host. */
export function domainNamed(snapshot: Snapshot, text: string): Resource<Domain> {
  const domain = snapshot.resource<Domain>('Domain', snapshot.catalog.find('Domain', text)[0]);
  if (domain) return domain;
  throw new CtlError('not-found', `no domain is "${text}"`, {
    hint: 'See "ctl domains list".',
    fields: [{ field: 'domain', message: 'names no domain' }],
  });
}

/** Notes an assumption for the trace. */
export function assume(
  assumptions: TraceEntry[],
  stage: 'call' | 'caller',
  subject: string,
  reason: StepReason,
  compared: [string, string] | null = null,
): void {
  assumptions.push({ stage, subject, outcome: 'assumed', reason, compared });
}
