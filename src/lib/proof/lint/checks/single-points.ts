/** What the failure of one trunk, gateway, peer or number loses. */
import type { Domain } from '../../../kinds/domain.js';
import type { TelNumber } from '../../../kinds/number.js';
import type { Trunk } from '../../../kinds/trunk.js';
import type { RouteOutcome } from '../../../routing/decision.js';
import { parseAddress } from '../../../routing/normalize.js';
import type { CallDocument } from '../../engine.js';
import type { Check } from '../check.js';
import type { Facts } from '../facts.js';
import { listText, placeOf, placeText, type Place } from '../finding.js';
import { rulePlace } from './egress-rules.js';

/** A kind of calls: all that one egress rule decides, or all to one number. */
interface Service {
  readonly place: Place;
  readonly call: CallDocument;
}

function* servicesOf(facts: Facts): Generator<Service> {
  for (const domain of facts.all<Domain>('Domain')) {
    if (facts.callerIn(domain) === undefined) continue;
    for (const planned of facts.plan(domain).rules) {
      const user = facts.firstUser(domain, planned);
      if (user !== undefined)
        yield { place: rulePlace(domain, planned.index), call: facts.callIn(domain, user) };
    }
  }
  for (const number of facts.all<TelNumber>('Number'))
    yield { place: placeOf(number), call: { dialled: parseAddress(number.doc.telUrl).user } };
}

/** The things without which this route would not be: each alone. */
function neededBy({ snapshot }: Facts, { targets, egressPolicy }: RouteOutcome): Place[] {
  const vias = new Map(targets.map(({ via }) => [`${via.kind}/${via.ref}`, via]));
  const [via] = vias.size === 1 ? vias.values() : [];
  const needed: Place[] = via && via.kind !== 'Agent' ? [placeOf(via)] : [];
  const trunk = via?.kind === 'Trunk' ? snapshot.resource<Trunk>('Trunk', via.ref) : undefined;
  if (trunk && targets.length === 1)
    needed.push(placeOf(trunk, `uris[${trunk.doc.uris.findIndex(({ enabled }) => enabled)}]`));
  if (egressPolicy) needed.push({ kind: 'Number', ref: egressPolicy.numberRef, path: null });
  return needed;
}

export const singlePoint: Check = {
  code: 'single-point',
  severity: 'note',
  summary: 'a trunk, gateway, peer or number whose failure alone loses calls',
  advice:
    'Only with --single-points. Give the trunk a second URI, the peer a second one with the same address of record. Nothing stands in for the number of an egress rule.',
  *run(facts) {
    const lost = new Map<string, { place: Place; services: Service[] }>();
    let delivered = 0;
    for (const service of servicesOf(facts)) {
      const route = facts.decide(service.call)?.route;
      if (!route) continue;
      delivered++;
      for (const place of neededBy(facts, route)) {
        const key = placeText(place);
        const known = lost.get(key);
        if (known) known.services.push(service);
        else lost.set(key, { place, services: [service] });
      }
    }
    for (const { place, services } of lost.values()) {
      const { kind, ref, path } = place;
      const down = path === null && (kind === 'Trunk' || kind === 'Peer') ? { down: [{ kind, ref }] } : {};
      yield {
        object: place,
        message: `Without it ${services.length} of ${delivered} kinds of calls are lost: ${listText(services.map((one) => placeText(one.place)))}.`,
        witness: { ...services[0]!.call, ...down },
        related: services.map((service) => service.place),
      };
    }
  },
};
