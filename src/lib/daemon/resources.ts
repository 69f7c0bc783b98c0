/** ctl.v1 Resources: every kind through one service. */
import type { Server } from '@grpc/grpc-js';
import { ResourcesService, type ResourcesServer } from '../api/generated/v1/ctl.js';
import { namedResource, namedKind } from './lookup.js';
import { CtlError } from '../errors.js';
import { unary } from './call.js';
import type { Core } from './core.js';
import { toWire, wireSize } from './wire.js';
import { handleWrite } from './write.js';

/** Adds the service to a server. */
export function registerResources(server: Server, core: Core): void {
  const service: ResourcesServer = {
    get: unary(core, ({ kind, key, reveal }, { mayReveal }) => {
      if (reveal && !mayReveal)
        throw new CtlError('permission', 'secrets are shown to callers on the same machine only', {
          hint: 'run the command where the daemon runs',
        });
      const { catalog } = core;
      return toWire(catalog, namedResource(catalog, namedKind(kind), key), reveal);
    }),
    list: unary(core, async (request) => {
      const { name: kind } = namedKind(request.kind);
      const page = await core.list({ ...request, kind, measure: wireSize });
      const { catalog } = core;
      return { items: page.items.map((item) => toWire(catalog, item)), nextPageToken: page.nextPageToken };
    }),
    write: (call) => handleWrite(core, call),
  };
  server.addService(ResourcesService, service);
}
