/** What a person reads when a token or an option is refused: where, what was expected, what came, and what to do. */
import { describe, expect, test } from 'vitest'
import { secret } from '../../src/jwk/secret.ts'
import { decode } from '../../src/jwt/decode.ts'
import { encode } from '../../src/jwt/encode.ts'
import { safeVerifyJwt, verifyJwt } from '../../src/jwt/verify.ts'
import { createVerifier } from '../../src/jwt/verifier.ts'
import { forge, now, sharedSecret, token } from '../forge.ts'
import { rejection, refusal } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const policy = { issuer: 'i', audience: 'a', now, requireExp: false } as const
const claims = { iss: 'i', aud: 'a' }

const messageOf = async (value: unknown, options: object = {}): Promise<string> =>
  (await rejection(verifyJwt(value as string, key, { ...policy, ...options } as never))).message

describe('what a token is refused for', () => {
  test.each<[unknown, string]>([
    [5, 'token: expected text, got a number'],
    ['', 'token: expected header.payload.signature (two dots), got empty text'],
    ['a.b', 'token: expected header.payload.signature (two dots), got 1 dots'],
    ['a.b.c.d.e', 'token: expected header.payload.signature (two dots), got a JWE'],
    ['a.b.c.d.e.f', 'token: expected header.payload.signature (two dots), got 5 dots'],
    ['a.b.c.d.e.f.g.h', 'token: expected header.payload.signature (two dots), got many dots'],
    ['x'.repeat(70_000), 'token: expected at most 16384 characters, got 70000'],
    [`${token(claims)} `, 'got text with white space around it'],
    [`Bearer ${token(claims)}`, 'got text with Bearer before it'],
    ['{"payload":""}', 'got the JSON serialization'],
    [token(claims).replace(/[^.]*$/, ''), 'token: expected a signature, got none'],
    [forge({ alg: 'none' }, {}), '"alg" is none, which is never accepted'],
    [forge({ alg: 'XX' }, {}), '"alg" is no signature algorithm of this version'],
    [forge({}, {}), 'protected header: "alg": expected text, got undefined'],
    [forge({ alg: 'ES256' }, {}), 'protected header: "alg": expected HS256, got ES256'],
    [forge({ alg: 'HS256', typ: 5 }, {}), 'protected header: "typ": expected text, got a number'],
    [forge({ alg: 'HS256', jwk: [] }, {}), 'protected header: "jwk": expected an object, got an array'],
    [forge({ alg: 'HS256', x5c: 'a' }, {}), '"x5c": expected an array of text, got text'],
    [forge({ alg: 'HS256', crit: [] }, {}), '"crit": expected a non-empty array of text, got an array'],
    [forge({ alg: 'HS256', crit: ['kid'], kid: 'a' }, {}), '"crit" lists a registered parameter'],
    [forge({ alg: 'HS256', crit: ['x'] }, {}), '"crit" lists an absent parameter'],
    [forge({ alg: 'HS256', crit: ['x', 'x'], x: 1 }, {}), '"crit" lists a name twice'],
    [forge({ alg: 'HS256', crit: ['x'], x: 1 }, {}), '"crit" lists an unknown extension'],
    [forge({ alg: 'HS256', b64: 0, crit: ['b64'] }, {}), '"b64": expected true or false, got a number'],
    [forge({ alg: 'HS256', b64: true }, {}), '"b64" must be listed in "crit" (RFC 7797 §6)'],
    [forge({ alg: 'HS256', b64: false, crit: ['b64'] }, {}), 'has no place in a JWT (RFC 7797 §7)'],
    [forge({ alg: 'HS256' }, '[]'), 'claims set: expected a JSON object, got something else'],
    [forge({ alg: 'HS256' }, 'x'), 'claims set: expected JSON, got something else'],
    [
      forge({ alg: 'HS256' }, {}, { key: new Uint8Array(64) }),
      'signature: expected that of header and payload under this key, got another',
    ],
  ])('%#', async (value, message) => {
    expect(await messageOf(value)).toContain(message)
  })

  test.each<[object, object, string]>([
    [{ iss: 5 }, {}, 'claim "iss": expected text, got a number'],
    [{ sub: [] }, {}, 'claim "sub": expected text, got an array'],
    [{ jti: {} }, {}, 'claim "jti": expected text, got an object'],
    [{ aud: [] }, {}, 'claim "aud": expected text or a non-empty array of text, got an array'],
    [{ exp: now }, {}, 'claim "exp": the token has expired'],
    [{ nbf: now + 9 }, {}, 'claim "nbf": the token is not valid yet'],
    [{ iat: now + 99 }, {}, 'compare the clocks'],
    [{ iat: now - 99 }, { maxAgeSeconds: 9 }, 'claim "iat": the token was issued too long ago'],
    [{ iss: 'j' }, {}, 'claim "iss": expected the expected issuer, got another'],
    [{ iss: undefined }, {}, 'claim "iss": expected it in the token, got none'],
    [{ aud: 'b' }, {}, 'claim "aud": expected the expected audience, got another'],
    [{ sub: 'b' }, { subject: 'a' }, 'claim "sub": expected the expected subject, got another'],
    [{}, { required: ['jti'] }, 'claim "jti": expected it in the token, got none'],
  ])('%#', async (changes, options, message) => {
    expect(await messageOf(token({ ...claims, ...changes }), options)).toContain(message)
  })

  test('says which typ was expected and whether one came', async () => {
    expect(await messageOf(token(claims, { typ: 'x' }))).toContain(
      'expected none or jwt or at+jwt, got another',
    )
    expect(await messageOf(token(claims, { typ: undefined }), { typ: 'at+jwt' })).toContain(
      '"typ": expected at+jwt, got none',
    )
  })
})

