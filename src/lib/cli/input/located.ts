/**
 * YAML (1.2) and JSON as plain values that remember where everything stood. Safe on hostile input: aliases, depth and
 * size are limited, and duplicate keys are found here, because the library's own check takes quadratic time.
 */
import type {
  Alias,
  Document as YamlDocument,
  LineCounter,
  Node,
  Pair,
  Scalar,
  YAMLMap,
  YAMLSeq,
} from 'yaml';
import { CtlError, type FieldError } from '../../errors.js';
import type { Json } from '../../kinds/kind.js';
import { quote } from '../../kinds/words.js';
import { inputError } from './problems.js';

const DEEPEST = 64;
const MOST_ALIASES = 100;
const MOST_PROBLEMS = 20;

/** A value from a file, with the place of each of its parts. Paths are as in `egressPolicies[0].rule`. */
export interface Located {
  readonly value: Json;
  /** `file:line:column` of a path, or of the nearest part around it that is there. */
  at(path: string): string;
  /** A scalar as the file has it: `+1910` where the value is the number 1910. */
  sourceOf(path: string): string | undefined;
}

/**
 * Reads text that holds exactly one document.
 * @param file how errors call it
 * @throws CtlError usage, with every problem of syntax
 */
export async function parseLocated(text: string, file: string): Promise<Located> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const options = { uniqueKeys: false, lineCounter: lines, prettyErrors: false } as const;
  const documents = yaml.parseAllDocuments(text, options) as YamlDocument.Parsed[];
  const problems = documents.flatMap((document) =>
    [...document.errors, ...document.warnings].map((error): FieldError => ({
      field: place(file, lines, error.pos[0]),
      message: error.message,
    })),
  );
  if (problems.length > 0) throw unreadable(file, problems);
  const [document] = documents;
  if (documents.length !== 1 || !document?.contents)
    throw unreadable(file, [
      {
        field: `${file}:1:1`,
        message: `holds ${document?.contents ? documents.length : 'no'} documents: expected exactly one`,
      },
    ]);
  return new Reader(yaml, document, file, lines).read(document.contents);
}

const place = (file: string, lines: LineCounter, offset: number): string => {
  const { line, col } = lines.linePos(offset);
  return `${file}:${line}:${col}`;
};

const unreadable = (file: string, problems: readonly FieldError[]): CtlError =>
  inputError(`cannot read ${file}`, problems.slice(0, MOST_PROBLEMS));

/** The path one level up: of `uris[0].port` it is `uris[0]`, of that `uris`, of that the empty path. */
const parentOf = (path: string): string =>
  path.slice(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['), 0));

class Reader {
  private readonly problems: FieldError[] = [];
  private readonly offsets = new Map<string, number>();
  private readonly sources = new Map<string, string>();
  private aliases = 0;

  constructor(
    private readonly yaml: typeof import('yaml'),
    private readonly document: YamlDocument.Parsed,
    private readonly file: string,
    private readonly lines: LineCounter,
  ) {}

  read(root: Node): Located {
    const value = this.visit(root, '', 0);
    if (this.problems.length > 0) throw unreadable(this.file, this.problems);
    return {
      value,
      at: (path) => this.at(path),
      sourceOf: (path) => this.sources.get(path),
    };
  }

  private at(path: string): string {
    for (let known = path; ; known = parentOf(known)) {
      const offset = this.offsets.get(known);
      if (offset !== undefined) return place(this.file, this.lines, offset);
      if (known === '') return `${this.file}:1:1`;
    }
  }

  private visit(node: Node | null, path: string, depth: number): Json {
    if (node?.range) this.offsets.set(path, node.range[0]);
    if (depth > DEEPEST) return this.refuse(path, `is nested deeper than ${DEEPEST} levels`);
    if (this.yaml.isAlias(node)) return this.visitAlias(node, path, depth);
    if (this.yaml.isMap(node)) return this.visitMap(node, path, depth);
    if (this.yaml.isSeq(node)) return this.visitSeq(node, path, depth);
    return node === null ? null : this.visitScalar(node as Scalar, path);
  }

  private visitAlias(node: Alias, path: string, depth: number): Json {
    if (++this.aliases > MOST_ALIASES)
      return this.refuse(path, `is one alias too many: expected at most ${MOST_ALIASES}`);
    return this.visit(node.resolve(this.document) ?? null, path, depth + 1);
  }

  private visitMap(node: YAMLMap, path: string, depth: number): Json {
    const entries = new Map<string, Json>();
    for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
      if (!this.yaml.isScalar(key)) {
        if (key.range) this.offsets.set(path, key.range[0]);
        return this.refuse(path, 'has a key that is no text: expected a name');
      }
      const name = key.source ?? String(key.value);
      const child = path === '' ? name : `${path}.${name}`;
      if (entries.has(name)) {
        if (key.range) this.offsets.set(child, key.range[0]);
        this.refuse(child, `${quote(name)} stands here a second time: expected each key once`);
        continue;
      }
      entries.set(name, null);
      if (key.range) this.offsets.set(child, key.range[0]);
      entries.set(name, this.visit(value, child, depth + 1));
    }
    return Object.fromEntries(entries);
  }

  private visitSeq(node: YAMLSeq, path: string, depth: number): Json {
    return (node.items as (Node | null)[]).map((item, i) => this.visit(item, `${path}[${i}]`, depth + 1));
  }

  private visitScalar({ value, source }: Scalar, path: string): Json {
    if (source !== undefined) this.sources.set(path, source);
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    return this.refuse(path, `${source ?? ''} is neither text, number, true, false nor null`.trimStart());
  }

  private refuse(path: string, message: string): null {
    this.problems.push({ field: this.label(path), message });
    return null;
  }

  private label(path: string): string {
    return path === '' ? this.at(path) : `${this.at(path)} ${path}`;
  }
}
