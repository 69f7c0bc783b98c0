/** ctl.v1 Resources.Write: gathers operations, commits when the client half-closes, streams the changes back. */
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { CtlError } from '../errors.js';
import {
  Operation_Action,
  type Operation as WireOperation,
  type WriteOptions,
  type WriteRequest,
  type WriteResponse,
} from '../api/generated/v1/ctl.js';
import type { Action, Operation } from '../config/operation.js';
import { callerOf } from './caller.js';
import type { Core, Outcome } from './core.js';
import { namedKind } from './lookup.js';
import { statusOf } from './status.js';
import { changeToWire } from './wire.js';

type Stream = ServerDuplexStream<WriteRequest, WriteResponse>;

/** What one write may hold; it is kept in memory until it is committed. */
const MAX_OPERATIONS = 1_000_000;
const MAX_TEXT = 512 * 1024 * 1024;
const BATCH_CHANGES = 1000;
const BATCH_TEXT = 1024 * 1024;

const actions: Partial<Record<Operation_Action, Action>> = {
  [Operation_Action.CREATE]: 'create',
  [Operation_Action.UPDATE]: 'update',
  [Operation_Action.PUT]: 'put',
  [Operation_Action.DELETE]: 'delete',
};

/**
 * Serves one Write call. A client that goes away before the last request has come leaves no trace: Node's http2
 * half-closes what it cancels, so the half-close alone would commit the first part of a write.
 */
export function handleWrite(core: Core, call: Stream): void {
  const batch = new Batch();
  let over = false;
  const fail = (error: unknown) => {
    if (over) return;
    over = true;
    call.emit('error', statusOf(error, core.logger));
  };
  call.on('data', (request: WriteRequest) => {
    if (over) return;
    try {
      batch.add(request);
    } catch (error) {
      fail(error);
    }
  });
  call.on('cancelled', () => (over = true));
  call.on('end', () => {
    if (over || call.cancelled) return;
    if (!batch.complete) return fail(invalid('last', 'is in no request: expected it in the last one'));
    const { principal } = callerOf(call);
    core
      .write(batch.operations, { principal, ...batch.options })
      .then((outcome) => answer(call, outcome))
      .catch(fail);
  });
}

class Batch {
  readonly operations: Operation[] = [];
  options: WriteOptions = {
    dryRun: false,
    cascade: false,
    expectedRevision: 0,
    message: '',
    syncKinds: [],
    allowMassDelete: false,
    confirmWithinMs: 0,
    rollbackTo: 0,
  };
  /** The client has said that nothing is missing. */
  complete = false;
  private requests = 0;
  private text = 0;

  add({ options, operations, last }: WriteRequest): void {
    if (this.complete) throw invalid('last', 'stands in an earlier request: expected no request after it');
    this.complete = last;
    if (options && this.requests > 0)
      throw invalid('options', 'stand in a later request: expected them in the first one only');
    this.requests++;
    if (options) this.options = options;
    for (const operation of operations) {
      this.text += operation.document.length;
      if (this.operations.length >= MAX_OPERATIONS || this.text > MAX_TEXT)
        throw new CtlError(
          'unavailable',
          `one write takes up to ${MAX_OPERATIONS} operations and ${MAX_TEXT} characters`,
          {
            hint: 'write in several parts',
          },
        );
      this.operations.push(read(operation, this.operations.length));
    }
  }
}

const invalid = (field: string, message: string): CtlError =>
  new CtlError('usage', `${field} ${message}`, { fields: [{ field, message }] });

/** An operation as planning takes it. `index` is its place in the write, for errors. */
function read(wire: WireOperation, index: number): Operation {
  const action = actions[wire.action];
  if (!action)
    throw invalid(`operations[${index}].action`, `is ${wire.action}: expected CREATE, UPDATE, PUT or DELETE`);
  return {
    action,
    kind: namedKind(wire.kind).name,
    key: wire.key,
    document: json(wire.document, `operations[${index}].document`),
    clear: wire.clear,
    expectedRevision: wire.expectedRevision,
    before: wire.before || undefined,
    after: wire.after || undefined,
    edits: wire.listEdits.map(({ field, entry, remove }, i) => ({
      field,
      entry: json(entry, `operations[${index}].list_edits[${i}].entry`),
      remove,
    })),
    ignoreNotFound: wire.ignoreNotFound,
  };
}

function json(text: string, path: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(path, 'is no JSON text');
  }
}

/** Streams the changes in batches that fit a message, and last the result. */
async function answer(call: Stream, outcome: Outcome): Promise<void> {
  let changes: WriteResponse['changes'] = [];
  let size = 0;
  for (const change of outcome.changes) {
    const wire = changeToWire(outcome, change);
    const length = wire.fields.reduce((sum, field) => sum + field.before.length + field.after.length, 0);
    changes.push(wire);
    size += length + wire.resource!.document.length;
    if (changes.length < BATCH_CHANGES && size < BATCH_TEXT) continue;
    await send(call, { changes, result: undefined });
    if (call.cancelled) return;
    changes = [];
    size = 0;
  }
  await send(call, { changes, result: { revision: outcome.revision } });
  call.end();
}

/** Resolves when the client can take more, or is gone. */
async function send(call: Stream, response: WriteResponse): Promise<void> {
  if (call.cancelled || call.write(response)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      call.off('drain', done);
      call.off('cancelled', done);
      resolve();
    };
    call.on('drain', done);
    call.on('cancelled', done);
  });
}
