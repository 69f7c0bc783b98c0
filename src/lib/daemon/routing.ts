/** ctl.v1 Routing: dry runs of calls through the engine that decides them. */
import type { Server } from '@grpc/grpc-js';
import { type RoutingServer, RoutingService } from '../api/generated/v1/ctl.js';
import { type ConnectToken, headerOf } from '../routing/call.js';
import { parseRequest } from '../routing/request.js';
import { simulate } from '../routing/simulate.js';
import { unary } from './call.js';
import type { Core } from './core.js';

/** Gives the verdict on a connect token. */
export type TokenVerifier = (jwt: string, now: number) => Promise<ConnectToken>;

/** Adds the service to a server. Tokens are verified before deciding, which stays pure. */
export function registerRouting(server: Server, core: Core, verify: TokenVerifier): void {
  const service: RoutingServer = {
    simulate: unary(core, async ({ call, explain }) => {
      const request = parseRequest(call);
      const now = Date.now();
      const token = request.connectToken ?? headerOf(request, 'X-Connect-Token');
      const connectToken: ConnectToken =
        token === undefined ? { state: 'none' } : await verify(token, request.at ?? now);
      return { decision: JSON.stringify(simulate(core.snapshot, request, { connectToken, now, explain })) };
    }),
  };
  server.addService(RoutingService, service);
}
