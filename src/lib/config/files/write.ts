/**
 * Resources as files, so that reading gives back what was written. The order is that of the kinds, then the declared
 * order or the ref, and repeated writing gives the same bytes.
 */
import { escapeJson } from '../../kinds/hostile.js';
import type { Json } from '../../kinds/kind.js';
import { emitToml, hasNull } from './emit-toml.js';
import { emitYaml } from './emit-yaml.js';
import { flatDocument, placeOf, type Writable, type WriteOptions, compare } from './writable.js';
import { isMap, type JsonMap } from './types.js';

export { writeRoutr } from './write-routr.js';
export { writeVoxtronics } from './write-voxtronics.js';
export type { Writable, WriteOptions } from './writable.js';

export type FileFormat = 'yaml' | 'json' | 'toml';

/** Characters that are handed on at once. */
const CHUNK = 64 * 1024;

/**
 * Writes resources in our flat form: YAML documents, one JSON list, or TOML `[[resources]]`. Values that are equal
 * to their default are left out.
 * @returns chunks of text
 */
export async function* writeDocuments(
  resources: Iterable<Writable> | AsyncIterable<Writable>,
  format: FileFormat,
  options: WriteOptions = {},
): AsyncIterable<string> {
  const layout = layoutOf(format);
  const written = [];
  for await (const resource of resources)
    written.push({ ...placeOf(resource), text: layout.text(flatDocument(resource, options)) });
  if (written.length === 0) yield layout.none;
  else yield* joined(layout, written.sort(compare));
}

function* joined(layout: Layout, written: readonly { text: string }[]): Iterable<string> {
  let chunk = layout.before;
  for (const [i, { text }] of written.entries()) {
    chunk += i === 0 ? text : layout.between + text;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk + layout.after;
}

interface Layout {
  readonly none: string;
  readonly before: string;
  readonly between: string;
  readonly after: string;
  text(document: JsonMap): string;
}

function layoutOf(format: FileFormat): Layout {
  if (format === 'yaml') return { none: '', before: '', between: '---\n', after: '', text: emitYaml };
  if (format === 'json')
    return { none: '[]\n', before: '[\n', between: ',\n', after: '\n]\n', text: indentedJson };
  // Reading takes JSON text for the object that it holds.
  const valueOf = (value: Json) => (isMap(value) && hasNull(value) ? JSON.stringify(value) : value);
  const tableOf = (document: JsonMap) =>
    Object.fromEntries(Object.entries(document).map(([key, value]) => [key, valueOf(value)]));
  const text = (document: JsonMap) => emitToml({ resources: [tableOf(document)] });
  return { none: '', before: '', between: '\n', after: '', text };
}

const indentedJson = (document: JsonMap): string =>
  escapeJson(JSON.stringify(document, null, 2)).replace(/^/gm, '  ');
