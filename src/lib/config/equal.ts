/** Recognises a document that is there already: most of what is applied again and again is. */
import { isDeepStrictEqual } from 'node:util';
import { type Document, type Field, type Kind, isSecret } from '../kinds/kind.js';

/**
 * Whether putting a document over a resource changes nothing, as can be told without validating it: each value is
 * the very one that is there, and what is not given has its default. False may also mean that it takes a closer
 * look: a natural key in place of a ref, text that is not canonical, or a reference whose target has to fit.
 */
export function isAsGiven(kind: Kind, before: Document, given: unknown): boolean {
  if (typeof given !== 'object' || given === null || mustFit(kind)) return false;
  const values = given as Document;
  for (const name of Object.keys(values))
    if (!Object.hasOwn(before, name) || !isEqual(before[name], values[name])) return false;
  for (const name of Object.keys(before))
    if (!Object.hasOwn(values, name) && !isLeftOut(kind.fields[name]!, before[name])) return false;
  return true;
}

const isEqual = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && isDeepStrictEqual(a, b));

/** Whether a put that does not give a field leaves it with this value. */
function isLeftOut(field: Field, value: unknown): boolean {
  if (field.type === 'object' || isSecret(field)) return true;
  return Array.isArray(value) ? value.length === 0 : value === field.default;
}

const fitting = new WeakMap<Kind, boolean>();

/** Whether the kind has references whose target must have certain values: that may change in the same write. */
function mustFit(kind: Kind): boolean {
  let must = fitting.get(kind);
  if (must === undefined) {
    must = Object.values(kind.fields).some((field) => field.type === 'reference' && field.where);
    fitting.set(kind, must);
  }
  return must;
}
