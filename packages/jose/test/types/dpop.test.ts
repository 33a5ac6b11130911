/** What the compiler must refuse about DPoP. Checked by `tsc`; the functions here are never called. */
import { expect, expectTypeOf, test } from 'vitest'
import { boundThumbprint, checkDpopBinding, createDpopProof, verifyDpopProof } from '../../src/dpop/index.ts'
import type { DpopProofClaims, ReplayStore, VerifiedDpopProof } from '../../src/dpop/index.ts'
import { type DecryptedJwt, verifyJwt } from '../../src/index.ts'
import type { ClaimsSet, PrivateKey, PublicKey, SecretKey, Verified } from '../../src/index.ts'

declare const privateKey: PrivateKey<'ES256'>
declare const publicKey: PublicKey<'ES256'>
declare const secretKey: SecretKey
declare const replayStore: ReplayStore
declare const proven: VerifiedDpopProof
declare const decrypted: DecryptedJwt
const request = { method: 'GET', url: 'https://api.example/' } as const
const waived = { accessToken: null, expectedThumbprint: null, replayStore: null } as const

/** A function of an application that acts on what an issuer said. */
declare function serve(claims: Verified<ClaimsSet>): void

export async function making(): Promise<void> {
  await createDpopProof(privateKey, { ...request, accessToken: 't', nonce: 'n' })
  // @ts-expect-error a secret proves nothing
  await createDpopProof(secretKey, request)
  // @ts-expect-error a public key cannot sign
  await createDpopProof(publicKey, request)
  // @ts-expect-error a proof is for one request
  await createDpopProof(privateKey, { method: 'GET' })
  // @ts-expect-error a misspelt option
  await createDpopProof(privateKey, { ...request, acessToken: 't' })
}

export async function checking(): Promise<void> {
  await verifyDpopProof('p', { ...request, ...waived })
  await verifyDpopProof('p', { ...request, ...waived, replayStore, algorithms: ['ES256'], nonce: ['a', 'b'] })
  // @ts-expect-error whether a proof may come twice is the caller's decision
  await verifyDpopProof('p', { ...request, accessToken: null, expectedThumbprint: null })
  // @ts-expect-error whether an access token goes along is the caller's decision
  await verifyDpopProof('p', { ...request, expectedThumbprint: null, replayStore })
  // @ts-expect-error whose key it must be is the caller's decision
  await verifyDpopProof('p', { ...request, accessToken: 't', replayStore })
  // @ts-expect-error a shared secret proves nothing
  await verifyDpopProof('p', { ...request, ...waived, algorithms: ['HS256'] })
  // @ts-expect-error a misspelt option
  await verifyDpopProof('p', { ...request, ...waived, maxAge: 5 })
}

export async function binding(): Promise<void> {
  const { claims } = await verifyJwt('t', publicKey, { issuer: 'i', audience: 'a' })
  serve(claims)
  const expectedThumbprint = boundThumbprint(claims)
  const proof = await verifyDpopProof('p', { ...request, accessToken: 't', expectedThumbprint, replayStore })
  checkDpopBinding(claims, proof.thumbprint)
  expectTypeOf(proof.publicKey).toEqualTypeOf<PublicKey>()
  expectTypeOf(proof.claims.htm).toEqualTypeOf<string>()
  expectTypeOf(proof.claims).toEqualTypeOf<DpopProofClaims>()
}

export function kinds(): void {
  // @ts-expect-error the claims of a proof are the client's own words
  serve(proven.claims)
  // @ts-expect-error a proof is bound to nothing
  boundThumbprint(proven.claims)
  // @ts-expect-error a proof is bound to nothing
  checkDpopBinding(proven.claims, proven.thumbprint)
  // @ts-expect-error nobody signed what was only encrypted
  boundThumbprint(decrypted.claims)
}

test('the compiler tells a proof from an access token', () => {
  expect([making, checking, binding, kinds]).toHaveLength(4)
})
