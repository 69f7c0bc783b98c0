/** One resource from a file: our flat form, checked for shape against the kind; what its values mean the daemon checks. */
import { Checker, type Fault, nameOf } from '../../config/files/checker.js';
import { LARGEST_FILE } from '../../config/files/limits.js';
import { READ_ONLY } from '../../config/files/resource.js';
import { isMap, type JsonMap, type Located } from '../../config/files/types.js';
import { loadYaml } from '../../config/files/yaml.js';
import type { CtlError, FieldError } from '../../errors.js';
import type { Document, Kind } from '../../kinds/kind.js';
import { inputError } from './problems.js';
import { type Sources, sourceName } from './source.js';

export interface DocumentFile {
  /** Fields that have a value. */
  readonly doc: Document;
  /** Fields that the file says are null: to be emptied by an update. */
  readonly clear: readonly string[];
  readonly ref: string | undefined;
  /** `agents.yaml:3:5 username` of a path in the document, for errors of the daemon about it. */
  where(path: string): string;
}

/**
 * Reads the document of `-f`.
 * @param path a file, or `-` for stdin
 * @throws CtlError usage, naming every problem with its place
 */
export async function readDocument(sources: Sources, path: string, kind: Kind): Promise<DocumentFile> {
  const file = sourceName(path);
  const located = await parseOne(await sources.read(path, '--file', LARGEST_FILE), file);
  const where = (at: string) => labelled(located.at(at), at);
  const { value } = located;
  if (!isMap(value))
    throw unreadable(file, [
      { field: where(''), message: `is ${nameOf(value)}: expected the fields of one ${kind.noun}` },
    ]);
  const checker = new Checker((at) => located.sourceOf(at));
  const { kind: kindName, ref, ...rest } = value;
  if (kindName !== undefined && !isKind(kindName, kind))
    checker.refuse('kind', `is ${nameOf(kindName)}: expected ${kind.name}, for ctl ${kind.topic}`);
  if (ref !== undefined) checker.text(ref, 'ref', 'a ref');
  const given = Object.fromEntries(Object.entries(rest).filter(([name]) => !READ_ONLY.has(name)));
  const doc = checker.fields(kind.fields, given, '', ['kind', 'ref', ...Object.keys(kind.fields)]);
  const clear = Object.keys(given).filter((name) => given[name] === null && name in kind.fields);
  for (const name of clear)
    if (kind.fields[name]!.required) checker.refuse(name, `is empty: expected ${kind.fields[name]!.summary}`);
  if (checker.faults.length > 0) throw unreadable(file, checker.faults.map(fieldErrorIn(where)));
  return { doc, clear, ref: ref as string | undefined, where };
}

/**
 * The only document of a text.
 * @param empty what a text without any stands for; absent: it has to have one
 * @throws CtlError usage, with every problem of syntax
 */
export async function parseOne(text: string, file: string, empty?: JsonMap): Promise<Located> {
  const parse = await loadYaml();
  const { documents, problems } = parse({ file, text, line: 1, column: 1 });
  if (problems.length > 0)
    throw unreadable(
      file,
      problems.map(({ place, path, message }) => ({ field: labelled(place, path), message })),
    );
  const [located] = documents;
  if (located && documents.length === 1) return located;
  if (empty && documents.length === 0)
    return { value: empty, file, at: () => `${file}:1:1`, sourceOf: () => undefined };
  const message = `holds ${documents.length || 'no'} documents: expected exactly one`;
  throw unreadable(file, [{ field: `${file}:1:1`, message }]);
}

const isKind = (value: unknown, kind: Kind): boolean =>
  typeof value === 'string' && value.toLowerCase() === kind.name.toLowerCase();

/** A place with the path of what stands there. */
export const labelled = (place: string, path: string): string => (path === '' ? place : `${place} ${path}`);

const fieldErrorIn =
  (where: (path: string) => string) =>
  ({ path, message }: Fault): FieldError => ({ field: where(path), message });

const unreadable = (file: string, problems: readonly FieldError[]): CtlError =>
  inputError(`cannot read ${file}`, problems);
