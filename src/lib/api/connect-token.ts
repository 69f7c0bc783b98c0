/**
 * Connect tokens: JWTs (RFC 7519) with the claims of Routr's Connect Mode, signed with RS256 or ES256 as the key
 * says (RFC 7518 3.1). The algorithm is pinned by the key, never taken from the token.
 */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { CtlError } from '../errors.js';
import type { ConnectClaims, ConnectToken } from '../routing/call.js';

export interface SignedToken {
  readonly token: string;
  readonly claims: ConnectClaims;
  /** RFC 3339. */
  readonly expiresAt: string;
}

export interface InspectedToken {
  /** `unverified`: well formed and not expired, but no key was given. */
  readonly state: 'valid' | 'unverified' | 'expired' | 'invalid';
  /** Why it is not valid. */
  readonly reason: string | null;
  readonly algorithm: string | null;
  readonly issuedAt: string | null;
  readonly expiresAt: string | null;
  readonly claims: Readonly<Record<string, unknown>> | null;
}

/** The algorithm that a key is for. @throws CtlError usage for keys of other types */
function algorithmOf(key: KeyObject, source: string): 'RS256' | 'ES256' {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'rsa' && (details?.modulusLength ?? 0) >= 2048) return 'RS256';
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256';
  throw badKey(source, `is of type ${type ?? 'unknown'}`);
}

const badKey = (source: string, why: string): CtlError =>
  new CtlError('usage', `${source} ${why}: expected a PEM key, RSA of 2048 bits and more or EC P-256`, {
    hint: 'Make a pair: openssl ecparam -name prime256v1 -genkey -noout -out private.pem && openssl ec -in private.pem -pubout -out public.pem',
    fields: [{ field: source, message: why }],
  });

function readKey(pem: string, source: string, read: (pem: string) => KeyObject): KeyObject {
  try {
    return read(pem);
  } catch {
    throw badKey(source, 'holds no readable key');
  }
}

/** Reads a public key for verification. @throws CtlError usage when it is none that can verify */
export function readPublicKey(pem: string, source = '--connect-token-key'): KeyObject {
  if (/PRIVATE KEY/.test(pem))
    throw badKey(source, 'is a private key, which belongs to whoever signs; give the public one');
  const key = readKey(pem, source, createPublicKey);
  algorithmOf(key, source);
  return key;
}

/**
 * Signs a token.
 * @param privatePem PEM of the private key
 * @param expiresMs how long it is valid, in milliseconds, rounded down to seconds
 * @throws CtlError usage when the key is none that can sign
 */
export async function signConnectToken(
  claims: ConnectClaims,
  privatePem: string,
  expiresMs: number,
): Promise<SignedToken> {
  const key = readKey(privatePem, '--signing-key', createPrivateKey);
  const alg = algorithmOf(key, '--signing-key');
  const { SignJWT } = await import('jose');
  const issuedAt = Math.floor(Date.now() / 1000);
  const expires = issuedAt + Math.max(1, Math.floor(expiresMs / 1000));
  const token = await new SignJWT({ ...claims })
    .setProtectedHeader({ alg, typ: 'JWT' })
    .setIssuedAt(issuedAt)
    .setExpirationTime(expires)
    .sign(key);
  return { token, claims, expiresAt: new Date(expires * 1000).toISOString() };
}

/**
 * The verdict on a token, for `decide()`. Never throws: whatever is wrong is a decision (docs/semantics.md 5).
 * @param nowMs time of the call in milliseconds since the epoch
 */
export async function verifyConnectToken(
  token: string,
  key: KeyObject | undefined,
  nowMs: number,
): Promise<ConnectToken> {
  if (!key) return { state: 'invalid' };
  const { state, claims } = await inspect(token, key, nowMs);
  if (state === 'valid') return { state, claims: claims as unknown as ConnectClaims };
  return { state: state === 'expired' ? 'expired' : 'invalid' };
}

/** What a token says and whether it holds; without a key the signature is not judged. */
export async function inspectConnectToken(
  token: string,
  publicPem: string | undefined,
  nowMs: number,
): Promise<InspectedToken> {
  return inspect(token, publicPem === undefined ? undefined : readPublicKey(publicPem, '--key'), nowMs);
}

async function inspect(token: string, key: KeyObject | undefined, nowMs: number): Promise<InspectedToken> {
  const { decodeJwt, decodeProtectedHeader, jwtVerify } = await import('jose');
  const time = (seconds: unknown) =>
    typeof seconds === 'number' && Math.abs(seconds) < 8.64e12
      ? new Date(seconds * 1000).toISOString()
      : null;
  let algorithm: string | null = null;
  let claims: Record<string, unknown>;
  try {
    const { alg } = decodeProtectedHeader(token);
    algorithm = typeof alg === 'string' ? alg : null;
    claims = decodeJwt(token);
  } catch {
    return {
      state: 'invalid',
      reason: 'it is no JWT',
      algorithm,
      issuedAt: null,
      expiresAt: null,
      claims: null,
    };
  }
  const found = { algorithm, issuedAt: time(claims['iat']), expiresAt: time(claims['exp']), claims };
  const invalid = (reason: string): InspectedToken => ({ ...found, state: 'invalid', reason });
  if (key) {
    try {
      const options = {
        algorithms: [algorithmOf(key, '--key')],
        currentDate: new Date(nowMs),
        requiredClaims: ['exp'],
      };
      await jwtVerify(token, key, options);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== 'ERR_JWT_EXPIRED') return invalid(REASONS[code ?? ''] ?? 'it cannot be verified');
    }
  }
  const wrong = wrongClaims(claims);
  if (wrong.length > 0) return invalid(`claims are missing or not of their type: ${wrong.join(', ')}`);
  if ((claims['exp'] as number) * 1000 <= nowMs)
    return { ...found, state: 'expired', reason: `it expired ${found.expiresAt}` };
  return { ...found, state: key ? 'valid' : 'unverified', reason: null };
}

const REASONS: Record<string, string> = {
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'its signature does not fit the key',
  ERR_JOSE_ALG_NOT_ALLOWED: 'its algorithm is not that of the key',
  ERR_JWT_CLAIM_VALIDATION_FAILED: 'a claim is missing or not valid yet',
};

/** Names of claims that are missing or of another type. */
function wrongClaims(claims: Readonly<Record<string, unknown>>): string[] {
  const texts = ['ref', 'domainRef', 'aor', 'aorLink', 'domain'].filter(
    (name) => typeof claims[name] !== 'string' || claims[name] === '',
  );
  const methods = claims['allowedMethods'];
  return [
    ...texts,
    ...(claims['privacy'] === 'PRIVATE' || claims['privacy'] === 'NONE' ? [] : ['privacy']),
    ...(Array.isArray(methods) && methods.every((method) => typeof method === 'string')
      ? []
      : ['allowedMethods']),
    ...(typeof claims['exp'] === 'number' ? [] : ['exp']),
  ];
}
