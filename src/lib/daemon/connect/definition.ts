/** The generated service definitions, adapted to how this face answers. */
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';

/** Stands for a request that is no message of its type. */
export class Undecodable {
  /** What the decoder says. */
  constructor(readonly reason: string) {}
}

/**
 * A service whose handlers get an `Undecodable` instead of grpc's INTERNAL, which would blame the server for
 * what the client sent, and answer lists with bytes that are encoded already.
 */
export function adapt(service: ServiceDefinition): ServiceDefinition {
  const methods = Object.entries(service).map(([name, method]) => {
    const adapted: MethodDefinition<unknown, unknown> = {
      ...method,
      requestDeserialize: (bytes) => decode(method.requestDeserialize, bytes),
    };
    if (name === 'list' || name === 'findBy')
      adapted.responseSerialize = (response) => Buffer.from(response as Uint8Array);
    return [name, adapted];
  });
  return Object.fromEntries(methods) as ServiceDefinition;
}

function decode(deserialize: (bytes: Buffer) => unknown, bytes: Buffer): unknown {
  try {
    return deserialize(bytes);
  } catch (error) {
    return new Undecodable((error as Error).message);
  }
}
