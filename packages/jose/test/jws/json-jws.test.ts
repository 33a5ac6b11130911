/** Both JSON serializations: RFC 7515 §7.2. */
import { describe, expect, test } from 'vitest'
import { generateKey } from '../../src/jwk/generate.ts'
import type { KeySet } from '../../src/jwk/key-set.ts'
import type { VerificationKey } from '../../src/jwk/key.ts'
import { secret } from '../../src/jwk/secret.ts'
import { type FlattenedJws, signFlattened, verifyFlattened } from '../../src/jws/flattened.ts'
import { type GeneralJws, type SignaturePolicy, signGeneral, verifyGeneral } from '../../src/jws/general.ts'
import { JoseError } from '../../src/errors.ts'
import { segment, sharedBytes, sharedSecret, signatureOf } from '../forge.ts'
import { outcomeLater, rejection } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** A flattened JWS with parts of one's own, MAC over protected and payload as sent. */
function raw(protectedHeader: unknown, members: object = {}, payload = segment('x')): FlattenedJws {
  const encoded = protectedHeader === undefined ? '' : segment(protectedHeader)
  const signature = signatureOf('HS256', sharedBytes, `${encoded}.${payload}`).toString('base64url')
  return { payload, ...(encoded === '' ? {} : { protected: encoded }), signature, ...members }
}

/** The key set of an application: its own key ID decides. */
const setOf = (...keys: VerificationKey[]): KeySet => ({
  selectKeys: ({ alg, kid }) =>
    keys.filter((key) => key.algorithm === alg && (kid === undefined || key.kid === kid)),
})

