import { beforeAll, describe, expect, test } from 'vitest'
import type * as JwkRoom from '../../src/jwk/index.ts'
import type * as JwsRoom from '../../src/jws/index.ts'
import { generateKey } from '../../src/jwk/generate.ts'
import { importKey } from '../../src/jwk/import.ts'
import { secret } from '../../src/jwk/secret.ts'
import { signCompact, verifyCompact } from '../../src/jws/compact-jws.ts'
import type { SignJwsOptions, VerifyJwsOptions } from '../../src/jws/jws-options.ts'
import { createLocalJwkSet } from '../../src/jwks/local.ts'
import { decode } from '../../src/jwt/decode.ts'
import {
  algorithms,
  asymmetricAlgorithms,
  pairFor,
  segment,
  sharedSecret,
  signatureOf,
  sharedBytes,
} from '../forge.ts'
import { outcomeLater, outcomeOf, rejection } from '../outcome.ts'
import { loadPortable } from '../portable.ts'

const key = secret('HS256', sharedSecret)
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const headerOf = (jws: string): unknown =>
  JSON.parse(Buffer.from(String(jws.split('.')[0]), 'base64url').toString())

/** A compact JWS whose middle part stands as it is, MAC over it as sent. */
function raw(header: unknown, middle: string, signed = middle): string {
  const encoded = segment(header)
  return `${encoded}.${middle}.${signatureOf('HS256', sharedBytes, `${encoded}.${signed}`).toString('base64url')}`
}

describe('signCompact and verifyCompact', () => {
  test.each(algorithms)('carry any octets under %s', async (algorithm) => {
    const own = algorithm.startsWith('HS')
      ? secret(algorithm as 'HS256', sharedSecret)
      : await importKey(pairFor(algorithm as 'ES256').privateJwk, { type: 'private' })
    const payload = Uint8Array.from({ length: 300 }, (_, index) => index)
    const jws = await signCompact(payload, own)
    const verified = await verifyCompact(jws, own.type === 'private' ? own.publicKey : own)
    expect(verified).toEqual({ payload, header: { alg: algorithm } })
  })

  test.each(['', 'text', '안녕 👋', '{"a":1}'])('carry text as UTF-8: %j', async (payload) => {
    const jws = await signCompact(payload, key)
    expect(text((await verifyCompact(jws, key)).payload)).toBe(payload)
  })

  test('write alg, the key ID, and the parameters of the caller, in this order', async () => {
    const named = await generateKey('ES256')
    const jws = await signCompact('x', named, { header: { typ: 'text', cty: 'plain', x: [1] } })
    const text = Buffer.from(String(jws.split('.')[0]), 'base64url').toString()
    expect(text).toBe(`{"alg":"ES256","kid":"${named.kid}","typ":"text","cty":"plain","x":[1]}`)
  })

  test('let the caller name the key otherwise, but never the algorithm (T68)', async () => {
    const named = await generateKey('ES256')
    expect(headerOf(await signCompact('x', named, { header: { kid: 'other' } }))).toEqual({
      alg: 'ES256',
      kid: 'other',
    })
    expect(headerOf(await signCompact('x', named, { header: { alg: 'ES256' } }))).toMatchObject({
      alg: 'ES256',
    })
    const other = { header: { alg: 'HS256' } }
    expect(await outcomeLater(() => signCompact('x', named, other))).toBe('option_invalid')
  })

  test('copy the payload that they are handed', async () => {
    const payload = new TextEncoder().encode('before')
    const signing = signCompact(payload, key)
    payload.fill(0)
    expect(text((await verifyCompact(await signing, key)).payload)).toBe('before')
  })
})

