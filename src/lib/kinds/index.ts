/** The registry. Its order is that of dependency: a kind refers only to kinds before it. */
import { acl } from './acl.js';
import { agent } from './agent.js';
import { credentials } from './credentials.js';
import { domain } from './domain.js';
import type { Kind, KindName } from './kind.js';
import { modality } from './modality.js';
import { number } from './number.js';
import { peer } from './peer.js';
import { persona } from './persona.js';
import { policy } from './policy.js';
import { profile } from './profile.js';
import { sipRoute } from './sip-route.js';
import { trunk } from './trunk.js';

export const kinds: readonly Kind[] = [
  acl,
  credentials,
  trunk,
  number,
  domain,
  agent,
  peer,
  modality,
  persona,
  policy,
  profile,
  sipRoute,
];

const byName = new Map(kinds.map((kind) => [kind.name, kind]));

/** The definition of a kind. */
export const kindOf = (name: KindName): Kind => byName.get(name)!;
/** The kind with this exact name, if there is one. */
export const findKind = (name: string): Kind | undefined => byName.get(name as KindName);

/** The kind that a person names: by topic, noun or name, in any case. */
export function kindCalled(text: string): Kind | undefined {
  const wanted = text.toLowerCase();
  return kinds.find(({ name, topic, noun }) =>
    [topic, name.toLowerCase(), noun.toLowerCase()].includes(wanted),
  );
}
