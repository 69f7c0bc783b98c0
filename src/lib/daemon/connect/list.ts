/** List and FindBy: as many resources as fit one response, or all that match. */
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { CtlError } from '../../errors.js';
import type { Resource } from '../../kinds/kind.js';
import { normalizeUser } from '../../routing/normalize.js';
import type { ListQuery } from '../../store/store.js';
import type { Core } from '../core.js';
import { messageOf } from './response.js';
import type { Face } from './services.js';

/** Matches that FindBy returns; more are refused, since a cut list would look complete. */
const MAX_MATCHES = 10_000;
/** Bytes of items in a FindBy response. Pages end at as much (`Page`); clients take 4 MiB by default. */
const MAX_BYTES = 2 * 1024 * 1024;

export interface ListRequest {
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
}

export interface FindByRequest {
  readonly fieldName?: string | undefined;
  readonly fieldValue?: string | undefined;
}

/** A page whose items are encoded already: how large they are decides where it ends. */
interface EncodedPage {
  readonly items: readonly Uint8Array[];
  readonly nextPageToken: string;
}

/**
 * The ListResponse of one page, newest first.
 *
 * @throws CtlError usage for a negative size or a token that was not given for this list
 */
export async function list(
  core: Core,
  face: Face,
  reveal: boolean,
  { pageSize, pageToken }: ListRequest,
): Promise<Uint8Array> {
  return encodePage(await readPage(core, face, reveal, { kind: face.kind.name, pageSize, pageToken }));
}

/**
 * The FindByResponse with every resource that has a value in a field: named in camelCase as in messages or in
 * snake_case as in protos, compared by its text. Keys are looked up in indexes, other fields searched.
 *
 * @throws CtlError usage for an unknown field or none; unavailable when too many match
 */
export async function findBy(
  core: Core,
  face: Face,
  reveal: boolean,
  { fieldName = '', fieldValue = '' }: FindByRequest,
): Promise<Uint8Array> {
  const { kind } = face;
  if (fieldName === '')
    throw new CtlError('usage', `no field to find ${kind.topic} by`, {
      fields: [{ field: 'field_name', message: 'is empty: expected the name of a field, such as name' }],
    });
  const field = fieldName.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const query: ListQuery = {
    kind: kind.name,
    filters: [{ field, value: fieldValue }],
    refs: kind.name === 'Agent' && field === 'username' ? agentsNamed(core, fieldValue) : undefined,
  };
  const items: Uint8Array[] = [];
  let bytes = 0;
  let pageToken: string | undefined;
  do {
    const page = await readPage(core, face, reveal, { ...query, pageToken });
    items.push(...page.items);
    bytes += page.items.reduce((sum, item) => sum + item.length, 0);
    if (items.length > MAX_MATCHES || (items.length > 1 && bytes > MAX_BYTES))
      throw new CtlError(
        'unavailable',
        `more ${kind.topic} match than one response holds: ${MAX_MATCHES} of them, or ${MAX_BYTES} bytes`,
        { hint: 'find by a field that fewer share, or list page by page' },
      );
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return encodePage({ items, nextPageToken: '' });
}

/** Agents that could have a username, in any domain: their natural key begins with it, so it has no index. */
const agentsNamed = (core: Core, username: string): string[] =>
  core.snapshot.agentsByUser(normalizeUser(username)).map(({ ref }) => ref);

async function readPage(core: Core, face: Face, reveal: boolean, query: ListQuery): Promise<EncodedPage> {
  const encoded = new Map<Resource, Uint8Array>();
  const measure = (resource: Resource): number => {
    const item = face.encode(messageOf({ catalog: core.catalog, reveal }, resource));
    encoded.set(resource, item);
    return item.length;
  };
  const { items, nextPageToken } = await core.list({ ...query, measure });
  return { items: items.map((item) => encoded.get(item)!), nextPageToken };
}

const ITEMS_TAG = 10;
const NEXT_PAGE_TOKEN_TAG = 18;

/** `items` = 1 and `nextPageToken` = 2 in every kind's responses (docs/wire.md section 1.2). */
function encodePage({ items, nextPageToken }: EncodedPage): Uint8Array {
  const writer = new BinaryWriter();
  for (const item of items) writer.uint32(ITEMS_TAG).bytes(item);
  if (nextPageToken !== '') writer.uint32(NEXT_PAGE_TOKEN_TAG).string(nextPageToken);
  return writer.finish();
}
