/** The configuration of the documentation, and how the routing tests ask it questions. */
import type { ConnectClaims, ConnectToken } from '../../../src/lib/routing/call.js';
import type { Decision } from '../../../src/lib/routing/decision.js';
import { parseRequest } from '../../../src/lib/routing/request.js';
import { simulate } from '../../../src/lib/routing/simulate.js';
import { Snapshot } from '../../../src/lib/routing/snapshot.js';
import type { KindName } from '../../../src/lib/kinds/kind.js';
import { snapshotOf, type Entry, type World } from '../../support/catalog.js';

export const NUMBER = '+19103434434';

/** Connect Mode and SIP routing as documented; agent john, to whom the number links, does not exist. */
export const seed: World = {
  AccessControlList: [{ ref: 'acl-01', allow: ['10.0.0.0/8'], deny: ['0.0.0.0/0'] }],
  Credentials: ['credentials-01', 'credentials-02', 'credentials-03'].map((ref) => ({ ref })),
  Trunk: [
    {
      ref: 'trunk-01',
      inboundUri: 'trunk.example.com',
      uris: [{ host: 'sip.carrier.example', port: 5060, transport: 'UDP' }],
    },
  ],
  Number: [
    { ref: 'number-01', telUrl: `tel:${NUMBER}`, aorLink: 'sip:john@sip.local', trunkRef: 'trunk-01' },
  ],
  Domain: [
    {
      ref: 'domain-01',
      domainUri: 'sip.local',
      accessControlListRef: 'acl-01',
      egressPolicies: [{ rule: '.*', numberRef: 'number-01' }],
    },
  ],
  Agent: [
    {
      ref: 'agent-01',
      name: 'John Doe',
      username: '1001',
      domainRef: 'domain-01',
      credentialsRef: 'credentials-01',
    },
    {
      ref: 'agent-02',
      name: 'Jane Doe',
      username: '1002',
      domainRef: 'domain-01',
      credentialsRef: 'credentials-02',
    },
  ],
  Peer: [
    {
      ref: 'peer-01',
      name: 'Asterisk',
      username: 'asterisk',
      aor: 'sip:asterisk@default',
      credentialsRef: 'credentials-03',
    },
  ],
  Modality: [
    { ref: 'deepgram_rt', type: 'realtime' },
    { ref: 'openai_realtime_voice', type: 'realtime' },
  ],
  Persona: [{ ref: 'concierge' }],
  Policy: [{ ref: 'concierge' }, { ref: 'default' }],
  Profile: [
    { ref: 'main', personaRef: 'concierge', policyRef: 'concierge', realtimeRef: 'deepgram_rt' },
    {
      ref: 'openai_realtime_profile',
      personaRef: 'concierge',
      policyRef: 'default',
      realtimeRef: 'openai_realtime_voice',
    },
  ],
  SipRoute: [
    { ref: 'route-01', called: ['1000', 'concierge'], profileRef: 'main' },
    { ref: 'route-02', called: ['2000', 'openai_realtime_profile'], profileRef: 'openai_realtime_profile' },
    { ref: 'route-03', called: ['3000', 'openai_realtime_profile'], profileRef: 'openai_realtime_profile' },
  ],
};

/** The world with the fields of these entries changed (null takes one away), and entries with new refs added. */
export function patch(world: World, changes: World): World {
  const result: { [K in KindName]?: readonly Entry[] } = { ...world };
  for (const [kind, entries] of Object.entries(changes) as [KindName, readonly Entry[]][]) {
    const list = [...(result[kind] ?? [])];
    for (const entry of entries) {
      const at = list.findIndex(({ ref }) => ref === entry.ref);
      if (at < 0) list.push(entry);
      else list[at] = { ...list[at], ...entry };
    }
    result[kind] = list;
  }
  return result;
}

/** The world without these resources. */
export function without(world: World, kind: KindName, ...refs: string[]): World {
  return { ...world, [kind]: (world[kind] ?? []).filter(({ ref }) => !refs.includes(ref)) };
}

/** What `ctl route simulate` would send, with the verdict on a token. */
export interface Question {
  readonly dialled: string;
  readonly from?: string;
  readonly domain?: string;
  readonly displayName?: string;
  readonly method?: string;
  readonly at?: number;
  readonly sourceIp?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly password?: string;
  readonly unauthenticated?: boolean;
  readonly registered?: 'assume' | 'none';
  readonly down?: readonly { kind: KindName; ref: string }[];
  readonly token?: ConnectToken;
  readonly explain?: boolean;
}

/** Simulates a call at a fixed time. */
export function ask(world: World | Snapshot, question: Question): Decision {
  const { token = { state: 'none' }, explain = false, sourceIp, headers = {}, ...rest } = question;
  const request = parseRequest(
    JSON.stringify({
      ...rest,
      source: sourceIp === undefined ? undefined : { ip: sourceIp },
      headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
    }),
  );
  const snapshot = world instanceof Snapshot ? world : snapshotOf(world);
  return simulate(snapshot, request, { connectToken: token, now: Date.UTC(2026, 0, 2, 3, 4, 5), explain });
}

/** The verdict in one line: the URIs of a route, the profile and the called value, or status and reason. */
export function verdict(decision: Decision): string {
  const { routingType, route, profile, rejection } = decision;
  if (route) return `${routingType}: ${route.targets.map(({ uri }) => uri).join(' ')}`;
  if (profile) return `${routingType}: profile ${profile.ref} by ${profile.called} of ${profile.sipRoute}`;
  return `${routingType}: ${rejection!.sipStatus} ${rejection!.reason}`;
}

/** A valid token of 1001 for the Asterisk peer, as in the documentation. */
export function token(claims: Partial<ConnectClaims> = {}): ConnectToken {
  return {
    state: 'valid',
    claims: {
      ref: 'agent-01',
      domainRef: 'domain-01',
      aor: 'sip:1001@sip.local',
      aorLink: 'sip:asterisk@default',
      domain: 'sip.local',
      privacy: 'NONE',
      allowedMethods: ['INVITE', 'REGISTER'],
      ...claims,
    },
  };
}

/** The reasons of a trace, in order, of one stage if named. */
export const reasonsOf = (decision: Decision, stage?: string): string[] =>
  decision.trace.filter((entry) => stage === undefined || entry.stage === stage).map(({ reason }) => reason);
