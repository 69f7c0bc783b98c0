/**
 * The one normaliser: every value that is compared, dialled or configured, goes through it (docs/semantics.md 2).
 * It is lenient on purpose, since the same rule must serve both sides: what it cannot read stays as it is.
 */
export interface Address {
  /** `backend:` addresses compare with their scheme; sip:, sips:, tel: and none are the same. */
  readonly scheme: 'sip' | 'backend';
  /** Empty when the text names a host only. Letters keep their case; a telephone number has no separators. */
  readonly user: string;
  /** Lower case; undefined when none was given. IPv6 addresses without their brackets. */
  readonly host: string | undefined;
  readonly port: number | undefined;
}

const SCHEME = /^(sips?|tel|backend):/i;
const SEPARATORS = /[-.() ]/g;
const SIMPLE = /^\+?\w+$/;
const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;

/** Two patterns rather than one, which would take quadratic time on long texts. */
const isWrittenNumber = (text: string): boolean => /^\+?[\d.() -]+$/.test(text) && /\d/.test(text);

/** A user part as it is compared: separators of a telephone number go, a `+` is neither added nor dropped. */
export function normalizeUser(text: string): string {
  if (SIMPLE.test(text)) return text;
  const user = unescape(text).trim();
  const parameters = user.indexOf(';');
  const bare =
    parameters > 0 && isWrittenNumber(user.slice(0, parameters)) ? user.slice(0, parameters) : user;
  return isWrittenNumber(bare) ? bare.replace(SEPARATORS, '') : bare;
}

