/** Messages of ctl.v1 with the members that most requests do not use. */
import { type Operation, type WriteOptions, WriteOptions_Detail } from './generated/v1/ctl.js';

/** An operation with the members that most do not use. */
export const operation = (
  given: Pick<Operation, 'action' | 'key'> & Partial<Operation> & { kind: string },
): Operation => ({
  document: '',
  clear: [],
  expectedRevision: 0,
  before: '',
  after: '',
  listEdits: [],
  ignoreNotFound: false,
  ...given,
});

/** Options of a write; what is not given asks for nothing. */
export const writeOptions = (given: Partial<WriteOptions> = {}): WriteOptions => ({
  dryRun: false,
  cascade: false,
  expectedRevision: 0,
  message: '',
  syncKinds: [],
  allowMassDelete: false,
  confirmWithinMs: 0,
  rollbackTo: undefined,
  detail: WriteOptions_Detail.FULL,
  ...given,
});