describe('a detached payload (RFC 7515 appendix F)', () => {
  test('is left out of the JWS and handed to both sides', async () => {
    const jws = await signCompact('the payload', key, { detached: true })
    expect(jws).toMatch(/^[\w-]+\.\.[\w-]+$/)
    const { payload } = await verifyCompact(jws, key, { payload: 'the payload' })
    expect(text(payload)).toBe('the payload')
    expect(
      (await verifyCompact(jws, key, { payload: new TextEncoder().encode('the payload') })).payload,
    ).toEqual(payload)
  })

  test('that is another one, empty or not handed in is refused', async () => {
    const jws = await signCompact('the payload', key, { detached: true })
    for (const payload of ['the payloae', ''])
      expect(await outcomeLater(() => verifyCompact(jws, key, { payload }))).toBe('bad_signature')
    expect(await outcomeLater(() => verifyCompact(jws, key))).toBe('bad_signature')
  })

  test('that stands inside too is refused', async () => {
    const jws = await signCompact('the payload', key)
    expect(await outcomeLater(() => verifyCompact(jws, key, { payload: 'the payload' }))).toBe('malformed')
  })

  test('may be far longer than a token, and signs the same octets as one inside (T28)', async () => {
    const payload = 'x'.repeat(3_000_000)
    const jws = await signCompact(payload, key, { detached: true })
    expect((await verifyCompact(jws, key, { payload })).payload).toHaveLength(3_000_000)
    const [header, , signature] = (await signCompact('short', key, { detached: true })).split('.')
    expect(`${header}.${segment('short')}.${signature}`).toBe(await signCompact('short', key))
  })
})

describe('an unencoded payload (RFC 7797)', () => {
  test('stands in the JWS as it is, and crit says so', async () => {
    const jws = await signCompact('hello world', key, { b64: false })
    expect(jws.split('.')[1]).toBe('hello world')
    expect(headerOf(jws)).toEqual({ alg: 'HS256', b64: false, crit: ['b64'] })
    expect(text((await verifyCompact(jws, key)).payload)).toBe('hello world')
  })

  test('adds b64 to the extensions that the caller lists', async () => {
    const jws = await signCompact('x', key, { b64: false, header: { crit: ['urn:a'], 'urn:a': 1 } })
    expect(headerOf(jws)).toEqual({ alg: 'HS256', crit: ['urn:a', 'b64'], 'urn:a': 1, b64: false })
    expect(await outcomeLater(() => verifyCompact(jws, key, { crit: ['urn:a'] }))).toBe('accepted')
  })

  test.each(['a.b', 'tab\t', 'line\n', 'é', '\u{7f}'])(
    'that cannot stand between dots has to be detached: %j',
    async (payload) => {
      expect(await outcomeLater(() => signCompact(payload, key, { b64: false }))).toBe('option_invalid')
      const jws = await signCompact(payload, key, { b64: false, detached: true })
      expect(text((await verifyCompact(jws, key, { payload })).payload)).toBe(payload)
      const inside = raw({ alg: 'HS256', b64: false, crit: ['b64'] }, payload)
      expect(await outcomeLater(() => verifyCompact(inside, key))).toBe('malformed')
    },
  )

  test('may be octets that are no text, when it is detached', async () => {
    const payload = Uint8Array.of(0, 255, 46, 128)
    expect(await outcomeLater(() => signCompact(payload, key, { b64: false }))).toBe('option_invalid')
    const jws = await signCompact(payload, key, { b64: false, detached: true })
    expect((await verifyCompact(jws, key, { payload })).payload).toEqual(payload)
  })

  test.each([
    ['b64 without crit', { alg: 'HS256', b64: false }, 'malformed'],
    ['b64 true without crit', { alg: 'HS256', b64: true }, 'malformed'],
    ['b64 that is text', { alg: 'HS256', b64: 'false', crit: ['b64'] }, 'malformed'],
    ['b64 null', { alg: 'HS256', b64: null, crit: ['b64'] }, 'malformed'],
    ['b64 in crit alone', { alg: 'HS256', crit: ['b64'] }, 'malformed'],
    ['b64 false in a JWT', { alg: 'HS256', typ: 'JWT', b64: false, crit: ['b64'] }, 'crit_unsupported'],
    [
      'b64 false in an access token',
      { alg: 'HS256', typ: 'application/at+jwt', b64: false, crit: ['b64'] },
      'crit_unsupported',
    ],
  ])('is refused: %s', async (_name, header, code) => {
    expect(await outcomeLater(() => verifyCompact(raw(header, 'hello'), key))).toBe(code)
  })

  test('is refused by decode, and cannot be signed with the type of a JWT (RFC 7797 §7)', async () => {
    const jws = await signCompact('aGVsbG8', key, { b64: false })
    expect(outcomeOf(() => decode(jws, key))).toBe('crit_unsupported')
    const options = { b64: false, header: { typ: 'JWT' } }
    expect(await outcomeLater(() => signCompact('{}', key, options))).toBe('option_invalid')
  })

  test('b64 true with crit is an ordinary payload', async () => {
    const jws = raw({ alg: 'HS256', b64: true, crit: ['b64'] }, segment('hello'))
    expect(text((await verifyCompact(jws, key)).payload)).toBe('hello')
  })
})

