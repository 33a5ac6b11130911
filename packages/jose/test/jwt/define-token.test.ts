/** One definition for issuer and verifier: what the one cannot sign, the other would not accept. */
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { generateKey } from '../../src/jwk/generate.ts'
import { secret } from '../../src/jwk/secret.ts'
import { defineToken } from '../../src/jwt/define-token.ts'
import { createLocalJwkSet } from '../../src/jwks/local.ts'
import { exportJwk } from '../../src/jwk/export.ts'
import { signJwt } from '../../src/jwt/sign.ts'
import { decodeUnverified } from '../../src/unverified.ts'
import { now, sharedSecret } from '../forge.ts'
import { outcomeLater, outcomeOf, refusal, rejection } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const schema = z.object({ tenant: z.string(), level: z.number().int().default(1) })
const Access = defineToken({
  profile: 'at+jwt',
  issuer: 'https://i',
  audience: 'api',
  expiresIn: '10m',
  schema,
  now,
})
const Invitation = defineToken({
  typ: 'invitation+jwt',
  issuer: 'https://i',
  audience: ['site', 'app'],
  expiresIn: '7d',
  required: ['email'],
  now,
})

const outcome = (promise: () => Promise<unknown>): Promise<string> => outcomeLater(promise)
const claims = { client_id: 'c', tenant: 't' }

describe('sign', () => {
  test('writes what the definition says, beside the claims and what is this token’s own', async () => {
    const token = await Access.sign(claims, key, { subject: 's', jwtId: 'j', notBefore: '10s' })
    const { header, claims: written } = decodeUnverified(token).unverified
    expect(header).toEqual({ typ: 'at+jwt', alg: 'HS256' })
    expect(written).toEqual({
      iss: 'https://i',
      aud: 'api',
      sub: 's',
      jti: 'j',
      iat: now,
      exp: now + 600,
      nbf: now + 10,
      ...claims,
    })
    const invitation = decodeUnverified(await Invitation.sign({ email: 'e' }, key)).unverified
    expect(invitation.header).toEqual({ typ: 'invitation+jwt', alg: 'HS256' })
    expect(invitation.claims).toEqual({
      iss: 'https://i',
      aud: ['site', 'app'],
      iat: now,
      exp: now + 604_800,
      email: 'e',
    })
  })

  test('gives a jti that no other token has where one is required, and none where not', async () => {
    const sign = async (): Promise<unknown> => {
      const token = await Access.sign(claims, key, { subject: 's' })
      return (await Access.verify(token, key)).claims.jti
    }
    const names = [await sign(), await sign()]
    expect(names[0]).toMatch(/^[\w-]{22}$/)
    expect(new Set(names).size).toBe(2)
    expect(decodeUnverified(await Invitation.sign({ email: 'e' }, key)).unverified.claims).not.toHaveProperty(
      'jti',
    )
  })

  test.each([
    ['without a claim of the profile', { tenant: 't' }, { subject: 's' }, 'claim_missing', 'client_id'],
    ['without the subject', claims, {}, 'claim_missing', 'sub'],
    [
      'with a claim of the profile of another kind',
      { ...claims, client_id: 5 },
      { subject: 's' },
      'claim_invalid',
      'client_id',
    ],
    ['without a claim of the schema', { client_id: 'c' }, { subject: 's' }, 'schema_invalid', 'tenant'],
    [
      'with a claim that the schema refuses',
      { ...claims, level: 1.5 },
      { subject: 's' },
      'schema_invalid',
      'level',
    ],
    ['with a secret', { ...claims, password: 'x' }, { subject: 's' }, 'claim_invalid', 'password'],
    ['with the issuer twice', { ...claims, iss: 'https://i' }, { subject: 's' }, 'option_invalid', undefined],
    ['with the audience twice', { ...claims, aud: 'api' }, { subject: 's' }, 'option_invalid', undefined],
    [
      'with a lifetime of its own',
      { ...claims, exp: now + 5 },
      { subject: 's' },
      'option_invalid',
      undefined,
    ],
    ['with a misspelt option', claims, { subjekt: 's' }, 'option_invalid', undefined],
    [
      'with an option of the definition',
      claims,
      { subject: 's', expiresIn: '1h' },
      'option_invalid',
      undefined,
    ],
  ])('refuses to sign %s', async (_name, given, options, ...fault) => {
    const error = await rejection(Access.sign(given as never, key, options))
    expect([error.code, error.claim]).toEqual(fault)
  })

  test('refuses a token without a required claim', async () => {
    const error = await rejection(Invitation.sign({} as { email: string }, key))
    expect([error.code, error.claim]).toEqual(['claim_missing', 'email'])
  })

  test('refuses keys that cannot sign, and those that the definition does not list', async () => {
    const own = await generateKey('ES256')
    expect(await outcome(() => Access.sign(claims, own.publicKey as never, { subject: 's' }))).toBe(
      'key_invalid',
    )
    const listed = defineToken({
      typ: 'x',
      issuer: 'i',
      audience: 'a',
      expiresIn: 5,
      algorithms: ['ES256', 'HS512'],
    })
    expect(await outcome(() => listed.sign({}, key as never))).toBe('alg_not_allowed')
    expect(await outcome(() => listed.sign({}, own))).toBe('accepted')
  })
})

