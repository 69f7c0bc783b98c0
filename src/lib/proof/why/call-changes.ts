/** Changes of a call that may help, from how it is decided now. What they are worth is found by deciding. */
import type { AccessControlList } from '../../kinds/acl.js';
import type { Agent } from '../../kinds/agent.js';
import type { Domain } from '../../kinds/domain.js';
import type { Resource } from '../../kinds/kind.js';
import type { TelNumber } from '../../kinds/number.js';
import type { Peer } from '../../kinds/peer.js';
import type { SipRoute } from '../../kinds/sip-route.js';
import type { Trunk } from '../../kinds/trunk.js';
import { quote } from '../../kinds/words.js';
import { admits } from '../../routing/acl.js';
import type { Decision } from '../../routing/decision.js';
import { isNearMiss, parseAddress } from '../../routing/normalize.js';
import { subjectOf } from '../../routing/trace.js';
import type { Snapshot } from '../../routing/snapshot.js';
import { analysed, isAnalysable } from '../language/language.js';
import { refusedAddress } from '../addresses.js';
import { Callers, inOrder } from '../suite/search/callers.js';
import { EgressRules, examplesOf } from '../suite/search/egress.js';
import type { CallMembers, Question } from './question.js';
import { far, nearest, variants } from './near.js';
import { failedAt } from './trace.js';

/** A call after a change. */
export interface CallChange {
  readonly text: string;
  readonly part: string;
  readonly size: number;
  readonly question: Question;
}

/** Callers of different classes, and rules, that are tried. */
const MOST = 40;

/** The address of an entry, and of a network the one behind it, which is that of a host more often. */
const addressesIn = (entry: string): string[] => {
  const [address, bits] = entry.split('/') as [string, string | undefined];
  return bits === undefined
    ? [address]
    : [address.replace(/0$|:$/, (end) => (end === '0' ? '1' : ':1')), address];
};

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

export class CallChanges {
  private readonly callers: Callers;
  /** What there is to dial: the user, or user and host. */
  private readonly users: readonly string[];
  private readonly froms: readonly string[];
  private readonly trunkHosts: readonly string[];
  private readonly numbers: readonly string[];

  constructor(private readonly snapshot: Snapshot) {
    this.callers = new Callers(snapshot);
    const agents = inOrder<Agent>(snapshot, 'Agent');
    const peers = inOrder<Peer>(snapshot, 'Peer');
    this.numbers = inOrder<TelNumber>(snapshot, 'Number').map(({ doc }) => doc.telUrl.slice('tel:'.length));
    const called = snapshot.sipRoutes.flatMap(({ doc }: Resource<SipRoute>) =>
      doc.enabled ? doc.called.filter((value) => value !== '*' && !value.startsWith('backend:')) : [],
    );
    this.users = [
      ...new Set([
        ...called,
        ...this.numbers,
        ...agents.map(({ doc }) => doc.username),
        ...peers.map(({ doc }) => doc.username),
      ]),
    ];
    this.froms = [...agents, ...peers].map((one) => this.callers.nameOf(one));
    this.trunkHosts = inOrder<Trunk>(snapshot, 'Trunk').map(({ doc }) => doc.inboundUri);
  }

  /** All of them, whatever is expected: deciding tells which help. */
  of(question: Question, decision: Decision): CallChange[] {
    return [
      ...this.dialled(question, decision),
      ...this.hosts(question, decision),
      ...this.caller(question, decision),
      ...this.circumstances(question, decision),
      ...this.headers(question),
    ];
  }

  private dialled(question: Question, { call, caller }: Decision): CallChange[] {
    const { user } = call.requestUri;
    const words = new Set([...nearest(user, this.users), ...variants(user), ...this.leaving(user, caller)]);
    const { dialled } = question.call;
    words.delete(dialled);
    const sensible = [...words].filter((word) => /\w/.test(word));
    return sensible.map((word) => ({
      text: `dial ${word} instead of ${dialled}`,
      part: 'dialled',
      size: isNearMiss(parseAddress(word).user, user) ? 0.1 : 0.2 + far(word, user) / 2,
      question: withMembers(question, { dialled: word }),
    }));
  }

