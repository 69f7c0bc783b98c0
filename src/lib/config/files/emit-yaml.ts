/**
 * Values as YAML: block style, plain scalars only where no reader of any version takes them for anything but text,
 * literal blocks for texts of several lines. The same value always gives the same bytes.
 */
import { escapeJson, isHostile } from '../../kinds/hostile.js';
import type { Json } from '../../kinds/kind.js';
import { isMap, type JsonMap } from './types.js';

const PLAIN = /^[\p{L}(/_](?:[\p{L}\p{N} _./@+(),;=?!'&%$-]|:(?! ))*$/u;
const KEY = /^[A-Za-z_][\w-]*$/;
/** Words that YAML 1.1 or 1.2 takes for something else. */
const WORD = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
/** A key that is longer has to be marked as one. */
const LONGEST_KEY = 1000;

/** The members of a mapping, a line or more each. */
export const emitYaml = (map: JsonMap, indent = ''): string =>
  Object.entries(map)
    .map(([key, value]) => member(key, value, indent))
    .join('');

/** A list of mappings in the first column. */
export const emitYamlItem = (map: JsonMap): string => `- ${emitYaml(map, '  ').slice(2)}`;

function member(key: string, value: Json, indent: string): string {
  const name = KEY.test(key) && !WORD.test(key) ? key : quoted(key);
  const head = name.length > LONGEST_KEY ? `${indent}? ${name}\n${indent}:` : `${indent}${name}:`;
  const inner = `${indent}  `;
  if (typeof value === 'string' && isBlock(value)) return `${head} ${block(value, inner)}`;
  if (Array.isArray(value) && value.length > 0)
    return `${head}\n${value.map((one) => item(one, inner)).join('')}`;
  if (isMap(value) && Object.keys(value).length > 0) return `${head}\n${emitYaml(value, inner)}`;
  return `${head} ${scalar(value)}\n`;
}

const item = (value: Json, indent: string): string =>
  isMap(value) && Object.keys(value).length > 0
    ? `${indent}- ${emitYaml(value, `${indent}  `).slice(indent.length + 2)}`
    : `${indent}- ${scalar(value)}\n`;

/** On one line; lists in lists as JSON, which is YAML too. */
function scalar(value: Json): string {
  if (typeof value !== 'string') return escapeJson(JSON.stringify(value));
  if (PLAIN.test(value) && !WORD.test(value) && !/[ :]$/.test(value)) return value;
  return quoted(value);
}

const quoted = (text: string): string => escapeJson(JSON.stringify(text));

/** Texts of several lines that a literal block can hold. */
const isBlock = (text: string): boolean =>
  text.includes('\n') && /[^\n]/.test(text) && !isHostile(text.replace(/[\n\t]/g, ''));

function block(text: string, indent: string): string {
  const end = /\n*$/.exec(text)![0].length;
  const chomping = end === 0 ? '-' : end === 1 ? '' : '+';
  // A first line that is empty or indented would be taken for the measure of the block.
  const measure = /^[ \t\n]/.test(text) ? '2' : '';
  const lines = text.slice(0, text.length - (end > 0 ? 1 : 0)).split('\n');
  const body = lines.map((line) => (line === '' ? '\n' : `${indent}${line}\n`)).join('');
  return `|${measure}${chomping}\n${body}`;
}
