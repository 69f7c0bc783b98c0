/** Files of past calls: opened, unpacked, told apart by how they begin, and read as they are asked for. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { inputOf, readerOf, type InputName, type ReadingOptions } from '../../proof/replay/detect.js';
import { type BrokenRecord, isBroken, type Replayed, type Tally } from '../../proof/replay/past.js';
import { openFault, processSources, sourceError, sourceName } from '../input/source.js';
import { utf16Fault } from '../input/utf8.js';

/** What `takeStdin` and unreadable files are blamed on. */
const FLAG = 'FILE';
/** Small pieces and batches: decisions that live no longer than a moment cost a quarter less than a thousand at once. */
const CHUNK = 1 << 16;
const BATCH = 250;
/** Bytes that tell what a file is. */
const ENOUGH = 1 << 16;

export interface PastFileOptions extends ReadingOptions {
  /** Absent: by how each file begins. */
  readonly input?: InputName | undefined;
  /** The domain of calls that do not name one. */
  readonly domain?: string | undefined;
  /** Is told how far a file has been read, as a text. */
  onProgress(text: string): void;
}

export class PastFiles {
  /** @param passedOver counts what is passed over in all files without being wrong */
  constructor(
    private readonly paths: readonly string[],
    private readonly options: PastFileOptions,
    private readonly passedOver: Tally,
  ) {}

  /**
   * The calls and broken records of all files, in batches of up to BATCH.
   * @throws CtlError usage when a file cannot be read, or its columns are not known
   */
  async *batches(): AsyncGenerator<readonly Replayed[]> {
    const sizes = await Promise.all(this.paths.map(sizeOf));
    for (const [i, path] of this.paths.entries()) {
      for await (const found of this.file(path, sizes[i]))
        for (let at = 0; at < found.length; at += BATCH) yield this.inDomain(found.slice(at, at + BATCH));
    }
  }

  private inDomain(batch: readonly Replayed[]): readonly Replayed[] {
    const { domain } = this.options;
    if (domain === undefined) return batch;
    return batch.map((replayed) =>
      isBroken(replayed) ? replayed : { ...replayed, call: { domain, ...replayed.call } },
    );
  }

  private async *file(path: string, size: number | undefined): AsyncGenerator<Replayed[]> {
    const name = sourceName(path);
    const chunks = whole(await unpacked(this.bytes(path, size)), name);
    const start = await beginning(chunks.bytes);
    const message = utf16Fault(start);
    if (message !== undefined) throw sourceError(path, FLAG, { message });
    const reader = readerOf(this.options.input ?? inputOf(start), name, this.options);
    yield reader.push(start);
    for await (const chunk of chunks.bytes) yield reader.push(chunk);
    yield reader.end();
    yield chunks.damage;
    this.passedOver.addAll(reader.passedOver);
  }

  private async *bytes(path: string, size: number | undefined): AsyncGenerator<Uint8Array> {
    const stream =
      path === '-' ? processSources.takeStdin(FLAG) : createReadStream(path, { highWaterMark: CHUNK });
    let read = 0;
    try {
      for await (const chunk of stream) {
        read += chunk.length;
        const share = size ? `${Math.floor((100 * read) / size)} %` : `${(read / 1e6).toFixed(0)} MB`;
        this.options.onProgress(`read ${share} of ${sourceName(path)}`);
        yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      }
    } catch (error) {
      throw openFault(error, path, FLAG);
    }
  }
}

/** Bytes of a file, unless it is stdin. @throws CtlError usage when it cannot be read */
async function sizeOf(path: string): Promise<number | undefined> {
  if (path === '-') return undefined;
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
    return found.size;
  } catch (error) {
    throw openFault(error, path, FLAG);
  }
}

type Chunks = AsyncGenerator<Uint8Array>;

/** The same bytes, unpacked when they are those of gzip. */
async function unpacked(chunks: Chunks): Promise<Chunks> {
  const first = await chunks.next();
  if (first.done) return chunks;
  const all = (async function* () {
    yield first.value;
    yield* chunks;
  })();
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) return all;
  const gunzip = createGunzip({ chunkSize: CHUNK });
  Readable.from(all)
    .on('error', (error) => gunzip.destroy(error))
    .pipe(gunzip);
  return (async function* () {
    yield* gunzip as AsyncIterable<Uint8Array>;
  })();
}

/** So many bytes that it can be told what they are; fewer when there are no more. */
async function beginning(chunks: Chunks): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let size = 0; size < ENOUGH; size += parts.at(-1)!.length) {
    const next = await chunks.next();
    if (next.done) break;
    parts.push(next.value);
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

/** The same bytes up to where packed data is damaged, which is noted. */
function whole(chunks: Chunks, name: string): { readonly bytes: Chunks; readonly damage: BrokenRecord[] } {
  const damage: BrokenRecord[] = [];
  const bytes = async function* () {
    try {
      yield* chunks;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code?.startsWith('Z_') !== true) throw error;
      damage.push({ place: name, message: `cannot be unpacked to its end: ${message}` });
    }
  };
  return { bytes: bytes(), damage };
}
