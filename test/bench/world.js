/** A large configuration and a mixed set of calls: what the decision bench measures. Runs from `dist`. */
import { Catalog } from '../../dist/lib/kinds/catalog.js';
import { kindOf } from '../../dist/lib/kinds/index.js';
import { LAST, Order } from '../../dist/lib/kinds/order.js';
import { validate } from '../../dist/lib/kinds/validate.js';
import { callOf } from '../../dist/lib/routing/simulate.js';
import { Snapshot } from '../../dist/lib/routing/snapshot.js';

const range = (length, make) => Array.from({ length }, (_, i) => make(i));
const telOf = (i) => `+1910${String(i).padStart(7, '0')}`;
const domainOf = (i) => `d${i}.example.com`;

/** What each size says how many there are of; `egressOf` gives the egress policies of a domain by its number. */
export const SIZES = {
  numbers: 100_000,
  agents: 10_000,
  domains: 50,
  sipRoutes: 1_000,
  rules: 100,
  peers: 200,
  trunks: 20,
};

/** Documents in the order of dependency, as [kind, document with its ref]. */
export function* documents(sizes) {
  yield ['AccessControlList', { ref: 'acl', name: 'acl', allow: ['10.0.0.0/8', '2001:db8::/32'], deny: [] }];
  yield ['Credentials', { ref: 'credentials', name: 'c', username: 'u', password: 'p' }];
  for (let i = 0; i < sizes.trunks; i++)
    yield ['Trunk', { ref: `trunk-${i}`, name: 't', inboundUri: `t${i}.example.net`, uris: trunkUris(i) }];
  for (let i = 0; i < sizes.numbers; i++) yield ['Number', numberDocument(i, sizes)];
  for (let i = 0; i < sizes.domains; i++) {
    const egressPolicies = sizes.egressOf?.(i) ?? egressPoliciesOf(i, sizes.rules);
    yield [
      'Domain',
      { ref: `domain-${i}`, name: 'd', domainUri: domainOf(i), accessControlListRef: 'acl', egressPolicies },
    ];
  }
  for (let i = 0; i < sizes.agents; i++) {
    const domainRef = `domain-${i % sizes.domains}`;
    const username = String(1000 + Math.floor(i / sizes.domains));
    yield ['Agent', { ref: `agent-${i}`, name: 'a', username, domainRef, credentialsRef: 'credentials' }];
  }
  for (let i = 0; i < sizes.peers; i++)
    yield [
      'Peer',
      {
        ref: `peer-${i}`,
        name: 'p',
        username: `peer${i}`,
        aor: `sip:pool${i >> 1}@default`,
        credentialsRef: 'credentials',
      },
    ];
  yield ['Modality', { ref: 'realtime', name: 'realtime', type: 'realtime', provider: 'p' }];
  yield ['Persona', { ref: 'persona', name: 'persona', instructions: 'You are the concierge of a hotel.' }];
  yield ['Policy', { ref: 'policy', name: 'policy', functions: ['book_table'] }];
  yield [
    'Profile',
    { ref: 'main', name: 'main', personaRef: 'persona', policyRef: 'policy', realtimeRef: 'realtime' },
  ];
  for (let i = 0; i < sizes.sipRoutes; i++)
    yield [
      'SipRoute',
      {
        ref: `route-${i}`,
        name: 'r',
        called: [`${50_000 + i}`, `bot${i}@bots.example.com`],
        profileRef: 'main',
      },
    ];
}

/** A gateway and two backups. */
const trunkUris = (i) =>
  range(3, (u) => ({ host: `gw${u}.t${i}.example.net`, priority: u, transport: 'TLS' }));

const egressPoliciesOf = (domain, count) =>
  range(count, (r) => ({ rule: rule(r, count), numberRef: `number-${domain}` }));

function numberDocument(i, sizes) {
  const common = {
    ref: `number-${i}`,
    name: 'n',
    telUrl: `tel:${telOf(i)}`,
    trunkRef: `trunk-${i % sizes.trunks}`,
  };
  const place = { city: 'Durham, NC', country: 'USA', countryIsoCode: 'US' };
  const agent = `sip:${1000 + (i % 200)}@${domainOf(i % sizes.domains)}`;
  const aorLink = i % 3 === 0 ? `sip:pool${i % (sizes.peers >> 1)}@default` : agent;
  return i % 10 === 9 ? { ...common, ...place } : { ...common, ...place, aorLink };
}

