/** Arbitrary configurations and calls: few distinct values, so that names meet, differ in little, and shadow. */
import { Catalog, keyValue } from '../../../src/lib/kinds/catalog.js';
import { kindOf, kinds } from '../../../src/lib/kinds/index.js';
import type { Document, KindName, Resource } from '../../../src/lib/kinds/kind.js';
import { LAST } from '../../../src/lib/kinds/order.js';
import type { Agent } from '../../../src/lib/kinds/agent.js';
import type { Domain } from '../../../src/lib/kinds/domain.js';
import type { TelNumber } from '../../../src/lib/kinds/number.js';
import type { Peer } from '../../../src/lib/kinds/peer.js';
import type { Trunk } from '../../../src/lib/kinds/trunk.js';
import { isCatchAll } from '../../../src/lib/kinds/sip-route.js';
import type { Call, ConnectToken } from '../../../src/lib/routing/call.js';
import { normalizeUser, parseAddress } from '../../../src/lib/routing/normalize.js';
import { dialledAs } from '../../../src/lib/proof/dialled.js';
import { resourceOf, type Entry } from '../../support/catalog.js';
import { fc } from '../../support/property.js';

/** Draws a value; fast-check shrinks each draw. */
type Draw = fc.GeneratorValue;

const USERS = ['1001', '1002', '10-01', 'john', 'John', 'j%6Fhn', 'bot', '*', '%00', 'tel:+1', 'a@b', '112'];
const NUMBERS = ['+19103434434', '19103434434', '9103434434', '1001', '112'];
const HOSTS = [
  'sip.local',
  'Other.Example',
  'trunk.example.com',
  '10.0.0.5',
  '2001:db8::1',
  'nowhere.example',
];
const AORS = [
  'sip:1001@sip.local',
  'sip:john@other.example',
  'sip:pool@default',
  'backend:pool',
  'sip:bot',
  'sip:sip.local',
];
const IPS = ['10.0.0.1', '10.1.2.3', '192.0.2.1', '::ffff:10.0.0.1', '2001:db8::1'];
const NETWORKS = ['10.0.0.0/8', '10.1.0.0/16', '10.0.0.1', '0.0.0.0/0', '2001:db8::/32', '::/0'];
const CALLED = [
  ...USERS,
  ...NUMBERS,
  ...AORS,
  '1001@sip.local',
  'JOHN@other.example',
  'tel:+1-910-343-4434',
  'x;y=z',
];
const RULES = ['.*', '^\\+1', '^1', '\\d{4}$', '[a-z]', '(?i)J', '^$'];

const chance = (draw: Draw): boolean => draw(fc.boolean);
const pick = <T>(draw: Draw, values: readonly T[]): T => draw(fc.constantFrom<T[]>, ...values);
const some = <T>(draw: Draw, values: readonly T[], max: number, min = 0): T[] =>
  Array.from({ length: draw(fc.integer, { min, max }) }, () => pick(draw, values));
const maybe = <T>(draw: Draw, value: () => T): T | undefined => (chance(draw) ? value() : undefined);

/** How many there are of each kind at most; kinds are made in the order of the registry, references point back. */
const COUNTS: { readonly [K in KindName]: number } = {
  AccessControlList: 2,
  Credentials: 2,
  Trunk: 2,
  Number: 4,
  Domain: 3,
  Agent: 6,
  Peer: 4,
  Modality: 1,
  Persona: 1,
  Policy: 1,
  Profile: 2,
  SipRoute: 5,
};

