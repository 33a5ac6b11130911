/** What a profile means to the compiler: the claims it promises, and the options and claims it refuses. Never called. */
import { expect, expectTypeOf, test } from 'vitest'
import {
  createVerifier,
  openJwt,
  safeVerifyJwt,
  sealJwt,
  secret,
  signJwt,
  verifyJwt,
} from '../../src/index.ts'
import type { PrivateKey, ProfileName, PublicKey } from '../../src/index.ts'

declare const publicKey: PublicKey<'ES256'>
declare const privateKey: PrivateKey<'ES256'>
declare const anyProfile: ProfileName
declare const variable: string | undefined
const policy = { issuer: 'https://a', audience: 'api' } as const
const logout = { 'http://schemas.openid.net/event/backchannel-logout': {} } as const

export async function promised(): Promise<void> {
  const access = (await verifyJwt('t', publicKey, { ...policy, profile: 'at+jwt' })).claims
  expectTypeOf(access.iss).toEqualTypeOf<'https://a'>()
  expectTypeOf(access.client_id).toEqualTypeOf<string>()
  expectTypeOf(access.jti).toEqualTypeOf<string>()
  expectTypeOf(access.iat).toEqualTypeOf<number>()
  expectTypeOf(access.exp).toEqualTypeOf<number>()
  expectTypeOf(access.scope).toEqualTypeOf<string | undefined>()
  expectTypeOf(access.auth_time).toEqualTypeOf<number | undefined>()
  const aged = { ...policy, profile: 'at+jwt', maxAuthenticationAgeSeconds: 5 } as const
  expectTypeOf((await verifyJwt('t', publicKey, aged)).claims.auth_time).toEqualTypeOf<number>()
  const id = (
    await verifyJwt('t', publicKey, { ...policy, profile: 'id_token', nonce: 'n', accessToken: 't' })
  ).claims
  expectTypeOf(id.nonce).toEqualTypeOf<string>()
  expectTypeOf(id.at_hash).toEqualTypeOf<string>()
  expectTypeOf(id.azp).toEqualTypeOf<string | undefined>()
  const waived = (await verifyJwt('t', publicKey, { ...policy, profile: 'id_token', nonce: null })).claims
  expectTypeOf(waived.nonce).toEqualTypeOf<string | undefined>()
  const ended = (await verifyJwt('t', publicKey, { ...policy, profile: 'logout+jwt', allowUntyped: true }))
    .claims
  expectTypeOf(ended.events['http://schemas.openid.net/event/backchannel-logout']).toEqualTypeOf<object>()
  expectTypeOf(ended.sid).toEqualTypeOf<string | undefined>()
  const event = (await verifyJwt('t', publicKey, { ...policy, profile: 'secevent+jwt' })).claims
  expectTypeOf(event.exp).toEqualTypeOf<number | undefined>()
  expectTypeOf(event.jti).toEqualTypeOf<string>()
  const proof = (await verifyJwt('t', publicKey, { issuer: null, audience: null, profile: 'dpop+jwt' }))
    .claims
  expectTypeOf(proof.htu).toEqualTypeOf<string>()
  expectTypeOf(proof.exp).toEqualTypeOf<number | undefined>()
}

export async function everywhere(): Promise<void> {
  const verifier = createVerifier({ keys: publicKey, ...policy, profile: 'at+jwt' })
  expectTypeOf(verifier.verifySync('t').claims.client_id).toEqualTypeOf<string>()
  const result = await safeVerifyJwt('t', publicKey, { ...policy, profile: 'at+jwt' })
  if (result.ok) expectTypeOf(result.claims.client_id).toEqualTypeOf<string>()
  const opened = await openJwt('t', {
    decryptWith: secret('HS256', 'x') as never,
    verifyWith: publicKey,
    ...policy,
    profile: 'id_token',
  })
  expectTypeOf(opened.claims.sub).toEqualTypeOf<string>()
  const some = (await verifyJwt('t', publicKey, { ...policy, profile: anyProfile })).claims
  expectTypeOf(some.exp).toEqualTypeOf<number | undefined>()
  expectTypeOf(some.iat).toEqualTypeOf<number>()
}

