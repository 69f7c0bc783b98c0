/** Who may call (docs/semantics.md 5): checks by the kind of the caller; the first failure rejects. */
import type { AccessControlList } from '../kinds/acl.js';
import type { Agent } from '../kinds/agent.js';
import type { Domain } from '../kinds/domain.js';
import type { KindName, Resource } from '../kinds/kind.js';
import type { Peer } from '../kinds/peer.js';
import type { TelNumber } from '../kinds/number.js';
import type { Trunk } from '../kinds/trunk.js';
import { admits } from './acl.js';
import type { Call, ConnectClaims } from './call.js';
import type { RejectReason, StepReason } from './reasons.js';
import type { Callee, Caller } from './parties.js';
import type { Snapshot } from './snapshot.js';
import { subjectOf, type Trace } from './trace.js';

/** Why a call may not pass: the reason, and what it is about. */
export interface Refusal {
  readonly reason: RejectReason;
  readonly detail: string;
}

/** Checks the caller; undefined when it may pass. */
export function checkAccess(
  snapshot: Snapshot,
  call: Call,
  caller: Caller,
  callee: Callee,
  trace: Trace | undefined,
): Refusal | undefined {
  const access = new Access(snapshot, call, trace);
  if (call.connectToken.state === 'invalid' || call.connectToken.state === 'expired')
    return access.fail(
      'X-Connect-Token',
      `connect-token-${call.connectToken.state}`,
      'Create one with "ctl connect-tokens create".',
    );
  if (caller.kind === 'Token') return access.token(caller.claims);
  if (caller.kind === 'Agent') return access.agent(caller.agent, callee);
  if (caller.kind === 'Peer') return access.peer(caller.peer);
  if (callee.kind === 'Number') return access.outside(callee.number);
  access.pass(`${call.from.user}@${call.from.host}`, 'not-checked');
  return undefined;
}

/** Whether the ACL of a resource admits the call's source; undefined when it does, or when there is none. */
export function checkAcl(
  snapshot: Snapshot,
  call: Call,
  aclRef: string | undefined,
  trace: Trace | undefined,
  stage: 'access' | 'profile' = 'access',
): Refusal | undefined {
  const acl = snapshot.resource<AccessControlList>('AccessControlList', aclRef);
  if (!acl) return undefined;
  const subject = subjectOf('AccessControlList', acl.ref);
  if (!call.source) {
    trace?.add(stage, subject, 'assumed', 'address-assumed');
    return undefined;
  }
  const { ip } = call.source;
  const verdict = admits(acl.doc, ip);
  const compared: [string, string] = [ip, verdict.entry ?? 'no entry matches'];
  if (verdict.otherFamilyOnly) trace?.warn('acl-family', `${subject}, ${ip}.`);
  if (verdict.allowed) {
    trace?.add(stage, subject, 'pass', 'acl-allowed', compared);
    return undefined;
  }
  trace?.add(stage, subject, 'fail', 'acl-denied', compared);
  const why = verdict.entry === undefined ? 'no entry matches it' : `"${verdict.entry}" denies it`;
  return { reason: 'acl-denied', detail: `${subject} does not admit ${ip}: ${why}.` };
}

class Access {
  constructor(
    private readonly snapshot: Snapshot,
    private readonly call: Call,
    private readonly trace: Trace | undefined,
  ) {}

  pass(subject: string, reason: StepReason, compared: [string, string] | null = null): undefined {
    this.trace?.add('access', subject, 'pass', reason, compared);
  }

  /** A check that only an explanation mentions when it passes. */
  private explain(subject: string, reason: StepReason, compared: [string, string] | null = null): void {
    if (this.trace?.explain) this.pass(subject, reason, compared);
  }

  fail(
    subject: string,
    reason: RejectReason,
    detail: string,
    compared: [string, string] | null = null,
  ): Refusal {
    this.trace?.add('access', subject, 'fail', reason, compared);
    return { reason, detail };
  }

  /** A valid token replaces the digest: only its own row applies. */
  token(claims: ConnectClaims): Refusal | undefined {
    const { method } = this.call;
    const allowed = claims.allowedMethods.join(',');
    if (!claims.allowedMethods.includes(method))
      return this.fail(
        'X-Connect-Token',
        'connect-token-method',
        `It allows ${allowed || 'none'}, not ${method}.`,
        [method, allowed],
      );
    const domain = this.snapshot.domainOf(claims.domain.toLowerCase());
    if (!domain || domain.ref !== claims.domainRef)
      return this.fail(
        'X-Connect-Token',
        'connect-token-invalid',
        domain
          ? `Its domain "${claims.domain}" is ${domain.ref}, not domainRef "${claims.domainRef}".`
          : `Its domain "${claims.domain}" is none of ours.`,
        [claims.domain, domain?.ref ?? ''],
      );
    const agent = this.snapshot.resource<Agent>('Agent', claims.ref);
    if (agent && !agent.doc.enabled) return this.disabled(agent);
    this.pass('X-Connect-Token', 'token-valid', [method, allowed]);
    return checkAcl(this.snapshot, this.call, domain.doc.accessControlListRef, this.trace);
  }