describe('flattened', () => {
  test('carries payload and headers, and tells the protected ones apart', async () => {
    const jws = await signFlattened('hello', key, {
      header: { typ: 'text' },
      unprotectedHeader: { kid: 'a', x: [1] },
    })
    expect(Object.keys(jws)).toEqual(['payload', 'protected', 'header', 'signature'])
    expect(jws.header).toEqual({ kid: 'a', x: [1] })
    for (const form of [jws, JSON.stringify(jws)]) {
      const verified = await verifyFlattened(form, key)
      expect(text(verified.payload)).toBe('hello')
      expect(verified.protectedHeader).toEqual({ alg: 'HS256', typ: 'text' })
      expect(verified.unprotectedHeader).toEqual({ kid: 'a', x: [1] })
    }
  })

  test('leaves header out when there is none, and names the key in the protected one', async () => {
    const named = await generateKey('ES256')
    const jws = await signFlattened('hello', named)
    expect(Object.keys(jws)).toEqual(['payload', 'protected', 'signature'])
    const { protectedHeader, unprotectedHeader } = await verifyFlattened(jws, named.publicKey)
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: named.kid })
    expect(unprotectedHeader).toEqual({})
  })

  test('holds no payload when it is detached, and any text when it is not encoded', async () => {
    const apart = await signFlattened('hello', key, { detached: true })
    expect(apart).not.toHaveProperty('payload')
    expect(text((await verifyFlattened(apart, key, { payload: 'hello' })).payload)).toBe('hello')
    expect(await outcomeLater(() => verifyFlattened(apart, key))).toBe('malformed')
    const bare = await signFlattened('$.02 é 👋\n', key, { b64: false })
    expect(bare.payload).toBe('$.02 é 👋\n')
    expect(text((await verifyFlattened(bare, key)).payload)).toBe('$.02 é 👋\n')
    expect(await outcomeLater(() => verifyFlattened(bare, key, { payload: '$.02 é 👋\n' }))).toBe('malformed')
  })

  test('chooses the key by kid, in whichever header it stands', async () => {
    const [a, b] = [await generateKey('ES256'), await generateKey('ES256')]
    const keys = setOf(a.publicKey, b.publicKey)
    for (const unprotectedHeader of [{}, { kid: b.kid! }]) {
      const jws = await signFlattened('x', b, { unprotectedHeader })
      expect(await outcomeLater(() => verifyFlattened(jws, keys))).toBe('accepted')
    }
    const other = await signFlattened('x', b, { unprotectedHeader: { kid: a.kid! } })
    expect(await outcomeLater(() => verifyFlattened(other, keys))).toBe('bad_signature')
  })

  test.each([
    ['alg in both headers', raw({ alg: 'HS256' }, { header: { alg: 'HS256' } })],
    [
      'alg none beside the protected one (GHSA-jc38-x7x8-2xc8, T8)',
      raw({ alg: 'HS256' }, { header: { alg: 'none' } }),
    ],
    ['alg that nothing protects', raw(undefined, { header: { alg: 'HS256' } })],
    ['alg that nothing protects, beside other parameters', raw({ kid: 'a' }, { header: { alg: 'HS256' } })],
    ['no alg at all', raw({ kid: 'a' })],
    ['kid in both headers', raw({ alg: 'HS256', kid: 'a' }, { header: { kid: 'a' } })],
    ['crit that nothing protects', raw({ alg: 'HS256' }, { header: { crit: ['x'], x: 1 } })],
    ['b64 that nothing protects', raw({ alg: 'HS256' }, { header: { b64: false } })],
    ['an extension that nothing protects', raw({ alg: 'HS256', crit: ['x'] }, { header: { x: 1 } })],
    ['an empty header', raw({ alg: 'HS256' }, { header: {} })],
    ['a header that is null', raw({ alg: 'HS256' }, { header: null })],
    ['a header that is an array', raw({ alg: 'HS256' }, { header: ['x'] })],
    ['kid of another type', raw({ alg: 'HS256' }, { header: { kid: 5 } })],
    ['an empty protected header', raw(undefined, { protected: '' })],
    ['a protected header that is an object', raw({ alg: 'HS256' }, { protected: { alg: 'HS256' } })],
    ['a protected header that is an array', raw(['HS256'])],
    ['a payload that is an object', raw({ alg: 'HS256' }, { payload: {} })],
    ['a payload with a line end', raw({ alg: 'HS256' }, {}, `${segment('x')}\n`)],
    ['a payload that is not canonical', raw({ alg: 'HS256' }, {}, 'eB')],
    ['no payload', raw({ alg: 'HS256' }, { payload: undefined })],
    ['an empty signature', raw({ alg: 'HS256' }, { signature: '' })],
    [
      'a signature that is padded',
      raw({ alg: 'HS256' }, { signature: `${raw({ alg: 'HS256' }).signature}=` }),
    ],
    ['no signature', raw({ alg: 'HS256' }, { signature: undefined })],
    ['signatures beside the signature', raw({ alg: 'HS256' }, { signatures: [] })],
  ])('refuses %s as malformed', async (_name, jws) => {
    expect(await outcomeLater(() => verifyFlattened(jws, key))).toBe('malformed')
  })

  test.each([
    undefined,
    null,
    5,
    [],
    'x',
    '',
    '[]',
    '{"payload":"eA","payload":"eA"}',
    () => 1,
    { toJSON: () => 5 },
  ])('refuses %j in place of a JWS', async (jws) => {
    expect(await outcomeLater(() => verifyFlattened(jws as string, key))).toBe('malformed')
  })

  test('reads an object once, and survives whatever it is', async () => {
    const good = await signFlattened('x', key)
    let reads = 0
    const tricky = Object.defineProperty({ ...good }, 'payload', {
      enumerable: true,
      get: () => ((reads += 1) === 1 ? good.payload : segment('evil')),
    })
    expect(text((await verifyFlattened(tricky, key)).payload)).toBe('x')
    const cyclic: Record<string, unknown> = { ...good }
    cyclic['header'] = cyclic
    expect(await outcomeLater(() => verifyFlattened(cyclic as unknown as FlattenedJws, key))).toBe(
      'malformed',
    )
    const throwing = {
      get payload(): string {
        throw new TypeError('no')
      },
    }
    expect(await outcomeLater(() => verifyFlattened(throwing as unknown as FlattenedJws, key))).toBe(
      'malformed',
    )
  })

  test('has the same limits as the compact form', async () => {
    expect(await outcomeLater(() => signFlattened('x'.repeat(13_000), key))).toBe('too_large')
    const jws = await signFlattened('x'.repeat(13_000), key, { maxTokenLength: 20_000 })
    expect(await outcomeLater(() => verifyFlattened(jws, key))).toBe('too_large')
    expect(await outcomeLater(() => verifyFlattened(jws, key, { maxTokenLength: 20_000 }))).toBe('accepted')
    const set = setOf(key)
    expect(await outcomeLater(() => verifyFlattened(jws, set))).toBe('too_large')
  })

  test.each([{ alg: 'HS256' }, { crit: ['x'], x: 1 }, { b64: false }, { kid: 5 }])(
    'does not sign with an unprotected header of %j',
    async (unprotectedHeader) => {
      expect(await outcomeLater(() => signFlattened('x', key, { unprotectedHeader }))).toBe('option_invalid')
    },
  )

  test('does not sign a parameter into both headers', async () => {
    const options = { header: { typ: 'a' }, unprotectedHeader: { typ: 'a' } }
    expect(await outcomeLater(() => signFlattened('x', key, options))).toBe('option_invalid')
  })
})

