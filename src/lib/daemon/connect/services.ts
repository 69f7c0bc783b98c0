/** The generated service and message codec of each kind that Routr's Connect API speaks. */
import type { ServiceDefinition } from '@grpc/grpc-js';
import { AccessControlList, ACLServiceService } from '../../api/generated/acl.js';
import { Agent, AgentsService } from '../../api/generated/agents.js';
import { Credentials, CredentialsServiceService } from '../../api/generated/credentials.js';
import { Domain, DomainsService } from '../../api/generated/domains.js';
import { Number, NumbersService } from '../../api/generated/numbers.js';
import { Peer, PeersService } from '../../api/generated/peers.js';
import { Trunk, TrunksService } from '../../api/generated/trunks.js';
import type { Kind, KindName } from '../../kinds/kind.js';
import { kinds } from '../../kinds/index.js';

/** A message with camelCase members; which ones follows from the kind and the generated codec. */
export type Message = { readonly [field: string]: unknown };

interface Codec {
  encode(message: never): { finish(): Uint8Array };
}

const services: Partial<Record<KindName, readonly [ServiceDefinition, Codec]>> = {
  AccessControlList: [ACLServiceService, AccessControlList],
  Credentials: [CredentialsServiceService, Credentials],
  Trunk: [TrunksService, Trunk],
  Number: [NumbersService, Number],
  Domain: [DomainsService, Domain],
  Agent: [AgentsService, Agent],
  Peer: [PeersService, Peer],
};

/** A kind with its service, whose rpcs have the same names and shapes in all kinds (docs/wire.md section 1). */
export interface Face {
  readonly kind: Kind;
  readonly service: ServiceDefinition;
  /** The bytes of one resource message. */
  encode(message: Message): Uint8Array;
}

/** One face per kind that has `connect`. */
export const faces: readonly Face[] = kinds
  .filter((kind) => kind.connect)
  .map((kind) => {
    const [service, codec] = services[kind.name]!;
    return { kind, service, encode: (message) => codec.encode(message as never).finish() };
  });
