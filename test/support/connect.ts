/** A client of Routr's seven Connect services, for contract tests. */
import { type Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { ACLServiceClient } from '../../src/lib/api/generated/acl.js';
import { AgentsClient } from '../../src/lib/api/generated/agents.js';
import { CredentialsServiceClient } from '../../src/lib/api/generated/credentials.js';
import { DomainsClient } from '../../src/lib/api/generated/domains.js';
import { NumbersClient } from '../../src/lib/api/generated/numbers.js';
import { PeersClient } from '../../src/lib/api/generated/peers.js';
import { TrunksClient } from '../../src/lib/api/generated/trunks.js';
import type { Operation } from '../../src/lib/api/generated/v1/ctl.js';
import { CREATE, operation, type TestDaemon } from './daemon.js';

/** A message of any kind: tests name the members they look at. */
export type Message = { [member: string]: any };

/** What a failed call tells its client. */
export interface Failure {
  readonly code: number;
  readonly details: string;
}

/** One service; members of messages that a test leaves out are absent on the wire. */
export class ConnectService {
  constructor(
    readonly client: Client,
    private readonly lists: readonly string[] = [],
  ) {}

  create = (request: Message): Promise<Message> => this.call('create', this.withLists(request));
  update = (request: Message): Promise<Message> => this.call('update', this.withLists(request));
  get = (ref: string): Promise<Message> => this.call('get', { ref });
  delete = (ref: string): Promise<Message> => this.call('delete', { ref });
  list = (request: Message = {}): Promise<Message> => this.call('list', request);
  findBy = (fieldName?: string, fieldValue?: string): Promise<Message> =>
    this.call('findBy', { fieldName, fieldValue });

  /** Names of the matches of FindBy. */
  async names(fieldName: string, fieldValue: string): Promise<string[]> {
    const { items } = await this.findBy(fieldName, fieldValue);
    return (items as Message[]).map((item) => item['name'] as string);
  }

  private withLists(request: Message): Message {
    return { ...Object.fromEntries(this.lists.map((name) => [name, []])), ...request };
  }

  private call(rpc: string, request: Message): Promise<Message> {
    return new Promise((resolve, reject) => {
      const method = (this.client as unknown as Record<string, (...args: unknown[]) => void>)[rpc]!;
      method.call(this.client, request, (error: ServiceError | null, response: Message) =>
        error ? reject(error) : resolve(response),
      );
    });
  }
}

export class Connect {
  readonly acls: ConnectService;
  readonly credentials: ConnectService;
  readonly trunks: ConnectService;
  readonly numbers: ConnectService;
  readonly domains: ConnectService;
  readonly agents: ConnectService;
  readonly peers: ConnectService;

  constructor(address: string) {
    const open = credentials.createInsecure();
    this.acls = new ConnectService(new ACLServiceClient(address, open), ['allow', 'deny']);
    this.credentials = new ConnectService(new CredentialsServiceClient(address, open));
    this.trunks = new ConnectService(new TrunksClient(address, open), ['uris']);
    this.numbers = new ConnectService(new NumbersClient(address, open), ['extraHeaders']);
    this.domains = new ConnectService(new DomainsClient(address, open), ['egressPolicies']);
    this.agents = new ConnectService(new AgentsClient(address, open));
    this.peers = new ConnectService(new PeersClient(address, open));
  }

  close(): void {
    for (const service of Object.values(this)) (service as ConnectService).client.close();
  }
}

/** The failure of a call that must fail. */
export const failure = (call: Promise<unknown>): Promise<Failure> =>
  call.then(
    (response) => {
      throw new Error(`expected a failure, got ${JSON.stringify(response)}`);
    },
    ({ code, details }: ServiceError) => ({ code, details }),
  );

/** What a number must have besides its telUrl. */
export const place = { city: 'Durham, NC', country: 'USA', countryIsoCode: 'US' };

/** Creates a resource through our own service, which lets tests choose refs. */
export const create = (kind: string, ref: string, document: object): Operation =>
  operation(CREATE, kind, ref, { name: ref, ...document });

/** An agent and all that can stand behind it, each with an `extended` of its own. */
export const writeWorld = (daemon: TestDaemon): Promise<unknown> =>
  daemon.write([
    create('AccessControlList', 'acl-01', { allow: ['10.0.0.0/8'], extended: { of: 'acl' } }),
    create('Credentials', 'credentials-01', { username: '1001', password: '1234' }),
    create('Trunk', 'trunk-01', {
      inboundUri: 'trunk.example.com',
      sendRegister: true,
      accessControlListRef: 'acl-01',
      inboundCredentialsRef: 'credentials-01',
      uris: [{ host: 'sip.carrier.example' }],
    }),
    create('Number', 'number-01', { ...place, telUrl: 'tel:+19103434434', trunkRef: 'trunk-01' }),
    create('Domain', 'domain-01', {
      domainUri: 'sip.local',
      accessControlListRef: 'acl-01',
      egressPolicies: [{ rule: '.*', numberRef: 'number-01' }],
    }),
    create('Agent', 'agent-01', {
      username: '1001',
      domainRef: 'domain-01',
      credentialsRef: 'credentials-01',
    }),
    create('Peer', 'peer-01', {
      username: 'asterisk',
      aor: 'sip:asterisk@default',
      accessControlListRef: 'acl-01',
    }),
  ]);
