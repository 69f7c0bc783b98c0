/** The one error class and the exit codes (cli.md, "Exit codes"). */

/** Closed list of what can go wrong, with the process exit code of each. */
export const exitCodes = {
  'answer-no': 1,
  usage: 2,
  'not-found': 3,
  conflict: 4,
  permission: 5,
  unavailable: 6,
  internal: 70,
  interrupted: 130,
} as const;
export type ErrorCode = keyof typeof exitCodes;

/** One bad field of the input: its path in the document, and what is wrong and expected. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export class CtlError extends Error {
  override readonly name = 'CtlError';
  readonly code: ErrorCode;
  /** What to type next. */
  readonly hint: string | undefined;
  /** The fields or flags that are wrong, if the input was. */
  readonly fields: readonly FieldError[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string | undefined; fields?: readonly FieldError[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.fields = options.fields ?? [];
  }

  get exitCode(): number {
    return exitCodes[this.code];
  }
}
