/** What may be dialled: every value that one of two configurations tells apart from others. */
import type { Agent } from '../../kinds/agent.js';
import type { Domain } from '../../kinds/domain.js';
import type { TelNumber } from '../../kinds/number.js';
import type { Peer } from '../../kinds/peer.js';
import type { Trunk } from '../../kinds/trunk.js';
import { isCatchAll } from '../../kinds/sip-route.js';
import type { Snapshot } from '../../routing/snapshot.js';
import { normalizeUser } from '../../routing/normalize.js';
import { dialledAs } from '../dialled.js';
import { isAnalysable, languageOf } from '../language/language.js';

const EMERGENCY = ['112', '911'];

/**
 * Numbers, users and addresses of agents and peers, called values, an example of each egress rule and one of what
 * it takes no more than, emergency numbers, and a value that nobody has.
 */
export function dialledValues(...sides: readonly Snapshot[]): Set<string> {
  const values = new Set<string>(EMERGENCY);
  const add = (username: string, host: string | undefined) => {
    const dialled = dialledAs(normalizeUser(username), host);
    if (dialled !== undefined) values.add(dialled);
  };
  for (const side of sides) {
    for (const { doc } of side.all<TelNumber>('Number')) values.add(doc.telUrl.slice('tel:'.length));
    for (const { doc } of side.all<Agent>('Agent')) {
      const domain = side.resource<Domain>('Domain', doc.domainRef);
      add(doc.username, undefined);
      if (domain) add(doc.username, domain.doc.domainUri.toLowerCase());
    }
    for (const { doc } of side.all<Peer>('Peer')) {
      add(doc.username, undefined);
      if (doc.aor.startsWith('sip:')) values.add(doc.aor);
    }
    for (const { doc } of side.sipRoutes)
      if (!isCatchAll(doc)) for (const called of doc.called) values.add(called);
    for (const rule of rulesOf(side)) for (const witness of witnessesOf(rule)) values.add(witness);
  }
  values.add('nobody');
  return values;
}

/**
 * Numbers at the hosts where their calls arrive, old and new, for trunks that move: elsewhere that host is assumed.
 * They matter to calls from outside alone.
 */
export function* arrivals(...sides: readonly Snapshot[]): Generator<string> {
  for (const side of sides)
    for (const { ref } of side.all<Trunk>('Trunk')) {
      const trunks = sides.flatMap((one) => one.resource<Trunk>('Trunk', ref) ?? []);
      const hosts = new Set(trunks.map(({ doc }) => doc.inboundUri.toLowerCase()));
      if (hosts.size < 2) continue;
      for (const number of side.catalog.referrers('Trunk', ref)) {
        const { doc } = side.resource<TelNumber>(number.kind, number.ref)!;
        for (const host of hosts) yield `${doc.telUrl.slice('tel:'.length)}@${host}`;
      }
    }
}

/** The distinct rules of all domains. */
function rulesOf(side: Snapshot): Set<string> {
  const rules = new Set<string>();
  for (const { doc } of side.all<Domain>('Domain'))
    for (const { rule } of doc.egressPolicies) rules.add(rule);
  return rules;
}

/** A user that the rule matches, and the shortest that begins alike and is one character longer or shorter. */
function* witnessesOf(rule: string): Generator<string> {
  const language = languageOf(rule);
  if (!isAnalysable(language)) return;
  const example = language.example();
  if (example === undefined) return;
  yield example;
  for (const near of [`${example}0`, example.slice(0, -1)])
    if (near !== '' && !language.has(near)) yield near;
}
