/** A value that was read without places: they are looked for when somebody asks. */
import type { Json } from '../../kinds/kind.js';
import { placeIn } from './limits.js';
import type { Chunk, Located, Syntax } from './types.js';

export class LazyLocated implements Located {
  private found: Located | undefined;

  constructor(
    readonly value: Json,
    private readonly chunk: Chunk,
    private readonly syntax: Syntax,
  ) {}

  get file(): string {
    return this.chunk.file;
  }

  at(path: string): string {
    return this.located?.at(path) ?? placeIn(this.chunk, 1, 1);
  }

  sourceOf(path: string): string | undefined {
    return this.located?.sourceOf(path);
  }

  /** Absent where the parser with places refuses what the fast one took. */
  private get located(): Located | undefined {
    return (this.found ??= this.syntax.parse(this.chunk).documents[0]);
  }
}
