/** The client of ctl.v1: every call has a deadline, every failure is a CtlError. */
import { credentials, type CallOptions, Metadata, type ServiceError } from '@grpc/grpc-js';
import {
  type Change,
  type ListRequest,
  type ListResponse,
  type Operation,
  type Resource,
  ResourcesClient,
  RoutingClient,
  type StatusResponse,
  SystemClient,
  type WriteOptions,
} from './generated/v1/ctl.js';
import type { Endpoint } from './endpoint.js';
import { errorFrom } from './status.js';

/** Largest message either way; a page ends at 2 MiB, but a single document may be larger. */
const MAX_MESSAGE = 16 * 1024 * 1024;

export interface Written {
  readonly changes: readonly Change[];
  /** The global revision after the write. */
  readonly revision: number;
}

type Unary<Response> = (
  options: CallOptions,
  done: (error: ServiceError | null, response: Response) => void,
) => void;

export class Client {
  private readonly resources: ResourcesClient;
  private readonly routing: RoutingClient;
  private readonly system: SystemClient;

  /** @param timeoutMs deadline of each call */
  constructor(
    private readonly endpoint: Endpoint,
    private readonly timeoutMs: number,
  ) {
    const channel = endpoint.plaintext ? credentials.createInsecure() : credentials.createSsl();
    // A proxy of the environment is for the way out, never for this machine.
    const options = {
      'grpc.max_receive_message_length': MAX_MESSAGE,
      'grpc.enable_http_proxy': endpoint.loopback ? 0 : 1,
    };
    this.resources = new ResourcesClient(endpoint.address, channel, options);
    const shared = { channelOverride: this.resources.getChannel() };
    this.routing = new RoutingClient(endpoint.address, channel, shared);
    this.system = new SystemClient(endpoint.address, channel, shared);
  }

  close(): void {
    this.resources.close();
  }

  /** A resource by ref or natural key. */
  get(kind: string, key: string, reveal = false): Promise<Resource> {
    return this.unary((options, done) =>
      this.resources.get({ kind, key, reveal }, new Metadata(), options, done),
    );
  }

  /** One page of a list. */
  page(request: ListRequest): Promise<ListResponse> {
    return this.unary((options, done) => this.resources.list(request, new Metadata(), options, done));
  }

  /** All resources of a list, page by page, at most `limit`. */
  async *list(
    request: Omit<ListRequest, 'pageSize' | 'pageToken'>,
    limit = Infinity,
  ): AsyncGenerator<Resource> {
    let left = limit;
    let pageToken = '';
    while (left > 0) {
      const page = await this.page({
        ...request,
        pageSize: Number.isFinite(left) ? Math.min(left, 1000) : 0,
        pageToken,
      });
      yield* page.items;
      left -= page.items.length;
      pageToken = page.nextPageToken;
      if (pageToken === '') return;
    }
  }

  /** Writes operations as one transaction: all of them or none. */
  write(operations: readonly Operation[], options: Partial<WriteOptions>): Promise<Written> {
    return new Promise((resolve, reject) => {
      const call = this.resources.write(new Metadata(), this.deadline());
      const changes: Change[] = [];
      let revision = 0;
      call.on('data', (response) => {
        changes.push(...response.changes);
        if (response.result) revision = response.result.revision;
      });
      call.on('error', (error) => reject(errorFrom(error, this.endpoint, this.timeoutMs)));
      call.on('end', () => resolve({ changes, revision }));
      const all = { dryRun: false, cascade: false, expectedRevision: 0, message: '', ...options };
      call.write({ options: all, operations: [...operations], last: true });
      call.end();
    });
  }

  /** Decides a call; both are JSON texts. */
  async simulate(call: string, explain: boolean): Promise<string> {
    const response = await this.unary<{ decision: string }>((options, done) =>
      this.routing.simulate({ call, explain }, new Metadata(), options, done),
    );
    return response.decision;
  }

  status(): Promise<StatusResponse> {
    return this.unary((options, done) => this.system.status({}, new Metadata(), options, done));
  }

  private deadline(): CallOptions {
    return { deadline: Date.now() + this.timeoutMs };
  }

  private unary<Response>(start: Unary<Response>): Promise<Response> {
    return new Promise((resolve, reject) =>
      start(this.deadline(), (error, response) =>
        error ? reject(errorFrom(error, this.endpoint, this.timeoutMs)) : resolve(response),
      ),
    );
  }
}
