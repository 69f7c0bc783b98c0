/** Routr's request messages as documents. Members have our fields' names, so one mapping serves all kinds. */
import type { Document, Field, Fields, Json } from '../../kinds/kind.js';
import type { Message } from './services.js';

/**
 * The document that a Create or Update request gives: what is absent in the request is absent in it. Empty
 * lists count as absent, since this wire cannot tell them apart; an unknown enum number stays a number, which
 * validation refuses along with all other bad fields.
 */
export function documentOf(fields: Fields, request: Message): Document {
  const doc: Document = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = request[name];
    const json = value === undefined ? undefined : jsonOf(field, value);
    if (json !== undefined) doc[name] = json;
  }
  return doc;
}

function jsonOf(field: Field, value: unknown): Json | undefined {
  switch (field.type) {
    case 'choice':
      return field.wire
        ? (field.values[field.wire.indexOf(value as number)] ?? (value as number))
        : (value as Json);
    case 'list':
      return (value as Json[]).length > 0 ? (value as Json[]) : undefined;
    case 'structs': {
      const entries = value as Message[];
      return entries.length > 0 ? entries.map((entry) => documentOf(field.of, entry) as Json) : undefined;
    }
    default:
      return value as Json;
  }
}
