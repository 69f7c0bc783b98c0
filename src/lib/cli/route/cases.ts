/** The test cases of files: YAML, JSON or JSONL with places, and CSV by its lines. */
import { type FileProblem, readValues } from '../../config/files/index.js';
import { CtlError } from '../../errors.js';
import type { Json } from '../../kinds/kind.js';
import type { Case } from '../../proof/suite/case.js';
import { expectationOf } from '../../proof/suite/expectation.js';
import { quote } from '../../kinds/words.js';
import { columnFaults } from '../../proof/calls.js';
import { Unreadable } from '../config/unreadable.js';
import { collectInputs, type Names } from '../input/files.js';
import { type FileRecord, readRecords } from '../input/records.js';
import { processSources, sourceName } from '../input/source.js';
import { CaseReader, type Placed } from './case-reader.js';

const WHAT = 'FILE';
const isCsv = (path: string): boolean => /\.csv$/i.test(path);

const NAMES: Names = {
  pattern: /\.(?:yaml|yml|json|jsonl|ndjson|csv)$/i,
  shown: '.yaml, .yml, .json, .jsonl or .csv',
};

/**
 * The cases of files and folders, in their order. Folders stand for the YAML, JSON, JSONL and CSV in them.
 * @throws CtlError usage, naming every problem of every file; also when there are no cases
 */
export async function readCases(paths: readonly string[]): Promise<readonly Case[]> {
  const reader = new CaseReader();
  for await (const input of await collectInputs(paths, processSources, WHAT, NAMES)) {
    if (isCsv(input.path)) {
      await readCsv(input.path, reader);
      continue;
    }
    const { documents, problems } = await readValues(input);
    reader.problems.push(...problems);
    for (const document of documents) reader.read(document);
  }
  if (reader.problems.length > 0) throw new Unreadable(reader.problems);
  // A suite that is empty by mistake would pass for ever.
  if (reader.cases.length === 0)
    throw new CtlError('usage', `there are no cases in ${paths.map(sourceName).join(', ')}`, {
      hint: 'A case has a name, a call and what is expected: see docs/testing.md.',
    });
  return reader.cases;
}

async function readCsv(path: string, reader: CaseReader): Promise<void> {
  const file = sourceName(path);
  const check = (columns: readonly string[], line: number): boolean => {
    const faults = headerFaults(columns);
    const place = `${file}:${line}`;
    reader.problems.push(...faults.map((message) => ({ place, path: '', message })));
    return faults.length === 0;
  };
  for await (const records of readRecords(path, WHAT, check))
    for (const record of records) {
      const problem = problemOf(record, file);
      if (problem) reader.problems.push(problem);
      else if ('value' in record) reader.read(placedRow(record, file));
    }
}

const problemOf = (record: FileRecord, file: string): FileProblem | undefined =>
  'problem' in record ? { place: `${file}:${record.line}`, path: '', message: record.problem } : undefined;

const EXPECT = /^expect[ .:](.+)$/;

/** What is wrong with the columns: said once, not of every row. */
function headerFaults(columns: readonly string[]): string[] {
  const expectations = columns.filter((column) => EXPECT.test(column));
  const rest = columns.filter((column) => !EXPECT.test(column));
  const parts = expectations.flatMap((column) => {
    const found = expectationOf(EXPECT.exec(column)![1]!, null);
    return 'inName' in found ? [`column ${quote(column)} ${found.problem}`] : [];
  });
  const nameless = columns.includes('name') ? [] : ['has no column name: expected what each case is about'];
  return [...nameless, ...columnFaults(rest, ['name', 'expect PART']), ...parts];
}

/** A row: `name`, the columns of a call, and `expect …` for what is expected; empty cells say nothing. */
function placedRow(
  { line, value }: FileRecord & { value: Readonly<Record<string, Json>> },
  file: string,
): Placed {
  const call: Record<string, Json> = {};
  const expect: Record<string, Json> = {};
  let name: Json | undefined;
  for (const [column, cell] of Object.entries(value)) {
    if (cell === '') continue;
    const part = EXPECT.exec(column)?.[1];
    if (part !== undefined) expect[part] = cell === 'null' ? null : cell;
    else if (column === 'name') name = cell;
    else call[column] = cell;
  }
  return {
    value: { ...(name !== undefined && { name }), call, expect },
    file,
    at: () => `${file}:${line}`,
    sourceOf: () => undefined,
  };
}
