/** ctl.v1 Resources: every kind through one service. */
import type { Server } from '@grpc/grpc-js';
import { ResourcesService, type ResourcesServer } from '../api/generated/v1/ctl.js';
import { namedResource, namedKind } from './lookup.js';
import { streaming, unary } from './call.js';
import { checkReveal } from './caller.js';
import type { Core } from './core.js';
import { handleExport } from './export.js';
import { handleDiff, handleHistory } from './history.js';
import { toWire, wireSize } from './wire.js';
import { handleWrite } from './write.js';

/** Adds the service to a server. */
export function registerResources(server: Server, core: Core): void {
  const service: ResourcesServer = {
    get: unary(core, ({ kind, key, reveal }, caller) => {
      if (reveal) checkReveal(caller);
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
    export: streaming(core, { resources: [], revision: 0 }, (request, caller) =>
      handleExport(core, request, caller),
    ),
    history: unary(core, (request) => handleHistory(core, request)),
    diff: streaming(core, { changes: [] }, (request) => handleDiff(core, request)),
    confirm: unary(core, async () => ({ revision: await core.confirm() })),
  };
  server.addService(ResourcesService, service);
}
