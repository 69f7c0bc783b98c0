/** Operations as they come over the wire, gathered and read. */
import { type Operation as WireOperation, Operation_Action } from '../api/generated/v1/ctl.js';
import type { Action, Operation } from '../config/operation.js';
import { CtlError } from '../errors.js';
import { namedKind } from './lookup.js';

/** What one stream may hold; it is kept in memory until all of it is there. */
const MAX_OPERATIONS = 1_000_000;
const MAX_TEXT = 512 * 1024 * 1024;

const actions: Partial<Record<Operation_Action, Action>> = {
  [Operation_Action.CREATE]: 'create',
  [Operation_Action.UPDATE]: 'update',
  [Operation_Action.PUT]: 'put',
  [Operation_Action.DELETE]: 'delete',
};

export class Operations {
  readonly list: Operation[] = [];
  private text = 0;

  /** @throws CtlError usage for what cannot be read, unavailable for too many of them */
  add(operations: readonly WireOperation[]): void {
    for (const operation of operations) {
      this.text += operation.document.length;
      if (this.list.length >= MAX_OPERATIONS || this.text > MAX_TEXT)
        throw new CtlError(
          'unavailable',
          `one write takes up to ${MAX_OPERATIONS} operations and ${MAX_TEXT} characters`,
          {
            hint: 'write in several parts',
          },
        );
      this.list.push(read(operation, this.list.length));
    }
  }
}

/** A fault of a request. */
export const invalid = (field: string, message: string): CtlError =>
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
    clear: some(wire.clear),
    expectedRevision: wire.expectedRevision,
    before: wire.before || undefined,
    after: wire.after || undefined,
    edits: some(wire.listEdits)?.map(({ field, entry, remove }, i) => ({
      field,
      entry: json(entry, `operations[${index}].list_edits[${i}].entry`),
      remove,
    })),
    ignoreNotFound: wire.ignoreNotFound,
  };
}

/** Absent where it is empty, as of most of the many operations that wait to be planned. */
const some = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined);

function json(text: string, path: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(path, 'is no JSON text');
  }
}
