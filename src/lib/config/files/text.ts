/** A file's bytes as text, or why they are none. */
import { isUtf8 } from 'node:buffer';
import { LARGEST_FILE } from './limits.js';
import type { Segment } from './segments.js';
import type { FileProblem } from './types.js';

/** The text of a segment, without a byte order mark. */
export function textOf(
  path: string,
  { content, line }: Segment,
): { text: string } | { problem: FileProblem } {
  const size = content.length;
  if (size > LARGEST_FILE)
    return fault(`${path}:1:1`, `has ${size} bytes: expected at most ${LARGEST_FILE}; divide it`);
  const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
  if (typeof content !== 'string' && !isUtf8(content))
    return fault(
      placeOf(path, line, text, text.indexOf('\ufffd')),
      'is not valid UTF-8: expected text in UTF-8',
    );
  const nul = text.indexOf('\0');
  if (nul >= 0) return fault(placeOf(path, line, text, nul), 'has a NUL character: expected text');
  return { text: text.startsWith('\ufeff') ? text.slice(1) : text };
}

const fault = (place: string, message: string) => ({ problem: { place, path: '', message } });

function placeOf(path: string, line: number, text: string, offset: number): string {
  const before = text.slice(0, Math.max(offset, 0)).split('\n');
  return `${path}:${line + before.length - 1}:${before.at(-1)!.length + 1}`;
}