describe('what an option is refused for', () => {
  test.each<[object, string]>([
    [{ issuer: '' }, 'option "issuer": expected text, a list of text, or null to waive the check'],
    [{ audience: [] }, 'option "audience": expected text, a list of text'],
    [{ typ: '' }, 'option "typ": expected text, a list of text'],
    [{ subject: '' }, 'option "subject": expected text, got empty text'],
    [{ required: 'jti' }, 'option "required": expected an array of claim names, got text'],
    [{ requireExp: 'no' }, 'option "requireExp": expected true or false, got text'],
    [{ maxAgeSeconds: -1 }, 'option "maxAgeSeconds": expected seconds from 0 to 1000000000'],
    [{ clockToleranceSeconds: 3601 }, 'option "clockToleranceSeconds": expected seconds from 0 to 3600'],
    [{ schema: {} }, 'option "schema": expected a Standard Schema, got an object'],
    [{ now: 'noon' }, 'option "now": expected seconds or a function, got text'],
    [{ algorithms: [] }, 'option "algorithms": expected names of signature algorithms'],
    [{ algorithms: ['none'] }, 'option "algorithms": expected names of signature algorithms'],
    [{ algorithms: ['HS512'] }, "algorithms: expected the key's own, HS256, in the list, got others"],
    [{ allowWeakKey: 1 }, 'option "allowWeakKey": expected true or false'],
  ])('%#: with the name of the function', async (options, message) => {
    expect(await messageOf('x', options)).toContain(message)
    if (message.startsWith('option')) {
      const given = { ...policy, ...options } as never
      expect(await messageOf('x', options)).toContain('verifyJwt: ')
      expect((await rejection(safeVerifyJwt('x', key, given))).message).toContain('safeVerifyJwt: ')
      const made = (): unknown => createVerifier({ keys: key, ...policy, ...options } as never)
      expect(refusal(made).message).toContain('createVerifier: ')
    }
  })

  test('a missing issuer says how to waive it', async () => {
    const { message } = await rejection(verifyJwt('x', key, { audience: 'a' } as never))
    expect(message).toContain(
      'verifyJwt: option "issuer": expected text, a list of text, or null to waive the check',
    )
  })

  test('a missing key asks whether the variable is set; another thing is told as such', () => {
    const keyOf = (value: unknown): string => refusal(() => decode('x', value as never)).message
    expect(keyOf(undefined)).toContain('decode: expected a key or a key set')
    expect(keyOf(undefined)).toContain('got undefined: is the variable set?')
    expect(keyOf({})).toContain('got something else')
    expect(keyOf('text')).toContain("a raw secret needs algorithms: ['HS256'] (HS* only)")
  })
})

describe('what encode is refused for', () => {
  const made = (set: object, options: object, with_: unknown = key): string =>
    refusal(() => encode(set as never, with_ as never, options as never)).message

  test.each<[string, object, object, unknown, string]>([
    [
      'an algorithm',
      {},
      { algorithm: 'XX' },
      key,
      'encode: option "algorithm": expected a signature algorithm',
    ],
    ['another one', {}, { algorithm: 'ES256' }, key, "expected HS256, the key's own algorithm, got ES256"],
    ['a raw secret', {}, {}, 'text', "encode: a raw secret needs algorithm: 'HS256'"],
    ['a raw secret for another', {}, { algorithm: 'ES256' }, 'text', 'encode: a raw secret needs algorithm'],
    [
      'a list as header',
      {},
      { header: [] },
      key,
      'encode: option "header": expected an object, got an array',
    ],
    ['null as header', {}, { header: null }, key, 'encode: option "header": expected an object, got null'],
    ['text as header', {}, { header: 'x' }, key, 'encode: option "header": expected an object, got text'],
    ['alg', {}, { header: { alg: 'ES256' } }, key, 'encode: header "alg": expected HS256, the key\'s own'],
    ['crit', {}, { header: { crit: ['x'] } }, key, 'encode: header "crit" has no place in a JWT'],
    ['b64', {}, { header: { b64: false } }, key, 'encode: header "b64" has no place in a JWT'],
    ['a type', {}, { header: { kid: 5 } }, key, 'encode: protected header: "kid": expected text'],
    ['a value', {}, { header: { x: 1n } }, key, 'encode: option "header": x: expected a JSON value'],
    ['exp twice', { exp: now }, { expiresIn: 5 }, key, 'encode: "exp" is in the claims and expiresIn'],
    ['a lifetime', {}, { expiresIn: '5' }, key, 'encode: option "expiresIn": expected positive seconds'],
    ['a clock', {}, { expiresIn: 5, now: Number.NaN }, key, 'encode: option "now": expected seconds'],
    [
      'a flag',
      {},
      { allowSecretClaims: 1 },
      key,
      'encode: option "allowSecretClaims": expected true or false',
    ],
    ['another flag', {}, { allowWeakKey: 1 }, key, 'encode: option "allowWeakKey": expected true or false'],
    ['a claim', { a: undefined }, {}, key, 'claims set: a: expected a JSON value'],
    ['a secret', { password: 'x' }, {}, key, 'claim "password": looks like a secret'],
  ])('%s', (...[, set, options, with_, message]) => {
    expect(made(set, options, with_)).toContain(message)
  })
})
