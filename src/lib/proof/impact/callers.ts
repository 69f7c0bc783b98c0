/** Who may call, in classes: the callers of a class have the same done to whatever they dial. */
import type { Agent } from '../../kinds/agent.js';
import type { Domain } from '../../kinds/domain.js';
import type { KindName, Resource } from '../../kinds/kind.js';
import type { TelNumber } from '../../kinds/number.js';
import type { Peer } from '../../kinds/peer.js';
import { CtlError } from '../../errors.js';
import type { Party } from '../../routing/decision.js';
import { NO_HOST } from '../../routing/caller.js';
import { normalizeUser } from '../../routing/normalize.js';
import { aorOf, partyOf, resolveCaller } from '../../routing/parties.js';
import type { CallRequest } from '../../routing/request.js';
import { callOf } from '../../routing/simulate.js';
import { dialledAs } from '../dialled.js';
import type { Snapshot } from '../../routing/snapshot.js';

type Caller = Resource<Agent> | Resource<Peer>;

/** Callers that are alike, and one of them. */
export interface CallerClass {
  /** How many there are. */
  readonly count: number;
  /** Of the one that stands for all: who it is, and what else its calls have. */
  readonly call: Pick<CallRequest, 'from' | 'source'>;
  /** What of it takes part in decisions, on either side. */
  readonly likeness: readonly string[];
  /** The resource that it is; absent for an outside caller, and for an address that is not the same one's any more. */
  readonly resource?: Caller | undefined;
  /** The host of what it dials without one; absent where that depends on what is dialled. */
  readonly home?: string | undefined;
  /** Numbers that it may call out with, by X-DOD-Number: one of each trunk. Empty for whoever is no peer. */
  readonly outward: readonly string[];
}

/** Numbers of trunks that a peer may name as its own; more of them would say the same. */
const MAX_DIALLED_OUT = 20;

const byRef = <D>(snapshot: Snapshot, kind: KindName): Resource<D>[] =>
  [...snapshot.all<D>(kind)].sort((a, b) => (a.ref < b.ref ? -1 : 1));

/**
 * The classes of callers of two configurations: callers are alike when they are so in both. Callers from outside are
 * one class.
 */
export function callerClasses(before: Snapshot, after: Snapshot): CallerClass[] {
  const sides = [before, after];
  const callers = new Map<string, Caller>();
  for (const side of sides)
    for (const kind of ['Agent', 'Peer'] as const)
      for (const one of byRef<Agent & Peer>(side, kind)) callers.set(`${kind}/${one.ref}`, one);
  const classes = new Map<string, CallerClass>();
  const outward = dialledOut(sides);
  for (const resource of callers.values()) {
    const from = nameOf(sides, resource);
    // Nobody can ask as this caller: its ref and its address are somebody else's.
    if (from === undefined) continue;
    const likeness = sides.map((side) => likenessOf(side, resource, from));
    const key = [resource.kind, ...likeness].join('\n');
    const known = classes.get(key);
    const one = {
      count: 1,
      call: { from },
      likeness,
      resource,
      home: homeOf(sides, resource),
      outward: resource.kind === 'Peer' ? outward : [],
    };
    classes.set(key, known ? { ...known, count: known.count + 1 } : one);
  }
  for (const [from, kind] of movedAddresses(sides, callers.values())) {
    const likeness = sides.map((side) => namedLikeness(side, from));
    const key = ['address', kind, ...likeness].join('\n');
    const known = classes.get(key);
    const one = { count: 1, call: { from }, likeness, outward: kind === 'Peer' ? outward : [] };
    classes.set(key, known ? { ...known, count: known.count + 1 } : one);
  }
  const outside = sides.map(() => OUTSIDE);
  return [...classes.values(), { count: 1, call: {}, likeness: outside, outward: [] }];
}

/**
 * Addresses of callers that stay and are called something else, or are at another host: a device that goes on calling
 * as before is somebody else, or nobody.
 */
function movedAddresses(sides: readonly Snapshot[], callers: Iterable<Caller>): Map<string, KindName> {
  const moved = new Map<string, KindName>();
  for (const { kind, ref } of callers) {
    const versions = sides.map((side) => side.resource<Agent & Peer>(kind, ref));
    if (versions.includes(undefined)) continue;
    const addresses = new Set(sides.map((side, i) => addressOf(side, versions[i]!)));
    if (addresses.size < 2) continue;
    for (const address of addresses)
      if (address !== undefined && goesOver(sides, { kind, ref }, address)) moved.set(address, kind);
  }
  return moved;
}

