/** What is dialled to reach a user. */
import { addressOfKey, parseAddress, sipUri } from '../routing/normalize.js';

/**
 * The shortest text that a person dials for a user: as it is, `user@host`, or a SIP URI where those would be read as
 * something else.
 * @param host where it is called; without one the host is that which is assumed
 * @param assumed stands in the URI of a user that cannot be dialled without a host
 * @returns undefined where nothing that can be dialled is read as that user
 */
export function dialledAs(user: string, host: string | undefined, assumed?: string): string | undefined {
  const at = host ?? assumed;
  const uris = at === undefined ? [] : [sipUri(user, at)];
  return [host === undefined ? user : `${user}@${host}`, ...uris].find((text, i) => {
    if (/\p{Cc}/u.test(text)) return false;
    const read = parseAddress(text);
    const isThere = read.host === (i === 0 ? host : at?.toLowerCase());
    return read.scheme === 'sip' && read.user === user && isThere;
  });
}

/** What is dialled for a called value in the form of its key; undefined for those with `backend:`, which nobody dials. */
export function dialledFor(key: string): string | undefined {
  const { scheme, user, host } = addressOfKey(key);
  return scheme === 'backend' ? undefined : dialledAs(user, host, 'invalid');
}
