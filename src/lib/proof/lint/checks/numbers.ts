/** Numbers: whether somebody takes their calls. */
import type { TelNumber } from '../../../kinds/number.js';
import type { Decision } from '../../../routing/decision.js';
import type { RejectReason } from '../../../routing/reasons.js';
import type { Check } from '../check.js';
import { userOf } from '../dialled.js';
import type { Facts } from '../facts.js';
import { placeOf, type Found } from '../finding.js';

/** Numbers whose calls are rejected for this reason: those from outside or, where none is let in, our own. */
const rejected = (
  reason: RejectReason,
  path: string,
  message: (doc: TelNumber) => string,
): ((facts: Facts) => Generator<Found>) =>
  function* (facts) {
    for (const number of facts.all<TelNumber>('Number')) {
      const isLetIn = ({ rejection }: Decision) => rejection?.reason !== 'trunk-mismatch';
      const witness = facts.callThat(userOf(number), isLetIn);
      if (witness && facts.decide(witness)!.rejection?.reason === reason)
        yield { object: placeOf(number, path), message: message(number.doc), witness };
    }
  };

const unlinked: Check = {
  code: 'number-unlinked',
  severity: 'warning',
  summary: 'a number that links to nothing and that no SIP route takes',
  advice:
    'Calls to it are rejected with 404. Link it, or call a SIP route by it. A number that only calls out can be suppressed.',
  run: rejected(
    'number-not-linked',
    'aorLink',
    () => 'It links to nothing, and no SIP route takes its calls.',
  ),
};

const linkUnknown: Check = {
  code: 'number-link-unknown',
  severity: 'error',
  summary: 'a number that links to an address nobody has',
  advice: 'Calls to it are rejected with 404. Correct the link, or create who is meant.',
  run: rejected(
    'link-target-unknown',
    'aorLink',
    ({ aorLink }) => `It links to ${aorLink}, which nobody has.`,
  ),
};

const linkDisabled: Check = {
  code: 'number-link-disabled',
  severity: 'error',
  summary: 'a number that links to a disabled agent, or to peers that are all disabled',
  advice: 'Calls to it are rejected with 480. Enable who is meant, or link it elsewhere.',
  run: rejected('callee-disabled', 'aorLink', ({ aorLink }) => `It links to ${aorLink}, which is disabled.`),
};

const noTrunk: Check = {
  code: 'number-no-trunk',
  severity: 'warning',
  summary: 'a number without trunk, which no call from outside can reach',
  advice: 'Give it the trunk at which its calls arrive, or remove it.',
  *run(facts) {
    for (const number of facts.all<TelNumber>('Number'))
      if (number.doc.trunkRef === undefined)
        yield {
          object: placeOf(number, 'trunkRef'),
          message: 'It has no trunk: calls from outside to it are rejected.',
          witness: { dialled: userOf(number) },
        };
  },
};

export const numberChecks: readonly Check[] = [linkUnknown, linkDisabled, unlinked, noTrunk];
