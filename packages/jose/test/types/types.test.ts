/** What the compiler must refuse and what it must know. Checked by `tsc`; the functions here are never called. */
import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { createVerifier, encode, safeVerifyJwt, secret, signJwt, verifyJwt } from '../../src/index.ts'
import type { ClaimsSet, PrivateKey, PublicKey, SecretKey, TokenErrorCode } from '../../src/index.ts'

declare const publicKey: PublicKey<'ES256'>
declare const privateKey: PrivateKey<'ES256'>
declare const secretKey: SecretKey<'HS256'>
const policy = { issuer: 'https://a', audience: 'api' } as const

export async function keys(): Promise<void> {
  await verifyJwt('t', publicKey, policy)
  await signJwt({}, privateKey, { expiresIn: '15m' })
  // @ts-expect-error a public key cannot sign
  await signJwt({}, publicKey, { expiresIn: '15m' })
  // @ts-expect-error a private key cannot verify
  await verifyJwt('t', privateKey, policy)
  expectTypeOf((await verifyJwt('t', publicKey, policy)).header.alg).toEqualTypeOf<'ES256'>()
  expectTypeOf(secret('HS512', 'x')).toEqualTypeOf<SecretKey<'HS512'>>()
}

export async function options(): Promise<void> {
  // @ts-expect-error a misspelt option
  await verifyJwt('t', publicKey, { ...policy, audiance: 'x' })
  // @ts-expect-error issuer has to be decided
  await verifyJwt('t', publicKey, { audience: 'api' })
  // @ts-expect-error undefined is no decision
  await verifyJwt('t', publicKey, { issuer: 'a', audience: undefined })
  // @ts-expect-error a number without its unit
  await signJwt({}, privateKey, { expiresIn: '15' })
  // @ts-expect-error no such unit
  await signJwt({}, privateKey, { expiresIn: '15 minutes' })
  // @ts-expect-error a misspelt option at construction
  createVerifier({ keys: publicKey, ...policy, clockTolerance: 5 })
}

export function claims(): void {
  // @ts-expect-error a date is a number
  encode({ exp: '1539517391' }, secretKey)
  // @ts-expect-error a subject is text
  encode({ sub: 1 }, secretKey)
  // @ts-expect-error anybody can read a signed token
  encode({ password: 'x' }, secretKey)
  encode({ password: 'x' }, secretKey, { allowSecretClaims: true })
}

export async function results(): Promise<void> {
  const { claims: known } = await verifyJwt('t', publicKey, { ...policy, required: ['jti', 'tenant'] })
  expectTypeOf(known.iss).toEqualTypeOf<'https://a'>()
  expectTypeOf(known.aud).toEqualTypeOf<string | readonly string[]>()
  expectTypeOf(known.exp).toEqualTypeOf<number>()
  expectTypeOf(known.jti).toEqualTypeOf<string>()
  expectTypeOf(known.sub).toEqualTypeOf<string | undefined>()
  const { claims: loose } = await verifyJwt('t', publicKey, {
    issuer: null,
    audience: null,
    requireExp: false,
  })
  expectTypeOf(loose.exp).toEqualTypeOf<number | undefined>()
  expectTypeOf(loose.iss).toEqualTypeOf<string | undefined>()
  const schema = z.object({ scope: z.string() })
  expectTypeOf((await verifyJwt('t', publicKey, { ...policy, schema })).claims.scope).toEqualTypeOf<string>()
}

export async function safe(): Promise<void> {
  const result = await safeVerifyJwt('t', publicKey, policy)
  if (result.ok) return
  if (result.code === 'expired') expectTypeOf(result.authentic).toEqualTypeOf<ClaimsSet>()
  // @ts-expect-error nothing is authentic in a forged token
  if (result.code === 'bad_signature') void result.authentic
  const { code } = result
  expectTypeOf(code).toExtend<TokenErrorCode>()
  // @ts-expect-error the caller's own mistakes are thrown, not returned
  if (code === 'option_invalid') throw result.error
}

test('the compiler refuses what the library refuses', () => {
  expect([keys, options, claims, results, safe]).toHaveLength(5)
})