/** Country codes and areas as a dial plan has them; the last rule takes the rest. */
const rule = (i, count) => (i === count - 1 ? '^\\+\\d{6,15}$' : `^(\\+|00)${i + 10}[2-9]\\d{4,12}$`);

/** The snapshot of a configuration of these sizes. */
export function buildSnapshot(sizes = SIZES) {
  const order = new Order([]);
  let seq = 0;
  const deltas = [];
  for (const [kind, { ref, ...input }] of documents(sizes)) {
    const { doc, problems } = validate(kindOf(kind), input);
    if (!doc) throw new Error(`${kind} ${ref}: ${JSON.stringify(problems)}`);
    const position =
      kind !== 'SipRoute' ? {} : { position: doc.called[0] === '*' ? LAST : order.append(ref) };
    const times = { createdAt: 0, updatedAt: 0, revision: 1 };
    deltas.push({ after: { kind, ref, doc, ...times, seq: ++seq, ...position } });
  }
  return Snapshot.of(Catalog.empty.apply(deltas, 1));
}

const OUTSIDE = 'sip:+15551234567@carrier.example';
const agentIn = (i, sizes) => `agent-${(i * 31) % sizes.agents}`;
const inbound = (i, sizes) => `sip:${telOf(i)}@t${i % sizes.trunks}.example.net`;
const linkedToPeers = (i) => i - (i % 30);
const linkedToAgent = (i) => linkedToPeers(i) + 1;

/** Calls of every routing type and outcome, a tenth each: who calls, and what is dialled. */
const MIX = [
  /* agent-to-agent */ [agentIn, (i) => String(1000 + ((i * 7) % 200))],
  /* agent-to-peer, with a token */ [agentIn, () => 'pool'],
  /* agent-to-pstn */ [agentIn, (i) => `+${10 + (i % 99)}2${1_000_000 + i}`],
  /* from-pstn, to an agent */ [() => OUTSIDE, (i, s) => inbound(linkedToAgent(i), s)],
  /* from-pstn, to two peers */ [() => OUTSIDE, (i, s) => inbound(linkedToPeers(i), s)],
  /* peer-to-agent */ [peerIn, (i, s) => `${1000 + (i % 200)}@${domainOf(i % s.domains)}`],
  /* peer-to-pstn */ [peerIn, (i) => `+44${2_000_000 + i}`],
  /* profile, by its user */ [() => OUTSIDE, (i, s) => String(50_000 + (i % s.sipRoutes))],
  /* profile, by its address */ [() => OUTSIDE, (i, s) => `sip:bot${i % s.sipRoutes}@bots.example.com`],
  /* rejected */ [() => OUTSIDE, (i) => `nobody${i}@nowhere.example`],
];
function peerIn(i, sizes) {
  return `peer-${i % sizes.peers}`;
}

/** A valid token of an agent for two peers. */
const token = (i, sizes) => ({
  state: 'valid',
  claims: {
    ref: agentIn(i, sizes),
    domainRef: `domain-${i % sizes.domains}`,
    aor: `sip:guest@${domainOf(i % sizes.domains)}`,
    aorLink: `sip:pool${i % (sizes.peers >> 1)}@default`,
    domain: domainOf(i % sizes.domains),
    privacy: 'NONE',
    allowedMethods: ['INVITE'],
  },
});

/** Call requests of the mix, in turn. */
export const mixedRequests = (count, sizes = SIZES) =>
  range(count, (i) => {
    const [from, dialled] = MIX[i % MIX.length];
    const n = numberOf(i, sizes);
    return {
      from: from(n, sizes),
      dialled: dialled(n, sizes),
      method: 'INVITE',
      source: { ip: '10.1.2.3' },
      headers: [{ name: 'X-DOD-Number', value: telOf(n) }],
      unauthenticated: false,
      registered: 'assume',
      down: [],
    };
  });
function numberOf(i, sizes) {
  return (i * 7919) % sizes.numbers;
}

/** Calls of the mix, in turn, with valid tokens where agents call peers. */
export const mixedCalls = (snapshot, count, sizes = SIZES) =>
  mixedRequests(count, sizes).map((request, i) => {
    const connectToken = request.dialled === 'pool' ? token(numberOf(i, sizes), sizes) : { state: 'none' };
    return callOf(snapshot, request, { connectToken, now: i });
  });