/** Fields of a new or changed resource; `ref` draws one of a kind that exists. */
function fieldsOf(draw: Draw, kind: KindName, ref: (kind: KindName) => string | undefined): Document {
  const optional = (to: KindName) => maybe(draw, () => ref(to));
  switch (kind) {
    case 'AccessControlList':
      return { allow: some(draw, NETWORKS, 3), deny: some(draw, NETWORKS, 2, 1) };
    case 'Trunk': {
      const uri = () => ({
        host: pick(draw, HOSTS),
        priority: draw(fc.nat, 2),
        weight: draw(fc.integer, { min: 1, max: 3 }),
        enabled: chance(draw),
      });
      return {
        inboundUri: pick(draw, HOSTS),
        accessControlListRef: optional('AccessControlList'),
        inboundCredentialsRef: optional('Credentials'),
        uris: Array.from({ length: draw(fc.nat, 3) }, uri),
      };
    }
    case 'Number':
      return {
        telUrl: `tel:${pick(draw, NUMBERS)}`,
        aorLink: maybe(draw, () => pick(draw, AORS)),
        sessionAffinityHeader: maybe(draw, () => 'X-Connect-Token'),
        trunkRef: optional('Trunk'),
      };
    case 'Domain': {
      const policies = ref('Number') === undefined ? [] : some(draw, RULES, 3);
      return {
        domainUri: pick(
          draw,
          HOSTS.filter((host) => /[a-z]$/.test(host)),
        ),
        accessControlListRef: optional('AccessControlList'),
        egressPolicies: policies.map((rule) => ({ rule, numberRef: ref('Number')! })),
      };
    }
    case 'Agent':
      return {
        username: pick(draw, USERS),
        domainRef: chance(draw) ? ref('Domain') : optional('Domain'),
        credentialsRef: chance(draw) ? ref('Credentials') : undefined,
        privacy: pick(draw, ['PRIVATE', 'NONE']),
        enabled: pick(draw, [true, true, false]),
      };
    case 'Peer':
      return {
        username: pick(draw, USERS),
        aor: pick(draw, AORS),
        contactAddr: maybe(draw, () => pick(draw, ['10.0.0.9:5080', '2001:db8::9', 'pbx.example'])),
        accessControlListRef: optional('AccessControlList'),
        credentialsRef: optional('Credentials'),
        enabled: pick(draw, [true, true, false]),
      };
    case 'Profile':
      return { personaRef: 'Persona-0', policyRef: 'Policy-0', realtimeRef: 'Modality-0' };
    case 'SipRoute':
      return {
        called: pick(draw, [0, 0, 0, 1])
          ? ['*']
          : some(
              draw,
              CALLED.filter((text) => text !== '*'),
              3,
              1,
            ),
        profileRef: ref('Profile')!,
        accessControlListRef: optional('AccessControlList'),
        enabled: pick(draw, [true, true, false]),
      };
    case 'Modality':
      return { type: 'realtime' };
    default:
      return {};
  }
}

/** A configuration while resources are drawn, changed and deleted. Unique keys are respected. */
export class ArbitraryWorld {
  readonly resources = new Map<string, Resource>();
  private seq = 0;

  constructor(private readonly draw: Draw) {
    for (const { name } of kinds) {
      const least = ['Persona', 'Policy', 'Modality', 'Profile'].includes(name) ? 1 : 0;
      const count = draw(fc.integer, { min: least, max: COUNTS[name] });
      for (let i = 0; i < count; i++) this.put(name, `${name}-${i}`);
    }
  }

  list(): Resource[] {
    return [...this.resources.values()];
  }

  catalog(revision = 1): Catalog {
    return Catalog.empty.apply(
      this.list().map((after) => ({ after })),
      revision,
    );
  }

  refs(kind: KindName): string[] {
    return this.list().flatMap((resource) => (resource.kind === kind ? [resource.ref] : []));
  }

  /** Creates a resource, or gives the one with this ref new fields; undefined when a unique key is taken. */
  put(kind: KindName, ref: string): Resource | undefined {
    const refOf = (to: KindName) => {
      const refs = this.refs(to);
      return refs.length === 0 ? undefined : pick(this.draw, refs);
    };
    const before = this.resources.get(`${kind}/${ref}`);
    const entry = { ref, ...fieldsOf(this.draw, kind, refOf) } as Entry;
    const position = kind === 'SipRoute' ? this.position(entry, before) : undefined;
    const resource = resourceOf(kind, entry, before?.seq ?? ++this.seq, position);
    if (this.isTaken(resource)) return undefined;
    this.resources.set(`${kind}/${ref}`, resource);
    return resource;
  }

