/** Where the resources of a configuration, and the parts of files beside it, stand in the files that were read. */
import type { Parsed } from '../../config/files/index.js';
import type { Change } from '../../config/operation.js';
import type { KindName } from '../../kinds/kind.js';
import type { Place } from '../../proof/lint/finding.js';

/** `file:line:column` of a path, or of the nearest part around it that is there. */
type At = (path: string) => string;

export class Places {
  private readonly known = new Map<string, At>();

  /**
   * Takes note of documents that were laid over what was there: they stand in for earlier ones of the same resource.
   * @param changes what became of each document, in their order: a document may have a natural key for its ref
   */
  noteDocuments(documents: readonly Parsed[], changes: readonly Change[]): void {
    for (const [i, document] of documents.entries())
      this.known.set(keyOf(document.kind.name, changes[i]!.after!.ref), (path) => document.where(path));
  }

  /** Takes note of a file of another form. */
  noteFile(name: string, at: At): void {
    this.known.set(keyOf('File', name), at);
  }

  /** `file:line:column` of a resource, a file or a part of it; undefined where no file has it. */
  of({ kind, ref, path }: Place): string | undefined {
    return this.known.get(keyOf(kind, ref))?.(path ?? '');
  }
}

const keyOf = (kind: KindName | 'File', ref: string): string => `${kind}/${ref}`;