export async function options(): Promise<void> {
  // @ts-expect-error there is no such profile
  await verifyJwt('t', publicKey, { ...policy, profile: 'jwt' })
  // @ts-expect-error a nonce is an ID token's
  await verifyJwt('t', publicKey, { ...policy, nonce: 'n' })
  // @ts-expect-error a nonce is an ID token's
  await verifyJwt('t', publicKey, { ...policy, profile: 'at+jwt', nonce: 'n' })
  // @ts-expect-error an access token has no hash of itself
  await verifyJwt('t', publicKey, { ...policy, profile: 'at+jwt', accessToken: 't' })
  // @ts-expect-error an ID token has no typ to be without
  await verifyJwt('t', publicKey, { ...policy, profile: 'id_token', allowUntyped: true })
  // @ts-expect-error nobody signs in with a logout token
  createVerifier({ keys: publicKey, ...policy, profile: 'logout+jwt', maxAuthenticationAgeSeconds: 5 })
  // @ts-expect-error the profile decides typ
  await safeVerifyJwt('t', publicKey, { ...policy, profile: 'at+jwt', typ: 'JWT' })
  // @ts-expect-error the profile wants exp
  await verifyJwt('t', publicKey, { ...policy, profile: 'at+jwt', requireExp: false })
  await verifyJwt('t', publicKey, { ...policy, profile: 'secevent+jwt', requireExp: false })
  await verifyJwt('t', publicKey, { ...policy, profile: 'secevent+jwt', requireExp: true })
  // @ts-expect-error a misspelt option beside a profile
  await verifyJwt('t', publicKey, { ...policy, profile: 'id_token', nonse: 'n' })
  // @ts-expect-error a variable that may be missing is no nonce (exactOptionalPropertyTypes)
  await verifyJwt('t', publicKey, { ...policy, profile: 'id_token', nonce: variable })
}

export async function signing(): Promise<void> {
  const issued = { ...policy, subject: 's', jwtId: 'j', expiresIn: '10m' } as const
  await signJwt({ client_id: 'c', tenant: 5 }, privateKey, { ...issued, profile: 'at+jwt' })
  await signJwt({ client_id: 'c', sub: 's', jti: 'j' }, privateKey, {
    ...policy,
    expiresIn: '10m',
    profile: 'at+jwt',
  })
  // @ts-expect-error the client is missing
  await signJwt({ tenant: 5 }, privateKey, { ...issued, profile: 'at+jwt' })
  // @ts-expect-error a client is text
  await signJwt({ client_id: 5 }, privateKey, { ...issued, profile: 'at+jwt' })
  // @ts-expect-error subject and ID are in neither place
  await signJwt({ client_id: 'c' }, privateKey, { ...policy, expiresIn: '10m', profile: 'at+jwt' })
  // @ts-expect-error scopes are one text
  await signJwt({ client_id: 'c', scope: ['a'] }, privateKey, { ...issued, profile: 'at+jwt' })
  // @ts-expect-error the profile writes typ
  await signJwt({ client_id: 'c' }, privateKey, { ...issued, profile: 'at+jwt', typ: 'JWT' })
  // @ts-expect-error a proof is made in its own room
  await signJwt({ htm: 'GET', htu: 'u' }, privateKey, { ...issued, profile: 'dpop+jwt' })
  await signJwt({ events: logout, sid: 'x' }, privateKey, { ...issued, profile: 'logout+jwt' })
  // @ts-expect-error a logout is told by its event
  await signJwt({ events: { 'https://e': {} } }, privateKey, { ...issued, profile: 'logout+jwt' })
  await signJwt({ events: { 'https://e': {} } }, privateKey, {
    ...policy,
    jwtId: 'j',
    profile: 'secevent+jwt',
  })
  const both = { signWith: privateKey, encryptFor: secret('HS256', 'x') as never, ...issued } as const
  await sealJwt({ client_id: 'c', password: 'may be, inside' }, { ...both, profile: 'at+jwt' })
  // @ts-expect-error the client is missing inside, too
  await sealJwt({}, { ...both, profile: 'at+jwt' })
}

test('the compiler knows the profiles', () => {
  expect([promised, everywhere, options, signing]).toHaveLength(4)
})