  /** Users by which an agent leaves by each rule of its domain. */
  private leaving(user: string, caller: Decision['caller']): string[] {
    const agent = caller?.kind === 'Agent' ? this.snapshot.resource<Agent>('Agent', caller.ref) : undefined;
    const domain = this.snapshot.resource<Domain>('Domain', agent?.doc.domainRef);
    if (!domain) return [];
    const taken = new Set(this.users);
    const rules = new EgressRules(domain.doc.egressPolicies.map(({ rule }) => rule));
    return rules.rules.slice(0, MOST).flatMap((_, index) => {
      const region = rules.first(index);
      if (!isAnalysable(region)) return [];
      const near = variants(user).filter((word) => region.has(word));
      const examples = analysed(() =>
        examplesOf(
          region,
          (word) => taken.has(word),
          () => taken,
        ),
      );
      return [...near, ...(Array.isArray(examples) ? examples : [])];
    });
  }

  /** The same user at another host: the caller's own, a domain, a trunk. */
  private hosts(question: Question, { call }: Decision): CallChange[] {
    const { user, host } = call.requestUri;
    const { dialled } = question.call;
    const own = parseAddress(dialled).host === undefined ? [] : [user];
    const domains = inOrder<Domain>(this.snapshot, 'Domain').map(({ doc }) => doc.domainUri);
    const others = [...this.trunkHosts, ...domains].filter((one) => one.toLowerCase() !== host);
    const texts = [...own, ...nearest(host, others).map((other) => `${user}@${other}`)];
    return texts
      .filter((text) => parseAddress(text).user === user)
      .map((text) => ({
        text: `dial ${text} instead of ${dialled}`,
        part: 'dialled',
        size: text === user ? 0.15 : 0.3 + far(text, dialled) / 10,
        question: withMembers(question, { dialled: text }),
      }));
  }

  private caller(question: Question, decision: Decision): CallChange[] {
    const { from } = question.call;
    const { user } = decision.call.from;
    const classes = [...this.callers.allAgents, ...this.callers.peers].flatMap((one) => one.from ?? []);
    const names = new Set([...nearest(from ?? user, this.froms), ...classes.slice(0, MOST)]);
    names.delete(from ?? '');
    const changed = [...names].map((name) => ({
      text: from === undefined ? `call from ${name}` : `call from ${name} instead of ${from}`,
      part: 'from',
      size: 0.4 + far(name, from ?? '') / 5,
      question: withMembers(question, { from: name }),
    }));
    if (from === undefined) return changed;
    const outside = withMembers(question, { from: this.callers.outside.from });
    return [...changed, { text: 'call from outside', part: 'from', size: 0.7, question: outside }];
  }

  /** Source address, authentication, token, registration, what is down. */
  private circumstances(question: Question, decision: Decision): CallChange[] {
    const { call, token } = question;
    const change = (text: string, part: string, members: Partial<CallMembers>): CallChange => ({
      text,
      part,
      size: 0.3,
      question: withMembers(question, members),
    });
    return [
      ...[...this.admitted(decision), ...this.refused(question)].map((ip) =>
        change(`call from address ${ip}`, 'source', { source: { ip } }),
      ),
      ...(call.unauthenticated
        ? [change('authenticate', 'authentication', { unauthenticated: undefined })]
        : [change('do not authenticate', 'authentication', { unauthenticated: true })]),
      ...(call.registered === 'none'
        ? [change('let the callee be registered', 'registered', { registered: undefined })]
        : [change('let nobody be registered', 'registered', { registered: 'none' })]),
      ...(call.down ?? []).map((down) =>
        change(`let ${subjectOf(down.kind, down.ref)} be in order`, `down ${down.kind}/${down.ref}`, {
          down: call.down!.filter((other) => other !== down),
        }),
      ),
      ...this.methods(question, decision),
      ...(token.state === 'none' ? this.tokens(question, decision) : [withoutToken(question)]),
    ];
  }

