/** Several issuers in one verifier, to the compiler: results are a union that `iss` tells apart. Never called. */
import { expect, expectTypeOf, test } from 'vitest'
import { createRemoteJwkSet, createVerifier } from '../../src/index.ts'
import type { AsymmetricAlgorithm, IssuerPolicy, PublicKey, SecretKey } from '../../src/index.ts'

declare const publicKey: PublicKey<'ES256'>
declare const secretKey: SecretKey<'HS256'>
declare const someIssuers: readonly IssuerPolicy[]

export async function lists(): Promise<void> {
  const verifier = createVerifier([
    { keys: publicKey, issuer: 'https://a', audience: 'api', profile: 'at+jwt' },
    { keys: secretKey, issuer: ['https://b', 'b'], audience: 'api', required: ['tenant'] },
  ])
  const { claims, header } = await verifier.verify('t')
  expectTypeOf(claims.iss).toEqualTypeOf<'https://a' | 'https://b' | 'b'>()
  expectTypeOf(header.alg).toEqualTypeOf<'ES256' | 'HS256'>()
  if (claims.iss === 'https://a') expectTypeOf(claims.client_id).toEqualTypeOf<string>()
  else expectTypeOf(claims.tenant).toEqualTypeOf<{} | null>()
  // @ts-expect-error only one of the two has a client
  void claims.client_id.length
  const result = verifier.safeVerifySync('t')
  if (result.ok) expectTypeOf(result.claims.iss).toEqualTypeOf<'https://a' | 'https://b' | 'b'>()
  else if (result.code === 'expired') expectTypeOf(result.error.expiredAt).toEqualTypeOf<Date>()
  expectTypeOf(createVerifier(someIssuers).verifySync('t').claims.iss).toEqualTypeOf<string>()
}

export function mistakes(): void {
  const good = { keys: publicKey, issuer: 'https://a', audience: 'api' } as const
  createVerifier([good])
  // @ts-expect-error every issuer has its name
  createVerifier([{ ...good, issuer: null }])
  // @ts-expect-error the audience has to be decided for each
  createVerifier([good, { keys: publicKey, issuer: 'https://b' }])
  // @ts-expect-error a misspelt option
  createVerifier([good, { ...good, issuer: 'https://b', audiance: 'x' }])
  // @ts-expect-error a nonce is an ID token's
  createVerifier([good, { ...good, issuer: 'https://b', nonce: 'x' }])
  // @ts-expect-error HS256 has no place beside a JWK Set
  createVerifier([{ ...good, keys: createRemoteJwkSet('https://a'), algorithms: ['HS256'] }])
  // @ts-expect-error a list is of policies
  createVerifier([publicKey])
}

export async function asked(): Promise<void> {
  const verifier = createVerifier({
    issuers: async (issuer) =>
      issuer.startsWith('https://tenant.')
        ? { keys: createRemoteJwkSet({ issuer }), audience: 'api', profile: 'at+jwt' }
        : undefined,
    maxIssuers: 10,
  })
  const { claims, header } = await verifier.verify('t')
  expectTypeOf(claims.iss).toEqualTypeOf<string>()
  expectTypeOf(claims.client_id).toEqualTypeOf<string>()
  expectTypeOf(header.alg).toEqualTypeOf<AsymmetricAlgorithm>()
  // @ts-expect-error a misspelt option
  createVerifier({ issuers: () => undefined, maxIssuer: 5 })
  // @ts-expect-error a misspelt option of an answer
  createVerifier({ issuers: () => ({ keys: publicKey, audience: 'api', audiance: 'x' }) })
  // @ts-expect-error the audience has to be decided
  createVerifier({ issuers: () => ({ keys: publicKey }) })
  // @ts-expect-error one or many, not both
  createVerifier({ issuers: () => undefined, issuer: 'https://a', audience: 'api', keys: publicKey })
}

test('the compiler knows several issuers', () => {
  expect([lists, mistakes, asked]).toHaveLength(3)
})
