/** What a field expects, in words. */
import { formats } from './formats.js';
import { kindOf } from './index.js';
import type { Field, TextField } from './kind.js';
import { article } from './words.js';

/** What a field expects, in words that follow "expected". */
export function expectation(field: Field): string {
  switch (field.type) {
    case 'text':
      return expectedText(field);
    case 'integer':
      return `a whole number from ${field.min} to ${field.max}`;
    case 'boolean':
      return 'true or false';
    case 'choice':
      return `one of ${field.values.join(', ')}`;
    case 'reference': {
      const keyed = kindOf(field.to).keys.length > 0;
      return `the ref${keyed ? ' or natural key' : ''} of ${article(kindOf(field.to).noun)}`;
    }
    case 'list':
      return `a list of texts${field.min ? ` with at least ${field.min}` : ''}`;
    case 'structs':
      return `a list of objects with ${Object.keys(field.of).join(', ')}`;
    case 'object':
      return 'a JSON object';
  }
}

function expectedText(field: TextField): string {
  if (field.secret) return `${field.min ?? 0}-${field.max} characters`;
  if (field.format) return formats[field.format];
  return field.min ? `${field.min}-${field.max} characters` : `at most ${field.max} characters`;
}