describe('general', async () => {
  const [a, b, c] = [await generateKey('ES256'), await generateKey('Ed25519'), await generateKey('ES384')]
  const keys = setOf(a.publicKey, b.publicKey, c.publicKey)
  const good = await signGeneral('hello', [
    { key: a },
    { key: b, header: { typ: 'x' } },
    { key: c, unprotectedHeader: { kid: c.kid! } },
  ])
  const outcome = (
    jws: unknown,
    policy: SignaturePolicy,
    set: KeySet | VerificationKey = keys,
  ): Promise<string> => outcomeLater(() => verifyGeneral(jws as GeneralJws, set, { policy }))
  const spoiled = (...indexes: number[]): GeneralJws => ({
    ...good,
    signatures: good.signatures.map((item, index) =>
      indexes.includes(index)
        ? { ...item, signature: good.signatures.at((index + 1) % 3)?.signature ?? '' }
        : item,
    ),
  })

  test('tells which signatures were good, and under which key', async () => {
    for (const form of [good, JSON.stringify(good)]) {
      const { payload, signatures } = await verifyGeneral(form, keys, { policy: 'all' })
      expect(text(payload)).toBe('hello')
      expect(signatures.map(({ index, kid }) => [index, kid])).toEqual([
        [0, a.kid],
        [1, b.kid],
        [2, c.kid],
      ])
      expect(signatures[1]?.protectedHeader).toEqual({ alg: 'Ed25519', kid: b.kid, typ: 'x' })
      expect(signatures[2]).toMatchObject({
        protectedHeader: { alg: 'ES384' },
        unprotectedHeader: { kid: c.kid },
      })
    }
  })

  test('policy all: one bad signature is enough to refuse', async () => {
    for (const index of [0, 1, 2]) expect(await outcome(spoiled(index), 'all')).toBe('bad_signature')
    expect(await outcome(good, 'all', setOf(a.publicKey, b.publicKey))).toBe('key_not_found')
  })

  test('a policy with holes instead of key IDs is option_invalid: it would be satisfied by keys without one', async () => {
    const holes = Object.assign([], { length: 2 }) as unknown as SignaturePolicy
    const nameless = secret('HS256', sharedSecret)
    const signed = await signGeneral('hello', [{ key: nameless }])
    expect(await outcome(signed, holes, nameless)).toBe('option_invalid')
  })

  test('policy any: one good signature is enough, and the first of them is told', async () => {
    expect(await outcome(spoiled(0, 1), 'any')).toBe('accepted')
    const { signatures } = await verifyGeneral(spoiled(0), keys, { policy: 'any' })
    expect(signatures.map(({ index }) => index)).toEqual([1])
    expect(await outcome(spoiled(0, 1, 2), 'any')).toBe('bad_signature')
    expect(await outcome(good, 'any', setOf())).toBe('key_not_found')
  })

  test('a list of key IDs: each of these keys has signed, whatever the others did', async () => {
    expect(await outcome(spoiled(0), [b.kid!, c.kid!])).toBe('accepted')
    expect(await outcome(spoiled(0), [a.kid!])).toBe('bad_signature')
    expect(await outcome(good, [a.kid!, b.kid!, c.kid!])).toBe('accepted')
    expect(await outcome(good, ['unknown'])).toBe('bad_signature')
    const stripped = { ...good, signatures: good.signatures.slice(0, 1) }
    expect(await outcome(stripped, 'all')).toBe('accepted')
    expect(await outcome(stripped, [a.kid!, b.kid!])).toBe('bad_signature')
  })

  test('a list of key IDs goes by the keys, not by what the JWS calls them', async () => {
    const forged = await signGeneral('hello', [{ key: a, header: { kid: 'b' } }])
    const set: KeySet = { selectKeys: () => [a.publicKey] }
    expect(await outcome(forged, ['b'], set)).toBe('bad_signature')
    expect(await outcome(forged, [a.kid!], set)).toBe('accepted')
  })

  test('one key twice is still one key', async () => {
    const twice = await signGeneral('hello', [{ key: a }, { key: a }])
    expect(await outcome(twice, [a.kid!, b.kid!])).toBe('bad_signature')
  })

  test.each([
    ['no signatures (CVE-2026-102946, T56)', { signatures: [] }],
    ['signatures that are no array', { signatures: { 0: good.signatures[0], length: 1 } }],
    ['no member signatures', { signatures: undefined }],
    ['a null among them', { signatures: [...good.signatures, null] }],
    ['text among them', { signatures: ['x'] }],
    [
      'an empty signature among them',
      { signatures: [...good.signatures, { ...good.signatures[0], signature: '' }] },
    ],
    [
      'a duplicate parameter among them',
      { signatures: [...good.signatures, { ...good.signatures[0], header: { alg: 'ES256' } }] },
    ],
    ['members of the flattened form', { signature: 'AAAA' }],
    ['a protected header of the flattened form', { protected: 'e30' }],
    ['a header of the flattened form', { header: { kid: 'a' } }],
  ])('is malformed under every policy: %s', async (_name, members) => {
    for (const policy of ['all', 'any', [a.kid!]] as const)
      expect(await outcome({ ...good, ...members }, policy)).toBe('malformed')
  })

  test('b64 must be the same for all signatures (RFC 7797 §3)', async () => {
    const unencoded = await signGeneral('aGVsbG8', [{ key: a }], { b64: false })
    expect(await outcome(unencoded, 'all')).toBe('accepted')
    const mixed = { payload: 'aGVsbG8', signatures: [...unencoded.signatures, good.signatures[1]] }
    for (const policy of ['all', 'any', [a.kid!]] as const)
      expect(await outcome(mixed, policy)).toBe('malformed')
  })

  test('a signature that can never count is bad, and does not spoil the others under any', async () => {
    const odd = [
      { protected: segment({ alg: 'none' }), signature: 'AAAA' },
      { protected: segment({ alg: 'HS1' }), signature: 'AAAA' },
      { protected: segment({ alg: 'ES256', crit: ['urn:x'], 'urn:x': 1 }), signature: 'AAAA' },
      { header: { alg: 'ES256' }, signature: 'AAAA' },
    ]
    const codes = ['alg_not_allowed', 'alg_not_allowed', 'crit_unsupported', 'malformed']
    for (const [index, item] of odd.entries()) {
      const jws = { ...good, signatures: [item, good.signatures[0]] }
      expect(await outcome(jws, 'any')).toBe('accepted')
      expect(await outcome(jws, [a.kid!])).toBe('accepted')
      expect(await outcome(jws, 'all')).toBe(codes[index])
      expect(await outcome({ ...good, signatures: [item] }, 'any')).toBe(codes[index])
    }
  })

  test('an outage of the keys is told as one, unless the policy is satisfied without them', async () => {
    const outage: KeySet = {
      selectKeys: ({ alg }) => {
        if (alg === 'ES256') return [a.publicKey]
        throw new JoseError('keys_unavailable', 'down')
      },
    }
    expect(await outcome(good, 'any', outage)).toBe('accepted')
    expect(await outcome(good, [a.kid!], outage)).toBe('accepted')
    expect(await outcome(spoiled(0), 'any', outage)).toBe('keys_unavailable')
    expect(await outcome(good, [a.kid!, b.kid!], outage)).toBe('keys_unavailable')
    const broken: KeySet = {
      selectKeys: () => {
        throw new TypeError('a fault of the application')
      },
    }
    expect(await outcome(good, 'any', broken)).toBe('TypeError: a fault of the application')
  })

  test('eight signatures are read, and no more', async () => {
    const many = (count: number): GeneralJws => ({
      ...good,
      signatures: good.signatures.slice(0, 1).flatMap((item) => Array.from({ length: count }, () => item)),
    })
    expect(await outcome(many(8), 'all')).toBe('accepted')
    expect(await outcome(many(9), 'any')).toBe('too_large')
    const signers = Array.from({ length: 9 }, () => ({ key: a }))
    expect(await outcomeLater(() => signGeneral('x', signers))).toBe('option_invalid')
  })

  test.each([undefined, null, 'ALL', 'none', '', [], [5], {}, true])(
    'policy %j is an option that is invalid',
    async (policy) => {
      expect(await outcome(good, policy as 'all')).toBe('option_invalid')
    },
  )

  test('the policy has no default', async () => {
    expect(await outcomeLater(() => verifyGeneral(good, keys, {} as { policy: 'all' }))).toBe(
      'option_invalid',
    )
    expect(await outcomeLater(() => verifyGeneral(good, keys, undefined as never))).toBe('option_invalid')
  })

  test('works detached', async () => {
    const jws = await signGeneral('apart', [{ key: a }, { key: b }], { detached: true })
    expect(jws).not.toHaveProperty('payload')
    expect(text((await verifyGeneral(jws, keys, { policy: 'all', payload: 'apart' })).payload)).toBe('apart')
    expect((await rejection(verifyGeneral(jws, keys, { policy: 'all' }))).code).toBe('malformed')
  })

  test.each([
    [[]],
    [undefined],
    [{}],
    [[null]],
    [[{ key: undefined }]],
    [[{ key: a, kid: 'x' }]],
    [[{ key: a, header: 5 }]],
  ])('does not sign for %#', async (signers) => {
    expect(await outcomeLater(() => signGeneral('x', signers as never))).toBe('option_invalid')
  })

  test('does not sign with a public key', async () => {
    expect(await outcomeLater(() => signGeneral('x', [{ key: a.publicKey as never }]))).toBe('key_invalid')
  })
})
