/** Connect tokens: JWTs that replace the digest for one call (docs/semantics.md 5). */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { CtlError } from '../errors.js';
import type { ConnectClaims, ConnectToken } from '../routing/call.js';

export interface TokenKey {
  readonly key: KeyObject;
  /** Pinned by the type of the key, never read from a token. */
  readonly algorithm: 'RS256' | 'ES256';
}

/**
 * Reads a PEM public key: RSA of 2,048 bits or more, or EC on P-256.
 *
 * @throws CtlError usage
 */
export function readTokenKey(pem: string): TokenKey {
  if (pem.includes('PRIVATE KEY'))
    throw unusable('it is a private key, which belongs to whoever signs tokens');
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    throw unusable('it is no PEM public key');
  }
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= 2048) return { key, algorithm: 'RS256' };
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return { key, algorithm: 'ES256' };
  throw unusable('expected RSA with at least 2048 bits, or EC on the curve P-256');
}

const unusable = (why: string): CtlError =>
  new CtlError('usage', `the connect token key cannot be used: ${why}`, {
    hint: 'give the public key in PEM form, such as openssl pkey -in private.pem -pubout prints',
  });

/** The verdict on a token at a time in milliseconds. Never throws: what cannot be verified is invalid. */
export async function verifyConnectToken(
  jwt: string,
  tokenKey: TokenKey | undefined,
  now: number,
): Promise<ConnectToken> {
  if (!tokenKey) return { state: 'invalid' };
  const { errors, jwtVerify } = await import('jose');
  try {
    const { payload } = await jwtVerify(jwt, tokenKey.key, {
      algorithms: [tokenKey.algorithm],
      requiredClaims: ['exp'],
      currentDate: new Date(now),
    });
    const claims = readClaims(payload);
    return claims ? { state: 'valid', claims } : { state: 'invalid' };
  } catch (error) {
    return { state: error instanceof errors.JWTExpired ? 'expired' : 'invalid' };
  }
}

/** The claims of the seed, all of them and of their type; undefined otherwise. */
function readClaims(payload: Readonly<Record<string, unknown>>): ConnectClaims | undefined {
  const { ref, domainRef, aor, aorLink, domain, privacy, allowedMethods } = payload;
  const isText = (value: unknown): value is string => typeof value === 'string';
  if (!isText(ref) || !isText(domainRef) || !isText(aor) || !isText(aorLink) || !isText(domain))
    return undefined;
  if (privacy !== 'PRIVATE' && privacy !== 'NONE') return undefined;
  if (!Array.isArray(allowedMethods) || !allowedMethods.every(isText)) return undefined;
  return { ref, domainRef, aor, aorLink, domain, privacy, allowedMethods };
}
