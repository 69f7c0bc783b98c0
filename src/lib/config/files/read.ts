/** Files as resources: whatever their syntax and form, with every problem and its place. */
import { kindOf } from '../../kinds/index.js';
import type { Document, Json, Kind, KindName } from '../../kinds/kind.js';
import type { Fault } from './checker.js';
import { Notes } from './notes.js';
import { type Element, isResource, noResource, readResource } from './resource.js';
import { type Segment, segmentsOf } from './segments.js';
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
import { splitText, valuesOf } from './values.js';
import { sections } from './voxtronics.js';
import { Resolver } from './voxtronics-read.js';
import { isVoxtronics, Sections } from './voxtronics-collect.js';

export interface ReadOptions {
  /** Keys that nobody knows are notes instead of problems. */
  readonly lenient?: boolean;
  /**
   * Whoever takes the resources finds those that come twice: what has come is not remembered then, and memory stays
   * flat.
   */
  readonly repeats?: boolean;
}

/** After so many problems the rest of the files is not read. */
const MOST_PROBLEMS = 1000;
/** Problems are named by their path in the resource, not in the list around it. */
const ELEMENT = /^(?:resources)?\[\d+\]\.?/;
/** Kinds that Voxtronics configuration refers to by ref or by key: whether there is such a ref must be known. */
const NAMED: ReadonlySet<KindName> = new Set(
  sections.flatMap(({ kind, type }) => (type === undefined ? [] : [kind])),
);
const LONGEST_PATH = 200;
const LONGEST_MESSAGE = 1000;

/** How far a file has been read. */
interface FileState {
  readonly path: string;
  isEmpty: boolean;
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
  /** By kind and ref. */
  private readonly seen = new Map<string, Parsed>();

  constructor(
    private readonly inputs: Iterable<Input> | AsyncIterable<Input>,
    private readonly options: ReadOptions,
  ) {}

  get notes(): string[] {
    return this.remarks.list();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Parsed> {
    for await (const part of this.parts())
      // Not passed on by yield*, which costs several turns of the loop for each.
      for (const parsed of part) yield parsed;
  }

  /** The same in parts whose resources come without waiting. Each is iterated before the next one is asked for. */
  async *parts(): AsyncGenerator<Iterable<Parsed>> {
    for await (const input of this.inputs) {
      const file: FileState = { path: input.path, isEmpty: true };
      const before = this.problems.length;
      for await (const segment of segmentsOf(input)) {
        yield await this.open(file, segment);
        if (this.isFull) return;
      }
      if (file.isEmpty && this.problems.length === before) this.remarks.add('no resources in', input.path);
    }
    yield this.configured();
  }

  private get isFull(): boolean {
    return this.problems.length >= MOST_PROBLEMS;
  }

  private async open(file: FileState, segment: Segment): Promise<Iterable<Parsed>> {
    const { path } = file;
    const read = textOf(path, segment);
    if ('text' in read)
      return this.segment(file, ...(await splitText(this.syntaxes, path, read.text, segment.line)));
    this.problems.push(read.problem);
    return [];
  }

  private *segment(file: FileState, syntax: Syntax, split: Split): Iterable<Parsed> {
    for (const chunk of split.chunks) {
      for (const located of this.documents(syntax, chunk)) {
        file.isEmpty = false;
        for (const element of this.elements(located)) {
          const parsed = this.resource(element);
          if (parsed) yield parsed;
        }
      }
      if (this.isFull) return this.stop(file.path);
    }
    if (split.problem) this.problems.push(split.problem);
  }

  /** What the sections of Voxtronics configuration in all files come to. */
  private *configured(): Iterable<Parsed> {
    const has = (kind: KindName, ref: string) => this.seen.has(idOf(kind, ref));
    for (const entry of new Resolver(this.sections, this.remarks, has).entries()) {
      const { kind, located, pathOf } = entry;
      if (!this.faults(located, '', entry.faults)) continue;
      const parsed = this.unique(
        new FromFile(kindOf(kind), entry.ref, entry.doc, (path) => located.at(pathOf(path))),
      );
      if (parsed) yield parsed;
    }
  }

  private stop(path: string): void {
    const message = `the rest is not read: there are ${this.problems.length} problems already`;
    this.problems.push({ place: path, path: '', message });
  }

  private documents(syntax: Syntax, chunk: Chunk): readonly Located[] {
    const { documents, problems } = valuesOf(syntax, chunk);
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
    return this.unique(new FromFile(kind, ref, doc, (path) => located.at(join(base, pathOf(path)))));
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

  /** The resource, unless it came before. */
  private unique(parsed: Parsed): Parsed | undefined {
    const { kind, ref } = parsed;
    if (this.options.repeats && !NAMED.has(kind.name)) return parsed;
    const id = idOf(kind.name, ref);
    const first = this.seen.get(id);
    if (!first) {
      this.seen.set(id, parsed);
      return parsed;
    }
    const message = `is the ${kind.noun} ${ref} a second time: the first stands at ${first.where('')}`;
    this.problem(parsed.where('ref'), '', message);
    return undefined;
  }
}

class FromFile implements Parsed {
  constructor(
    readonly kind: Kind,
    readonly ref: string,
    readonly doc: Document,
    readonly where: (path: string) => string,
  ) {}
}

const idOf = (kind: KindName, ref: string): string => `${kind}\0${ref}`;

const short = (path: string): string =>
  path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path;

const list = (located: Located, path: string, items: readonly Json[]): Element[] =>
  items.map((value, i) => ({ located, base: `${path}[${i}]`, value }));