describe('crit (RFC 7515 §4.1.11, T27)', () => {
  test('is accepted where the caller says that it understands every extension', async () => {
    const jws = await signCompact('x', key, {
      header: { crit: ['urn:a', 'urn:b'], 'urn:a': 1, 'urn:b': null },
    })
    expect(await outcomeLater(() => verifyCompact(jws, key, { crit: ['urn:b', 'urn:a', 'urn:c'] }))).toBe(
      'accepted',
    )
    expect(await outcomeLater(() => verifyCompact(jws, key, { crit: ['urn:a'] }))).toBe('crit_unsupported')
    expect(await outcomeLater(() => verifyCompact(jws, key))).toBe('crit_unsupported')
  })

  test.each([
    ['empty', { crit: [] }],
    ['text', { crit: 'urn:a', 'urn:a': 1 }],
    ['twice', { crit: ['urn:a', 'urn:a'], 'urn:a': 1 }],
    ['absent', { crit: ['urn:a'] }],
    ['registered', { crit: ['typ'], typ: 'x' }],
    ['inherited', { crit: ['toString'] }],
  ])('is refused when it is %s, whatever the caller understands, and not signed', async (_name, header) => {
    const jws = raw({ alg: 'HS256', ...header }, segment('x'))
    expect(await outcomeLater(() => verifyCompact(jws, key, { crit: ['urn:a'] }))).toBe('malformed')
    expect(await outcomeLater(() => signCompact('x', key, { header }))).toBe('option_invalid')
  })

  test.each([['alg'], ['kid'], ['epk'], [''], [5], 'urn:a', null])(
    'the option takes names of extensions only: %j',
    async (crit) => {
      const options = { crit } as { crit: string[] }
      expect(await outcomeLater(() => verifyCompact('a.b.c', key, options))).toBe('option_invalid')
    },
  )
})

describe('limits', () => {
  test('16 KiB unless the caller says otherwise, on both sides', async () => {
    const payload = 'x'.repeat(13_000)
    expect(await outcomeLater(() => signCompact(payload, key))).toBe('too_large')
    const jws = await signCompact(payload, key, { maxTokenLength: 20_000 })
    expect(await outcomeLater(() => verifyCompact(jws, key))).toBe('too_large')
    expect(await outcomeLater(() => verifyCompact(jws, key, { maxTokenLength: 20_000 }))).toBe('accepted')
    expect(await outcomeLater(() => verifyCompact(jws, key, { maxTokenLength: 100 }))).toBe('too_large')
  })

  test.each([0, -1, 1.5, Number.NaN, Infinity, '100', null])(
    'maxTokenLength %j is an option that is invalid',
    async (value) => {
      const options = { maxTokenLength: value } as { maxTokenLength: number }
      expect(await outcomeLater(() => signCompact('x', key, options))).toBe('option_invalid')
      expect(await outcomeLater(() => verifyCompact('a.b.c', key, options))).toBe('option_invalid')
    },
  )

  test('a header of more than 8 KiB is refused on both sides', async () => {
    const header = { x: 'x'.repeat(8200) }
    expect(await outcomeLater(() => signCompact('x', key, { header }))).toBe('too_large')
    expect(await outcomeLater(() => verifyCompact(raw({ alg: 'HS256', ...header }, 'eA'), key))).toBe(
      'too_large',
    )
  })
})

