/** Access control lists that guard nothing or let nobody in, and resources that nobody uses. */
import type { AccessControlList } from '../../../kinds/acl.js';
import type { Referrer } from '../../../kinds/catalog.js';
import type { Domain } from '../../../kinds/domain.js';
import type { KindName, Resource } from '../../../kinds/kind.js';
import type { TelNumber } from '../../../kinds/number.js';
import type { Peer } from '../../../kinds/peer.js';
import type { SipRoute } from '../../../kinds/sip-route.js';
import type { Decision } from '../../../routing/decision.js';
import { calledKeys } from '../../../routing/indexes.js';
import { subjectOf } from '../../../routing/trace.js';
import { admitsRange, type Family, rangesOf } from '../../addresses.js';
import type { CallDocument } from '../../engine.js';
import type { Check } from '../check.js';
import { userOf } from '../dialled.js';
import type { Facts } from '../facts.js';
import { listText, placeOf, placeText, type Found } from '../finding.js';
import { dialledFor } from '../../dialled.js';

type Admission = 'everyone' | 'no one' | 'some';

/** Whom a list admits, of all addresses of a family. */
export function admission(acl: AccessControlList, family: Family): Admission {
  const verdicts = new Set(rangesOf(family, [acl]).map((range) => admitsRange(acl, range)));
  return verdicts.size > 1 ? 'some' : verdicts.has(true) ? 'everyone' : 'no one';
}

/** Families, and an address of each that is kept for examples (RFC 5737, RFC 3849). */
const families: readonly (readonly [Family, string, string])[] = [
  [4, 'IPv4', '192.0.2.1'],
  [6, 'IPv6', '2001:db8::1'],
];

const everyone: Check = {
  code: 'acl-admits-everyone',
  severity: 'warning',
  summary: 'an access control list that admits every address',
  advice:
    'It guards nothing. A list without `allow` admits whatever it does not deny, and so every address of the family that it does not name.',
  *run(facts) {
    for (const acl of facts.all<AccessControlList>('AccessControlList')) {
      const open = families.filter(([family]) => admission(acl.doc, family) === 'everyone');
      if (open.length > 0)
        yield {
          object: placeOf(acl),
          message: `It admits every ${open.map(([, name]) => name).join(' and every ')} address.`,
          ...guarded(facts, acl, open[0]![2]),
        };
    }
  },
};

/** What a list guards, and a call from an address that shows whether it lets it in. */
function guarded(facts: Facts, { ref }: Resource<unknown>, ip: string): Pick<Found, 'witness' | 'related'> {
  const referrers = facts.snapshot.catalog.referrers('AccessControlList', ref);
  const asks = ({ trace }: Decision) =>
    trace.some(
      ({ subject, reason }) =>
        subject === subjectOf('AccessControlList', ref) && /^acl-(?:allowed|denied)$/.test(reason),
    );
  const calls = referrers.flatMap((referrer) => callsGuarded(facts, referrer));
  return {
    witness: calls
      .map((call) => ({ ...call, source: { ip } }))
      .find((call) => {
        const decision = facts.decide(call);
        return decision && asks(decision);
      }),
    related: referrers.map((one) => placeOf(one)),
  };
}

/** Calls that a list of this resource is asked about. */
function callsGuarded(facts: Facts, { kind, ref }: Referrer): CallDocument[] {
  const { snapshot } = facts;
  if (kind === 'Domain') {
    const from = facts.callerIn(snapshot.resource<Domain>('Domain', ref)!);
    return from === undefined ? [] : [{ dialled: from, from }];
  }
  if (kind === 'Peer') {
    const peer = snapshot.resource<Peer>('Peer', ref)!;
    return [{ dialled: peer.doc.username, from: facts.nameOf(peer) }];
  }
  if (kind === 'Trunk') {
    const number = facts.all<TelNumber>('Number').find(({ doc }) => doc.trunkRef === ref);
    return number ? [{ dialled: userOf(number) }] : [];
  }
  const route = snapshot.resource<SipRoute>('SipRoute', ref);
  return route
    ? calledKeys(route.doc).flatMap((key) => {
        const dialled = dialledFor(key);
        return dialled === undefined ? [] : { dialled };
      })
    : [];
}

const noOne: Check = {
  code: 'acl-admits-no-one',
  severity: 'error',
  summary: 'an access control list that admits no address at all',
  advice: 'Whatever it guards is shut. An `allow` entry inside a denied network lets that part in.',
  *run(facts) {
    for (const acl of facts.all<AccessControlList>('AccessControlList'))
      if (families.every(([family]) => admission(acl.doc, family) === 'no one'))
        yield {
          object: placeOf(acl),
          message: 'It admits no address, of IPv4 or of IPv6.',
          ...guarded(facts, acl, families[0]![2]),
        };
  },
};

/** Kinds that are there to be referred to; what refers to a kind stands before it. */
const USED: readonly KindName[] = [
  'AccessControlList',
  'Credentials',
  'Profile',
  'Persona',
  'Policy',
  'Modality',
];

const unused: Check = {
  code: 'unused',
  severity: 'note',
  summary: 'credentials, a profile, a persona, a policy, a modality or an access control list nobody uses',
  advice:
    'Nothing refers to it, or only what nobody uses either. Remove it, or suppress the finding where it is kept on purpose.',
  *run(facts) {
    const idle = new Set<string>();
    for (const kind of USED)
      for (const resource of facts.all(kind)) {
        const referrers = facts.snapshot.catalog.referrers(kind, resource.ref).map((one) => placeOf(one));
        const names = referrers.map(placeText);
        if (!names.every((name) => idle.has(name))) continue;
        idle.add(placeText(placeOf(resource)));
        const [refer, them] = names.length > 1 ? ['refer', 'them'] : ['refers', 'that'];
        yield {
          object: placeOf(resource),
          message:
            names.length === 0
              ? 'Nothing refers to it.'
              : `Only ${listText(names)} ${refer} to it, and nobody uses ${them}.`,
          related: referrers,
        };
      }
  },
};

export const guardChecks: readonly Check[] = [noOne, everyone, unused];
