/** ctl.v1 Resources.Write: gathers operations, commits when the client half-closes, streams the changes back. */
import { writeOptions } from '../api/requests.js';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import {
  type WriteOptions,
  WriteOptions_Detail,
  type WriteRequest,
  type WriteResponse,
} from '../api/generated/v1/ctl.js';
import { callerOf } from './caller.js';
import type { Core } from './core.js';
import type { Outcome, WriteOptions as CoreOptions } from './outcome.js';
import { namedKind } from './lookup.js';
import { invalid, Operations } from './operations.js';
import { statusOf } from './status.js';
import { batches, sendAll } from './stream.js';
import { changeSize, changeToWire } from './wire.js';

type Stream = ServerDuplexStream<WriteRequest, WriteResponse>;

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
    const answers = async function* () {
      const outcome = await core.write(batch.operations.list, { principal, ...batch.readOptions() });
      yield* answer(outcome, batch.options.detail);
    };
    sendAll(call, { changes: [], result: undefined }, answers()).then(() => call.end(), fail);
  });
}

class Batch {
  readonly operations = new Operations();
  options: WriteOptions = writeOptions();
  /** The client has said that nothing is missing. */
  complete = false;
  private requests = 0;

  add({ options, operations, last }: WriteRequest): void {
    if (this.complete) throw invalid('last', 'stands in an earlier request: expected no request after it');
    this.complete = last;
    if (options && this.requests > 0)
      throw invalid('options', 'stand in a later request: expected them in the first one only');
    this.requests++;
    if (options) this.options = options;
    this.operations.add(operations);
  }

  /** @throws CtlError usage for an unknown kind, or operations beside a rollback */
  readOptions(): Omit<CoreOptions, 'principal'> {
    const { syncKinds, allowMassDelete, rollbackTo, detail: _detail, ...rest } = this.options;
    if (rollbackTo === undefined) {
      const sync = { kinds: syncKinds.map((name) => namedKind(name).name), allowMassDelete };
      return { ...rest, sync: syncKinds.length > 0 ? sync : undefined };
    }
    if (this.operations.list.length > 0 || syncKinds.length > 0)
      throw invalid('rollback_to', 'stands beside operations or kinds to sync: expected it alone');
    return { ...rest, rollbackTo };
  }
}

/** The changes that are asked for in batches that fit a message, and last the result. */
function* answer(outcome: Outcome, detail: WriteOptions_Detail): Generator<WriteResponse> {
  const { changes, revision } = outcome;
  const counts = { created: 0, updated: 0, deleted: 0, unchanged: 0 };
  for (const { effect } of changes) counts[effect]++;
  const messages = function* () {
    if (detail === WriteOptions_Detail.COUNTS) return;
    for (const change of changes)
      if (change.effect !== 'unchanged' || detail !== WriteOptions_Detail.CHANGED)
        yield changeToWire(outcome, change);
  };
  for (const batch of batches(messages(), changeSize)) yield { changes: batch, result: undefined };
  yield { changes: [], result: { revision, ...counts } };
}
