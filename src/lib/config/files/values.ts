/** The values of a file, whatever its syntax, with the places of their parts: what resources are made of, or others. */
import { LazyLocated } from './lazy.js';
import { lengthProblem } from './limits.js';
import { segmentsOf } from './segments.js';
import { Syntaxes } from './syntax.js';
import { textOf } from './text.js';
import type { Chunk, FileProblem, Input, Located, Parse, Split, Syntax } from './types.js';

/** A part of a file, that begins at a line, in chunks: in the first of its syntaxes that takes it. */
export async function splitText(
  syntaxes: Syntaxes,
  path: string,
  text: string,
  line: number,
): Promise<readonly [Syntax, Split]> {
  for (const syntax of await syntaxes.of(path, text)) {
    const split = syntax.split(path, text, line);
    if (split) return [syntax, split];
  }
  throw new Error(`no syntax takes ${path}`);
}

/** The values of a chunk; their places are looked for only when somebody asks. */
export function valuesOf(syntax: Syntax, chunk: Chunk): Parse {
  const tooLong = lengthProblem(chunk);
  if (tooLong) return { documents: [], problems: [tooLong] };
  const values = syntax.quick(chunk.text);
  if (!values) return syntax.parse(chunk);
  return { documents: values.map((value) => new LazyLocated(value, chunk, syntax)), problems: [] };
}

/** The documents of a file, and the items of one that is a list, in their order. */
export async function readValues(input: Input): Promise<Parse> {
  const documents: Located[] = [];
  const problems: FileProblem[] = [];
  const syntaxes = new Syntaxes();
  for await (const segment of segmentsOf(input)) {
    const read = textOf(input.path, segment);
    if ('problem' in read) return { documents, problems: [...problems, read.problem] };
    const [syntax, { chunks, problem }] = await splitText(syntaxes, input.path, read.text, segment.line);
    for (const chunk of chunks) {
      const found = valuesOf(syntax, chunk);
      documents.push(...found.documents.map(withoutSources).flatMap(itemsOf));
      problems.push(...found.problems);
    }
    if (problem) problems.push(problem);
  }
  return { documents, problems };
}

/** What the fast parsers take has no numbers but such as mean what they say: nobody need parse it again for them. */
const withoutSources = (located: Located): Located =>
  located instanceof LazyLocated
    ? { value: located.value, file: located.file, at: (path) => located.at(path), sourceOf: () => undefined }
    : located;

/** The items of a list, each as if it were a document; another value alone. */
function itemsOf(located: Located): Located[] {
  const { value, file } = located;
  if (!Array.isArray(value)) return value === null ? [] : [located];
  return value.map((item, i) => {
    const inner = (path: string) =>
      path === '' || path.startsWith('[') ? `[${i}]${path}` : `[${i}].${path}`;
    return {
      value: item,
      file,
      at: (path) => located.at(inner(path)),
      sourceOf: (path) => located.sourceOf(inner(path)),
    };
  });
}
