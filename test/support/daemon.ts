/** A real daemon on a free port, and a client of its own services, for contract tests. */
import { credentials, type ServiceError } from '@grpc/grpc-js';
import { pino } from 'pino';
import {
  type Change,
  Change_Effect,
  type ListRequest,
  type ListResponse,
  type Operation,
  Operation_Action,
  type Resource,
  ResourcesClient,
  RoutingClient,
  SystemClient,
  type WriteOptions,
} from '../../src/lib/api/generated/v1/ctl.js';
import { type Daemon, type DaemonOptions, startDaemon } from '../../src/lib/daemon/server.js';

export const { CREATE, UPDATE, PUT, DELETE } = Operation_Action;

/** An operation with what it needs; the rest is absent. */
export function operation(
  action: Operation_Action,
  kind: string,
  key: string,
  document?: unknown,
  more: Partial<Operation> = {},
): Operation {
  return {
    action,
    kind,
    key,
    document: document === undefined ? '' : JSON.stringify(document),
    clear: [],
    expectedRevision: 0,
    before: '',
    after: '',
    listEdits: [],
    ignoreNotFound: false,
    ...more,
  };
}

export interface Written {
  /** Effect and ref of each change. */
  readonly effects: readonly string[];
  readonly changes: readonly Change[];
  readonly revision: number;
}

/** What a failed call tells: status name, text, and the fields and hint of its details. */
export interface Failure {
  readonly code: number;
  readonly details: string;
  readonly error: ServiceError;
}

/** Runs a unary method of a client. */
export const ask = <Q, A>(
  client: object,
  method: (request: Q, callback: (error: ServiceError | null, answer: A) => void) => unknown,
  request: Q,
): Promise<A> =>
  new Promise((resolve, reject) => {
    method.call(client, request, (error, answer) => (error ? reject(error) : resolve(answer)));
  });

export class TestDaemon {
  readonly resources: ResourcesClient;
  readonly routing: RoutingClient;
  readonly system: SystemClient;

  private constructor(readonly daemon: Daemon) {
    const open = credentials.createInsecure();
    this.resources = new ResourcesClient(daemon.address, open);
    this.routing = new RoutingClient(daemon.address, open);
    this.system = new SystemClient(daemon.address, open);
  }

  static async start(options: Partial<DaemonOptions> = {}): Promise<TestDaemon> {
    const logger = pino({ level: 'silent' });
    return new TestDaemon(await startDaemon({ listen: '127.0.0.1:0', logger, version: 'test', ...options }));
  }

  async stop(): Promise<void> {
    for (const client of [this.resources, this.routing, this.system]) client.close();
    await this.daemon.stop();
  }

  get(kind: string, key: string, reveal = false): Promise<Resource> {
    return ask(this.resources, this.resources.get as never, { kind, key, reveal });
  }

  list(kind: string, request: Partial<ListRequest> = {}): Promise<ListResponse> {
    const full = { kind, filters: [], sort: '', pageSize: 0, pageToken: '', search: '', ...request };
    return ask(this.resources, this.resources.list as never, full);
  }

  write(operations: Operation[], options: Partial<WriteOptions> = {}): Promise<Written> {
    return new Promise((resolve, reject) => {
      const call = this.resources.write();
      const changes: Change[] = [];
      let revision = -1;
      call.on('data', (response) => {
        changes.push(...response.changes);
        if (response.result) revision = response.result.revision;
      });
      call.on('error', reject);
      call.on('end', () => {
        const effects = changes.map((change) => `${Change_Effect[change.effect]} ${change.resource!.ref}`);
        resolve({ effects, changes, revision });
      });
      const full = { dryRun: false, cascade: false, expectedRevision: 0, message: '', ...options };
      call.write({ options: full, operations: operations.slice(0, 500) });
      for (let i = 500; i < operations.length; i += 500)
        call.write({ options: undefined, operations: operations.slice(i, i + 500) });
      call.end();
    });
  }
}
