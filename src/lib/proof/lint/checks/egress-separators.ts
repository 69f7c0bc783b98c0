/** Egress rules for numbers as people write them, which are never asked so. */
import { normalizeUser } from '../../../routing/normalize.js';
import { Language } from '../../language/language.js';
import { onlyWritten } from '../../language/separators.js';
import type { Check } from '../check.js';
import { perRule } from './egress-rules.js';

export const separators: Check = {
  code: 'egress-separators',
  severity: 'warning',
  summary:
    'an egress rule that matches numbers only as they are written with separators, never as they are asked',
  advice:
    'The separators - . ( ) and blank are removed from a telephone number before rules are asked: whoever dials +1-919 asks for +1919, which `^\\+1-919` does not match. Write the rule without them.',
  run: perRule(({ facts, domain, planned: { rule }, place, language }) => {
    // Nothing at all matches it: that has a finding of its own.
    if (language.isEmpty) return undefined;
    const written = onlyWritten(rule);
    if ('notAnalysable' in written) return written;
    const isAsked = (number: string) => facts.reachesEgress(domain, normalizeUser(number));
    const number = written.find(isAsked) ?? written[0];
    if (number === undefined) return undefined;
    const asked = normalizeUser(number);
    const from = facts.callerIn(domain);
    return {
      object: place,
      message: language.overlaps(Language.telephone)
        ? `${rule} matches ${number}, but whoever dials that asks for ${asked}, which it does not match.`
        : `${rule} matches no telephone number: whoever dials ${number} asks for ${asked}.`,
      witness: from === undefined ? undefined : { dialled: number, from },
    };
  }),
};
