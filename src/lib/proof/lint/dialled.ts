/** What is dialled to reach a number, and who may dial. */
import type { Resource } from '../../kinds/kind.js';
import type { TelNumber } from '../../kinds/number.js';
import type { Peer } from '../../kinds/peer.js';
import { parseAddress } from '../../routing/normalize.js';

/** What is dialled to reach a number. */
export const userOf = ({ doc }: Resource<TelNumber>): string => parseAddress(doc.telUrl).user;

/** Whether something says who a peer is: its credentials, or the addresses that it calls from. */
export const mayCall = ({ enabled, credentialsRef, accessControlListRef }: Peer): boolean =>
  enabled && (credentialsRef !== undefined || accessControlListRef !== undefined);