describe('refuses', () => {
  test.each([
    ['no text', 5],
    ['a JWE', 'a.b.c.d.e'],
    ['JSON', '{"payload":""}'],
    ['white space', ' eyJhbGciOiJIUzI1NiJ9.eA.AAAA'],
    ['padding', `${raw({ alg: 'HS256' }, 'eA')}=`],
    ['a payload that is not canonical', raw({ alg: 'HS256' }, 'eB')],
    ['no signature', 'eyJhbGciOiJIUzI1NiJ9.eA.'],
    ['a duplicate member', raw('{"alg":"HS256","alg":"HS256"}', 'eA')],
    ['kid that is a number', raw({ alg: 'HS256', kid: 1 }, 'eA')],
  ])('%s as malformed', async (_name, jws) => {
    expect(await outcomeLater(() => verifyCompact(jws as string, key))).toBe('malformed')
  })

  test('what the engine refuses, in its order', async () => {
    const good = await signCompact('x', key)
    expect(await outcomeLater(() => verifyCompact(raw({ alg: 'none' }, 'eA'), key))).toBe('alg_not_allowed')
    expect(await outcomeLater(() => verifyCompact(raw({ alg: 'HS384' }, 'eA'), key))).toBe('alg_not_allowed')
    expect(await outcomeLater(() => verifyCompact(good, secret('HS256', `${sharedSecret}!`)))).toBe(
      'bad_signature',
    )
    const { publicJwk } = pairFor('ES256')
    const set = createLocalJwkSet({ keys: [{ ...publicJwk, kid: 'a' }] })
    expect(await outcomeLater(() => verifyCompact(raw({ alg: 'ES256', kid: 'b' }, 'eA'), set))).toBe(
      'key_not_found',
    )
  })

  test('keys that cannot do it', async () => {
    const own = await importKey(pairFor('ES256').privateJwk, { type: 'private' })
    expect(await outcomeLater(() => signCompact('x', own.publicKey as never))).toBe('key_invalid')
    expect(await outcomeLater(() => signCompact('x', sharedSecret as never))).toBe('key_invalid')
    expect(await outcomeLater(() => verifyCompact('a.b.c', own as never))).toBe('key_invalid')
    expect(await outcomeLater(() => verifyCompact('a.b.c', undefined as never))).toBe('key_invalid')
    expect(await outcomeLater(() => verifyCompact('a.b.c', 'raw'))).toBe('option_invalid')
  })

  test.each([
    [{ headers: {} }],
    [{ header: undefined }],
    [{ header: 'x' }],
    [{ header: { kid: 5 } }],
    [{ header: { b64: false } }],
    [{ header: { x: () => 1 } }],
    [{ detached: 'yes' }],
    [{ b64: 0 }],
  ])('options of signing that are invalid: %j', async (options) => {
    expect(await outcomeLater(() => signCompact('x', key, options as SignJwsOptions))).toBe('option_invalid')
  })

  test.each([
    [{ algorithm: 'HS256' }],
    [{ payload: undefined }],
    [{ payload: 5 }],
    [{ payload: '\ud800' }],
    [{ algorithms: [] }],
  ])('options of verifying that are invalid: %j', async (options) => {
    expect(await outcomeLater(() => verifyCompact('a.b.c', key, options as VerifyJwsOptions))).toBe(
      'option_invalid',
    )
  })

  test('a payload that is neither text nor octets, or no Unicode', async () => {
    for (const payload of [undefined, null, 5, {}, [1], '\ud800'])
      expect(await outcomeLater(() => signCompact(payload as string, key))).toBe('option_invalid')
  })

  test('and tells nothing of payload, key or signature', async () => {
    const jws = await signCompact('a very secret payload', key, { b64: false })
    const error = await rejection(verifyCompact(`${jws.slice(0, -4)}AAAA`, key))
    expect(error.message).not.toMatch(/secret payload|AAAA/)
  })
})

describe('with WebCrypto alone', () => {
  let jws: typeof JwsRoom
  let jwk: typeof JwkRoom
  beforeAll(async () => {
    ;[jws, jwk] = await loadPortable(() =>
      Promise.all([import('../../src/jws/index.ts'), import('../../src/jwk/index.ts')]),
    )
  })

  test.each(asymmetricAlgorithms.filter((name) => name !== 'ES256K'))(
    '%s signs what Node verifies, and the other way',
    async (algorithm) => {
      const { privateJwk, publicJwk } = pairFor(algorithm)
      const theirs = await jwk.importKey(privateJwk, { type: 'private' })
      const ours = await importKey(privateJwk, { type: 'private' })
      const signed = await jws.signCompact('x', theirs, { b64: false })
      expect(text((await verifyCompact(signed, ours.publicKey)).payload)).toBe('x')
      const back = await signCompact('y', ours)
      const publicKey = await jwk.importKey(publicJwk, { type: 'public' })
      expect(text((await jws.verifyCompact(back, publicKey)).payload)).toBe('y')
    },
  )
})
