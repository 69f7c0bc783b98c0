/** ctl.v1 System: what this daemon is and holds. */
import type { Server } from '@grpc/grpc-js';
import { type SystemServer, SystemService } from '../api/generated/v1/ctl.js';
import { kinds } from '../kinds/index.js';
import { unary } from './call.js';
import type { Core } from './core.js';

export interface SystemFacts {
  readonly version: string;
  /** Known once the server listens. */
  readonly address: () => string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Connect tokens can be verified. */
  readonly connectTokenKey: boolean;
}

/** Adds the service to a server. */
export function registerSystem(server: Server, core: Core, facts: SystemFacts): void {
  const service: SystemServer = {
    status: unary(core, () => ({
      ...facts,
      address: facts.address(),
      store: core.store.description,
      revision: core.catalog.revision,
      pending: core.pending,
      counts: kinds.map(({ name }) => ({ kind: name, count: core.catalog.size(name) })),
    })),
  };
  server.addService(SystemService, service);
}
