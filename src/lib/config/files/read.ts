/** Files as resources: whatever their syntax and form, with every problem and its place. */
import { kindOf } from '../../kinds/index.js';
import type { Json, Kind, KindName } from '../../kinds/kind.js';
import type { Fault } from './checker.js';
import { LazyLocated } from './lazy.js';
import { lengthProblem } from './limits.js';
import { Notes } from './notes.js';
import { type Element, isResource, noResource, readResource } from './resource.js';
import { Syntaxes } from './syntax.js';
import { textOf } from './text.js';
import {
  type Chunk,
  type FileProblem,
  type Input,
  isMap,
  join,
  type Located,
  type Parsed,
  type Split,
  type Syntax,
} from './types.js';
import { Resolver } from './voxtronics-read.js';
import { isVoxtronics, Sections } from './voxtronics-collect.js';

export interface ReadOptions {
  /** Keys that nobody knows are notes instead of problems. */
  readonly lenient?: boolean;
}

export interface ReadResult {
  readonly documents: readonly Parsed[];
  readonly problems: readonly FileProblem[];
  readonly notes: readonly string[];
}

/** After so many problems the rest of the files is not read. */
const MOST_PROBLEMS = 1000;
/** Problems are named by their path in the resource, not in the list around it. */
const ELEMENT = /^(?:resources)?\[\d+\]\.?/;
const LONGEST_PATH = 200;
const LONGEST_MESSAGE = 1000;

/** Reads files whole. Documents without problems come even when there are others with some. */
export async function readFiles(
  inputs: Iterable<Input> | AsyncIterable<Input>,
  options: ReadOptions = {},
): Promise<ReadResult> {
  const stream = readStream(inputs, options);
  const documents: Parsed[] = [];
  for await (const document of stream) documents.push(document);
  return { documents, problems: inOrder(stream.problems), notes: stream.notes };
}

