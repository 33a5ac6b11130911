/** The library where there is no `node:crypto`: WebCrypto answers, and HMAC stays synchronous. */
import { beforeAll, describe, expect, test } from 'vitest'
import type * as Jose from '../src/index.ts'
import type { Jwk } from '../src/index.ts'
import {
  asymmetricAlgorithms,
  forge,
  hmacAlgorithms,
  pairFor,
  segment,
  sharedSecret,
  signatureOf,
} from './forge.ts'
import { turn } from './later.ts'
import { outcomeLater, outcomeOf } from './outcome.ts'
import { loadPortable } from './portable.ts'

let jose: typeof Jose
beforeAll(async () => {
  jose = await loadPortable(() => import('../src/index.ts'))
})

// WebCrypto has no secp256k1 anywhere.
const webAlgorithms = asymmetricAlgorithms.filter((name) => name !== 'ES256K')

const policy = { issuer: null, audience: null, requireExp: false } as const
const claims = { sub: 'a', text: 'é 한국어', exp: 4_000_000_000 }
const signed = (algorithm: (typeof asymmetricAlgorithms)[number], header: object = {}): string =>
  forge({ alg: algorithm, ...header }, claims, { algorithm, key: pairFor(algorithm).privateKey })
const publicKey = (algorithm: (typeof asymmetricAlgorithms)[number]) =>
  jose.importKey(pairFor(algorithm).publicJwk, { type: 'public' })

test('this file does run without node:crypto: only a promise answers for ES256', async () => {
  const key = await publicKey('ES256')
  expect(outcomeOf(() => jose.decode(signed('ES256'), key))).toBe('unsupported')
})

describe.each(hmacAlgorithms)('%s without node:crypto', (algorithm) => {
  test('is synchronous, and gives what node:crypto gives', () => {
    const key = jose.secret(algorithm, sharedSecret)
    const token = jose.encode(claims, key)
    const at = token.lastIndexOf('.')
    expect(token.slice(at + 1)).toBe(
      signatureOf(algorithm, sharedSecret, token.slice(0, at)).toString('base64url'),
    )
    expect(jose.decode(token, key)).toEqual(claims)
    expect(jose.createVerifier({ keys: key, ...policy }).verifySync(token).claims).toEqual(claims)
  })

  test('refuses every changed character', () => {
    const key = jose.secret(algorithm, sharedSecret)
    const token = jose.encode({ a: 1 }, key)
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === 'A' ? 'B' : 'A'
      const outcome = outcomeOf(() => jose.decode(token.slice(0, at) + other + token.slice(at + 1), key))
      expect(['bad_signature', 'malformed', 'alg_not_allowed']).toContain(outcome)
    }
    for (const bad of [
      `${token}=`,
      `${token}A`,
      token.slice(0, -1),
      `${token}\n`,
      token.replace('e', '\u0165'),
    ])
      expect(['bad_signature', 'malformed']).toContain(outcomeOf(() => jose.decode(bad, key)))
  })
})

test('the token of the primer comes out byte for byte', () => {
  const weak = jose.secret('HS256', 'secret', { allowWeakKey: true })
  expect(jose.encode({ 'user-id': 5 }, weak)).toBe(
    'eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ1c2VyLWlkIjo1fQ.tBQu0HfnOYK7lL3tH5ImgsI-y4Jz1RKscJWbV3U2QMI',
  )
})

