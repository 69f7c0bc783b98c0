/** Changes of the configuration that may help, from how a call is decided now: what failed, and what is expected. */
import type { Agent } from '../../kinds/agent.js';
import type { Credentials } from '../../kinds/credentials.js';
import type { Domain } from '../../kinds/domain.js';
import { kindOf } from '../../kinds/index.js';
import { hasToggle } from '../../kinds/kind.js';
import type { TelNumber } from '../../kinds/number.js';
import type { Peer } from '../../kinds/peer.js';
import type { Trunk } from '../../kinds/trunk.js';
import type { Decision } from '../../routing/decision.js';
import type { RejectReason } from '../../routing/reasons.js';
import type { Snapshot } from '../../routing/snapshot.js';
import { inOrder } from '../suite/search/callers.js';
import { type Asked, carry, change, type ConfigChange, link, toggle } from './edit.js';
import { egressChanges } from './egress-changes.js';
import { nearest } from './near.js';
import { profileChanges } from './profile-changes.js';
import { wantedRef } from './question.js';
import { failedAt, type Named } from './trace.js';

/** Resources of a kind that are tried. */
const FEW = 5;

/** All that may help. */
export function configChanges(asked: Asked): ConfigChange[] {
  const { decision, snapshot } = asked;
  const { rejection, trace } = decision;
  const failed = rejection ? failedAt(trace, rejection.reason) : undefined;
  const cures = rejection && failed ? (CURES[rejection.reason]?.(failed, asked) ?? []) : [];
  return [
    ...cures,
    ...profileChanges(asked),
    ...egressChanges(asked),
    ...(decision.verdict === 'reject' ? [] : spoilers(snapshot, decision)),
  ];
}

const enable = (failed: Named): ConfigChange[] =>
  hasToggle(kindOf(failed.kind)) ? [toggle(failed, true, 0.1)] : [];

/** What makes a reason go away, by the resource at which the call failed. */
const CURES: { readonly [reason in RejectReason]?: (failed: Named, asked: Asked) => ConfigChange[] } = {
  'caller-disabled': enable,
  'callee-disabled': enable,
  'acl-denied': (acl, { decision }) => {
    const { source } = decision.call;
    if (!source) return [];
    const entry = { field: 'allow', entry: source.ip, remove: false };
    return [change(acl, `allow ${source.ip} in %`, 0.2, { edits: [entry] })];
  },
  'no-domain': (agent, { snapshot }) => domains(agent, snapshot),
  'cross-domain': (agent, { snapshot }) => domains(agent, snapshot),
  'no-credentials': (caller, { snapshot }) => {
    const { username } = snapshot.resource<Agent>(caller.kind, caller.ref)!.doc;
    const all = inOrder<Credentials>(snapshot, 'Credentials');
    const names = nearest(
      username,
      all.map(({ doc }) => doc.username),
      FEW,
    );
    return [...new Set(names)].flatMap((name) => {
      const { ref } = all.find(({ doc }) => doc.username === name)!;
      const size = name === username ? 0.2 : 0.4;
      return change(caller, `give % the credentials ${ref}`, size, {
        document: { credentialsRef: ref },
      });
    });
  },
  'trunk-mismatch': (number, { snapshot, decision }) => {
    const { host } = decision.call.requestUri;
    const trunk = inOrder<Trunk>(snapshot, 'Trunk').find(({ doc }) => doc.inboundUri.toLowerCase() === host);
    return trunk ? [carry(number, trunk.ref, 0.2)] : [];
  },
  'no-trunk': trunks,
  'no-trunk-uri': (trunk, { snapshot }) => {
    const { uris } = snapshot.resource<Trunk>('Trunk', trunk.ref)!.doc;
    const enabled = uris.map((uri) => ({ ...uri, enabled: true }));
    if (uris.every((uri) => uri.enabled)) return [];
    return [change(trunk, 'enable the URIs of %', 0.2, { document: { uris: enabled as never } })];
  },
  'number-not-linked': links,
  'link-target-unknown': links,
};

function domains(agent: Named, snapshot: Snapshot): ConfigChange[] {
  return inOrder<Domain>(snapshot, 'Domain')
    .slice(0, FEW)
    .map(({ ref }) => change(agent, `put % into the domain ${ref}`, 0.3, { document: { domainRef: ref } }));
}

function trunks(number: Named, { snapshot, expectations }: Asked): ConfigChange[] {
  const wanted = wantedRef(snapshot, expectations, 'trunk', 'Trunk');
  const all = inOrder<Trunk>(snapshot, 'Trunk').map(({ ref }) => ref);
  const refs = [wanted, ...all].filter((ref) => ref !== undefined);
  return [...new Set(refs)].slice(0, FEW).map((ref) => carry(number, ref, ref === wanted ? 0.2 : 0.3));
}

/** Agents and peers that a number could lead to, those first whose address is nearly what it has. */
function links({ kind, ref }: Named, { snapshot }: Asked): ConfigChange[] {
  if (kind !== 'Number') return [];
  const number = snapshot.resource<TelNumber>('Number', ref)!;
  const agents = inOrder<Agent>(snapshot, 'Agent').flatMap(({ doc }) => {
    const domain = snapshot.resource<Domain>('Domain', doc.domainRef);
    return domain ? [`sip:${doc.username}@${domain.doc.domainUri}`] : [];
  });
  const peers = inOrder<Peer>(snapshot, 'Peer').map(({ doc }) => doc.aor);
  return nearest(number.doc.aorLink ?? '', [...agents, ...peers], FEW).map((aor) => link(number, aor, 0.3));
}

/** What makes a call that is delivered fail. */
function spoilers(snapshot: Snapshot, { caller, callee, route, call }: Decision): ConfigChange[] {
  const parties = [caller, callee].flatMap((party) => {
    if (!party) return [];
    const found: ConfigChange[] = hasToggle(kindOf(party.kind)) ? [toggle(party, false, 0.6)] : [];
    if (party.kind === 'Agent' || party.kind === 'Peer')
      found.push(change(party, 'take the credentials from %', 0.8, { clear: ['credentialsRef'] }));
    if (party.kind === 'Number')
      found.push(change(party, 'clear the aorLink of %', 0.6, { clear: ['aorLink'] }));
    return found;
  });
  const agent = caller?.kind === 'Agent' ? snapshot.resource<Agent>('Agent', caller.ref) : undefined;
  const domain = snapshot.resource<Domain>('Domain', agent?.doc.domainRef);
  const acl = domain?.doc.accessControlListRef;
  const denied =
    acl !== undefined && call.source
      ? [
          change({ kind: 'AccessControlList', ref: acl }, `deny ${call.source.ip} in %`, 0.6, {
            edits: [{ field: 'deny', entry: call.source.ip, remove: false }],
          }),
        ]
      : [];
  const policy = route?.egressPolicy;
  const removed =
    policy && domain
      ? [
          change(domain, `remove the egress rule ${policy.rule} of %`, 0.6, {
            edits: [
              {
                field: 'egressPolicies',
                entry: { rule: policy.rule, numberRef: policy.numberRef },
                remove: true,
              },
            ],
          }),
        ]
      : [];
  return [...parties, ...denied, ...removed];
}