  /** Routes keep their place or move to one that is free. */
  private position(entry: Entry, before: Resource | undefined): string {
    if (isCatchAll(entry as never)) return LAST;
    if (before && before.position !== LAST && chance(this.draw)) return before.position!;
    // A key that others can be placed between: its fraction does not end with 0.
    const digits = (value: number, length: number) => String(value).padStart(length, '0');
    return `a0${digits(this.draw(fc.integer, { min: 0, max: 99 }), 2)}${digits(++this.seq, 6)}1`;
  }

  private isTaken(resource: Resource): boolean {
    const kind = kindOf(resource.kind);
    const others = this.list().filter((other) => other.kind === resource.kind && other.ref !== resource.ref);
    if (resource.position === LAST && others.some(({ position }) => position === LAST)) return true;
    return kind.keys.some((key) => {
      const value = keyValue(kind, key, resource.doc);
      return (
        key.unique && value !== undefined && others.some((other) => keyValue(kind, key, other.doc) === value)
      );
    });
  }
}

/** A verdict on a token, with claims of resources that may not exist. */
function token(draw: Draw): ConnectToken {
  const state = pick(draw, ['none', 'none', 'none', 'valid', 'valid', 'invalid', 'expired'] as const);
  if (state !== 'valid') return { state };
  return {
    state,
    claims: {
      ref: pick(draw, ['Agent-0', 'Agent-1', 'guest']),
      domainRef: pick(draw, ['Domain-0', 'Domain-1']),
      aor: pick(draw, AORS),
      aorLink: pick(draw, AORS),
      domain: pick(draw, HOSTS),
      privacy: 'NONE',
      allowedMethods: some(draw, ['INVITE', 'REGISTER'], 2),
    },
  };
}

/** A well-formed call: users and hosts are normalised, whatever else it says. */
export function arbitraryCall(draw: Draw): Call {
  const address = () => {
    const { user } = parseAddress(pick(draw, [...USERS, ...NUMBERS, 'bot', '+4930']));
    return { user: user || 'x', host: pick(draw, [...HOSTS, 'default', 'invalid']).toLowerCase() };
  };
  const header = (name: string, values: readonly string[]) =>
    maybe(draw, () => ({ name, value: pick(draw, values) }));
  const kind = pick(draw, ['Agent', 'Peer', 'Number', 'Trunk'] as const);
  return {
    method: pick(draw, ['INVITE', 'INVITE', 'OPTIONS']),
    raw: { dialled: 'dialled', from: null },
    from: { ...address(), displayName: maybe(draw, () => pick(draw, ['John "J" Doe', 'x\r\ny', ''])) },
    requestUri: { ...address(), port: maybe(draw, () => 5080) },
    caller: maybe(draw, () => ({ kind, ref: `${kind}-${draw(fc.nat, 2)}` })),
    source: maybe(draw, () => ({ ip: pick(draw, IPS) })),
    headers: [
      header('X-DOD-Number', NUMBERS),
      header('x-dod-privacy', ['id', 'none', '']),
      header('X-Connect-Token', ['secret-of-the-token']),
    ].filter((found) => found !== undefined),
    at: 0,
    authentication: pick(draw, ['assumed', 'passed', 'failed', 'absent'] as const),
    connectToken: token(draw),
    registered: pick(draw, ['assume', 'assume', 'none'] as const),
    down: [maybe(draw, () => ({ kind, ref: `${kind}-0` }))].filter((found) => found !== undefined),
    assumptions: [],
  };
}

/** Mostly the one, now and then the other: what most calls have in order. */
const mostly = <T>(draw: Draw, usual: T, other: () => T): T => (draw(fc.nat, 7) > 0 ? usual : other());

/** Numbers that are dialled and nobody of ours has. */
const FOREIGN = ['+4930', '1234', '+1900', '5'];

/**
 * A call between parties of a configuration, with little wrong with it: it gets as far as the stages behind those
 * that turn arbitrary calls away.
 */
