/** Kinds as people name them. */
import { CtlError } from '../../errors.js';
import { kindCalled, kinds } from '../../kinds/index.js';
import type { Kind } from '../../kinds/kind.js';
import { didYouMean } from '../../kinds/nearest.js';

/** A kind by topic, singular or name, in any case. @throws CtlError usage with the nearest real ones */
export function kindNamed(text: string): Kind {
  const found = kindCalled(text);
  if (found) return found;
  const topics = kinds.map(({ topic }) => topic);
  throw new CtlError('usage', `${JSON.stringify(text)} is no kind${didYouMean(text.toLowerCase(), topics)}`, {
    hint: `Kinds: ${topics.join(', ')}.`,
    fields: [{ field: 'kind', message: `${JSON.stringify(text)} is no kind` }],
  });
}
