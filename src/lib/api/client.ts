/** The client of ctl.v1: every call has a deadline, every failure is a CtlError. */
import type { Readable } from 'node:stream';
import {
  type CallOptions,
  type ClientReadableStream,
  credentials,
  Metadata,
  type ServiceError,
  status,
  type StatusObject,
} from '@grpc/grpc-js';
import {
  type Answer,
  type Change,
  type ConfirmResponse,
  type DiffResponse,
  type ExportRequest,
  type ExportResponse,
  type HistoryRequest,
  type HistoryResponse,
  type ListRequest,
  type ListResponse,
  type Operation,
  type Resource,
  ResourcesClient,
  RoutingClient,
  type SimulateStreamRequest,
  type SimulateStreamResponse,
  type StatusResponse,
  SystemClient,
  type WriteOptions,
  type WriteRequest,
  type WriteResponse,
  type WriteResult,
} from './generated/v1/ctl.js';
import { Deadline } from './deadline.js';
import type { Endpoint } from './endpoint.js';
import { writeOptions } from './requests.js';
import { send, sendAll } from './sending.js';
import { errorFrom, timedOut } from './status.js';

/** Largest message either way; a page ends at 2 MiB, but a single document may be larger. */
const MAX_MESSAGE = 16 * 1024 * 1024;
/** How many bytes may be under way that nobody has read yet. */
const WINDOW = 4 * 1024 * 1024;

export interface Written extends Readonly<WriteResult> {
  /** Those that the options ask for. */
  readonly changes: readonly Change[];
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
      // With the 64 KB of HTTP/2 the daemon would wait for word from here several times in each response.
      'grpc-node.flow_control_window': WINDOW,
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

  /**
   * Writes operations as one transaction: all of them or none. Batches are sent as the daemon takes them; when one
   * cannot be made, nothing is written. The deadline begins anew with each batch and each sign of life.
   */
  async write(
    batches: readonly Operation[] | AsyncIterable<readonly Operation[]>,
    options: Partial<WriteOptions>,
  ): Promise<Written> {
    const call = this.resources.write(new Metadata());
    const deadline = new Deadline(this.timeoutMs, () => call.cancel());
    const changes: Change[] = [];
    let result: WriteResult | undefined;
    const done = new Promise<void>((resolve, reject) => {
      call.on('data', (response: WriteResponse) => {
        deadline.begin();
        for (const change of response.changes) changes.push(change);
        result ??= response.result;
      });
      call.on('error', reject);
      // The end of the messages comes before the verdict.
      call.on('status', ({ code }: StatusObject) => code === status.OK && resolve());
    });
    done.catch(() => {});
    try {
      let request: WriteRequest = { options: writeOptions(options), operations: [], last: false };
      let sent = 0;
      for await (const operations of Symbol.asyncIterator in batches ? batches : [batches]) {
        if (request.operations.length > 0) await send(call, request, done);
        deadline.begin();
        sent += operations.length;
        request = {
          options: sent === operations.length ? request.options : undefined,
          operations: [...operations],
          last: false,
        };
      }
      deadline.begin();
      await send(call, { ...request, last: true }, done);
      call.end();
      await done;
      return { ...result!, changes };
    } catch (error) {
      call.cancel();
      throw deadline.over
        ? timedOut(this.endpoint, this.timeoutMs)
        : errorFrom(error, this.endpoint, this.timeoutMs);
    } finally {
      deadline.end();
    }
  }

  /** Resources of one revision, in the registry's order of kinds. */
  async *export(request: Partial<ExportRequest>): AsyncGenerator<Resource> {
    for await (const { resources } of this.exportPages(request)) yield* resources;
  }

  /** The same in batches, each with the revision. */
  exportPages(request: Partial<ExportRequest>): AsyncGenerator<ExportResponse> {
    const all = { kinds: [], keys: [], revision: 0, reveal: false, ...request };
    return this.stream<ExportResponse>(this.resources.export(all));
  }

  /** One page of the history, newest first. */
  history(request: Partial<HistoryRequest>): Promise<HistoryResponse> {
    const all = { kind: '', key: '', revision: 0, pageSize: 0, pageToken: '', ...request };
    return this.unary((options, done) => this.resources.history(all, new Metadata(), options, done));
  }

  /** What changed from one revision to another; from 0 is from nothing, to 0 is to the newest. */
  async *diff(from: number, to: number): AsyncGenerator<Change> {
    for await (const { changes } of this.stream<DiffResponse>(this.resources.diff({ from, to })))
      yield* changes;
  }

  /** Keeps the change that waits for it; returns its revision. */
  async confirm(): Promise<number> {
    const response = await this.unary<ConfirmResponse>((options, done) =>
      this.resources.confirm({}, new Metadata(), options, done),
    );
    return response.revision;
  }

  /** Decides a call; both are JSON texts. */
  async simulate(call: string, explain: boolean): Promise<string> {
    const response = await this.unary<{ decision: string }>((options, done) =>
      this.routing.simulate({ call, explain }, new Metadata(), options, done),
    );
    return response.decision;
  }

  /**
   * Decides many calls on one configuration; answers come in their order, in batches, while calls are still sent.
   * The deadline begins anew with each batch and each sign of life.
   * @param requests options first, then the candidate's operations, then calls in batches of up to 1,000
   */
  async *simulateStream(
    requests: Iterable<SimulateStreamRequest> | AsyncIterable<SimulateStreamRequest>,
  ): AsyncGenerator<readonly Answer[]> {
    const call = this.routing.simulateStream(new Metadata());
    let failure: unknown;
    const sent = sendAll(call, requests).catch((error: unknown) => {
      failure = error;
      call.cancel();
    });
    try {
      for await (const { answers } of this.stream<SimulateStreamResponse>(call))
        if (answers.length > 0) yield answers;
    } catch (error) {
      throw failure ?? error;
    }
    await sent;
    if (failure !== undefined) throw failure;
  }

  status(): Promise<StatusResponse> {
    return this.unary((options, done) => this.system.status({}, new Metadata(), options, done));
  }

  /** The messages of a stream; the deadline begins anew with each. */
  private async *stream<Message>(
    call: Readable & Pick<ClientReadableStream<Message>, 'cancel'>,
  ): AsyncGenerator<Message> {
    const deadline = new Deadline(this.timeoutMs, () => call.cancel());
    try {
      deadline.begin();
      for await (const message of call) {
        // A pager may take its time.
        deadline.pause();
        yield message as Message;
        deadline.begin();
      }
    } catch (error) {
      throw deadline.over
        ? timedOut(this.endpoint, this.timeoutMs)
        : errorFrom(error, this.endpoint, this.timeoutMs);
    } finally {
      deadline.end();
      call.cancel();
    }
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