describe('verify, safeVerify and verifier', () => {
  test('take what sign made, with the output of the schema', async () => {
    const token = await Access.sign(claims, key, { subject: 's' })
    const verified = await Access.verify(token, key)
    expect(verified.claims).toMatchObject({ ...claims, level: 1, sub: 's' })
    expect(await Access.safeVerify(token, key)).toMatchObject({ ok: true, claims: verified.claims })
    expect(Access.verifier(key).verifySync(token).claims).toEqual(verified.claims)
  })

  test('take the keys of a set', async () => {
    const own = await generateKey('ES256')
    const keys = createLocalJwkSet({ keys: [await exportJwk(own.publicKey)] })
    const token = await Access.sign(claims, own, { subject: 's' })
    expect((await Access.verify(token, keys)).header.kid).toBe(own.kid)
  })

  test('refuse every token that is of another definition', async () => {
    const base = { issuer: 'https://i', audience: 'api', expiresIn: '10m', now } as const
    const others = [
      await Invitation.sign({ email: 'e', ...claims, sub: 's', jti: 'j' }, key),
      await signJwt(claims, key, { ...base, subject: 's', jwtId: 'j' }),
      await signJwt({ client_id: 'c' }, key, { ...base, subject: 's', jwtId: 'j', typ: 'at+jwt' }),
      await signJwt(claims, key, { ...base, subject: 's', typ: 'at+jwt' }),
      await signJwt(claims, key, { ...base, audience: 'other', subject: 's', jwtId: 'j', typ: 'at+jwt' }),
      await signJwt(claims, key, { ...base, issuer: 'https://j', subject: 's', jwtId: 'j', typ: 'at+jwt' }),
    ]
    const verdicts = await Promise.all(others.map((token) => outcome(() => Access.verify(token, key))))
    expect(verdicts).toEqual([
      'typ_mismatch',
      'typ_mismatch',
      'schema_invalid',
      'claim_missing',
      'claim_invalid',
      'claim_invalid',
    ])
    const safe = await Promise.all(others.map(async (token) => Access.safeVerify(token, key)))
    expect(safe.map((result) => (result.ok ? 'accepted' : result.code))).toEqual(verdicts)
    const prepared = Access.verifier(key)
    expect(others.map((token) => outcomeOf(() => prepared.verifySync(token)))).toEqual(verdicts)
    const access = await Access.sign(claims, key, { subject: 's' })
    expect(await outcome(() => Invitation.verify(access, key))).toBe('typ_mismatch')
  })

  test('take what is asked of one token beside', async () => {
    const token = await Access.sign(claims, key, { subject: 's' })
    expect(await outcome(() => Access.verify(token, key, { subject: 's' }))).toBe('accepted')
    expect(await outcome(() => Access.verify(token, key, { subject: 'other' }))).toBe('claim_invalid')
    expect(await outcome(() => Access.verify(token, key, { nonce: 'n' } as never))).toBe('option_invalid')
    expect(await outcome(() => Access.verify(token, key, { issuer: null } as never))).toBe('option_invalid')
    const Id = defineToken({
      profile: 'id_token',
      issuer: 'https://i',
      audience: 'client',
      expiresIn: 60,
      now,
    })
    const id = await Id.sign({ nonce: 'n' }, key, { subject: 's' })
    expect(await outcome(() => Id.verify(id, key))).toBe('claim_invalid')
    expect(await outcome(() => Id.verify(id, key, { nonce: 'n' }))).toBe('accepted')
    expect(await outcome(() => Id.safeVerify(id, key, { nonce: undefined } as never))).toBe('option_invalid')
  })
})

describe('definitions', () => {
  const base = { typ: 'x', issuer: 'i', audience: 'a', expiresIn: 5 }

  test.each([
    ['nothing that says what the token is', { typ: undefined }],
    ['a typ beside a profile', { profile: 'at+jwt' }],
    ['a proof, which has its own room', { typ: undefined, profile: 'dpop+jwt' }],
    ['an unknown profile', { typ: undefined, profile: 'jwt' }],
    ['an empty typ', { typ: '' }],
    ['several types', { typ: ['x', 'y'] }],
    ['no issuer', { issuer: null }],
    ['several issuers', { issuer: ['i', 'j'] }],
    ['no audience', { audience: null }],
    ['an empty audience', { audience: [] }],
    ['no lifetime', { expiresIn: undefined }],
    ['a lifetime that is none', { expiresIn: '10 minutes' }],
    ['a schema that is none', { schema: {} }],
    ['a misspelt option', { expires: 5 }],
    ['an option of verifyJwt that would waive', { requireExp: false }],
    ['an option of a profile without it', { allowUntyped: true }],
  ])('with %s are option_invalid', (_name, change) => {
    const all: Record<string, unknown> = { ...base, ...change }
    for (const [name, value] of Object.entries(change))
      if (value === undefined && name === 'typ') delete all[name]
    expect(outcomeOf(() => defineToken(all as never))).toBe('option_invalid')
  })

  test('a token that lives for ever is one on purpose, and not where the profile wants exp', async () => {
    const Forever = defineToken({ ...base, expiresIn: null })
    const token = await Forever.sign({}, key)
    expect((await Forever.verify(token, key)).claims).not.toHaveProperty('exp')
    const options = { profile: 'at+jwt', issuer: 'i', audience: 'a', expiresIn: null } as const
    expect(refusal(() => defineToken(options as never)).message).toContain('requireExp')
    const Event = defineToken({ ...options, profile: 'secevent+jwt' })
    const event = await Event.sign({ events: { 'https://e': {} } }, key)
    expect(await outcome(() => Event.verify(event, key))).toBe('accepted')
  })

  test('are frozen, and have no claims but in types', () => {
    expect(Object.isFrozen(Access)).toBe(true)
    expect(Object.keys(Access).sort()).toEqual(['safeVerify', 'sign', 'verifier', 'verify'])
  })
})
