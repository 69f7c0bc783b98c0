/** FindBy: every resource that has a value in a field. */
import { CtlError } from '../../errors.js';
import type { Kind, Resource } from '../../kinds/kind.js';
import { normalizeUser } from '../../routing/normalize.js';
import type { Core } from '../core.js';
import { EncodedItems, MAX_BYTES } from './items.js';
import { Messages } from './response.js';
import type { Face } from './services.js';

/** Matches in one response; more are refused, since a cut list would look complete. */
const MAX_MATCHES = 10_000;

export interface FindByRequest {
  readonly fieldName?: string | undefined;
  readonly fieldValue?: string | undefined;
}

/**
 * The FindByResponse with all matches, newest first. The field is named in camelCase as in messages, or in
 * snake_case as in protos, and compared by its text. Keys are looked up in indexes, other fields searched for.
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
  const found = indexed(core, kind, field, fieldValue) ?? (await searched(core, kind, field, fieldValue));
  const items = new EncodedItems(face, new Messages(core.catalog, reveal));
  const addFits = (resource: Resource, i: number): boolean => {
    items.add(resource);
    return i === 0 || items.bytes <= MAX_BYTES;
  };
  if (found.length > MAX_MATCHES || !found.every(addFits))
    throw new CtlError(
      'unavailable',
      `more ${kind.topic} match than one response holds, which is ${MAX_MATCHES} or ${MAX_BYTES} bytes`,
      { hint: 'find by a field that fewer share, or list page by page' },
    );
  return items.response();
}

/** Matches of a field that has an index of its own; undefined when it has none. */
function indexed(core: Core, kind: Kind, field: string, value: string): readonly Resource[] | undefined {
  if (kind.name === 'Agent' && field === 'username') {
    // An agent's natural key begins with its username, so only routing has an index of that alone.
    const agents: Resource[] = core.snapshot.agentsByUser(normalizeUser(value));
    return newestFirst(agents.filter(({ doc }) => doc['username'] === value));
  }
  const index = kind.keys.findIndex(({ fields }) => fields.length === 1 && fields[0] === field);
  if (index < 0) return undefined;
  const refs = core.catalog.holdersOf(kind.name, index, value);
  return newestFirst(refs.map((ref) => core.catalog.get(kind.name, ref)!));
}

const newestFirst = (resources: readonly Resource[]): Resource[] =>
  [...resources].sort((a, b) => b.seq - a.seq);

/** Matches of any field, read until there are too many. */
async function searched(core: Core, kind: Kind, field: string, value: string): Promise<Resource[]> {
  const query = { kind: kind.name, filters: [{ field, value }] };
  const found: Resource[] = [];
  let pageToken = '';
  do {
    const page = await core.list({ ...query, pageToken });
    found.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== '' && found.length <= MAX_MATCHES);
  return found;
}
