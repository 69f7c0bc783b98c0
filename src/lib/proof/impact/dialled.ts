/** What may be dialled: every value that one of two configurations tells apart from others. */
import type { Agent } from '../../kinds/agent.js';
import type { Domain } from '../../kinds/domain.js';
import type { TelNumber } from '../../kinds/number.js';
import type { Peer } from '../../kinds/peer.js';
import type { Trunk } from '../../kinds/trunk.js';
import { isCatchAll } from '../../kinds/sip-route.js';
import type { Snapshot } from '../../routing/snapshot.js';
import { type Address, addressOfKey, normalizeUser } from '../../routing/normalize.js';
import { CATCH_ALL, calledKeys } from '../../routing/indexes.js';
import { aorOf } from '../../routing/parties.js';
import { dialledAs } from '../dialled.js';
import type { Transition } from './rebase.js';
import { isAnalysable, languageOf } from '../language/language.js';

const EMERGENCY = ['112', '911'];

/**
 * Numbers, users of agents, peers and called values, as they are and at the host where they are known, an example of
 * each egress rule and one of what it takes no more than, emergency numbers, and a value that nobody has.
 */
export function dialledValues(...sides: readonly Snapshot[]): Set<string> {
  const values = new Set<string>(EMERGENCY);
  const add = (user: string, host?: string) => {
    // Without a host, too: it may be the one that is assumed.
    const written = [
      dialledAs(user, undefined, 'invalid'),
      ...(host === undefined ? [] : [dialledAs(user, host)]),
    ];
    for (const dialled of written) if (dialled !== undefined) values.add(dialled);
  };
  const addAddress = ({ scheme, user, host }: Address) => {
    if (scheme === 'sip' && user !== '') add(user, host);
  };
  for (const side of sides) {
    for (const { doc } of side.all<TelNumber>('Number')) values.add(doc.telUrl.slice('tel:'.length));
    for (const { doc } of side.all<Agent>('Agent')) {
      const domain = side.resource<Domain>('Domain', doc.domainRef);
      add(normalizeUser(doc.username), domain?.doc.domainUri.toLowerCase());
    }
    for (const { doc } of side.all<Peer>('Peer')) {
      add(normalizeUser(doc.username));
      addAddress(aorOf(doc));
    }
    for (const { doc } of side.sipRoutes)
      if (!isCatchAll(doc)) for (const key of calledKeys(doc)) addAddress(addressOfKey(key));
    for (const rule of rulesOf(side)) for (const witness of witnessesOf(rule)) values.add(witness);
  }
  values.add('nobody');
  return values;
}

/** A host at which nothing of ours stands. */
const ELSEWHERE = 'elsewhere.invalid';

/**
 * Numbers at hosts that matter to calls from outside alone: for trunks that move, those where their calls arrive, old
 * and new, for elsewhere that host is assumed; and where a number is new, gone, or another's, a host that is not its
 * trunk's, for the catch-all may take what is called there.
 */
export function* arrivals({ before, after, deltas }: Transition): Generator<string> {
  const sides = [before, after];
  // Without a catch-all such a call is rejected on both sides.
  const isCaught = sides.some((side) => side.routesByCalled(CATCH_ALL).length > 0);
  for (const delta of isCaught ? deltas : []) {
    const [old, now] = [delta.before, delta.after].map((one) =>
      one?.kind === 'Number' ? (one.doc as unknown as TelNumber) : undefined,
    );
    if (old?.telUrl === now?.telUrl && (old?.trunkRef === undefined) === (now?.trunkRef === undefined))
      continue;
    for (const doc of [old, now]) if (doc) yield `${doc.telUrl.slice('tel:'.length)}@${ELSEWHERE}`;
  }
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
