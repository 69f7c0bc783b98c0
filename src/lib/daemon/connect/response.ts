/** Resources as Routr's messages: references expanded, times in seconds, enums as numbers. */
import type { Catalog } from '../../kinds/catalog.js';
import { kindOf } from '../../kinds/index.js';
import type { Document, Field, Fields, Json, Resource } from '../../kinds/kind.js';
import type { Message } from './services.js';

/** What a response is made from: one revision, and whether its reader may see secrets. */
export interface View {
  readonly catalog: Catalog;
  readonly reveal: boolean;
}

const API_VERSION = 'v2';

/**
 * The message of a resource with what it refers to nested in it: as deep as references go, or as deep as the
 * kind's `connect.depth` says (docs/wire.md section 3.5). A member the message type lacks is not encoded.
 */
export function messageOf(
  view: View,
  resource: Resource,
  depth = kindOf(resource.kind).connect?.depth ?? Infinity,
): Message {
  return {
    ...membersOf(view, kindOf(resource.kind).fields, resource.doc, depth),
    ref: resource.ref,
    apiVersion: API_VERSION,
    createdAt: Math.floor(resource.createdAt / 1000),
    updatedAt: Math.floor(resource.updatedAt / 1000),
  };
}

/** A reference `xRef` gives two members, `xRef` and the nested `x`; most messages have only the second. */
function membersOf(view: View, fields: Fields, doc: Document, depth: number): Message {
  const message: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = doc[name];
    message[name] = memberOf(view, field, value, depth);
    if (field.type !== 'reference' || value === undefined || depth === 0) continue;
    const target = view.catalog.get(field.to, value as string);
    if (target) message[name.replace(/Ref$/, '')] = messageOf(view, target, depth - 1);
  }
  return message;
}

function memberOf(view: View, field: Field, value: Json | undefined, depth: number): unknown {
  switch (field.type) {
    case 'text':
      return (field.secret && !view.reveal ? undefined : value) ?? '';
    case 'choice':
      return field.wire ? field.wire[field.values.indexOf(value as string)] : value;
    case 'structs':
      return ((value ?? []) as Document[]).map((entry) => membersOf(view, field.of, entry, depth));
    case 'list':
      return value ?? [];
    default:
      return value;
  }
}
