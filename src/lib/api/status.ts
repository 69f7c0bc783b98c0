/** gRPC statuses as errors of ours: codes, field violations and hints (docs/cli.md, "Exit codes"). */
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { status, type ServiceError } from '@grpc/grpc-js';
import { CtlError, type ErrorCode, type FieldError } from '../errors.js';
import type { Endpoint } from './endpoint.js';

const codes: Partial<Record<status, ErrorCode>> = {
  [status.INVALID_ARGUMENT]: 'usage',
  [status.OUT_OF_RANGE]: 'usage',
  [status.NOT_FOUND]: 'not-found',
  [status.ALREADY_EXISTS]: 'conflict',
  [status.FAILED_PRECONDITION]: 'conflict',
  [status.ABORTED]: 'conflict',
  [status.UNAUTHENTICATED]: 'permission',
  [status.PERMISSION_DENIED]: 'permission',
  [status.UNAVAILABLE]: 'unavailable',
  [status.DEADLINE_EXCEEDED]: 'unavailable',
  [status.RESOURCE_EXHAUSTED]: 'unavailable',
};

/** The error for a failed call. */
export function errorFrom(failure: unknown, endpoint: Endpoint, timeoutMs: number): Error {
  const error = failure as ServiceError;
  if (typeof error.code !== 'number' || !(error.code in status)) return error;
  const at = place(endpoint);
  if (error.code === status.UNAVAILABLE)
    return new CtlError('unavailable', `cannot reach ${at}: ${reasonOf(error.details)}`, {
      hint: 'Start it with "ctl serve", or name another with --endpoint or CTL_ENDPOINT.',
      cause: error,
    });
  if (error.code === status.DEADLINE_EXCEEDED) return timedOut(endpoint, timeoutMs, error);
  if (error.code === status.UNIMPLEMENTED)
    return new CtlError(
      'unavailable',
      `${at} does not know this command: it may be another version, or no ctl daemon`,
      {
        hint: 'Compare with "ctl version".',
        cause: error,
      },
    );
  const { message: summary, ...details } = detailsOf(error);
  return new CtlError(codes[error.code] ?? 'internal', summary || error.details, {
    ...details,
    cause: error,
  });
}

/** The error for a call that took longer than it may. */
export const timedOut = (endpoint: Endpoint, timeoutMs: number, cause?: unknown): CtlError =>
  new CtlError('unavailable', `${place(endpoint)} did not answer within ${timeoutMs / 1000} s`, {
    hint: 'Allow more time with --timeout 60s; see "ctl status" for its state.',
    cause,
  });

const place = ({ address, source }: Endpoint): string => `the daemon at ${address} (from ${source})`;

/** grpc-js lists every address it tried; one plain reason is enough for a person. */
function reasonOf(details: string): string {
  const reason = /(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET)/.exec(
    details,
  )?.[1];
  const words: Record<string, string> = {
    ECONNREFUSED: 'connection refused',
    ENOTFOUND: 'no such host',
    EAI_AGAIN: 'the name cannot be resolved now',
    ETIMEDOUT: 'connection timed out',
    EHOSTUNREACH: 'no route to the host',
    ENETUNREACH: 'the network is unreachable',
    ECONNRESET: 'connection reset',
  };
  if (/name resolution failed/i.test(details)) return 'the name cannot be resolved';
  return reason ? words[reason]! : details.split('\n')[0]!;
}

/** Reads google.rpc.Status {message 2, details 3} of Any {type_url 1, value 2}. */
function detailsOf(error: ServiceError): { message: string; fields: FieldError[]; hint: string | undefined } {
  const fields: FieldError[] = [];
  let hint: string | undefined;
  const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? [];
  if (!Buffer.isBuffer(bytes)) return { message: '', fields, hint };
  const whole = message(bytes);
  for (const detail of whole.filter(({ number }) => number === 3)) {
    const any = message(detail.bytes);
    const type = text(any, 1);
    const value = message(any.find(({ number }) => number === 2)?.bytes ?? new Uint8Array());
    if (type.endsWith('google.rpc.BadRequest'))
      for (const violation of value)
        fields.push({ field: text(message(violation.bytes), 1), message: text(message(violation.bytes), 2) });
    else if (type.endsWith('google.rpc.Help')) hint ??= value[0] && text(message(value[0].bytes), 1);
  }
  return { message: text(whole, 2), fields, hint };
}

interface WireField {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** The length-delimited fields of a message. */
function message(bytes: Uint8Array): WireField[] {
  const reader = new BinaryReader(bytes);
  const fields: WireField[] = [];
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if ((type as number) === 2) fields.push({ number, bytes: reader.bytes() });
    else reader.skip(type);
  }
  return fields;
}

const text = (fields: readonly WireField[], number: number): string =>
  new TextDecoder().decode(fields.find((field) => field.number === number)?.bytes);
