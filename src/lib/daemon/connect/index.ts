/**
 * Routr's Connect API: seven services over the kind registry, one implementation for all. Where it differs
 * from Routr on purpose is listed in docs/wire.md.
 */
import type { handleUnaryCall, Server } from '@grpc/grpc-js';
import type { Operation } from '../../config/operation.js';
import { plain } from '../../config/problems.js';
import { CtlError } from '../../errors.js';
import { article } from '../../kinds/validate.js';
import type { Kind } from '../../kinds/kind.js';
import { unary } from '../call.js';
import type { Caller } from '../caller.js';
import type { Core } from '../core.js';
import { adapt, Undecodable } from './definition.js';
import { findBy } from './find-by.js';
import { list } from './list.js';
import { documentOf } from './request.js';
import { Messages } from './response.js';
import { type Face, faces, type Message } from './services.js';

type Handler = (request: Message, caller: Caller) => unknown;

/** Adds the seven services to a server. */
export function registerConnect(server: Server, core: Core): void {
  for (const face of faces) {
    const handlers = handlersOf(core, face);
    server.addService(
      adapt(face.service),
      Object.fromEntries(Object.keys(face.service).map((rpc) => [rpc, method(core, handlers[rpc]!)])),
    );
  }
}

function method(core: Core, handler: Handler): handleUnaryCall<Message | Undecodable, unknown> {
  return unary(core, (request, caller) => {
    if (request instanceof Undecodable)
      throw new CtlError('usage', `the request is no message of its type: ${request.reason}`);
    return handler(request, caller);
  });
}

/** What each rpc does. Only refs name resources here; reference fields take natural keys too. */
function handlersOf(core: Core, face: Face): Record<string, Handler> {
  const { kind } = face;
  const write = async (operation: Omit<Operation, 'kind'>, { principal, mayReveal }: Caller) => {
    const { changes, after } = await core.write([{ kind: kind.name, ...operation }], { principal });
    const resource = changes[0]!.after;
    return resource ? new Messages(after, mayReveal).of(resource) : {};
  };
  return {
    create: (request, caller) =>
      write({ action: 'create', document: documentOf(kind.fields, request) }, caller),
    update: (request, caller) => {
      const { ref } = existing(core, kind, request);
      return write({ action: 'update', key: ref, document: documentOf(kind.fields, request) }, caller);
    },
    get: (request, { mayReveal }) => new Messages(core.catalog, mayReveal).of(existing(core, kind, request)),
    delete: (request, caller) => write({ action: 'delete', key: existing(core, kind, request).ref }, caller),
    list: (request, { mayReveal }) => list(core, face, mayReveal, request),
    findBy: (request, { mayReveal }) => findBy(core, face, mayReveal, request),
  };
}

/** The resource that a request's ref names. @throws CtlError usage when it is empty; not-found */
function existing(core: Core, kind: Kind, { ref }: Message) {
  if (typeof ref !== 'string' || ref === '')
    throw new CtlError('usage', `no ${kind.noun} is named`, {
      fields: [{ field: 'ref', message: `is empty: expected the ref of ${article(kind.noun)}` }],
    });
  const resource = core.catalog.get(kind.name, ref);
  if (resource) return resource;
  throw new CtlError('not-found', `there is no ${kind.noun} with the ref ${plain(ref)}`);
}
