/** What the rows of the matrix act on: issuers, keys, and one guard for each way of setting one up. */
import { createLocalJwkSet, createRemoteJwkSet, importKey, JoseError, secret } from '@tessera/jose'
import type { Jwk, KeySet, PublicKey } from '@tessera/jose'
import type { GuardOptions } from '../src/options.ts'
import { revocationSet } from '../src/revocations.ts'
import type { RevocationSet } from '../src/revocations.ts'
import { makeKey, signWith, signWithSecret, startIssuer } from './issuer.ts'
import type { Issuer, IssuerKey } from './issuer.ts'

export const audience = 'https://api.example'
export const sharedSecret = 'a shared secret of 32 characters'
/** The fixed present of every guard, in seconds. */
export const now = 1_800_000_000

type Members = Readonly<Record<string, unknown>>

export interface World {
  readonly key: IssuerKey
  readonly nextKey: IssuerKey
  /** In no set. */
  readonly stranger: IssuerKey
  readonly issuer: Issuer
  /** An issuer that rows take down. */
  readonly outage: Issuer
  readonly revoked: RevocationSet
  /** What the guards' `onError` was told. */
  readonly errors: unknown[]
  readonly guards: Readonly<Record<string, GuardOptions>>
  header(changes?: Members): Members
  claims(changes?: Members): Members
  token(claims?: Members, header?: Members): string
  tokenOf(key: IssuerKey): string
  outageToken(key?: IssuerKey): string
  secretToken(secret: string): string
  close(): Promise<void>
}

export async function createWorld(): Promise<World> {
  const [key, nextKey, stranger] = [makeKey('k1'), makeKey('k2'), makeKey('k3')]
  const [issuer, outage] = [await startIssuer([key, nextKey]), await startIssuer([key])]
  const revoked = revocationSet({ now })
  const errors: unknown[] = []
  const header = (changes: Members = {}): Members => ({
    typ: 'at+jwt',
    alg: 'ES256',
    kid: key.kid,
    ...changes,
  })
  const claims = (changes: Members = {}): Members => ({
    iss: issuer.url,
    aud: audience,
    sub: 'alice',
    client_id: 'tessera',
    jti: 'j1',
    iat: now - 5,
    exp: now + 600,
    scope: 'account',
    ...changes,
  })
  const publicKey = (await importKey(key.jwk as Jwk, { algorithm: 'ES256' })) as PublicKey
  const guards = guardsOf({ issuer, outage, revoked, errors, publicKey })
  return {
    key,
    nextKey,
    stranger,
    issuer,
    outage,
    revoked,
    errors,
    guards,
    header,
    claims,
    token: (changes, changedHeader) => signWith(key.privateKey, header(changedHeader), claims(changes)),
    tokenOf: (other) => signWith(other.privateKey, header({ kid: other.kid }), claims()),
    outageToken: (other = key) =>
      signWith(other.privateKey, header({ kid: other.kid }), claims({ iss: outage.url })),
    secretToken: (text) => signWithSecret(text, { typ: 'JWT', alg: 'HS256' }, claims()),
    close: async () => {
      await issuer.close()
      await outage.close()
    },
  }
}

interface Ground {
  readonly issuer: Issuer
  readonly outage: Issuer
  readonly revoked: RevocationSet
  readonly errors: unknown[]
  readonly publicKey: PublicKey
}

function guardsOf({ issuer, outage, revoked, errors, publicKey }: Ground): Record<string, GuardOptions> {
  const plain = {
    issuer: issuer.url,
    audience,
    now: () => now,
    onError: (error: unknown) => errors.push(error),
  }
  const local = { ...plain, keys: createLocalJwkSet({ keys: issuer.keys.map(({ jwk }) => jwk) } as never) }
  const failing = (error: Error): KeySet => ({
    selectKeys: () => {
      throw error
    },
  })
  const isRevoked: RevocationSet['isRevoked'] = (claims) => claims['sid'] === 'gone'
  const stale = { isRevoked, isCurrent: () => false }
  return {
    plain,
    local,
    fresh: { ...plain, keys: createRemoteJwkSet({ issuer: issuer.url }) },
    outage: {
      ...plain,
      issuer: outage.url,
      keys: createRemoteJwkSet({ issuer: outage.url }, { cooldownMs: 0 }),
    },
    nobody: { ...plain, keys: createRemoteJwkSet('http://127.0.0.1:1/jwks', { timeoutMs: 2000 }) },
    'public-key': { ...plain, keys: publicKey },
    secret: { ...plain, keys: secret('HS256', sharedSecret), typ: 'JWT' },
    tolerant: { ...local, clockToleranceSeconds: 30 },
    'any-typ': { ...local, typ: null },
    'needs-jti': { ...local, required: ['jti'] },
    recent: { ...local, maxAgeSeconds: 60 },
    scoped: { ...local, scopes: ['orders:read', 'orders:write'] },
    role: { ...local, roles: ['admin', 'owner'] },
    realm: { ...local, realm: 'the "shop"' },
    revocable: { ...local, revocations: revoked },
    stale: { ...local, revocations: stale },
    'stale-closed': { ...local, revocations: stale, onStale: 'closed' },
    'stale-open': { ...local, revocations: stale, onStale: 'open' },
    'broken-list': {
      ...local,
      onStale: 'open',
      revocations: {
        ...stale,
        isRevoked: () => failing(new Error('broken')).selectKeys({ alg: 'ES256' }) as never,
      },
    },
    throws: { ...plain, keys: failing(new TypeError('a fault of the application')) },
    'throws-key-invalid': { ...plain, keys: failing(new JoseError('key_invalid', 'a broken key')) },
    'throws-not-found': { ...plain, keys: failing(new JoseError('key_not_found', 'no such key')) },
  }
}
