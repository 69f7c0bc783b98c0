/** A file of a form of its own, such as suppressions of findings: YAML or JSON with these fields and no others. */
import { Checker, nameOf } from '../../config/files/checker.js';
import { LARGEST_FILE } from '../../config/files/limits.js';
import { isMap, type JsonMap } from '../../config/files/types.js';
import type { FieldError } from '../../errors.js';
import type { Document, Fields } from '../../kinds/kind.js';
import { labelled, parseOne } from './document.js';
import { inputError } from './problems.js';
import { type Sources, sourceName } from './source.js';

export interface FieldsFile {
  /** The values that the file gives, of the declared types. */
  readonly doc: Document;
  /** `file:line:column` of a path, or of the nearest part around it that is there. */
  at(path: string): string;
  /**
   * Fails when there are problems, naming each with its place: `dial-space.yaml:3:5 owned[0]`.
   * @throws CtlError usage
   */
  refuse(problems: readonly { readonly path: string; readonly message: string }[]): void;
}

/**
 * Reads a file.
 * @param flag what named it, for errors
 * @param fields what it may have; those that are required it must
 * @param empty what a file that holds nothing stands for; absent: it has to hold something
 * @throws CtlError usage, naming every problem with its place
 */
export async function readFields(
  sources: Sources,
  path: string,
  flag: string,
  fields: Fields,
  empty?: JsonMap,
): Promise<FieldsFile> {
  const file = sourceName(path);
  const located = await parseOne(await sources.read(path, flag, LARGEST_FILE), file, empty);
  const refuse: FieldsFile['refuse'] = (problems) => {
    const named = problems.map(({ path: at, message }): FieldError => ({
      field: labelled(located.at(at), at),
      message,
    }));
    if (named.length > 0) throw inputError(`cannot read ${file}`, named);
  };
  const value = located.value ?? empty ?? null;
  const names = Object.keys(fields);
  if (!isMap(value))
    refuse([{ path: '', message: `is ${nameOf(value)}: expected a mapping with ${names.join(', ')}` }]);
  const checker = new Checker((at) => located.sourceOf(at));
  const doc = checker.fields(fields, value as JsonMap, '', names);
  refuse([...checker.faults, ...missing(fields, value as JsonMap, '')]);
  return { doc, at: (path) => located.at(path), refuse };
}

/** The required fields that are not there. */
function missing(fields: Fields, values: JsonMap, prefix: string): { path: string; message: string }[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const value = values[name] ?? null;
    const path = prefix + name;
    if (value === null)
      return field.required ? [{ path, message: `is missing: expected ${field.summary}` }] : [];
    if (field.type !== 'structs' || !Array.isArray(value)) return [];
    return value.flatMap((entry, i) => (isMap(entry) ? missing(field.of, entry, `${path}[${i}].`) : []));
  });
}
