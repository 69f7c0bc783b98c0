/** How an error is shown: what failed, why, and what to type; or one JSON object on stderr. */
import type { CtlError } from '../../errors.js';
import type { Output } from '../terminal.js';
import { isForPrograms } from './format.js';
import { painterFor, type Painter, plain } from './paint.js';
import { escapeJson, printable, printableLines } from './printable.js';

export interface ErrorOptions {
  /** Value of `-o`; json and yaml show the error as JSON. */
  readonly format?: string | undefined;
  /** With the stack trace and the causes. */
  readonly debug?: boolean | undefined;
}

/** Writes an error to stderr. */
export async function presentError(
  { err }: { readonly err: Output },
  error: CtlError,
  { format, debug = false }: ErrorOptions = {},
): Promise<void> {
  if (isForPrograms(format)) return err.write(errorJson(error, debug));
  const text = errorText(error, await painterFor(err));
  await err.write(debug ? `${text}${printableLines(tracesOf(error)).join('\n')}\n` : text);
}

/** The error as one line of JSON: `code`, `message`, `hint`, `field` (the first), `fields`, with debug `stack`. */
export function errorJson(error: CtlError, debug = false): string {
  const stack = debug ? { stack: tracesOf(error) } : {};
  return `${escapeJson(JSON.stringify({ ...errorDocument(error), ...stack }))}\n`;
}

/** `code`, `message`, `hint`, `field` (the first), `fields`; absent values are null. */
export const errorDocument = ({ code, message, hint, fields }: CtlError) => ({
  code,
  message,
  hint: hint ?? null,
  field: fields[0]?.field ?? null,
  fields: fields.map(({ field, message: wrong }) => ({ field, message: wrong })),
});

/** The error for a person, a field a line. */
export function errorText(error: CtlError, paint: Painter = plain): string {
  const [first, ...rest] = printableLines(error.message);
  const lines = [`${paint.bad('Error:')} ${first}`, ...rest.map((line) => `  ${line}`)];
  for (const { field, message } of error.fields) {
    if (error.message.includes(`${field} ${message}`)) continue;
    lines.push(`  ${paint.strong(printable(field))} ${printable(message)}`);
  }
  if (error.hint) lines.push(...printableLines(sentence(error.hint)));
  return `${lines.join('\n')}\n`;
}

/** Hints come from everywhere; all begin with a capital. */
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The stacks of an error and of what caused it. */
function tracesOf(error: Error): string {
  const traces: string[] = [];
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    traces.push(cause.stack ?? String(cause));
  return traces.join('\nCaused by: ');
}
