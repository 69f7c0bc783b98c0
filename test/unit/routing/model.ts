/**
 * docs/semantics.md 3-7 once more, as plainly as possible and by scanning: what a decision must come to. Only the
 * normaliser, ACLs and rules are those of the engine, which have properties of their own.
 */
import type { AccessControlList } from '../../../src/lib/kinds/acl.js';
import type { Agent } from '../../../src/lib/kinds/agent.js';
import type { Domain } from '../../../src/lib/kinds/domain.js';
import type { KindName, Resource } from '../../../src/lib/kinds/kind.js';
import type { TelNumber } from '../../../src/lib/kinds/number.js';
import type { Peer } from '../../../src/lib/kinds/peer.js';
import type { SipRoute } from '../../../src/lib/kinds/sip-route.js';
import type { Trunk } from '../../../src/lib/kinds/trunk.js';
import { admits } from '../../../src/lib/routing/acl.js';
import type { Call } from '../../../src/lib/routing/call.js';
import { matchingRules } from '../../../src/lib/routing/egress.js';
import {
  addressKey,
  keyOf,
  normalizeUser,
  parseAddress,
  userKeyOf,
  type Address,
} from '../../../src/lib/routing/normalize.js';

type Found =
  | { kind: 'Agent'; doc: Agent; ref: string }
  | { kind: 'Peer'; doc: Peer; ref: string; group: Resource<Peer>[] }
  | { kind: 'Number'; doc: TelNumber; ref: string }
  | undefined;

/** `kind/ref` of caller and callee, the type, and the SIP route, the refs of the targets, or the reason. */
export interface Expected {
  readonly caller: string | null;
  readonly callee: string | null;
  readonly routingType: string;
  readonly outcome: string;
}

/** What was dialled, as an address. */
const dialled = ({ requestUri: { user, host } }: Call): Address => ({
  scheme: 'sip',
  user,
  host,
  port: undefined,
});

export class Model {
  constructor(
    private readonly resources: readonly Resource[],
    private readonly call: Call,
  ) {}

  private all<D>(kind: KindName): Resource<D>[] {
    const found = this.resources.filter((resource) => resource.kind === kind);
    return found.sort((a, b) => a.seq - b.seq) as unknown as Resource<D>[];
  }
  private get<D>(kind: KindName, ref: string | undefined): Resource<D> | undefined {
    return this.all<D>(kind).find((resource) => resource.ref === ref);
  }
  private domainAt(host: string | undefined): Resource<Domain> | undefined {
    return this.all<Domain>('Domain').find(({ doc }) => doc.domainUri.toLowerCase() === host?.toLowerCase());
  }
  private agentAt(user: string, host: string | undefined): Found {
    const domain = this.domainAt(host);
    const found = this.all<Agent>('Agent').find(
      ({ doc }) => domain && doc.domainRef === domain.ref && normalizeUser(doc.username) === user,
    );
    return found && { kind: 'Agent', doc: found.doc, ref: found.ref };
  }
  private number(user: string): Found {
    const found = this.all<TelNumber>('Number').find(({ doc }) => doc.telUrl === `tel:${user}`);
    return found && { kind: 'Number', doc: found.doc, ref: found.ref };
  }
  private peerNamed(user: string): Resource<Peer> | undefined {
    return this.all<Peer>('Peer').find(({ doc }) => normalizeUser(doc.username) === user);
  }
  private group(aor: string): Found {
    const group = this.all<Peer>('Peer').filter(({ doc }) => addressKey(doc.aor) === aor);
    const first = group.find(({ doc }) => doc.enabled) ?? group[0];
    return first && { kind: 'Peer', doc: first.doc, ref: first.ref, group };
  }
  private link(aor: string): Found {
    const { scheme, user, host } = parseAddress(aor);
    return this.group(addressKey(aor)) ?? (scheme === 'sip' ? this.agentAt(user, host) : undefined);
  }

