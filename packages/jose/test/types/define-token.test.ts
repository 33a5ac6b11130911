/** A definition, to the compiler: both sides have the same claims. Never called. */
import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { createRemoteJwkSet, defineToken } from '../../src/index.ts'
import type { AsymmetricAlgorithm, PrivateKey, PublicKey, SecretKey } from '../../src/index.ts'

declare const privateKey: PrivateKey<'ES256'>
declare const publicKey: PublicKey<'ES256'>
declare const secretKey: SecretKey<'HS256'>
const shared = { issuer: 'https://a', audience: 'api', expiresIn: '10m' } as const

const schema = z.object({
  tenant: z.string(),
  scope: z.string().transform((text) => text.split(' ')),
  level: z.number().default(1),
})
const Access = defineToken({ ...shared, profile: 'at+jwt', schema, algorithms: ['ES256', 'HS512'] })
const Invitation = defineToken({ ...shared, typ: 'invitation+jwt', required: ['email', 'sub'] })

export async function claims(): Promise<void> {
  type Claims = typeof Access.$claims
  expectTypeOf<Claims['iss']>().toEqualTypeOf<'https://a'>()
  expectTypeOf<Claims['client_id']>().toEqualTypeOf<string>()
  expectTypeOf<Claims['jti']>().toEqualTypeOf<string>()
  expectTypeOf<Claims['tenant']>().toEqualTypeOf<string>()
  expectTypeOf<Claims['scope']>().toEqualTypeOf<string[]>()
  expectTypeOf<Claims['level']>().toEqualTypeOf<number>()
  const { claims: verified, header } = await Access.verify('t', publicKey)
  expectTypeOf(verified.tenant).toEqualTypeOf<string>()
  expectTypeOf(header.alg).toEqualTypeOf<'ES256'>()
  const result = await Access.safeVerify('t', createRemoteJwkSet('https://a'), { subject: 's' })
  if (result.ok) expectTypeOf(result.claims.sub).toEqualTypeOf<'s'>()
  else if (result.code === 'expired') expectTypeOf(result.error.expiredAt).toEqualTypeOf<Date>()
  expectTypeOf(Invitation.verifier(publicKey).verifySync('t').claims.email).toEqualTypeOf<{} | null>()
  expectTypeOf(
    (await Invitation.verify('t', createRemoteJwkSet('https://a'))).header.alg,
  ).toEqualTypeOf<AsymmetricAlgorithm>()
}

export async function signing(): Promise<void> {
  const good = { client_id: 'c', tenant: 't', scope: 'a b' }
  await Access.sign(good, privateKey, { subject: 's' })
  await Access.sign({ ...good, sub: 's', level: 2, more: true }, privateKey)
  // @ts-expect-error a claim of the profile is missing
  await Access.sign({ tenant: 't', scope: 'a b' }, privateKey, { subject: 's' })
  // @ts-expect-error a claim of the schema is missing
  await Access.sign({ client_id: 'c', scope: 'a b' }, privateKey, { subject: 's' })
  // @ts-expect-error a claim of another kind
  await Access.sign({ ...good, tenant: 5 }, privateKey, { subject: 's' })
  // @ts-expect-error what is signed goes into the schema, not what comes out of it
  await Access.sign({ ...good, scope: ['a', 'b'] }, privateKey, { subject: 's' })
  // @ts-expect-error the subject is in neither place
  await Access.sign(good, privateKey)
  // @ts-expect-error anybody can read a signed token
  await Access.sign({ ...good, password: 'x' }, privateKey, { subject: 's' })
  // @ts-expect-error a key of an algorithm that the definition does not list
  await Access.sign(good, secretKey, { subject: 's' })
  // @ts-expect-error a public key cannot sign
  await Access.sign(good, publicKey, { subject: 's' })
  // @ts-expect-error a misspelt option
  await Access.sign(good, privateKey, { subject: 's', jti: 'j' })
  await Invitation.sign({ email: 'e' }, secretKey, { subject: 's' })
  // @ts-expect-error a required claim is missing
  await Invitation.sign({}, secretKey, { subject: 's' })
}

export async function verifying(): Promise<void> {
  // @ts-expect-error a private key cannot verify
  await Access.verify('t', privateKey)
  // @ts-expect-error the definition decides the issuer
  await Access.verify('t', publicKey, { issuer: null })
  // @ts-expect-error the definition decides the issuer
  Access.verifier(publicKey, { issuer: null })
}

export function definitions(): void {
  // @ts-expect-error a token says what it is
  defineToken({ ...shared })
  // @ts-expect-error the profile decides typ
  defineToken({ ...shared, profile: 'at+jwt', typ: 'x' })
  // @ts-expect-error a proof is made in its own room
  defineToken({ ...shared, profile: 'dpop+jwt' })
  // @ts-expect-error a definition has an issuer
  defineToken({ ...shared, typ: 'x', issuer: null })
  // @ts-expect-error a lifetime is decided
  defineToken({ typ: 'x', issuer: 'i', audience: 'a' })
  // @ts-expect-error a misspelt option
  defineToken({ ...shared, typ: 'x', algoritms: ['ES256'] })
  // @ts-expect-error an option of a profile without it
  defineToken({ ...shared, typ: 'x', allowUntyped: true })
}

test('the compiler knows definitions', () => {
  expect([claims, signing, verifying, definitions]).toHaveLength(4)
})