export function callWithin(draw: Draw, world: ArbitraryWorld): Call {
  const any = arbitraryCall(draw);
  const doc = <D>(kind: KindName, ref: string | undefined) =>
    world.resources.get(`${kind}/${ref}`)?.doc as D | undefined;
  /** One of those that are as they should be, if there are any. */
  const one = <D>(kind: KindName, sound: (found: D) => boolean): D | undefined => {
    const refs = world.refs(kind);
    const best = refs.filter((ref) => sound(doc<D>(kind, ref)!));
    if (refs.length === 0) return undefined;
    return doc(kind, pick(draw, best.length > 0 ? mostly(draw, best, () => refs) : refs));
  };
  const hostOf = (agent: Agent | undefined) => doc<Domain>('Domain', agent?.domainRef)?.domainUri;
  const able = (found: Agent | Peer) => found.enabled && found.credentialsRef !== undefined;
  const linked = ({ aorLink, trunkRef }: TelNumber) => aorLink !== undefined && trunkRef !== undefined;
  const numberOf = ({ telUrl }: TelNumber) => telUrl.slice('tel:'.length);
  const placed = (user: string, host: string | undefined) => ({
    user,
    host: (host ?? any.requestUri.host).toLowerCase(),
  });

  const kind = pick(draw, ['Agent', 'Agent', 'Peer', 'outside']);
  const agent = kind === 'Agent' ? one<Agent>('Agent', (found) => able(found) && !!hostOf(found)) : undefined;
  const peer = kind === 'Peer' ? one<Peer>('Peer', able) : undefined;
  const from = agent
    ? placed(normalizeUser(agent.username), hostOf(agent))
    : peer
      ? placed(normalizeUser(peer.username), 'default')
      : any.from;

  const callee = () => {
    switch (pick(draw, ['Agent', 'Number', 'Peer', 'foreign', 'foreign', 'any'])) {
      case 'Agent': {
        const own = pick(draw, [true, true, false]);
        const found = one<Agent>('Agent', ({ domainRef }) => (domainRef === agent?.domainRef) === own);
        return found && placed(normalizeUser(found.username), hostOf(found));
      }
      case 'Number': {
        const found = one<TelNumber>('Number', linked);
        return found && placed(numberOf(found), doc<Trunk>('Trunk', found.trunkRef)?.inboundUri);
      }
      case 'Peer': {
        const found = one<Peer>('Peer', able);
        return found && placed(normalizeUser(found.username), 'default');
      }
      case 'foreign':
        return placed(pick(draw, FOREIGN), from.host);
      default:
        return undefined;
    }
  };
  const owned = one<TelNumber>('Number', linked);
  const admitted = (): ConnectToken => {
    const domainRef = world.refs('Domain')[0];
    const domain = doc<Domain>('Domain', domainRef)?.domainUri;
    const claims = {
      ref: 'guest',
      aor: 'sip:guest@sip.local',
      privacy: 'NONE',
      allowedMethods: ['INVITE'],
    } as const;
    if (domainRef === undefined || domain === undefined) return any.connectToken;
    return { state: 'valid', claims: { ...claims, domainRef, domain, aorLink: pick(draw, AORS) } };
  };
  return {
    ...any,
    method: mostly(draw, 'INVITE', () => any.method),
    from: { ...any.from, ...from },
    requestUri: { ...any.requestUri, ...callee() },
    caller: mostly(draw, undefined, () => any.caller),
    source: mostly(draw, undefined, () => any.source),
    headers:
      owned && mostly(draw, true, () => false)
        ? [{ name: 'X-DOD-Number', value: numberOf(owned) }]
        : any.headers,
    authentication: mostly(draw, 'assumed', () => any.authentication),
    connectToken: mostly(draw, { state: 'none' }, () => (chance(draw) ? admitted() : any.connectToken)),
    registered: any.registered,
    down: any.down,
  };
}

/** What is dialled for a call, without a host where that is possible if it is `bare`, and who it is from, as a person writes them. */
export function writtenAs({ requestUri, from }: Call, bare: boolean): { dialled: string; from: string } {
  return {
    dialled: dialledAs(requestUri.user, bare ? undefined : requestUri.host, requestUri.host)!,
    from: dialledAs(from.user, from.host)!,
  };
}