  private get caller(): Found {
    const { caller, from } = this.call;
    if (!caller) {
      const peer = this.peerNamed(from.user);
      const asPeer: Found = peer && { kind: 'Peer', doc: peer.doc, ref: peer.ref, group: [] };
      return this.agentAt(from.user, from.host) ?? asPeer ?? this.number(from.user);
    }
    if (caller.kind !== 'Agent' && caller.kind !== 'Peer' && caller.kind !== 'Number') return undefined;
    const found = this.get(caller.kind, caller.ref);
    return found && ({ kind: caller.kind, doc: found.doc, ref: found.ref, group: [] } as never);
  }
  private get callee(): Found {
    const { user, host } = this.call.requestUri;
    const named = this.peerNamed(user);
    return (
      this.number(user) ??
      this.agentAt(user, host) ??
      (named ? this.group(addressKey(named.doc.aor)) : this.group(keyOf(dialled(this.call))))
    );
  }

  expected(): Expected {
    const { connectToken: token } = this.call;
    const valid = token.state === 'valid' ? token.claims : undefined;
    const caller = valid ? undefined : this.caller;
    const callee = valid ? this.link(valid.aorLink) : this.callee;
    const from = valid ? 'Agent' : (caller?.kind ?? 'unknown');
    const routingType = TABLE[from][['Agent', 'Peer', 'Number', undefined].indexOf(callee?.kind)]!;
    const type = valid && !callee ? 'unknown' : routingType;
    return {
      caller: valid ? `Agent/${valid.ref}` : caller ? `${caller.kind}/${caller.ref}` : null,
      callee: callee ? `${callee.kind}/${callee.ref}` : null,
      routingType: type,
      outcome:
        this.access(caller, callee) ?? this.profile(caller, callee, type) ?? this.route(caller, callee, type),
    };
  }

  private denied(aclRef: string | undefined): string | undefined {
    const acl = this.get<AccessControlList>('AccessControlList', aclRef);
    const { source } = this.call;
    return acl && source && !admits(acl.doc, source.ip).allowed ? 'acl-denied' : undefined;
  }
  private get digest(): string | undefined {
    return ['failed', 'absent'].includes(this.call.authentication) ? 'unauthenticated' : undefined;
  }

  private access(caller: Found, callee: Found): string | undefined {
    const { connectToken: token, method, requestUri } = this.call;
    if (token.state === 'invalid' || token.state === 'expired') return `connect-token-${token.state}`;
    if (token.state === 'valid') {
      const { claims } = token;
      const domain = this.domainAt(claims.domain);
      if (!claims.allowedMethods.includes(method)) return 'connect-token-method';
      if (domain?.ref !== claims.domainRef) return 'connect-token-invalid';
      if (this.get<Agent>('Agent', claims.ref)?.doc.enabled === false) return 'caller-disabled';
      return this.denied(domain.doc.accessControlListRef) ?? (callee ? undefined : 'link-target-unknown');
    }
    if (caller?.kind === 'Agent') {
      const domain = this.get<Domain>('Domain', caller.doc.domainRef);
      if (!caller.doc.enabled) return 'caller-disabled';
      if (!domain) return 'no-domain';
      if (callee?.kind === 'Agent' && callee.doc.domainRef !== domain.ref) return 'cross-domain';
      if (callee?.kind === 'Peer') return 'connect-token-missing';
      const denied = this.denied(domain.doc.accessControlListRef);
      return denied ?? (caller.doc.credentialsRef ? this.digest : 'no-credentials');
    }
    if (caller?.kind === 'Peer') {
      const { enabled, accessControlListRef: acl, credentialsRef } = caller.doc;
      if (!enabled) return 'caller-disabled';
      return this.denied(acl) ?? (credentialsRef ? this.digest : acl ? undefined : 'no-credentials');
    }
    if (callee?.kind !== 'Number') return undefined;
    const trunk = this.get<Trunk>('Trunk', callee.doc.trunkRef);
    if (trunk?.doc.inboundUri.toLowerCase() !== requestUri.host) return 'trunk-mismatch';
    return this.denied(trunk!.doc.accessControlListRef) ?? (trunk!.doc.inboundCredentialsRef && this.digest);
  }

