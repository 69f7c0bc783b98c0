/** One value from the text of a flag, a structured entry or an answer, typed by its field. */
import { choiceOf } from '../../config/files/checker.js';
import type { Field, Json } from '../../kinds/kind.js';

export type Scalar = { readonly value: Json } | { readonly problem: string };

/**
 * Reads a value. Limits of length and formats are the daemon's to check; what a text cannot even be read as is
 * found here.
 * @returns the value, or what is wrong and expected, to follow the name of the field and the text
 */
export function parseScalar(field: Field, text: string): Scalar {
  switch (field.type) {
    case 'text':
    case 'reference':
      return text === '' ? { problem: `is empty: expected ${field.summary}` } : { value: text };
    case 'integer':
      return parseInteger(text, field.min, field.max);
    case 'boolean':
      return parseBoolean(text);
    case 'choice':
      return parseChoice(text, field.values);
    case 'object':
      return parseObject(text);
    default:
      throw new TypeError(`a field of type ${field.type} is no single value`);
  }
}

function parseInteger(text: string, min: number, max: number): Scalar {
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text.trim()) || value < min || value > max)
    return { problem: `is not valid: expected a whole number from ${min} to ${max}` };
  return { value };
}

function parseBoolean(text: string): Scalar {
  const lower = text.trim().toLowerCase();
  if (lower !== 'true' && lower !== 'false') return { problem: 'is not valid: expected true or false' };
  return { value: lower === 'true' };
}

function parseChoice(text: string, values: readonly string[]): Scalar {
  const value = choiceOf(values, text);
  return value === undefined ? { problem: `is not valid: expected ${values.join(', ')}` } : { value };
}

function parseObject(text: string): Scalar {
  const problem = 'is not valid: expected a JSON object such as {"department": "sales"}';
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { value } : { problem };
  } catch {
    return { problem };
  }
}
