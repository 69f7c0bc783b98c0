/** What the failure of one trunk, gateway, peer or number loses: each kind of calls is decided again without it. */
import type { Delta } from '../../../kinds/catalog.js';
import type { Resource } from '../../../kinds/kind.js';
import type { TelNumber } from '../../../kinds/number.js';
import type { Trunk } from '../../../kinds/trunk.js';
import type { Decision } from '../../../routing/decision.js';
import type { CallDocument } from '../../engine.js';
import { edited } from '../../suite/mutants/mutant.js';
import type { Check } from '../check.js';
import { Facts } from '../facts.js';
import { listText, placeOf, placeText, type Found, type Place } from '../finding.js';
import { servicesOf, type Service } from '../services.js';

/** Something that can fail. */
interface Thing {
  readonly place: Place;
  /** The configuration in which it has failed, where a call cannot say so by `down`. */
  readonly failed?: () => Facts;
}

/** What the failure of a thing loses. */
interface Loss {
  readonly thing: Thing;
  readonly services: Service[];
  /** Calls from outside that arrive by it alone: without it there are none to be decided. */
  readonly arriving: Service[];
}

class Losses {
  readonly all = new Map<string, Loss>();
  private readonly failures = new Map<string, Facts>();

  constructor(private readonly facts: Facts) {}

  add(service: Service): void {
    const { decision } = service;
    for (const thing of this.thingsOf(decision))
      if (this.isLost(service, thing)) this.of(thing).services.push(service);
    const trunk = this.arrivalOf(decision);
    if (trunk) this.of({ place: placeOf(trunk) }).arriving.push(service);
  }

  private of(thing: Thing): Loss {
    const key = placeText(thing.place);
    let loss = this.all.get(key);
    if (!loss) this.all.set(key, (loss = { thing, services: [], arriving: [] }));
    return loss;
  }

  /** What the route of a decision goes through. That calls to an agent need the agent goes without saying. */
  private *thingsOf({ route }: Decision): Generator<Thing> {
    if (!route) return;
    const vias = new Map(route.targets.map(({ via }) => [`${via.kind}/${via.ref}`, via]));
    for (const via of vias.values()) {
      if (via.kind !== 'Agent') yield { place: placeOf(via) };
      const trunk = via.kind === 'Trunk' && this.facts.snapshot.resource<Trunk>('Trunk', via.ref);
      if (trunk) yield* this.gatewaysOf(trunk);
    }
    const number = this.facts.snapshot.resource<TelNumber>('Number', route.egressPolicy?.numberRef);
    if (number) yield { place: placeOf(number), failed: () => this.changed(number, { trunkRef: undefined }) };
  }

  private *gatewaysOf(trunk: Resource<Trunk>): Generator<Thing> {
    const { uris } = trunk.doc;
    for (const [i, uri] of uris.entries()) {
      if (!uri.enabled) continue;
      const failed = () => this.changed(trunk, { uris: edited(uris, { [i]: { ...uri, enabled: false } }) });
      yield { place: placeOf(trunk, `uris[${i}]`), failed };
    }
  }

  private changed<D>(before: Resource<D>, fields: Partial<D>): Facts {
    const { snapshot } = this.facts;
    const deltas = [
      { before, after: { ...before, doc: { ...before.doc, ...fields } } },
    ] as unknown as Delta[];
    return new Facts(snapshot.apply(deltas, snapshot.catalog.apply(deltas, snapshot.revision)));
  }

  private isLost({ call }: Service, { place, failed }: Thing): boolean {
    if (!failed) return isRejected(this.facts.decide(withDown(call, place)));
    const key = placeText(place);
    let facts = this.failures.get(key);
    if (!facts) this.failures.set(key, (facts = failed()));
    return isRejected(facts.decide(call));
  }

  /** The trunk at which a call from outside arrives. */
  private arrivalOf({ caller, callee }: Decision): Resource<Trunk> | undefined {
    const isOutside = caller === null || caller.kind === 'Number';
    if (!isOutside || callee?.kind !== 'Number') return undefined;
    const { snapshot } = this.facts;
    const { trunkRef } = snapshot.resource<TelNumber>('Number', callee.ref)!.doc;
    return snapshot.resource<Trunk>('Trunk', trunkRef);
  }
}

const isRejected = (decision: Decision | undefined): boolean => decision?.verdict === 'reject';

const withDown = (call: CallDocument, { kind, ref }: Place): CallDocument => ({
  ...call,
  down: [{ kind, ref }],
});

/** Losses of the same calls together: for those calls, what is behind each other fails as one. */
function grouped(losses: Iterable<Loss>): readonly (readonly [Loss, ...Loss[]])[] {
  const groups = new Map<string, [Loss, ...Loss[]]>();
  for (const loss of losses) {
    const own = placeText(loss.thing.place);
    const key = loss.services.length === 0 ? own : loss.services.map(({ text }) => text).join('\0');
    const group = groups.get(key);
    if (group) group.push(loss);
    else groups.set(key, [loss]);
  }
  return [...groups.values()];
}

function foundOf(
  [{ thing, services, arriving }, ...others]: readonly [Loss, ...Loss[]],
  total: number,
): Found {
  const { place, failed } = thing;
  const [lost] = services;
  const be = services.length === 1 ? 'is' : 'are';
  const texts = (some: readonly { readonly place: Place; readonly text?: string }[], word?: 'or') =>
    listText(
      some.map((one) => one.text ?? placeText(one.place)),
      undefined,
      word,
    );
  const same = others.map((loss) => loss.thing);
  const parts = [
    ...(lost
      ? [`Without it ${services.length} of ${total} kinds of calls ${be} lost: ${texts(services)}`]
      : []),
    ...(same.length > 0 ? [`The same ${be} lost without ${texts(same, 'or')}`] : []),
    ...(arriving.length > 0 ? [`Calls from outside to ${texts(arriving)} arrive by it alone`] : []),
  ];
  return {
    object: place,
    message: `${parts.join('. ')}.`,
    witness: !lost ? arriving[0]!.call : failed ? lost.call : withDown(lost.call, place),
    related: [...new Set([...same, ...services, ...arriving].map((one) => one.place))],
  };
}

export const singlePoint: Check = {
  code: 'single-point',
  severity: 'note',
  summary: 'a trunk, gateway, peer or number whose failure alone loses calls',
  advice:
    'Only with --single-points. What is lost is what `simulate --down` shows to be lost; what another gateway or peer takes over is not. Give the trunk a second URI, the peer a second one with the same address of record. Nothing stands in for the number of an egress rule, or for the trunk at which a number is called: those tell how far a failure reaches. What loses the same calls, such as a trunk and its only gateway, is one finding.',
  *run(facts) {
    const losses = new Losses(facts);
    let total = 0;
    for (const service of servicesOf(facts)) {
      total++;
      losses.add(service);
    }
    for (const group of grouped(losses.all.values())) yield foundOf(group, total);
  },
};
