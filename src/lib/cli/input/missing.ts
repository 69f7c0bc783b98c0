/** Required fields that nobody gave: asked for at a terminal, named all at once anywhere else. */
import { CtlError } from '../../errors.js';
import type { Document, Kind } from '../../kinds/kind.js';
import { flagName } from '../names.js';

/** Names of the required fields that a document for `create` leaves out, in field order. */
export const missingFields = (kind: Kind, doc: Document): string[] =>
  Object.entries(kind.fields)
    .filter(([name, field]) => field.required && doc[name] === undefined)
    .map(([name]) => name);

/** The error for fields that are missing where no questions can be asked. */
export function missingError(kind: Kind, names: readonly string[]): CtlError {
  const fields = names.map((name) => {
    const field = kind.fields[name]!;
    return { field: `--${flagName(name, field)}`, message: `is missing: expected ${field.summary}` };
  });
  const flags = fields.map(({ field }) => field).join(', ');
  const message = `cannot create ${kind.noun}: missing ${flags}`;
  return new CtlError('usage', message, {
    fields,
    hint: 'Give the missing flags, or a document with -f FILE (-f - reads stdin).',
  });
}
