/** Access control lists that guard nothing or let nobody in, and resources that nobody uses. */
import type { AccessControlList } from '../../../kinds/acl.js';
import type { KindName } from '../../../kinds/kind.js';
import { parseNetwork } from '../../../routing/acl.js';
import type { Check } from '../check.js';
import { placeOf } from '../finding.js';

type Family = 4 | 6;
type Admission = 'everyone' | 'no one' | 'some';

/** A list as a tree of address bits: the longest matching prefix decides, and allow wins a tie. */
interface Bits {
  verdict?: boolean;
  readonly next: (Bits | undefined)[];
}

/** Whom a list admits, of all addresses of a family. */
export function admission(acl: AccessControlList, family: Family): Admission {
  const root: Bits = { next: [] };
  const put = (entries: readonly string[], verdict: boolean) => {
    for (const entry of entries) {
      const network = parseNetwork(entry);
      if (network?.family !== family) continue;
      let node = root;
      for (let bit = 0; bit < network.length; bit++) {
        const side = (network.bytes[bit >> 3]! >> (7 - (bit & 7))) & 1;
        node = node.next[side] ??= { next: [] };
      }
      node.verdict = verdict;
    }
  };
  put(acl.deny, false);
  put(acl.allow, true);
  return admissionOf(root, acl.allow.length === 0);
}

function admissionOf(node: Bits | undefined, inherited: boolean): Admission {
  const verdict = node?.verdict ?? inherited;
  if (!node || node.next.length === 0) return verdict ? 'everyone' : 'no one';
  const [left, right] = [admissionOf(node.next[0], verdict), admissionOf(node.next[1], verdict)];
  return left === right ? left : 'some';
}

const families: readonly (readonly [Family, string])[] = [
  [4, 'IPv4'],
  [6, 'IPv6'],
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
        };
    }
  },
};

const noOne: Check = {
  code: 'acl-admits-no-one',
  severity: 'error',
  summary: 'an access control list that admits no address at all',
  advice: 'Whatever it guards is shut. An `allow` entry inside a denied network lets that part in.',
  *run(facts) {
    for (const acl of facts.all<AccessControlList>('AccessControlList'))
      if (families.every(([family]) => admission(acl.doc, family) === 'no one'))
        yield { object: placeOf(acl), message: 'It admits no address, of IPv4 or of IPv6.' };
  },
};

const USED: readonly KindName[] = [
  'AccessControlList',
  'Credentials',
  'Modality',
  'Persona',
  'Policy',
  'Profile',
];

const unused: Check = {
  code: 'unused',
  severity: 'note',
  summary: 'credentials, a profile, a persona, a policy, a modality or an access control list nobody uses',
  advice: 'Nothing refers to it. Remove it, or suppress the finding where it is kept on purpose.',
  *run(facts) {
    for (const kind of USED)
      for (const resource of facts.all(kind))
        if (facts.snapshot.catalog.referrers(kind, resource.ref).length === 0)
          yield { object: placeOf(resource), message: 'Nothing refers to it.' };
  },
};

export const guardChecks: readonly Check[] = [noOne, everyone, unused];
