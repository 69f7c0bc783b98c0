/** List: as many resources as were asked for and fit one response. */
import type { Resource } from '../../kinds/kind.js';
import type { Core } from '../core.js';
import { EncodedItems } from './items.js';
import { Messages } from './response.js';
import type { Face } from './services.js';

export interface ListRequest {
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
}

/**
 * The ListResponse of one page, newest first. What nesting makes of a resource counts for where the page ends.
 *
 * @throws CtlError usage for a negative size or a token that was not given for this list
 */
export async function list(
  core: Core,
  face: Face,
  reveal: boolean,
  { pageSize, pageToken }: ListRequest,
): Promise<Uint8Array> {
  const { catalog } = core;
  const items = new EncodedItems(face, new Messages(catalog, reveal));
  // A page is read in steps, between which others write: the catalog has all of it at one revision.
  const measure = (resource: Resource) => items.add(catalog.get(resource.kind, resource.ref) ?? resource);
  const page = await core.list({ kind: face.kind.name, pageSize, pageToken, measure });
  return items.response(
    page.items.map(({ ref }) => ref),
    page.nextPageToken,
  );
}