describe.each(webAlgorithms)('%s without node:crypto', (algorithm) => {
  test('verifies what node:crypto signed, and signs what it verifies', async () => {
    const key = await publicKey(algorithm)
    expect((await jose.verifyJwt(signed(algorithm), key, policy)).claims).toEqual(claims)
    const own = await jose.importKey(pairFor(algorithm).privateJwk, { type: 'private' })
    const token = await jose.signJwt({ a: 1 }, own, { expiresIn: '1m' })
    expect((await jose.verifyJwt(token, own.publicKey, policy)).header).toMatchObject({ alg: algorithm })
  })

  test('refuses forged, zero, short, long and empty signatures with a code', async () => {
    const key = await publicKey(algorithm)
    const token = signed(algorithm)
    const head = token.slice(0, token.lastIndexOf('.'))
    const good = Buffer.from(token.slice(head.length + 1), 'base64url')
    const flipped = Buffer.from(good)
    flipped[10] = (flipped[10] ?? 0) ^ 1
    const bad = [
      flipped,
      Buffer.alloc(good.length),
      good.subarray(1),
      Buffer.concat([Buffer.of(0), good]),
      Buffer.alloc(8),
    ]
    for (const signature of bad) {
      const result = await jose.safeVerifyJwt(`${head}.${segment(signature)}`, key, policy)
      expect(result).toMatchObject({ ok: false, code: 'bad_signature' })
    }
    expect(await outcomeLater(() => jose.verifyJwt(`${head}.`, key, policy))).toBe('malformed')
    expect(await outcomeLater(() => jose.verifyJwt(`${token}=`, key, policy))).toBe('malformed')
  })

  test('judges claims only after the signature, and shows authentic ones then', async () => {
    const key = await publicKey(algorithm)
    const late = { ...policy, now: 5_000_000_000 }
    expect(await jose.safeVerifyJwt(signed(algorithm), key, late)).toMatchObject({
      code: 'expired',
      authentic: claims,
    })
    const { privateKey } = pairFor(algorithm, 'other')
    const forged = forge({ alg: algorithm }, claims, { algorithm, key: privateKey })
    const result = await jose.safeVerifyJwt(forged, key, late)
    expect(result).toMatchObject({ code: 'bad_signature' })
    expect(result).not.toHaveProperty('authentic')
  })

  test('reads and writes JWK, PEM and DER as node:crypto does', async () => {
    const { publicJwk, privateJwk, publicKey: node, privateKey } = pairFor(algorithm)
    const own = await jose.importKey(privateJwk, { type: 'private', extractable: true })
    expect(await jose.exportJwk(own)).toEqual({ ...privateJwk, use: 'sig' })
    expect(await jose.exportPem(own.publicKey)).toBe(node.export({ format: 'pem', type: 'spki' }))
    const spki = node.export({ format: 'der', type: 'spki' })
    const pkcs8 = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string
    expect(await jose.exportJwk(await jose.importKey(spki, { algorithm }))).toEqual({
      ...publicJwk,
      use: 'sig',
    })
    const again = await jose.importKey(pkcs8, { algorithm, type: 'private' })
    expect(await outcomeLater(() => jose.exportJwk(again))).toBe('key_invalid')
    expect(await jose.calculateThumbprint(again)).toBe(await jose.calculateThumbprint(publicJwk))
  })

  test('makes keys', async () => {
    const key = await jose.generateKey(algorithm)
    expect(key.kid).toBe(await jose.calculateThumbprint(key.publicKey))
    const token = await jose.signJwt({ a: 1 }, key, { expiresIn: null })
    expect((await jose.verifyJwt(token, key.publicKey, policy)).claims['a']).toBe(1)
    expect(await outcomeLater(() => jose.exportJwk(key))).toBe('key_invalid')
  })
})

// A rejection that nobody takes fails the run.
describe('what needs a promise says so, and leaves nothing unhandled', () => {
  test.each(webAlgorithms)('decode, encode, verifySync and safeVerifySync of %s', async (algorithm) => {
    const key = await publicKey(algorithm)
    const own = await jose.importKey(pairFor(algorithm).privateJwk, { type: 'private' })
    const verifier = jose.createVerifier({ keys: key, ...policy })
    const torn = `${signed(algorithm).slice(0, -4)}AAAA`
    expect(outcomeOf(() => jose.encode({}, own))).toBe('unsupported')
    for (const token of [signed(algorithm), torn]) {
      expect(outcomeOf(() => jose.decode(token, key))).toBe('unsupported')
      expect(outcomeOf(() => verifier.verifySync(token))).toBe('unsupported')
      expect(verifier.safeVerifySync(token)).toMatchObject({ ok: false, code: 'unsupported' })
    }
    expect(outcomeOf(() => jose.decode('a.b', key))).toBe('malformed')
    await turn()
  })

  test('a local JWK Set, whose keys are imported when they are first asked for', async () => {
    const keys = jose.createLocalJwkSet({ keys: [{ ...pairFor('ES256').publicJwk, kid: 'a' }] })
    const verifier = jose.createVerifier({ keys, ...policy })
    expect(outcomeOf(() => verifier.verifySync(signed('ES256', { kid: 'a' })))).toBe('unsupported')
    expect((await verifier.verify(signed('ES256', { kid: 'a' }))).claims.sub).toBe('a')
    expect(await outcomeLater(() => verifier.verify(signed('ES256', { kid: 'b' })))).toBe('key_not_found')
    await turn()
  })
})