/** Problems by file, in the order of the files, then by line and column. */
function inOrder(problems: readonly FileProblem[]): FileProblem[] {
  const files = new Map<string, number>();
  const keyed = problems.map((problem) => {
    const [, file = problem.place, line, column] = /^(.*):(\d+):(\d+)$/.exec(problem.place) ?? [];
    if (!files.has(file)) files.set(file, files.size);
    return { problem, key: [files.get(file)!, Number(line ?? Infinity), Number(column ?? 0)] as const };
  });
  keyed.sort(({ key: a }, { key: b }) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  return keyed.map(({ problem }) => problem);
}

/** Reads files as far as they are asked for. Problems and notes are complete when the iteration has ended. */
export const readStream = (
  inputs: Iterable<Input> | AsyncIterable<Input>,
  options: ReadOptions = {},
): FileStream => new FileStream(inputs, options);

/** Iterated once. Resources of Voxtronics configuration come last: all files together are one configuration. */
export class FileStream implements AsyncIterable<Parsed> {
  /** What is wrong so far; documents go on coming, so that all of it is found. */
  readonly problems: FileProblem[] = [];
  private readonly remarks = new Notes();
  private readonly syntaxes = new Syntaxes();
  private readonly sections = new Sections({
    notes: this.remarks,
    fault: (located, fault) => this.fault(located, fault),
  });
  /** Where each resource stands, by kind and ref. A place that costs nothing is kept as such, for 100,000 of them. */
  private readonly seen = new Map<string, string | (() => string)>();
  private count = 0;

  constructor(
    private readonly inputs: Iterable<Input> | AsyncIterable<Input>,
    private readonly options: ReadOptions,
  ) {}

  get notes(): string[] {
    return this.remarks.list();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Parsed> {
    for await (const input of this.inputs) {
      // Not passed on by yield*, which costs several turns of the loop for each.
      for (const parsed of await this.open(input)) yield parsed;
      if (this.isFull) return;
    }
    const has = (kind: KindName, ref: string) => this.seen.has(idOf(kind, ref));
    for (const entry of new Resolver(this.sections, this.remarks, has).entries()) {
      const { kind, located, pathOf } = entry;
      if (!this.faults(located, '', entry.faults)) continue;
      const parsed = this.parsed(kindOf(kind), entry.ref, entry.doc, located, pathOf);
      if (parsed) yield parsed;
    }
  }

  private get isFull(): boolean {
    return this.problems.length >= MOST_PROBLEMS;
  }

  private async open(input: Input): Promise<Iterable<Parsed>> {
    const read = textOf(input);
    if ('text' in read) return this.file(input.path, ...(await this.split(input.path, read.text)));
    this.problems.push(read.problem);
    return [];
  }

  private *file(path: string, syntax: Syntax, split: Split): Iterable<Parsed> {
    const before = this.problems.length;
    let isEmpty = true;
    for (const chunk of split.chunks) {
      for (const located of this.documents(syntax, chunk)) {
        isEmpty = false;
        for (const element of this.elements(located)) {
          const parsed = this.resource(element);
          if (parsed) yield parsed;
        }
      }
      if (this.isFull) return this.stop(path);
    }
    if (split.problem) this.problems.push(split.problem);
    else if (isEmpty && this.problems.length === before) this.remarks.add('no resources in', path);
  }

  private async split(path: string, text: string): Promise<readonly [Syntax, Split]> {
    const syntaxes = await this.syntaxes.of(path, text);
    for (const syntax of syntaxes) {
      const split = syntax.split(path, text);
      if (split) return [syntax, split];
    }
    throw new Error(`no syntax takes ${path}`);
  }

  private stop(path: string): void {
    const message = `the rest is not read: there are ${this.problems.length} problems already`;
    this.problems.push({ place: path, path: '', message });
  }

  private documents(syntax: Syntax, chunk: Chunk): readonly Located[] {
    const tooLong = lengthProblem(chunk);
    if (tooLong) {
      this.problems.push(tooLong);
      return [];
    }
    const values = syntax.quick(chunk.text);
    if (values) return values.map((value) => new LazyLocated(value, chunk, syntax));
    const { documents, problems } = syntax.parse(chunk);
    for (const { place, path, message } of problems) this.problem(place, path.replace(ELEMENT, ''), message);
    return documents;
  }

  /** The elements that should be resources; sections of Voxtronics configuration go aside. */
  private *elements(located: Located): Iterable<Element> {
    const { value } = located;
    if (Array.isArray(value)) yield* list(located, '', value);
    else if (isMap(value) && !isResource(value)) {
      const { resources, ...rest } = value;
      if (Array.isArray(resources)) yield* list(located, 'resources', resources);
      if (isVoxtronics(rest)) this.sections.add(located, '', rest);
      else if (!Array.isArray(resources)) yield { located, base: '', value };
      else
        for (const path of Object.keys(rest))
          this.fault(located, { path, message: 'is not known here: expected resources', unknown: true });
    } else if (value !== null) yield { located, base: '', value };
  }

  private resource({ located, base, value }: Element): Parsed | undefined {
    if (!isMap(value) || !isResource(value)) {
      this.fault(located, { path: '', message: noResource(value) }, base);
      return undefined;
    }
    const { resource, faults, notes, pathOf } = readResource({ located, base, value });
    for (const note of notes) this.remarks.add(note, located.at(base));
    if (!this.faults(located, base, faults) || !resource) return undefined;
    const { kind, ref, doc } = resource;
    return this.parsed(kind, ref, doc, located, (path) => join(base, pathOf(path)));
  }

  /** Reports faults; whether what has them can be used all the same. */
  private faults(located: Located, base: string, faults: readonly Fault[]): boolean {
    for (const fault of faults) this.fault(located, fault, base);
    return faults.every(({ unknown }) => unknown === true && this.options.lenient === true);
  }

  /** @param base the path of the resource in `located`; faults are named by their paths in the resource */
  private fault(located: Located, { path, message, unknown }: Fault, base = ''): void {
    const place = located.at(join(base, path));
    if (unknown && this.options.lenient)
      this.remarks.add('passed over, since it is not known', `${place} ${short(path)}`);
    else this.problem(place, path, message);
  }

  private problem(place: string, path: string, message: string): void {
    this.problems.push({ place, path: short(path), message: message.slice(0, LONGEST_MESSAGE) });
  }

  private parsed(
    kind: Kind,
    ref: string,
    doc: Parsed['doc'],
    located: Located,
    pathOf: (path: string) => string,
  ): Parsed | undefined {
    const id = idOf(kind.name, ref);
    const where = (path: string) => located.at(pathOf(path));
    const before = this.seen.get(id);
    if (before !== undefined) {
      const first = typeof before === 'string' ? before : before();
      const message = `is the ${kind.noun} ${ref} a second time: the first stands at ${first}`;
      this.problem(where('ref'), '', message);
      return undefined;
    }
    const isFirst = /^(?:\w*\[0\])?$/.test(pathOf(''));
    this.seen.set(id, isFirst ? located.start : () => where(''));
    return { kind, ref, doc, order: this.count++, source: located.file, where };
  }
}

const idOf = (kind: KindName, ref: string): string => `${kind}\0${ref}`;

const short = (path: string): string =>
  path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path;

const list = (located: Located, path: string, items: readonly Json[]): Element[] =>
  items.map((value, i) => ({ located, base: `${path}[${i}]`, value }));
