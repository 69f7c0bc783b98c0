/** The calls of a file, line by line, with a place for those that cannot be asked. */
import { CtlError, type FieldError } from '../../errors.js';
import { BATCH } from '../../proof/batches.js';
import { columnFaults, readCall } from '../../proof/calls.js';
import type { CallDocument } from '../../proof/engine.js';
import { inputError } from '../input/problems.js';
import { type FileRecord, readRecords } from '../input/records.js';
import { sourceName } from '../input/source.js';

/** A line of the file, and what became of it. */
export interface Decided<Found> {
  readonly line: number;
  readonly answer: Found | { readonly error: CtlError };
}

/** Calls of a file on their way, and the lines between them that hold none. */
export class Lines {
  /** Lines that have no answer yet; those with a fault hold no call. */
  private waiting: { readonly line: number; readonly fault?: CtlError }[] = [];
  private head = 0;

  constructor(private readonly path: string) {}

  async *calls(): AsyncGenerator<readonly CallDocument[]> {
    for await (const records of readRecords(this.path, '--calls', (...header) => this.check(...header))) {
      const calls = records.flatMap((record) => this.callOf(record));
      if (calls.length > 0) yield calls;
    }
  }

  /** Said once of the header, not of every row. @throws CtlError usage */
  private check(columns: readonly string[], line: number): true {
    const faults = columnFaults(columns);
    if (faults.length === 0) return true;
    const field = `${sourceName(this.path)}:${line}`;
    throw inputError(
      'cannot read the calls',
      faults.map((message) => ({ field, message })),
    );
  }

  private callOf(record: FileRecord): CallDocument[] {
    const { line } = record;
    const { call, problems } =
      'problem' in record
        ? { call: {}, problems: [{ field: 'line', message: record.problem }] }
        : readCall(record.value);
    this.waiting.push(problems.length > 0 ? { line, fault: faultOf(problems) } : { line });
    return problems.length > 0 ? [] : [call];
  }

  /** The line that an answer is for, after those without a call before it. */
  next<Found>(answer: Found): Decided<Found>[] {
    const before = this.due();
    const { line } = this.waiting[this.head++]!;
    if (this.head >= BATCH) {
      this.waiting = this.waiting.slice(this.head);
      this.head = 0;
    }
    return [...before, { line, answer }];
  }

  /** The lines without a call whose turn it is. */
  due(): Decided<never>[] {
    const due: Decided<never>[] = [];
    for (;;) {
      const next = this.waiting[this.head];
      if (!next?.fault) return due;
      this.head++;
      due.push({ line: next.line, answer: { error: next.fault } });
    }
  }
}

function faultOf(problems: readonly FieldError[]): CtlError {
  const text = problems.map(({ field, message }) => `${field} ${message}`).join('; ');
  return new CtlError('usage', `no call: ${text}`, { fields: problems });
}
