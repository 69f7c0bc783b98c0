/** A real daemon on a free port, and a client of its own services, for contract tests. */
import { credentials, type ServiceError } from '@grpc/grpc-js';
import { BinaryReader } from '@bufbuild/protobuf/wire';
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
import { operation as anyOperation, writeOptions } from '../../src/lib/api/requests.js';
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
  const text = document === undefined ? '' : JSON.stringify(document);
  return anyOperation({ action, kind, key, document: text, ...more });
}

export { writeOptions };

export interface Written {
  /** Effect and ref of each change. */
  readonly effects: readonly string[];
  readonly changes: readonly Change[];
  readonly revision: number;
}

/** What a failed call tells: status, text, and what its details hold. */
export interface Failure {
  readonly code: number;
  readonly details: string;
  readonly summary: string;
  readonly fields: readonly { readonly field: string; readonly message: string }[];
  readonly hint: string | undefined;
  /** Length of the details in the trailers. */
  readonly bytes: number;
}

interface Member {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** The length-delimited members of a message. */
function membersOf(bytes: Uint8Array): Member[] {
  const reader = new BinaryReader(bytes);
  const members: Member[] = [];
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (Number(type) === 2) members.push({ number, bytes: reader.bytes() });
    else reader.skip(type);
  }
  return members;
}

const textAt = (bytes: Uint8Array, number: number): string =>
  Buffer.from(membersOf(bytes).find((member) => member.number === number)?.bytes ?? []).toString();

/** How a call failed, its google.rpc.Status read byte by byte as another client would. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const error = await call.then(
    () => undefined,
    (failed: ServiceError) => failed,
  );
  if (!error) throw new Error('the call did not fail');
  const raw = error.metadata?.get('grpc-status-details-bin')[0];
  const bytes = Buffer.isBuffer(raw) ? raw : Buffer.alloc(0);
  const details = membersOf(bytes).filter(({ number }) => number === 3);
  const valueOf = (type: string): Member[] => {
    const found = details.find((detail) => textAt(detail.bytes, 1).endsWith(type));
    return found ? membersOf(membersOf(found.bytes)[1]!.bytes) : [];
  };
  return {
    code: error.code,
    details: error.details,
    summary: textAt(bytes, 2),
    fields: valueOf('BadRequest').map((violation) => ({
      field: textAt(violation.bytes, 1),
      message: textAt(violation.bytes, 2),
    })),
    hint: valueOf('Help').map((link) => textAt(link.bytes, 1))[0],
    bytes: bytes.length,
  };
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

  /** Refs on all pages. */
  async all(kind: string, request: Partial<ListRequest> = {}): Promise<string[]> {
    const refs: string[] = [];
    let pageToken = '';
    do {
      const page = await this.list(kind, { ...request, pageToken });
      refs.push(...page.items.map(({ ref }) => ref));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    return refs;
  }

  /** Writes operations, `batch` of them in each request. */
  write(operations: Operation[], options: Partial<WriteOptions> = {}, batch = 500): Promise<Written> {
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
      const full = writeOptions(options);
      for (let i = 0; i === 0 || i < operations.length; i += batch)
        call.write({
          options: i === 0 ? full : undefined,
          operations: operations.slice(i, i + batch),
          last: i + batch >= operations.length,
        });
      call.end();
    });
  }
}
