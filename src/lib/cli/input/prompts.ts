/** A resource from questions: what is missing, or everything, and a last look before it is created. */
import { CtlError } from '../../errors.js';
import type { Document, Json, Kind } from '../../kinds/kind.js';
import { printable } from '../output/printable.js';
import type { Terminal } from '../terminal.js';
import type { Link } from '../output/resource.js';
import { type Asker, askerFor } from './asker.js';
import { missingFields } from './missing.js';
import { type Found, Questions, type Search } from './questions.js';

export interface AskOptions {
  readonly asker: Asker;
  readonly search: Search;
  /** Ask for everything that was not given, not only for what is required (`--interactive`). */
  readonly all: boolean;
  /** The wished ref, if one was given. */
  readonly ref?: string | undefined;
  /** Columns of the terminal. */
  readonly width: number;
}

export interface Answers {
  readonly ref: string | undefined;
  readonly doc: Document;
}

/**
 * Asks for the fields of a new resource that were not given. When nothing has to be asked, nothing is: the input
 * comes back as it is.
 * @throws CtlError interrupted, on Ctrl-C and when the last question is answered with no; not-found, when a
 * required reference has nothing to name
 */
export async function askForResource(kind: Kind, given: Document, options: AskOptions): Promise<Answers> {
  const { asker, all } = options;
  const wanted = all
    ? Object.keys(kind.fields).filter((name) => given[name] === undefined)
    : missingFields(kind, given);
  if (wanted.length === 0 && !all) return { ref: options.ref, doc: given };
  const found: Found[] = [];
  const questions = await Questions.prepare(asker, options.search, found);
  const ref = options.ref ?? (all ? await questions.ref(kind) : undefined);
  const answers: { [field: string]: Json | undefined } = { ...given };
  for (const name of wanted) answers[name] = await questions.field(name, kind.fields[name]!);
  await askUntilComplete(kind, answers, new Set([...wanted, ...Object.keys(given)]), questions, asker);
  const doc = inOrder(kind, answers);
  await confirmSummary(kind, ref, doc, found, options);
  return { ref, doc };
}

/** Asks for the fields without which the kind's own rules are not met, each once, and for their alternatives. */
async function askUntilComplete(
  kind: Kind,
  answers: { [field: string]: Json | undefined },
  asked: Set<string>,
  questions: Questions,
  asker: Asker,
): Promise<void> {
  for (;;) {
    const problems = kind.check?.(withLists(kind, answers) as never) ?? [];
    const named = problems.map(({ field }) => field);
    const types = new Set(named.map((name) => kind.fields[name]?.type));
    const open = Object.keys(kind.fields).filter((name) => !asked.has(name));
    const next =
      named.find((name) => open.includes(name)) ?? open.find((name) => types.has(kind.fields[name]!.type));
    if (next === undefined) return;
    await asker.say(problems.map(({ field, message }) => `${printable(`${field} ${message}`)}\n`).join(''));
    asked.add(next);
    answers[next] = await questions.field(next, kind.fields[next]!);
  }
}

/** Rules between fields expect lists to be there. */
const withLists = (kind: Kind, doc: Document): Document => ({
  ...Object.fromEntries(
    Object.entries(kind.fields)
      .filter(([, field]) => field.type === 'list' || field.type === 'structs')
      .map(([name]) => [name, []]),
  ),
  ...Object.fromEntries(Object.entries(doc).filter(([, value]) => value !== undefined)),
});

const inOrder = (kind: Kind, doc: Document): Document =>
  Object.fromEntries(
    Object.keys(kind.fields)
      .filter((name) => doc[name] !== undefined)
      .map((name) => [name, doc[name]]),
  );

async function confirmSummary(
  kind: Kind,
  ref: string | undefined,
  doc: Document,
  found: readonly Found[],
  { asker, width }: AskOptions,
): Promise<void> {
  const { drawDetail } = await import('../output/boxes.js');
  const { resourceView } = await import('../output/resource.js');
  const links: Link[] = found.map((choice) => ({ kind: choice.kind, ref: choice.ref, label: choice.label }));
  const row = { kind, ref: ref ?? '', doc, createdAt: 0, updatedAt: 0, revision: 0, links };
  const rows = resourceView(kind)
    .columns.filter(({ name }) => (name === 'ref' ? ref !== undefined : doc[name] !== undefined))
    .map((column) => ({ field: column.header, lines: column.texts(row).map(printable) }))
    .filter(({ lines }) => lines.length > 0);
  const summary = drawDetail(rows, { headers: true, width, strong: (text) => text });
  await asker.say(`\nNew ${kind.noun}:\n${summary}`);
  if (await asker.confirm('Create it?', true)) return;
  throw new CtlError('interrupted', `cancelled: no ${kind.noun} was created`);
}

/**
 * Asks a question to be answered with yes or no.
 * @throws CtlError interrupted, on Ctrl-C
 */
export async function confirm(terminal: Terminal, message: string, initial: boolean): Promise<boolean> {
  return (await askerFor(terminal)).confirm(printable(message), initial);
}