/** Whether an address is this caller's on one side, and on the other nobody's, or that of another who stays. */
function goesOver(
  sides: readonly Snapshot[],
  { kind, ref }: Pick<Caller, 'kind' | 'ref'>,
  address: string,
): boolean {
  const parties = sides.map((side) => callerNamed(side, address));
  const others = parties.filter((party) => party?.kind !== kind || party.ref !== ref);
  if (others.length !== 1) return false;
  const [other] = others;
  // Whoever is on one side alone calls under its address anyway.
  return !other || sides.every(({ catalog }) => catalog.get(other.kind, other.ref));
}

/** What a device of this agent or peer says it is; undefined for an agent without domain, and what cannot be said. */
function addressOf(snapshot: Snapshot, { kind, doc }: Resource<Agent & Peer>): string | undefined {
  const domain = snapshot.resource<Domain>('Domain', doc.domainRef);
  const host = kind === 'Peer' ? (aorOf(doc).host ?? NO_HOST) : domain?.doc.domainUri.toLowerCase();
  return host === undefined ? undefined : dialledAs(normalizeUser(doc.username), host);
}

/**
 * A name that means this caller in every configuration that has it, its address if that does; undefined when there is
 * none. Where the caller is not, its address may be somebody else's, or that of an outside caller.
 */
export function nameOf(
  sides: readonly Snapshot[],
  { kind, ref }: Pick<Caller, 'kind' | 'ref'>,
): string | undefined {
  const having = sides.filter(({ catalog }) => catalog.get(kind, ref));
  const labels = having.map(({ catalog }) => catalog.label(catalog.get(kind, ref)!));
  return [...labels, ref].find((name) =>
    having.every((side) => {
      const party = callerNamed(side, name);
      return party?.kind === kind && party.ref === ref;
    }),
  );
}

/** Who calls under a name; null from outside, undefined when the name is nobody's or that of several. */
function callerNamed(snapshot: Snapshot, from: string): Party | null | undefined {
  const request = requestOf({ call: { from } }, 'nobody');
  const call = possibly(() => callOf(snapshot, request, { connectToken: { state: 'none' }, now: 0 }));
  return call && partyOf(resolveCaller(snapshot, call, undefined));
}

/** The call of a caller to a value. */
export function requestOf(
  { call }: Pick<CallerClass, 'call'>,
  dialled: string,
  outward?: string,
): CallRequest {
  return {
    from: call.from,
    source: call.source,
    dialled,
    method: 'INVITE',
    headers: outward === undefined ? [] : [{ name: 'X-DOD-Number', value: outward }],
    unauthenticated: false,
    registered: 'assume',
    down: [],
  };
}

/** What some work gives; undefined when what was asked for is not there. */
export function possibly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof CtlError) return undefined;
    throw error;
  }
}

/** The host of an agent's domain, if it has the same on every side that has it. */
function homeOf(sides: readonly Snapshot[], { kind, ref }: Caller): string | undefined {
  const hosts = sides.map((side) => {
    const agent = kind === 'Agent' ? side.resource<Agent>('Agent', ref) : undefined;
    return side.resource<Domain>('Domain', agent?.doc.domainRef)?.doc.domainUri;
  });
  return hosts.every((host) => host === hosts[0]) ? hosts[0] : undefined;
}

/** What of a caller takes part in decisions, besides its name. */
function likenessOf(snapshot: Snapshot, { kind, ref }: Caller, from: string): string {
  return snapshot.catalog.get(kind, ref)
    ? partyLikeness(snapshot, { kind, ref })
    : namedLikeness(snapshot, from);
}

/** What all callers from outside are like. */
const OUTSIDE = 'outside';

const namedLikeness = (snapshot: Snapshot, from: string): string =>
  partyLikeness(snapshot, callerNamed(snapshot, from));

function partyLikeness(snapshot: Snapshot, party: Pick<Party, 'kind' | 'ref'> | null | undefined): string {
  const found = party && snapshot.resource<Agent & Peer>(party.kind, party.ref);
  if (!found) return party === null ? OUTSIDE : 'nobody';
  const { enabled, domainRef, credentialsRef, privacy, accessControlListRef } = found.doc;
  return JSON.stringify([
    party.kind,
    enabled,
    domainRef,
    credentialsRef !== undefined,
    privacy,
    accessControlListRef,
  ]);
}

/** A number of each trunk, by the trunks of both sides: what X-DOD-Number may say. */
function dialledOut(sides: readonly Snapshot[]): string[] {
  const byTrunk = new Map<string, string>();
  for (const side of sides)
    for (const trunk of byRef(side, 'Trunk'))
      for (const { kind, ref } of side.catalog.referrers('Trunk', trunk.ref).slice(0, 1)) {
        const number = side.resource<TelNumber>(kind, ref);
        if (number && !byTrunk.has(trunk.ref)) byTrunk.set(trunk.ref, number.doc.telUrl.slice('tel:'.length));
      }
  return [...byTrunk.values()].slice(0, MAX_DIALLED_OUT);
}