  /** Methods that the token allows. */
  private methods(question: Question, { rejection }: Decision): CallChange[] {
    const { token } = question;
    if (rejection?.reason !== 'connect-token-method' || token.state !== 'valid') return [];
    return token.claims.allowedMethods.map((method) => ({
      text: `use the method ${method}`,
      part: 'method',
      size: 0.2,
      question: withMembers(question, { method }),
    }));
  }

  /** A token that lets the calling agent reach the peer. */
  private tokens(question: Question, { caller, callee }: Decision): CallChange[] {
    if (caller?.kind !== 'Agent' || callee?.kind !== 'Peer') return [];
    const agent = this.snapshot.resource<Agent>('Agent', caller.ref)!;
    const domain = this.snapshot.resource<Domain>('Domain', agent.doc.domainRef);
    const peer = this.snapshot.resource<Peer>('Peer', callee.ref)!;
    if (!domain) return [];
    const name = this.callers.nameOf(agent);
    const claims = {
      ref: agent.ref,
      domainRef: domain.ref,
      aor: `sip:${agent.doc.username}@${domain.doc.domainUri}`,
      aorLink: peer.doc.aor,
      domain: domain.doc.domainUri,
      privacy: agent.doc.privacy,
      allowedMethods: [question.call.method ?? 'INVITE'],
    };
    return [
      {
        text: `present a connect token (ctl connect-tokens create --agent ${name} --peer ${peer.doc.username} --signing-key KEY-FILE)`,
        part: 'token',
        size: 0.3,
        question: { ...question, token: { state: 'valid', claims } },
      },
    ];
  }

  /** An address that the list that refused admits. */
  private admitted({ rejection, trace }: Decision): string[] {
    if (rejection?.reason !== 'acl-denied') return [];
    const failed = failedAt(trace, 'acl-denied');
    const acl = this.snapshot.resource<AccessControlList>('AccessControlList', failed?.ref);
    if (!acl) return [];
    const addresses = acl.doc.allow.flatMap(addressesIn);
    const found = [...addresses, '192.0.2.1', '2001:db8::1'].find((ip) => admits(acl.doc, ip).allowed);
    return found === undefined ? [] : [found];
  }

  /** Addresses that lists refuse, where none is given: an admitted one is assumed then. */
  private refused({ call }: Question): string[] {
    if (call.source) return [];
    const lists = inOrder<AccessControlList>(this.snapshot, 'AccessControlList').slice(0, MOST);
    return [...new Set(lists.flatMap(({ doc }) => refusedAddress(doc) ?? []))];
  }

  /** The number that a peer's call leaves by. */
  private headers(question: Question): CallChange[] {
    const { headers = [] } = question.call;
    const others = headers.filter(({ name }) => name.toLowerCase() !== 'x-dod-number');
    const given = headers.find((header) => !others.includes(header))?.value;
    return nearest(given ?? '', this.numbers)
      .filter((value) => value !== given)
      .slice(0, 10)
      .map((value) => ({
        text: `send the header X-DOD-Number: ${value}${given === undefined ? '' : ` instead of ${quote(given)}`}`,
        part: 'X-DOD-Number',
        size: 0.3 + far(value, given ?? value) / 5,
        question: withMembers(question, { headers: [...others, { name: 'X-DOD-Number', value }] }),
      }));
  }
}

function withMembers(question: Question, members: Partial<CallMembers>): Question {
  const call = Object.entries({ ...question.call, ...members }).filter(
    ([, value]) => value !== undefined && value !== false && !isEmpty(value),
  );
  return { ...question, call: Object.fromEntries(call) as unknown as CallMembers };
}

const withoutToken = (question: Question): CallChange => ({
  text: 'present no connect token',
  part: 'token',
  size: 0.3,
  question: { ...question, token: { state: 'none' } },
});
