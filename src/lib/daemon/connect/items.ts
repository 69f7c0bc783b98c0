/** The items of a List or FindBy response, encoded one by one so that their size is known. */
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { Resource } from '../../kinds/kind.js';
import type { Messages } from './response.js';
import type { Face } from './services.js';

/** Bytes of items in one response; pages end at as much. Half of what grpc clients take by default. */
export const MAX_BYTES = 2 * 1024 * 1024;

const ITEMS_TAG = 10;
const NEXT_PAGE_TOKEN_TAG = 18;

export class EncodedItems {
  private readonly encoded = new Map<string, Uint8Array>();
  /** Of all items added. */
  bytes = 0;

  constructor(
    private readonly face: Face,
    private readonly messages: Messages,
  ) {}

  /** Encodes a resource as the next item; returns its bytes. */
  add(resource: Resource): number {
    const item = this.face.encode(this.messages.of(resource));
    this.encoded.set(resource.ref, item);
    this.bytes += item.length;
    return item.length;
  }

  /**
   * The response with the items of these refs, or with all that were added: `items` = 1 and `nextPageToken` = 2
   * in every kind's messages (docs/wire.md section 1.2).
   */
  response(refs: Iterable<string> = this.encoded.keys(), nextPageToken = ''): Uint8Array {
    const writer = new BinaryWriter();
    for (const ref of refs) writer.uint32(ITEMS_TAG).bytes(this.encoded.get(ref)!);
    if (nextPageToken !== '') writer.uint32(NEXT_PAGE_TOKEN_TAG).string(nextPageToken);
    return writer.finish();
  }
}