/** Percent-escapes, decoded once (RFC 3986 2.1); a malformed one leaves the text as it is. */
function unescape(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Reads `1002`, `tel:+1910…`, `(910) 343-4434`, `1002@sip.local`, `sip:1002@sip.local;user=phone`, `backend:x`. */
export function parseAddress(text: string): Address {
  const trimmed = text.trim();
  if (SIMPLE.test(trimmed)) return { scheme: 'sip', user: trimmed, host: undefined, port: undefined };
  const prefix = SCHEME.exec(trimmed)?.[0].toLowerCase() ?? '';
  const rest = trimmed.slice(prefix.length);
  const scheme = prefix === 'backend:' ? 'backend' : 'sip';
  const at = prefix === 'tel:' ? -1 : rest.lastIndexOf('@');
  if (at < 0) {
    // Without a user part the parameters are the URI's own (RFC 3261 25.1).
    const bare = prefix === '' ? rest : rest.replace(/[;?].*$/s, '');
    if (prefix.startsWith('sip') && isBareHost(bare)) {
      const { host, port } = parseHost(bare);
      return { scheme, user: '', host, port };
    }
    return { scheme, user: normalizeUser(bare), host: undefined, port: undefined };
  }
  // A password in the user part (RFC 3261 19.1.1) never takes part in a comparison.
  const user = rest.slice(0, at).replace(/:.*$/s, '');
  const { host, port } = parseHost(rest.slice(at + 1));
  return { scheme, user: normalizeUser(user), host, port };
}

/** What stands alone after `sip:` is a host by RFC 3261 25.1; people also write a user or a number there. */
const isBareHost = (text: string): boolean =>
  /[.[\]]/.test(text) && (IPV4.test(text) || !isWrittenNumber(text));

function parseHost(text: string): { host: string; port: number | undefined } {
  const bare = text.replace(/[;?].*$/s, '').trim();
  const parts = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(bare);
  if (!parts) return { host: bare.toLowerCase(), port: undefined };
  const host = (parts[1] ?? parts[2]!).toLowerCase();
  return { host, port: parts[3] === undefined ? undefined : Number(parts[3]) };
}

/** Users whose keys could be taken for those of other addresses. */
const MISLEADING = /[%@]|^backend:/;

/**
 * The text under which the user of an address is compared: with its scheme if that is `backend:`. A user that merely
 * looks like another address stays another: `sip:backend%3Apool@sip.local` is no `backend:pool`, which is never
 * dialled, and `sip:a%40b@sip.local` no user `a` at `b`.
 */
export function userKeyOf({ scheme, user }: Pick<Address, 'scheme' | 'user'>): string {
  const key = MISLEADING.test(user)
    ? user.replace(/[%@]/g, encodeURIComponent).replace(/^backend:/, 'backend%3A')
    : user;
  return scheme === 'backend' ? `backend:${key}` : key;
}

/** The text under which an address is compared: `user`, `user@host` or, for `backend:`, either with its scheme. */
export const keyOf = (address: Address): string =>
  address.host === undefined ? userKeyOf(address) : `${userKeyOf(address)}@${address.host}`;

/** The address that has this key, without port: `keyOf(addressOfKey(key))` is the key. */
export function addressOfKey(key: string): Address {
  const scheme = key.startsWith('backend:') ? 'backend' : 'sip';
  const at = key.lastIndexOf('@');
  const user = key.slice(scheme === 'backend' ? 'backend:'.length : 0, at < 0 ? undefined : at);
  return {
    scheme,
    user: user.replace(/^backend%3A/, 'backend:').replace(/%(?:25|40)/g, decodeURIComponent),
    host: at < 0 ? undefined : key.slice(at + 1),
    port: undefined,
  };
}

/** `keyOf(parseAddress(text))`. */
export const addressKey = (text: string): string => keyOf(parseAddress(text));

/** Whether a normalised user part is a telephone number: digits, with or without `+`. */
export const isTelephone = (user: string): boolean => /^\+?\d+$/.test(user);

const UNESCAPED = /^[\w\-.!~*'()&=+$,;?/]*$/;

/** Percent-escapes what RFC 3261 25.1 does not allow in a user part. */
function escapeUser(user: string): string {
  if (UNESCAPED.test(user)) return user;
  return user.replace(/[^\w\-.!~*'()&=+$,;?/]/gu, (character) =>
    encodeURIComponent(/\p{Surrogate}/u.test(character) ? '\ufffd' : character),
  );
}

/** Makes SIP URIs of a user at several hosts; UDP is what one without `transport` means (RFC 3261 19.1.2). */
export function urisOf(user: string) {
  const start = `sip:${escapeUser(user)}@`;
  return (host: string, port?: number | null, transport?: string | null): string => {
    const name = host.includes(':') ? `[${host}]` : host;
    const suffix = transport && transport !== 'UDP' ? `;transport=${transport.toLowerCase()}` : '';
    return `${start}${name}${port ? `:${port}` : ''}${suffix}`;
  };
}

/** A SIP URI. */
export const sipUri = (user: string, host: string, port?: number | null): string => urisOf(user)(host, port);

const bareOf = (user: string): string =>
  isTelephone(user) ? user.replace('+', '') : user.toLowerCase().replace(/[+\-._() ]/g, '');

/**
 * Values that a person could mistake for each other share this key: they differ only in `+`, country code or
 * leading zeros, case, or separators. Longer numbers share their last eight digits, which `isNearMiss` then checks.
 */
export function nearKey(user: string): string {
  const bare = bareOf(user);
  return /^\d{9,}$/.test(bare) ? bare.slice(-8) : bare;
}

/** Whether two different user parts differ only in `+`, country code or leading zeros, case, or separators. */
export function isNearMiss(left: string, right: string): boolean {
  if (left === right) return false;
  const [a, b] = [bareOf(left), bareOf(right)];
  if (a === b) return true;
  if (!/^\d+$/.test(a + b)) return false;
  const [short, long] = [a, b]
    .map((digits) => digits.replace(/^0+/, ''))
    .sort((x, y) => x.length - y.length) as [string, string];
  return short.length >= 8 && long.endsWith(short) && long.length - short.length <= 3;
}