describe('bad keys are refused with a code', () => {
  const { publicJwk, privateJwk } = pairFor('ES256')
  const other = pairFor('ES256', 'other')
  const okp = pairFor('Ed25519')
  const broken: [string, Jwk][] = [
    ['a point that is not on its curve', { ...publicJwk, y: publicJwk.x! }],
    ['a point of zeros', { ...publicJwk, x: segment(new Uint8Array(32)), y: segment(new Uint8Array(32)) }],
    ['halves of two EC keys', { ...privateJwk, x: other.publicJwk.x!, y: other.publicJwk.y! }],
    ['a private half of another EC key', { ...privateJwk, d: other.privateJwk.d! }],
    ['halves of two Ed25519 keys', { ...okp.privateJwk, x: pairFor('Ed25519', 'other').publicJwk.x! }],
    [
      'an RSA key with a modulus of another',
      { ...pairFor('RS256').privateJwk, n: pairFor('RS256', 'other').publicJwk.n! },
    ],
    ['a private scalar of zero', { ...privateJwk, d: segment(new Uint8Array(32)) }],
    ['a curve that its coordinates are not of', { ...publicJwk, crv: 'P-384', alg: 'ES384' }],
  ]

  test.each(broken)('%s', async (_name, jwk) => {
    expect(await outcomeLater(() => jose.importKey(jwk))).toBe('key_invalid')
  })

  test('DER that is cut off or changed', async () => {
    const der = new Uint8Array(pairFor('ES256').publicKey.export({ format: 'der', type: 'spki' }))
    for (const bytes of [der.subarray(0, 60), der.map((byte, at) => (at === 40 ? byte ^ 1 : byte))])
      expect(await outcomeLater(() => jose.importKey(bytes))).toBe('key_invalid')
  })

  test('and DER in shared memory is read', async () => {
    const der = pairFor('ES256').publicKey.export({ format: 'der', type: 'spki' })
    const shared = new Uint8Array(new SharedArrayBuffer(der.length))
    shared.set(der)
    expect(await outcomeLater(() => jose.importKey(shared))).toBe('accepted')
  })

  test('a broken key of a JWK Set is left out, with a warning', async () => {
    const warnings: string[] = []
    const keys = jose.createLocalJwkSet(
      {
        keys: [
          { ...publicJwk, y: publicJwk.x!, kid: 'bad' },
          { ...publicJwk, kid: 'good' },
        ],
      },
      { onWarning: (text) => warnings.push(text) },
    )
    expect(await outcomeLater(() => jose.verifyJwt(signed('ES256'), keys, policy))).toBe('accepted')
    expect(await outcomeLater(() => jose.verifyJwt(signed('ES256', { kid: 'bad' }), keys, policy))).toBe(
      'key_not_found',
    )
    expect(warnings).toHaveLength(1)
  })
})

test('T1 the algorithm of the key decides here too', async () => {
  const key = await publicKey('RS256')
  for (const algorithm of asymmetricAlgorithms) {
    if (algorithm === 'RS256') continue
    expect(await outcomeLater(() => jose.verifyJwt(signed(algorithm), key, policy))).toBe('alg_not_allowed')
  }
})
