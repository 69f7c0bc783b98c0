/** Lines of a text that comes in chunks, with their numbers. */

export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Without its end. */
  readonly text: string;
  /** It is longer than LONGEST_LINE, and `text` is a part of it. */
  readonly isCut: boolean;
}

/** The most characters of a line that are kept: no record and no header of a message has so many. */
export const LONGEST_LINE = 1024 * 1024;

export class Lines {
  private readonly decoder = new TextDecoder();
  private rest = '';
  private count = 0;

  push(bytes: Uint8Array): Line[] {
    return this.pushText(this.decoder.decode(bytes, { stream: true }));
  }

  /** The same of text that was decoded already. */
  pushText(text: string): Line[] {
    const found: Line[] = [];
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      found.push(this.line(this.rest + text.slice(start, end)));
      this.rest = '';
      start = end + 1;
    }
    if (this.rest.length <= LONGEST_LINE) this.rest += text.slice(start);
    return found;
  }

  /** The last line, if it has no end. */
  end(): Line[] {
    const found = this.pushText(this.decoder.decode());
    if (this.rest !== '') found.push(this.line(this.rest));
    this.rest = '';
    return found;
  }

  private line(text: string): Line {
    const isCut = text.length > LONGEST_LINE;
    const kept = isCut ? text.slice(0, LONGEST_LINE) : text;
    return { number: ++this.count, text: kept.endsWith('\r') ? kept.slice(0, -1) : kept, isCut };
  }
}
