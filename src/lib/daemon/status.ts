/** The one place that turns errors into gRPC statuses (docs/wire.md; docs/cli.md, "Exit codes"). */
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { Metadata, status } from '@grpc/grpc-js';
import { PlanError } from '../config/problems.js';
import { CtlError, type ErrorCode, type FieldError } from '../errors.js';
import type { Logger } from './logger.js';

/** From about 60 KB of trailers on, grpc-js hangs the whole channel; other clients allow 8 KB. */
const MAX_DETAILS_BYTES = 8 * 1024;
const MAX_TEXT_BYTES = 1024;
const MAX_VIOLATIONS = 20;

/** Never UNAVAILABLE: clients take that for a daemon they cannot reach. */
const codes: Record<ErrorCode, status> = {
  'answer-no': status.FAILED_PRECONDITION,
  usage: status.INVALID_ARGUMENT,
  'not-found': status.NOT_FOUND,
  conflict: status.FAILED_PRECONDITION,
  permission: status.PERMISSION_DENIED,
  unavailable: status.RESOURCE_EXHAUSTED,
  interrupted: status.ABORTED,
  internal: status.INTERNAL,
};

export interface StatusResponse {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

/**
 * The status of a failed call. `details` is complete for clients that show nothing else;
 * `grpc-status-details-bin` has google.rpc.Status with the summary, BadRequest with the fields and Help with
 * the hint. What is none of our errors is logged with its stack, and told nothing about.
 */
export function statusOf(error: unknown, logger: Logger): StatusResponse {
  if (!(error instanceof CtlError)) {
    logger.error({ err: error }, 'unexpected error');
    return {
      code: status.INTERNAL,
      details: 'internal error: the log of the daemon has more',
      metadata: new Metadata(),
    };
  }
  if (error.code === 'internal') logger.error({ err: error }, 'internal error');
  const code = error instanceof PlanError ? status[error.status] : codes[error.code];
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', encodeDetails(code, error));
  return { code, details: clip(textOf(error), MAX_TEXT_BYTES), metadata };
}

/** The message and the first fields, those it does not name already. */
function textOf({ message, fields }: CtlError): string {
  const lines = fields.map(lineOf).filter((line) => !message.includes(line));
  if (lines.length === 0) return message;
  const rest = lines.length - MAX_VIOLATIONS;
  return `${message}: ${lines.slice(0, MAX_VIOLATIONS).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}

const lineOf = ({ field, message }: FieldError): string => `${field} ${message}`;

function encodeDetails(code: status, error: CtlError): Buffer {
  const writer = new BinaryWriter().uint32(8).int32(code);
  writer.uint32(18).string(clip(error.message, MAX_TEXT_BYTES));
  if (error.hint) {
    const link = new BinaryWriter().uint32(10).string(clip(error.hint, MAX_TEXT_BYTES)).finish();
    any(writer, 'google.rpc.Help', new BinaryWriter().uint32(10).bytes(link).finish());
  }
  if (error.fields.length > 0) any(writer, 'google.rpc.BadRequest', encodeViolations(error.fields));
  return Buffer.from(writer.finish());
}

/** As many as fit, the last of them saying how many there are in all. */
function encodeViolations(fields: readonly FieldError[]): Uint8Array {
  const writer = new BinaryWriter();
  const add = (field: string, description: string): number => {
    const violation = new BinaryWriter().uint32(10).string(field).uint32(18).string(description).finish();
    writer.uint32(10).bytes(violation);
    return violation.length + 4;
  };
  let room = MAX_DETAILS_BYTES - 3 * MAX_TEXT_BYTES;
  let count = 0;
  const all = fields.length > MAX_VIOLATIONS ? MAX_VIOLATIONS - 1 : fields.length;
  for (const { field, message } of fields.slice(0, all)) {
    if (room < MAX_TEXT_BYTES) break;
    room -= add(clip(field, 256), clip(message, MAX_TEXT_BYTES / 2));
    count++;
  }
  if (count < fields.length) add('', `and ${fields.length - count} more problems, ${fields.length} in all`);
  return writer.finish();
}

function any(writer: BinaryWriter, type: string, value: Uint8Array): void {
  const message = new BinaryWriter()
    .uint32(10)
    .string(`type.googleapis.com/${type}`)
    .uint32(18)
    .bytes(value)
    .finish();
  writer.uint32(26).bytes(message);
}

/** Text of at most so many bytes in UTF-8, with an ellipsis where it was cut. */
function clip(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const cut = Buffer.from(text)
    .subarray(0, bytes - 3)
    .toString();
  return `${cut.replace(/\ufffd+$/, '')}…`;
}
