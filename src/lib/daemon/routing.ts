/** ctl.v1 Routing: dry runs of calls through the engine that decides them. */
import type { Server } from '@grpc/grpc-js';
import { type RoutingServer, RoutingService } from '../api/generated/v1/ctl.js';
import { answer, type TokenVerifier } from '../routing/answer.js';
import { parseRequest } from '../routing/request.js';
import { unary } from './call.js';
import type { Core } from './core.js';

/** Adds the service to a server. Tokens are verified before deciding, which stays pure. */
export function registerRouting(server: Server, core: Core, verify: TokenVerifier): void {
  const service: RoutingServer = {
    simulate: unary(core, async ({ call, explain }) => {
      const answering = { verify, now: Date.now(), explain };
      return { decision: JSON.stringify(await answer(core.snapshot, parseRequest(call), answering)) };
    }),
  };
  server.addService(RoutingService, service);
}
