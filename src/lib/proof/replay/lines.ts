/** Lines of a text that comes in chunks, with their numbers. */

export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Without its end. */
  readonly text: string;
}

/** A line longer than this is cut: no record and no header of a message has so much. */
const LONGEST_LINE = 1024 * 1024;

export class Lines {
  private readonly decoder = new TextDecoder();
  private rest = '';
  private count = 0;

  push(bytes: Uint8Array): Line[] {
    return this.split(this.decoder.decode(bytes, { stream: true }));
  }

  /** The last line, if it has no end. */
  end(): Line[] {
    const found = this.split(this.decoder.decode());
    if (this.rest !== '') found.push(this.line(this.rest));
    this.rest = '';
    return found;
  }

  private split(text: string): Line[] {
    const all = this.rest + text;
    const found: Line[] = [];
    let start = 0;
    for (let end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', start)) {
      found.push(this.line(all.slice(start, end)));
      start = end + 1;
    }
    this.rest = all.slice(start, start + LONGEST_LINE);
    return found;
  }

  private line(text: string): Line {
    return { number: ++this.count, text: text.endsWith('\r') ? text.slice(0, -1) : text };
  }
}
