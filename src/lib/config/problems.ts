/** What is wrong with a write: collected over all its operations, thrown as one error. */
import { CtlError, type ErrorCode, type FieldError } from '../errors.js';
import { kindOf } from '../kinds/index.js';
import { quote } from '../kinds/validate.js';
import type { Operation } from './operation.js';

/** Names of the gRPC statuses that a refused write can have, the most telling first. */
export const planStatuses = [
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'ABORTED',
  'ALREADY_EXISTS',
  'FAILED_PRECONDITION',
] as const;
export type PlanStatus = (typeof planStatuses)[number];

const codes: Record<PlanStatus, ErrorCode> = {
  INVALID_ARGUMENT: 'usage',
  NOT_FOUND: 'not-found',
  ABORTED: 'conflict',
  ALREADY_EXISTS: 'conflict',
  FAILED_PRECONDITION: 'conflict',
};

/** What is wrong with one operation, by its index; `field` is empty where it is the operation as a whole. */
export interface PlanProblem extends FieldError {
  readonly operation: number;
}

/** A write that was refused; nothing of it was done. `fields` holds every problem that has a place. */
export class PlanError extends CtlError {
  readonly status: PlanStatus;
  readonly problems: readonly PlanProblem[];

  constructor(
    status: PlanStatus,
    message: string,
    options: {
      hint?: string | undefined;
      fields?: readonly FieldError[];
      problems?: readonly PlanProblem[];
    } = {},
  ) {
    super(codes[status], message, options);
    this.status = status;
    this.problems = options.problems ?? [];
  }
}

/** A key as messages show it: bare where it is plain, else quoted. */
export const plain = (key: string): string => (/^[\x21-\x7e]{1,100}$/.test(key) ? key : quote(key));

interface Entry extends PlanProblem {
  readonly status: PlanStatus;
  readonly hint: string | undefined;
}

export class Problems {
  private readonly entries: Entry[] = [];
  private readonly wrong = new Set<number>();

  constructor(private readonly operations: readonly Operation[]) {}

  /**
   * Notes a problem of an operation, by its index. With a field the message goes on from its name ("is
   * missing: expected …"); without, it is a sentence of its own.
   */
  add(operation: number, status: PlanStatus, field: string, message: string, hint?: string): void {
    this.entries.push({ operation, status, field, message, hint });
    this.wrong.add(operation);
  }

  /** Whether the operation has a problem already. */
  has(operation: number): boolean {
    return this.wrong.has(operation);
  }

  get count(): number {
    return this.entries.length;
  }

  /** Throws what was collected, if anything was. */
  raise(): void {
    const first = this.entries[0];
    if (!first) return;
    const status = planStatuses.find((name) => this.entries.some((entry) => entry.status === name))!;
    const hint = this.entries.find((entry) => entry.hint !== undefined)?.hint;
    const problems = this.entries;
    if (this.operations.length > 1) {
      const fields = problems.map((entry) => this.located(entry));
      throw new PlanError(status, this.summary(), { hint, fields, problems });
    }
    const fields = this.entries
      .filter(({ field }) => field !== '')
      .map(({ field, message }) => ({ field, message }));
    const bare = this.entries.find((entry) => entry.field === '');
    const message = bare ? bare.message : `cannot ${this.task(this.operations[0]!)}`;
    throw new PlanError(status, message, { hint, fields, problems });
  }

  private summary(): string {
    const problems = this.entries.length === 1 ? '1 problem' : `${this.entries.length} problems`;
    return `nothing was written: ${problems} in ${this.wrong.size} of ${this.operations.length} operations`;
  }

  private located({ operation, field, message }: Entry): FieldError {
    const { kind, key } = this.operations[operation]!;
    const place = `${kindOf(kind).topic}/${key ? plain(key) : `#${operation + 1}`}`;
    return { field: field === '' ? place : `${place}: ${field}`, message };
  }

  private task({ action, kind, key }: Operation): string {
    return `${action === 'put' ? 'write' : action} ${kindOf(kind).noun}${key ? ` ${plain(key)}` : ''}`;
  }
}
