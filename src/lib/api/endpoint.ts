/** Where the daemon is: from the flag, the environment, or the default, and how to speak to it. */
import { CtlError } from '../errors.js';

export const DEFAULT_ENDPOINT = 'localhost:51908';

export interface Endpoint {
  /** `host:port`. */
  readonly address: string;
  /** Where the address came from, for error messages. */
  readonly source: string;
  readonly loopback: boolean;
  /** Plain HTTP/2: loopback, or --insecure. */
  readonly plaintext: boolean;
}

/**
 * Decides the endpoint. Loopback needs no TLS; any other address uses TLS unless `insecure`.
 * @throws CtlError usage for anything but `host:port`
 */
export function endpointFrom(flag: string | undefined, env: NodeJS.ProcessEnv, insecure: boolean): Endpoint {
  const [address, source] =
    flag !== undefined
      ? [flag, '--endpoint']
      : env['CTL_ENDPOINT']
        ? [env['CTL_ENDPOINT'], 'CTL_ENDPOINT']
        : [DEFAULT_ENDPOINT, 'the default'];
  const parts = /^(\[[\da-fA-F:.]+\]|[^:\s/]+):(\d{1,5})$/.exec(address);
  if (!parts || Number(parts[2]) > 65535 || Number(parts[2]) === 0)
    throw new CtlError('usage', `${source} is ${JSON.stringify(address)}: expected host:port`, {
      hint: `Such as ${DEFAULT_ENDPOINT}.`,
      fields: [{ field: source, message: `is ${JSON.stringify(address)}: expected host:port` }],
    });
  const loopback = isLoopback(parts[1]!);
  return { address, source, loopback, plaintext: insecure || loopback };
}

/** Whether a host is this machine: `localhost`, 127.0.0.0/8 or ::1. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
