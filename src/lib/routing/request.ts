/** The JSON text of a call request, as `ctl route simulate` sends it, read and checked. */
import ipaddr from 'ipaddr.js';
import { CtlError, type FieldError } from '../errors.js';
import { findKind } from '../kinds/index.js';
import type { KindName } from '../kinds/kind.js';
import { quote } from '../kinds/words.js';
import type { Header, Source } from './call.js';

export interface CallRequest {
  readonly dialled: string;
  /** Absent: an anonymous outside caller. */
  readonly from?: string | undefined;
  /** Chooses among agents with the same user, and stands in for a missing host. */
  readonly domain?: string | undefined;
  readonly displayName?: string | undefined;
  readonly method: string;
  readonly source?: Source | undefined;
  readonly headers: readonly Header[];
  /** Milliseconds since the epoch; absent: now. */
  readonly at?: number | undefined;
  /** Compared with the caller's credentials; absent: authentication is assumed. */
  readonly password?: string | undefined;
  readonly unauthenticated: boolean;
  /** A JWT; a header X-Connect-Token is the same. */
  readonly connectToken?: string | undefined;
  readonly registered: 'assume' | 'none';
  readonly down: readonly { readonly kind: KindName; readonly ref: string }[];
}

const CONTROL = /[\p{Cc}\ufffd]/u;
/** Four parts, decimal: what ipaddr.js calls valid and whoever reads it takes for the same address. */
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?=\d)|$)){4}$/;
const TRANSPORTS = ['UDP', 'TCP', 'SCTP', 'TLS', 'WS', 'WSS'];

/**
 * Reads a call request from its JSON text.
 * @throws CtlError `usage` that names every bad field.
 */
export function parseRequest(json: string): CallRequest {
  let input: unknown;
  try {
    input = JSON.parse(json);
  } catch {
    throw new CtlError('usage', 'the call is no JSON text', {
      fields: [{ field: 'call', message: 'expected JSON text' }],
    });
  }
  return readRequest(input);
}

/** Reads a call request from a JSON value. Errors as `parseRequest`. */
export function readRequest(input: unknown): CallRequest {
  const reader = new Reader(input);
  const request: CallRequest = {
    dialled: reader.text('dialled') ?? reader.missing('dialled'),
    from: reader.text('from'),
    domain: reader.text('domain'),
    displayName: reader.text('displayName'),
    method: reader.text('method') ?? 'INVITE',
    source: reader.source(),
    headers: reader.headers(),
    at: reader.integer('at'),
    password: reader.text('password', true),
    unauthenticated: reader.boolean('unauthenticated') ?? false,
    connectToken: reader.text('connectToken', true),
    registered: reader.choice('registered', ['assume', 'none']) ?? 'assume',
    down: reader.down(),
  };
  if (request.password !== undefined && request.unauthenticated)
    reader.problem('unauthenticated', 'stands beside a password: expected one of them');
  reader.finish();
  return request;
}

const FIELDS: ReadonlySet<string> = new Set<keyof CallRequest>([
  'dialled',
  'from',
  'domain',
  'displayName',
  'method',
  'source',
  'headers',
  'at',
  'password',
  'unauthenticated',
  'connectToken',
  'registered',
  'down',
]);

class Reader {
  private readonly problems: FieldError[] = [];
  private readonly input: Readonly<Record<string, unknown>>;

  constructor(input: unknown) {
    const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
    this.input = isObject ? (input as Record<string, unknown>) : {};
    if (!isObject) this.problem('call', 'expected a JSON object');
  }

  problem(field: string, message: string): void {
    this.problems.push({ field, message });
  }

  missing(field: string): string {
    if ((this.input[field] ?? undefined) === undefined) this.problem(field, 'is missing');
    return '';
  }

  finish(): void {
    for (const field of Object.keys(this.input))
      if (!FIELDS.has(field)) this.problem(field, 'is no field of a call');
    if (this.problems.length === 0) return;
    const [first] = this.problems;
    throw new CtlError('usage', `invalid call: ${first!.field} ${first!.message}`, { fields: this.problems });
  }

  private take(field: string): unknown {
    return this.input[field] ?? undefined;
  }

  text(field: string, secret = false): string | undefined {
    const value = this.take(field);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value.length <= 16384 && !CONTROL.test(value)) return value;
    const shown = secret ? 'is' : `is ${quote(value)}:`;
    this.problem(field, `${shown} not text without control characters, at most 16,384 long`);
    return '';
  }

  integer(field: string): number | undefined {
    const value = this.take(field);
    if (value === undefined || (Number.isSafeInteger(value) && Math.abs(value as number) <= 8.64e15))
      return value as number;
    this.problem(field, 'expected milliseconds since the epoch, a whole number');
    return undefined;
  }

  boolean(field: string): boolean | undefined {
    const value = this.take(field);
    if (value === undefined || typeof value === 'boolean') return value as boolean | undefined;
    this.problem(field, 'expected true or false');
    return undefined;
  }

  choice<V extends string>(field: string, values: readonly V[]): V | undefined {
    const value = this.take(field);
    if (value === undefined || values.includes(value as V)) return value as V | undefined;
    this.problem(field, `is ${quote(value)}: expected one of ${values.join(', ')}`);
    return undefined;
  }

  source(): Source | undefined {
    const value = this.take('source');
    if (value === undefined) return undefined;
    const { ip, port, transport } = value as Record<string, unknown>;
    if (typeof ip !== 'string' || !(IPV4.test(ip) || (ip.includes(':') && ipaddr.isValid(ip))))
      this.problem('source.ip', `is ${quote(ip)}: expected an IPv4 or IPv6 address`);
    if (port !== undefined && !(Number.isInteger(port) && (port as number) >= 0 && (port as number) <= 65535))
      this.problem('source.port', `is ${quote(port)}: expected 0-65535`);
    if (transport !== undefined && !TRANSPORTS.includes(transport as string))
      this.problem('source.transport', `is ${quote(transport)}: expected one of ${TRANSPORTS.join(', ')}`);
    return value as Source;
  }

  headers(): Header[] {
    const value = this.take('headers') ?? [];
    const isHeader = (header: unknown): header is Header => {
      const { name, value: text } = (header ?? {}) as Record<string, unknown>;
      return (
        typeof name === 'string' &&
        /^[\w\-.!%*+`'~]+$/.test(name) &&
        typeof text === 'string' &&
        !CONTROL.test(text)
      );
    };
    if (Array.isArray(value) && value.every(isHeader)) return value;
    this.problem(
      'headers',
      'expected [{name, value}], names of RFC 3261 token characters, values without line breaks',
    );
    return [];
  }

  down(): { kind: KindName; ref: string }[] {
    const value = this.take('down') ?? [];
    const isDown = (down: unknown): down is { kind: KindName; ref: string } => {
      const { kind, ref } = (down ?? {}) as Record<string, unknown>;
      return typeof kind === 'string' && findKind(kind) !== undefined && typeof ref === 'string';
    };
    if (Array.isArray(value) && value.every(isDown)) return value;
    this.problem('down', 'expected [{kind, ref}]');
    return [];
  }
}