  private profile(caller: Found, callee: Found, type: string): string | undefined {
    const to = dialled(this.call);
    const link = callee?.kind === 'Number' ? callee.doc.aorLink : undefined;
    const values = [userKeyOf(to), keyOf(to)];
    if (link !== undefined) {
      const address = parseAddress(link);
      values.push(userKeyOf(address), keyOf(address));
    }
    const outside =
      caller?.kind !== 'Agent' && caller?.kind !== 'Peer' && this.call.connectToken.state !== 'valid';
    const catchable = outside && (type === 'unknown' || (callee?.kind === 'Number' && link === undefined));
    const route = this.all<SipRoute>('SipRoute')
      .filter(({ doc }) => doc.enabled)
      .sort((a, b) => (a.position! < b.position! ? -1 : 1))
      .find(({ doc }) =>
        doc.called.length === 1 && doc.called[0] === '*'
          ? catchable
          : doc.called.some((text) => values.includes(addressKey(text))),
      );
    return route && (this.denied(route.doc.accessControlListRef) ?? `SipRoute/${route.ref}`);
  }

  private route(caller: Found, callee: Found, type: string): string {
    if (type === 'unknown')
      return caller?.kind === 'Peer' && callee?.kind === 'Peer' ? 'unsupported-pair' : 'unknown-parties';
    if (callee?.kind === 'Number') {
      if (callee.doc.aorLink === undefined) return 'number-not-linked';
      return this.deliver(this.link(callee.doc.aorLink));
    }
    if (callee) return this.deliver(callee);
    if (caller?.kind === 'Agent') {
      const domain = this.get<Domain>('Domain', caller.doc.domainRef)!;
      if (domain.doc.egressPolicies.length === 0) return 'no-egress-policy';
      const [index] = matchingRules(domain.doc, this.call.requestUri.user);
      if (index === undefined) return 'no-egress-match';
      return this.trunk(this.get('Number', domain.doc.egressPolicies[index]!.numberRef));
    }
    const header = this.call.headers.find(({ name }) => name.toLowerCase() === 'x-dod-number');
    if (!header) return 'dod-number-missing';
    const number = this.number(parseAddress(header.value).user);
    return number?.kind === 'Number' ? this.trunk(number) : 'dod-number-unknown';
  }

  private isDown(kind: string, ref: string): boolean {
    return this.call.down.some((down) => down.kind === kind && down.ref === ref);
  }

  private deliver(callee: Found): string {
    if (!callee || callee.kind === 'Number') return 'link-target-unknown';
    const { registered } = this.call;
    const all = callee.kind === 'Peer' ? callee.group : [callee];
    const enabled = all.filter(({ doc }) => doc.enabled);
    if (enabled.length === 0) return 'callee-disabled';
    const reached = enabled.filter(({ doc, ref }) => {
      const fixed = 'contactAddr' in doc && doc.contactAddr !== undefined;
      return !this.isDown(callee.kind, ref) && (fixed || registered === 'assume');
    });
    return reached.map(({ ref }) => `${callee.kind}/${ref}`).join() || 'not-registered';
  }

  private trunk(number: { doc: TelNumber } | undefined): string {
    const trunk = this.get<Trunk>('Trunk', number?.doc.trunkRef);
    if (!trunk) return 'no-trunk';
    const uris = this.isDown('Trunk', trunk.ref) ? [] : trunk.doc.uris.filter(({ enabled }) => enabled);
    const order = uris.map((uri, i) => ({ ...uri, i }));
    order.sort((a, b) => a.priority - b.priority || b.weight - a.weight || a.i - b.i);
    return order.map(({ host }) => `Trunk/${trunk.ref} ${host}`).join() || 'no-trunk-uri';
  }
}

const TABLE = {
  Agent: ['agent-to-agent', 'agent-to-peer', 'from-pstn', 'agent-to-pstn'],
  Peer: ['peer-to-agent', 'unknown', 'from-pstn', 'peer-to-pstn'],
  Number: ['unknown', 'unknown', 'from-pstn', 'unknown'],
  unknown: ['unknown', 'unknown', 'from-pstn', 'unknown'],
} as const;
