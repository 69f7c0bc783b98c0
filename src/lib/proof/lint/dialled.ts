/** What is dialled to reach something, and who may dial. */
import type { Resource } from '../../kinds/kind.js';
import type { TelNumber } from '../../kinds/number.js';
import type { Peer } from '../../kinds/peer.js';
import { parseAddress, sipUri } from '../../routing/normalize.js';

/** What is dialled to reach a number. */
export const userOf = ({ doc }: Resource<TelNumber>): string => parseAddress(doc.telUrl).user;

/** A call that a called value names, in the form of its key; those with `backend:` are never dialled. */
export const dialledFor = (key: string): string => (key.includes('@') ? `sip:${key}` : key);

/** How a person dials a user: as it is, or as a SIP URI where it would be read as something else. */
export function dialledAs(user: string, host: string): string {
  const { scheme, user: read, host: other } = parseAddress(user);
  return scheme === 'sip' && read === user && other === undefined ? user : sipUri(user, host);
}

/** Whether something says who a peer is: its credentials, or the addresses that it calls from. */
export const mayCall = ({ enabled, credentialsRef, accessControlListRef }: Peer): boolean =>
  enabled && (credentialsRef !== undefined || accessControlListRef !== undefined);
