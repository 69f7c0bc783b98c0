/** Calls that leave by a trunk: egress policies of a domain, and the number that a peer names (docs/semantics.md 7). */
import type { Agent } from '../kinds/agent.js';
import type { Domain } from '../kinds/domain.js';
import type { Resource } from '../kinds/kind.js';
import type { TelNumber } from '../kinds/number.js';
import type { Trunk } from '../kinds/trunk.js';
import type { Refusal } from './access.js';
import { headerOf } from './call.js';
import type { RouteOutcome, Target } from './decision.js';
import { matchingRules } from './egress.js';
import { Finding } from './finding.js';
import { trunkHeaders } from './headers.js';
import { parseAddress, urisOf } from './normalize.js';
import type { Outcome, StepReason } from './reasons.js';
import { subjectOf } from './trace.js';

export class Outbound extends Finding {
  /** agent-to-pstn: the first egress policy of the caller's domain whose rule matches. */
  egress(agent: Resource<Agent>): RouteOutcome | Refusal {
    const domain = this.snapshot.resource<Domain>('Domain', agent.doc.domainRef)!;
    const { user } = this.call.requestUri;
    const policies = domain.doc.egressPolicies;
    if (policies.length === 0)
      return this.fail(
        'Domain',
        domain.ref,
        'no-egress-policy',
        `Add one: ctl domains update ${domain.ref} --add-egress 'rule=RULE,number=NUMBER'.`,
      );
    const matches = matchingRules(domain.doc, user);
    this.explainRules(domain, matches);
    const index = matches[0];
    if (index === undefined)
      return this.fail(
        'Domain',
        domain.ref,
        'no-egress-match',
        `None of the ${policies.length} rules of ${subjectOf('Domain', domain.ref)} matches "${user}".`,
      );
    const { rule, numberRef } = policies[index]!;
    const number = this.snapshot.resource<TelNumber>('Number', numberRef)!;
    return this.trunk(number, agent.doc.privacy, { index, rule, numberRef });
  }

  /** The rule that matched; every rule when an explanation was asked for. */
  private explainRules(domain: Resource<Domain>, matches: readonly number[]): void {
    const { egressPolicies } = domain.doc;
    const note = (i: number, outcome: Outcome, reason: StepReason) => {
      const subject = `${subjectOf('Domain', domain.ref)} egressPolicies[${i}]`;
      this.trace?.add('route', subject, outcome, reason, [
        this.call.requestUri.user,
        egressPolicies[i]!.rule,
      ]);
    };
    const [first] = matches;
    if (this.trace?.explain)
      for (const i of egressPolicies.keys()) {
        if (i === first) note(i, 'match', 'egress-matched');
        else if (matches.includes(i)) note(i, 'note', 'egress-later');
        else note(i, 'no-match', 'egress-differs');
      }
    else if (first !== undefined) note(first, 'match', 'egress-matched');
  }

  /** peer-to-pstn: the number that X-DOD-Number names. */
  directOutwardDial(): RouteOutcome | Refusal {
    const header = headerOf(this.call, 'X-DOD-Number');
    if (header === undefined) {
      this.trace?.add('route', 'X-DOD-Number', 'fail', 'dod-number-missing');
      return { reason: 'dod-number-missing', detail: "Add it: --header 'X-DOD-Number: +19103434434'." };
    }
    const { user } = parseAddress(header);
    const number = this.snapshot.numberByUser(user);
    if (!number) {
      this.trace?.add('route', 'X-DOD-Number', 'fail', 'dod-number-unknown', [user, '']);
      return { reason: 'dod-number-unknown', detail: `It says "${user}".` };
    }
    const subject = subjectOf('Number', number.ref);
    this.trace?.add('route', subject, 'match', 'dod-number', [user, number.doc.telUrl]);
    return this.trunk(number, 'NONE', null);
  }

  /** By the number's trunk. */
  private trunk(
    number: Resource<TelNumber>,
    privacy: 'PRIVATE' | 'NONE',
    egressPolicy: RouteOutcome['egressPolicy'],
  ): RouteOutcome | Refusal {
    const trunk = this.snapshot.resource<Trunk>('Trunk', number.doc.trunkRef);
    if (!trunk)
      return this.fail(
        'Number',
        number.ref,
        'no-trunk',
        `Give it one: ctl numbers update ${number.ref} --trunk TRUNK.`,
      );
    const subject = subjectOf('Trunk', trunk.ref);
    const compared = [subjectOf('Number', number.ref), trunk.doc.inboundUri] as const;
    this.trace?.add('route', subject, 'match', 'trunk-selected', compared);
    if (this.outOfOrder(trunk))
      return this.fail('Trunk', trunk.ref, 'no-trunk-uri', `${subject} is out of order.`);
    this.explainUris(trunk);
    const targets = this.gateways(trunk, number.doc, privacy);
    if (targets.length === 0)
      return this.fail(
        'Trunk',
        trunk.ref,
        'no-trunk-uri',
        `Add one: ctl trunks update ${trunk.ref} --add-uri host=HOST.`,
      );
    return { targets, gatewayCredentialsRef: trunk.doc.outboundCredentialsRef ?? null, egressPolicy };
  }

  private explainUris(trunk: Resource<Trunk>): void {
    if (!this.trace?.explain) return;
    trunk.doc.uris.forEach((uri, i) => {
      const [outcome, reason] = uri.enabled
        ? (['match', 'uri-selected'] as const)
        : (['no-match', 'uri-disabled'] as const);
      const subject = `${subjectOf('Trunk', trunk.ref)} uris[${i}]`;
      this.trace?.add('route', subject, outcome, reason, [this.call.requestUri.user, uri.host]);
    });
  }

  /** The dialled user at each gateway of the trunk, in failover order. */
  private gateways(trunk: Resource<Trunk>, number: TelNumber, privacy: 'PRIVATE' | 'NONE'): Target[] {
    const { user } = this.call.requestUri;
    const via = { kind: trunk.kind, ref: trunk.ref };
    const uriAt = urisOf(user);
    const headersAt = trunkHeaders(this.call, number, privacy);
    return failover(trunk.doc).map(({ host, port, transport, priority, weight }) => ({
      uri: uriAt(host, port, transport),
      host,
      port: port || null,
      transport,
      user,
      priority,
      weight,
      via,
      assumed: false,
      headers: headersAt(host),
    }));
  }
}

const orders = new WeakMap<Trunk, Trunk['uris']>();

/** The enabled URIs of a trunk: priority (low first), weight (high first), declared order; sorted once. */
export function failover(trunk: Trunk): Trunk['uris'] {
  let order = orders.get(trunk);
  if (!order) {
    order = trunk.uris
      .filter(({ enabled }) => enabled)
      .sort((a, b) => a.priority - b.priority || b.weight - a.weight);
    orders.set(trunk, order);
  }
  return order;
}
