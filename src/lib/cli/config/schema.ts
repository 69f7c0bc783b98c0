/** JSON Schema (draft 2020-12) of flat documents, derived from the kinds. */
import { formats } from '../../kinds/formats.js';
import { kinds } from '../../kinds/index.js';
import type { Field, Fields, Json, Kind } from '../../kinds/kind.js';

const READ_ONLY = ['createdAt', 'updatedAt', 'revision', 'position'];

/** The schema of one kind's documents, or of all kinds' and lists of them. */
export function schemaOf(kind?: Kind): Json {
  const $schema = 'https://json-schema.org/draft/2020-12/schema';
  if (kind) return { $schema, ...document(kind) };
  const definitions = Object.fromEntries(kinds.map((one) => [one.name, document(one)]));
  const any = { oneOf: kinds.map(({ name }) => ({ $ref: `#/$defs/${name}` })) };
  return {
    $schema,
    title: 'connect-ctl resources',
    anyOf: [any, { type: 'array', items: any }],
    $defs: definitions,
  };
}

const document = (kind: Kind): { [key: string]: Json } => ({
  title: kind.name,
  description: kind.summary,
  type: 'object',
  properties: {
    apiVersion: { type: 'string' },
    kind: { const: kind.name },
    ref: { type: 'string', minLength: 1, maxLength: 64, description: 'unique in its kind' },
    ...properties(kind.fields),
    ...Object.fromEntries(READ_ONLY.map((name) => [name, { readOnly: true }])),
  },
  required: ['kind', ...required(kind.fields)],
  additionalProperties: false,
});

const required = (fields: Fields): string[] =>
  Object.entries(fields)
    .filter(([, field]) => field.required && field.default === undefined)
    .map(([name]) => name);

const properties = (fields: Fields): { [key: string]: Json } =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, { description: field.summary, ...schema(field) }]),
  );

function schema(field: Field): { [key: string]: Json } {
  const fallback = field.default === undefined ? {} : { default: field.default };
  switch (field.type) {
    case 'text': {
      const expected = field.format ? { description: `${field.summary}: ${formats[field.format]}` } : {};
      return { type: 'string', minLength: field.min ?? 0, maxLength: field.max, ...expected, ...fallback };
    }
    case 'integer':
      return { type: 'integer', minimum: field.min, maximum: field.max, ...fallback };
    case 'boolean':
      return { type: 'boolean', ...fallback };
    case 'choice':
      return { enum: [...field.values], ...fallback };
    case 'reference':
      return { type: 'string', description: `${field.summary}: ref or natural key of a ${field.to}` };
    case 'list':
      return { type: 'array', items: schema(field.of), minItems: field.min ?? 0 };
    case 'structs':
      return {
        type: 'array',
        items: {
          type: 'object',
          properties: properties(field.of),
          required: required(field.of),
          additionalProperties: false,
        },
      };
    default:
      return { type: 'object' };
  }
}
