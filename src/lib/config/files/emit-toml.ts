/** Values as TOML. */
import { stringify } from 'smol-toml';
import { HOSTILE } from '../../kinds/hostile.js';
import type { Json } from '../../kinds/kind.js';
import { isMap, type JsonMap } from './types.js';

/** Whether null, which TOML does not have, is anywhere in a value. */
export function hasNull(value: Json): boolean {
  if (Array.isArray(value)) return value.some(hasNull);
  return isMap(value) ? Object.values(value).some(hasNull) : value === null;
}

/** A table without nulls. */
export const emitToml = (table: JsonMap): string => escaped(stringify(table));

/** The same, with texts of several lines written over several lines. */
export const emitTomlLines = (table: JsonMap): string =>
  escaped(
    stringify(table).replace(
      /^([\w-]+ = )("(?:[^"\\]|\\.)*\\n(?:[^"\\]|\\.)*")$/gm,
      (_, head: string, text: string) => head + multiline(JSON.parse(text) as string),
    ),
  );

function multiline(text: string): string {
  const body = text
    .split('\n')
    .map((line) => JSON.stringify(line).slice(1, -1))
    .join('\n');
  // A quote that stands alone needs no escape.
  const plain = body.replace(/\\\\|\\"(?!\\"|$)/g, (escape) => (escape === '\\"' ? '"' : escape));
  return `"""\n${plain}"""`;
}

const escaped = (toml: string): string =>
  toml.replace(HOSTILE, (character) => {
    if (character === '\n') return character;
    return `\\U${character.codePointAt(0)!.toString(16).padStart(8, '0')}`;
  });
