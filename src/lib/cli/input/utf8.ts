/** Text in UTF-8 that comes in pieces, and the line in which it is something else. */
import { isUtf8 } from 'node:buffer';
import type { CtlError } from '../../errors.js';

const LF = 10;
const NOT_UTF8 = 'is not valid UTF-8: expected text in UTF-8';

/** What is wrong with the beginning of a text, which says itself that it is UTF-16; undefined for any other. */
export const utf16Fault = ([first, second]: Uint8Array): string | undefined =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
    ? 'is UTF-16: expected UTF-8 (iconv -f UTF-16 -t UTF-8)'
    : undefined;

/** What is wrong with bytes that are no UTF-8, and their line, from 1; none where it is no line's fault. */
export function encodingFault(bytes: Uint8Array): { readonly line?: number; readonly message: string } {
  const utf16 = utf16Fault(bytes);
  if (utf16 !== undefined) return { message: utf16 };
  let line = 1;
  for (let at = 0; ; line++) {
    const end = bytes.indexOf(LF, at);
    if (end < 0 || !isUtf8(bytes.subarray(at, end))) return { line, message: NOT_UTF8 };
    at = end + 1;
  }
}

/** Decodes pieces of a text. */
export class Utf8Text {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  /** Lines that have ended. */
  private lines = 0;
  /** What went before, at least as much of it as a character has: it may end within one. */
  private before: Uint8Array = new Uint8Array(0);

  /** @param refuse the error for a text that is no UTF-8; the line is absent where it is no line's fault */
  constructor(private readonly refuse: (line: number | undefined, message: string) => CtlError) {}

  /** @throws what `refuse` gives */
  push(bytes: Uint8Array): string {
    let text: string;
    try {
      text = this.decoder.decode(bytes, { stream: true });
    } catch {
      throw this.fault(bytes);
    }
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.lines++;
    this.before = bytes.length < 4 ? Buffer.concat([this.before.subarray(-3), bytes]) : bytes;
    return text;
  }

  /** What is left. @throws what `refuse` gives, where that is a part of a character */
  end(): string {
    try {
      return this.decoder.decode();
    } catch {
      throw this.fault(new Uint8Array(0));
    }
  }

  private fault(bytes: Uint8Array): CtlError {
    const { before } = this;
    // The character that has begun: its first byte and those that continue it.
    let start = before.length - 1;
    while (start >= 0 && (before[start]! & 0xc0) === 0x80) start--;
    const begun = start >= 0 && before[start]! >= 0xc0 ? before.subarray(start) : new Uint8Array(0);
    const { line, message } = encodingFault(Buffer.concat([begun, bytes]));
    return this.refuse(line === undefined ? undefined : this.lines + line, message);
  }
}
