/** Where the daemon listens. */
import ipaddr from 'ipaddr.js';
import { CtlError } from '../errors.js';

export interface Listen {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `host:port`, IPv6 hosts in brackets; port 0 is any free one.
 *
 * @throws CtlError usage, also for an address that others could reach unless `insecure`
 */
export function parseListen(text: string, insecure: boolean): Listen {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]/\s]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65535)
    throw new CtlError(
      'usage',
      `cannot listen on "${text}": expected host:port, such as 127.0.0.1:51908 or [::1]:0`,
    );
  if (!insecure && !isLoopback(host))
    throw new CtlError(
      'usage',
      `${host} can be reached by others, and calls are neither encrypted nor authenticated`,
      {
        hint: 'listen on 127.0.0.1, or give --insecure if something else protects the address',
      },
    );
  return { host, port };
}

/** Whether an address, bracketed or not, is of this machine alone. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  if (bare.toLowerCase() === 'localhost') return true;
  return ipaddr.isValid(bare) && ipaddr.process(bare).range() === 'loopback';
}

/** `host:port` as clients write it. */
export const addressOf = ({ host, port }: Listen): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
