/** Resources as Routr's messages: references expanded, times in seconds, enums as numbers. */
import type { Catalog } from '../../kinds/catalog.js';
import { kindOf } from '../../kinds/index.js';
import type { Document, Field, Fields, Json, Resource } from '../../kinds/kind.js';
import type { Message } from './services.js';

const API_VERSION = 'v2';

/** Makes the messages of one response; what several of them nest is made once. */
export class Messages {
  private readonly made = new Map<Resource, Map<number, Message>>();

  /**
   * @param catalog where references are looked up
   * @param reveal whether who reads the response may see secrets
   */
  constructor(
    private readonly catalog: Catalog,
    private readonly reveal: boolean,
  ) {}

  /**
   * The message of a resource with what it refers to nested in it: as deep as references go, or as deep as the
   * kind's `connect.depth` says (docs/wire.md section 3.5). A member that the message type lacks is not encoded.
   */
  of(resource: Resource): Message {
    return this.make(resource, kindOf(resource.kind).connect?.depth ?? Infinity);
  }

  private nested(resource: Resource, depth: number): Message {
    let byDepth = this.made.get(resource);
    if (!byDepth) this.made.set(resource, (byDepth = new Map()));
    let message = byDepth.get(depth);
    if (!message) byDepth.set(depth, (message = this.make(resource, depth)));
    return message;
  }

  private make(resource: Resource, depth: number): Message {
    return {
      ...this.members(kindOf(resource.kind).fields, resource.doc, depth),
      ref: resource.ref,
      apiVersion: API_VERSION,
      createdAt: Math.floor(resource.createdAt / 1000),
      updatedAt: Math.floor(resource.updatedAt / 1000),
    };
  }

  /** A reference `xRef` gives two members, `xRef` and the nested `x`; most messages have only the second. */
  private members(fields: Fields, doc: Document, depth: number): Message {
    const message: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(fields)) {
      const value = doc[name];
      message[name] = this.member(field, value, depth);
      if (field.type !== 'reference' || value === undefined || depth === 0) continue;
      const target = this.catalog.get(field.to, value as string);
      if (target) message[name.replace(/Ref$/, '')] = this.nested(target, depth - 1);
    }
    return message;
  }

  private member(field: Field, value: Json | undefined, depth: number): unknown {
    switch (field.type) {
      case 'text':
        return (field.secret && !this.reveal ? undefined : value) ?? '';
      case 'choice':
        return field.wire ? field.wire[field.values.indexOf(value as string)] : value;
      case 'structs':
        return ((value ?? []) as Document[]).map((entry) => this.members(field.of, entry, depth));
      case 'list':
        return value ?? [];
      default:
        return value;
    }
  }
}