  agent(agent: Resource<Agent>, callee: Callee): Refusal | undefined {
    const subject = subjectOf('Agent', agent.ref);
    if (!agent.doc.enabled) return this.disabled(agent);
    this.explain(subject, 'enabled');
    const domain = this.snapshot.resource<Domain>('Domain', agent.doc.domainRef);
    if (!domain)
      return this.fail(subject, 'no-domain', `Give it one: ctl agents update ${agent.ref} --domain DOMAIN.`);
    if (callee.kind === 'Agent' && callee.agent.doc.domainRef !== domain.ref) {
      const other = callee.agent.doc.domainRef ?? '';
      return this.fail(subject, 'cross-domain', `It is in ${domain.ref}, the callee in ${other || 'none'}.`, [
        domain.ref,
        other,
      ]);
    }
    if (callee.kind === 'Agent') this.explain(subject, 'same-domain', [domain.ref, domain.ref]);
    if (callee.kind === 'Peer')
      return this.fail(subject, 'connect-token-missing', 'Create one with "ctl connect-tokens create".');
    const refusal = checkAcl(this.snapshot, this.call, domain.doc.accessControlListRef, this.trace);
    if (refusal) return refusal;
    return this.digest(
      subject,
      agent.doc.credentialsRef,
      `ctl agents update ${agent.ref} --credentials CREDENTIALS`,
    );
  }

  peer(peer: Resource<Peer>): Refusal | undefined {
    const subject = subjectOf('Peer', peer.ref);
    if (!peer.doc.enabled) return this.disabled(peer);
    this.explain(subject, 'enabled');
    const refusal = checkAcl(this.snapshot, this.call, peer.doc.accessControlListRef, this.trace);
    if (refusal) return refusal;
    if (peer.doc.credentialsRef === undefined && peer.doc.accessControlListRef !== undefined)
      return this.pass(subject, 'acl-authenticated');
    return this.digest(
      subject,
      peer.doc.credentialsRef,
      `ctl peers update ${peer.ref} --credentials CREDENTIALS`,
    );
  }

  /** An outside caller reaches a number only through the number's trunk. */
  outside(number: Resource<TelNumber>): Refusal | undefined {
    const trunk = this.snapshot.resource<Trunk>('Trunk', number.doc.trunkRef);
    const subject = subjectOf('Number', number.ref);
    const { host } = this.call.requestUri;
    if (!trunk || trunk.doc.inboundUri.toLowerCase() !== host)
      return this.fail(
        subject,
        'trunk-mismatch',
        trunk
          ? `The call arrived at "${host}", its trunk ${trunk.ref} is at "${trunk.doc.inboundUri}".`
          : `It has no trunk: ctl numbers update ${number.ref} --trunk TRUNK.`,
        [host, trunk?.doc.inboundUri ?? ''],
      );
    this.pass(subject, 'trunk-agrees', [host, trunk.doc.inboundUri]);
    const refusal = checkAcl(this.snapshot, this.call, trunk.doc.accessControlListRef, this.trace);
    if (refusal || trunk.doc.inboundCredentialsRef === undefined) return refusal;
    return this.digest(subjectOf('Trunk', trunk.ref), trunk.doc.inboundCredentialsRef, '');
  }

  private disabled(resource: Resource<Agent | Peer>): Refusal {
    const subject = subjectOf(resource.kind, resource.ref);
    return this.fail(subject, 'caller-disabled', `Enable it: ctl ${subject.replace('/', ' enable ')}.`);
  }

  private digest(subject: string, credentialsRef: string | undefined, cure: string): Refusal | undefined {
    if (credentialsRef === undefined) return this.fail(subject, 'no-credentials', `Give it some: ${cure}.`);
    const credentials = subjectOf('Credentials' satisfies KindName, credentialsRef);
    const { authentication } = this.call;
    if (authentication === 'assumed')
      this.trace?.add('access', credentials, 'assumed', 'authentication-assumed');
    else if (authentication === 'passed') this.pass(credentials, 'authenticated');
    else
      return this.fail(
        credentials,
        'unauthenticated',
        `Authentication of ${subject} ${authentication === 'failed' ? 'failed' : 'is absent'}.`,
      );
    return undefined;
  }
}
