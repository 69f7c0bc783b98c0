/** What `--expect part=value` says, checked against the configuration: what nobody has cannot be expected. */
import type { FieldError } from '../../errors.js';
import type { KindName } from '../../kinds/kind.js';
import { kindOf } from '../../kinds/index.js';
import { didYouMean } from '../../kinds/nearest.js';
import { quote } from '../../kinds/words.js';
import { type Expectation, expectationOf } from '../../proof/suite/expectation.js';
import { rejections } from '../../routing/reasons.js';
import type { Snapshot } from '../../routing/snapshot.js';
import { inputError } from '../input/problems.js';

const FLAG = '--expect';

/** Parts that are resources. */
const KINDS: Readonly<Record<string, KindName>> = {
  profile: 'Profile',
  persona: 'Persona',
  trunk: 'Trunk',
  sipRoute: 'SipRoute',
  egressNumber: 'Number',
};

const VALUES: Readonly<Record<string, readonly string[]>> = {
  verdict: ['profile', 'route', 'reject'],
  reason: Object.keys(rejections),
};

/**
 * Reads expectations.
 * @throws CtlError usage, naming every one that is none
 */
export function readExpectations(texts: readonly string[], snapshot: Snapshot): Expectation[] {
  const problems: FieldError[] = [];
  const refuse = (message: string) => void problems.push({ field: FLAG, message });
  const found = texts.flatMap((text) => {
    const at = text.indexOf('=');
    if (at < 1) return refuse(`${quote(text)} has no "=": expected such as profile=main`) ?? [];
    const [name, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    const expectation = expectationOf(name, value === 'null' ? null : value);
    if ('problem' in expectation) {
      refuse(`${quote(expectation.inName ? name : text)} ${expectation.problem}`);
      return [];
    }
    const fault = expectationFault(expectation, snapshot);
    if (fault !== undefined) refuse(`${quote(text)}: ${fault}`);
    return [expectation];
  });
  if (texts.length === 0)
    problems.push({
      field: FLAG,
      message: 'is missing: expected such as --expect profile=main, trunk=trunk-01, verdict=route',
    });
  if (problems.length > 0) throw inputError('cannot tell why', problems);
  return found;
}

/** What is wrong with the value of an expectation: that nothing in the configuration, or nothing at all, has it. */
export function expectationFault({ name, wanted }: Expectation, { catalog }: Snapshot): string | undefined {
  if (!('text' in wanted) || wanted.text === null) return undefined;
  const { text } = wanted;
  const values = VALUES[name];
  if (values && !values.includes(text))
    return `${quote(text)} is no ${name}${didYouMean(text, values) || `: expected ${values.join(', ')}`}`;
  const kind = KINDS[name];
  if (!kind || catalog.find(kind, text).length > 0) return undefined;
  const known = [...catalog.all(kind)].flatMap((one) => [one.ref, catalog.label(one)]);
  const { noun, topic } = kindOf(kind);
  return `there is no ${noun} ${quote(text)}${didYouMean(text, known) || `; see "ctl ${topic} list"`}`;
}
