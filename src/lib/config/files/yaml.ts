/**
 * YAML 1.2, and JSON as a part of it, with places. Safe on hostile input: aliases, depth and size are limited, and
 * duplicate keys are found here, because the library's own check takes quadratic time.
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
import type { Json } from '../../kinds/kind.js';
import { quote } from '../../kinds/words.js';
import { DEEPEST, MOST_ALIASES, MOST_VALUES, placeIn, sizeProblem, TOO_DEEP } from './limits.js';
import { isExactNumber } from './numbers.js';
import type { Chunk, FileProblem, Located, Parse } from './types.js';
import { join } from './types.js';

type Yaml = typeof import('yaml');

/** Problems of syntax that are told of one chunk: the rest follows from them. */
const MOST_PROBLEMS = 20;

/** What parses YAML; loads the library. */
export async function loadYaml(): Promise<(chunk: Chunk) => Parse> {
  const yaml = await import('yaml');
  return (chunk) => parseYaml(yaml, chunk);
}

function parseYaml(yaml: Yaml, chunk: Chunk): Parse {
  const tooMuch = sizeProblem(chunk);
  if (tooMuch) return { documents: [], problems: [tooMuch] };
  const lines = new yaml.LineCounter();
  const options = { uniqueKeys: false, lineCounter: lines, prettyErrors: false, logLevel: 'silent' } as const;
  const found = yaml.parseAllDocuments(chunk.text, options) as YamlDocument.Parsed[];
  const places = new Places(chunk, lines);
  const faults = found.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
  if (faults[0] && isIndentedByTab(chunk.text, faults[0].pos[0]))
    return { documents: [], problems: [{ place: places.of(faults[0].pos[0]), path: '', message: TAB }] };
  const problems = faults.slice(0, MOST_PROBLEMS).map(({ code, pos, message }): FileProblem => ({
    place: places.of(pos[0]),
    path: '',
    message: code === 'RESOURCE_EXHAUSTION' ? TOO_DEEP : message,
  }));
  if (problems.length > 0) return { documents: [], problems };
  const documents = found.flatMap((document) => {
    if (!document.contents) return [];
    const reader = new Reader(yaml, document, places);
    const located = reader.read(document.contents);
    problems.push(...reader.problems);
    return [located];
  });
  return problems.length > 0 ? { documents: [], problems } : { documents, problems };
}

const TAB = 'Tabs are not allowed as indentation';

/** Of some tabs the parser says so itself, of others only what follows from them. */
const isIndentedByTab = (text: string, offset: number): boolean =>
  /^ *\t/.test(text.slice(text.lastIndexOf('\n', offset - 1) + 1));

class Places {
  constructor(
    readonly chunk: Chunk,
    private readonly lines: LineCounter,
  ) {}

  of(offset: number): string {
    const { line, col } = this.lines.linePos(offset);
    return placeIn(this.chunk, Math.max(line, 1), Math.max(col, 1));
  }
}

/** The path one level up: of `uris[0].port` it is `uris[0]`, of that `uris`, of that the empty path. */
export const parentOf = (path: string): string =>
  path.slice(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['), 0));

class Reader {
  readonly problems: FileProblem[] = [];
  private readonly offsets = new Map<string, number>();
  private readonly sources = new Map<string, string>();
  private aliases = 0;
  private values = 0;

  constructor(
    private readonly yaml: Yaml,
    private readonly document: YamlDocument.Parsed,
    private readonly places: Places,
  ) {}

  read(root: Node): Located {
    return {
      value: this.visit(root, '', 0),
      file: this.places.chunk.file,
      at: (path) => this.at(path),
      sourceOf: (path) => this.sources.get(path),
    };
  }

  private at(path: string): string {
    for (let known = path; ; known = parentOf(known)) {
      const offset = this.offsets.get(known);
      if (offset !== undefined || known === '') return this.places.of(offset ?? 0);
    }
  }

  private visit(node: Node | null, path: string, depth: number): Json {
    if (++this.values > MOST_VALUES)
      return this.refuse(path, `is one value too many: expected at most ${MOST_VALUES}, aliases included`);
    if (node?.range) this.offsets.set(path, node.range[0]);
    if (depth > DEEPEST) return this.refuse(path, TOO_DEEP);
    if (this.yaml.isAlias(node)) return this.visitAlias(node, path, depth);
    if (this.yaml.isMap(node)) return this.visitMap(node, path, depth);
    if (this.yaml.isSeq(node)) return this.visitSeq(node, path, depth);
    return node === null ? null : this.visitScalar(node as Scalar, path);
  }

  private visitAlias(node: Alias, path: string, depth: number): Json {
    if (++this.aliases > MOST_ALIASES)
      return this.refuse(path, `is one alias too many: expected at most ${MOST_ALIASES}`);
    const target = node.resolve(this.document);
    if (!target)
      return this.refuse(path, `*${node.source.slice(0, 80)} names no anchor that stands before it`);
    return this.visit(target, path, depth + 1);
  }

  private visitMap(node: YAMLMap, path: string, depth: number): Json {
    const entries = new Map<string, Json>();
    for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
      if (!this.yaml.isScalar(key)) {
        if (key.range) this.offsets.set(path, key.range[0]);
        return this.refuse(path, 'has a key that is no text: expected a name');
      }
      const name = key.source ?? String(key.value);
      const child = join(path, name);
      if (key.range) this.offsets.set(child, key.range[0]);
      if (entries.has(name)) {
        this.refuse(child, `${quote(name)} stands here a second time: expected each key once`);
        continue;
      }
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
    if (typeof value !== 'number' || !Number.isFinite(value))
      return this.refuse(path, `${quoted(source)} is neither text, number, true, false nor null`.trimStart());
    if (source === undefined || isExactNumber(source, value)) return value;
    return this.refuse(path, 'is a number of too many digits to be kept: quote it');
  }

  private refuse(path: string, message: string): null {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push({ place: this.at(path), path, message });
    return null;
  }
}

const quoted = (source: string | undefined): string => (source === undefined ? '' : source.slice(0, 80));
