/**
 * With HS256 and several APIs each has a secret of its own (P1): who holds that of one API can make no token for another,
 * and only the server holds `TESSERA_JWT_SECRET`, from which all are derived. A server of one API shares that secret itself.
 */
import { createHash, hkdfSync } from 'node:crypto'
import { importKey } from '@tessera/jose'
import type { KeySet, SecretKey } from '@tessera/jose'
import type { Audiences } from '../config/audiences.ts'

export interface AudienceSecretParts {
  readonly jwtSecret: string
  readonly issuer: string
  readonly audience: string
}

export type AudienceSecretResult =
  | { readonly status: 'derived'; readonly secret: string }
  /** There is one API, which shares `jwtSecret` itself. */
  | { readonly status: 'shared' }
  /** Tokens are verified with public keys. */
  | { readonly status: 'no_secret' }
  | { readonly status: 'unknown'; readonly audiences: Audiences }

export interface AudienceSecretsConfig {
  readonly issuer: string
  readonly jwtSecret: string | undefined
  readonly audiences: Audiences
}

/** The secrets of all audiences of a server: one signs a token, and any verifies it by its `kid`. */
export interface AudienceKeys {
  /** @throws {Error} for an audience that has none */
  signingKeyFor(audience: string): SecretKey
  readonly keySet: KeySet<SecretKey>
}

/**
 * The secret of one API, as text: 32 bytes of HKDF-SHA-256 (RFC 5869) of `jwtSecret` without salt, in base64url. The text's own
 * 43 characters are the key, as for any secret that is given as text: `secret('HS256', text)`.
 *
 * `info` is `tessera/at`, SHA-256 of the issuer, SHA-256 of the audience: of fixed lengths, so that no two pairs run
 * into one text, and names of any length fit.
 */
export function deriveAudienceSecret(parts: AudienceSecretParts): string {
  return derive('tessera/at', parts, 32)
}

/** What whoever runs the server hands to one API. */
export function readAudienceSecret(
  { issuer, jwtSecret, audiences }: AudienceSecretsConfig,
  audience: string,
): AudienceSecretResult {
  if (jwtSecret === undefined) return { status: 'no_secret' }
  if (!audiences.includes(audience)) return { status: 'unknown', audiences }
  if (audiences.length === 1) return { status: 'shared' }
  return { status: 'derived', secret: deriveAudienceSecret({ jwtSecret, issuer, audience }) }
}

export async function createAudienceKeys(
  { jwtSecret, issuer }: Omit<AudienceSecretParts, 'audience'>,
  audiences: readonly string[],
): Promise<AudienceKeys> {
  const keys = new Map<string, SecretKey>()
  for (const audience of audiences) keys.set(audience, await makeKey({ jwtSecret, issuer, audience }))
  const byKid = new Map([...keys.values()].map((key) => [key.kid, key]))
  return {
    signingKeyFor: (audience) => {
      const key = keys.get(audience)
      if (key === undefined) throw new Error('access token: expected an audience of this server, got another')
      return key
    },
    keySet: {
      selectKeys: ({ kid }) => {
        const key = byKid.get(kid)
        return key === undefined ? [] : [key]
      },
      algorithms: ['HS256'],
      generation: 0,
    },
  }
}

async function makeKey(parts: AudienceSecretParts): Promise<SecretKey> {
  const k = Buffer.from(deriveAudienceSecret(parts)).toString('base64url')
  const jwk = { kty: 'oct', alg: 'HS256', kid: derive('tessera/at-kid', parts, 9), k } as const
  return (await importKey(jwk)) as SecretKey
}

function derive(label: string, { jwtSecret, issuer, audience }: AudienceSecretParts, bytes: number): string {
  const info = Buffer.concat([Buffer.from(label), sha256(issuer), sha256(audience)])
  return Buffer.from(hkdfSync('sha256', jwtSecret, '', info, bytes)).toString('base64url')
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
