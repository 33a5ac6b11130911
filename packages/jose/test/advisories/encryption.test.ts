/** T43–T52: points, tags, bombs, passwords, oracles (§4.6). */
import fc from 'fast-check'
import { createHmac } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { expect, test, vi } from 'vitest'
import { decryptContent, encryptContent } from '../../src/crypto/content-cipher.ts'
import { encryptGcm } from '../../src/crypto/aes-gcm.ts'
import { isJoseError } from '../../src/errors.ts'
import { decryptCompact, type DecryptOptions, encryptCompact } from '../../src/jwe/index.ts'
import { type DecryptionKey, encryptionSecret, importKey, secret } from '../../src/jwk/index.ts'
import { verifyGeneral } from '../../src/jws/index.ts'
import { decode, decryptJwt, verifyJwt } from '../../src/jwt/index.ts'
import { pairFor, segment, sharedBytes, sharedSecret, signatureOf, token } from '../forge.ts'
import {
  agreements,
  flipped,
  headerOf,
  keyWraps,
  lockerFor,
  optionsFor,
  password,
  present,
  segmentOf,
  transports,
  withHeader,
  withSegment,
} from '../jwe/keys.ts'
import { outcomeLater, outcomeOf } from '../outcome.ts'

const outcome = (value: unknown, key: DecryptionKey, options?: DecryptOptions): Promise<string> =>
  outcomeLater(() => decryptCompact(value as string, key, options))
const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

test('T43 CVE-2016-9121, CVE-2017-16007: the sender’s point is on our curve, and of its full order', async () => {
  const { lock, open } = await lockerFor('ECDH-ES', 'P-256')
  const good = await encryptCompact('x', lock)
  const epk = headerOf(good)['epk'] as Record<string, string>
  const p384 = headerOf(await encryptCompact('x', (await lockerFor('ECDH-ES', 'P-384')).lock))['epk']
  const zeros = base64url(new Uint8Array(32))
  const points: object[] = [
    { ...epk, y: flipped(present(epk['y'])) },
    { ...epk, x: zeros, y: zeros },
    { ...epk, x: epk['y'], y: epk['x'] },
    { ...epk, x: base64url(new Uint8Array(32).fill(255)) },
    p384 as object,
    { ...(p384 as object), crv: 'P-256' },
    { kty: 'OKP', crv: 'X25519', x: epk['x'] },
  ]
  for (const point of points)
    expect([point, await outcome(withHeader(good, { epk: point }), open)]).toEqual([point, 'decrypt_failed'])
  expect(await outcome(good, open)).toBe('accepted')

  // Points of low order on Curve25519 (RFC 7748 §7), and the same in their other spellings.
  const low = [
    '00'.repeat(32),
    `01${'00'.repeat(31)}`,
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    `ec${'ff'.repeat(30)}7f`,
    `ed${'ff'.repeat(30)}7f`,
    `ee${'ff'.repeat(30)}7f`,
  ]
  const own = await lockerFor('ECDH-ES', 'X25519')
  const sealed = await encryptCompact('x', own.lock)
  for (const hex of low) {
    const point = { kty: 'OKP', crv: 'X25519', x: base64url(Buffer.from(hex, 'hex')) }
    expect([hex, await outcome(withHeader(sealed, { epk: point }), own.open)]).toEqual([
      hex,
      'decrypt_failed',
    ])
    expect([hex, await outcomeLater(() => importKey(point, { algorithm: 'ECDH-ES' }))]).toEqual([
      hex,
      'key_invalid',
    ])
  }
})

test('T44 CVE-2016-9122, CVE-2016-9123: lengths are counted in 64 bits, and each signature counts by itself', async () => {
  const cipher = {
    key: Uint8Array.from({ length: 32 }, (_, at) => at),
    iv: new Uint8Array(16),
    aad: new Uint8Array(40),
  }
  const scheme = { kind: 'cbc-hmac', hash: 'SHA-256' } as const
  const { ciphertext, tag } = await encryptContent(scheme, cipher, new Uint8Array(3))
  const mac = (length: Buffer): Buffer =>
    createHmac('sha256', cipher.key.subarray(0, 16))
      .update(Buffer.concat([cipher.aad, cipher.iv, ciphertext, length]))
      .digest()
      .subarray(0, 16)
  expect(Buffer.from(tag)).toEqual(mac(Buffer.from('0000000000000140', 'hex')))
  // 40 octets are 320 bits: a length that lost its upper half would be another.
  for (const wrong of ['00000140', '0000000000000040', '4001000000000000'])
    expect(
      await decryptContent(scheme, cipher, { ciphertext, tag: mac(Buffer.from(wrong, 'hex')) }),
    ).toBeUndefined()

  const key = secret('HS256', sharedSecret)
  const payload = segment('x')
  const sign = (header: object, bytes: Uint8Array) => {
    const encoded = segment(header)
    return { protected: encoded, signature: segment(signatureOf('HS256', bytes, `${encoded}.${payload}`)) }
  }
  const good = sign({ alg: 'HS256' }, sharedBytes)
  const forged = sign({ alg: 'HS256', admin: true }, new Uint8Array(32).fill(1))
  const both = { payload, signatures: [good, forged] }
  expect(await outcomeLater(() => verifyGeneral(both, key, { policy: 'all' }))).toBe('bad_signature')
  const { signatures } = await verifyGeneral(both, key, { policy: 'any' })
  expect(JSON.stringify(signatures)).not.toContain('admin')
  expect(
    await outcomeLater(() => verifyGeneral({ payload, signatures: [forged] }, key, { policy: 'any' })),
  ).toBe('bad_signature')
})

test('T45 CVE-2021-29443 to -29446: every failure to decrypt has one error, and tells no plaintext', async () => {
  const messages = new Set<string>()
  const plaintext = 'a secret of thirty-two octets!!!'
  for (const algorithm of [
    'A128CBC-HS256',
    'A256CBC-HS512',
    'A256GCM',
    'A128KW',
    'RSA-OAEP',
    'ECDH-ES+A128KW',
  ] as const) {
    const { lock, open } = await lockerFor(algorithm)
    const good = await encryptCompact(plaintext, lock)
    for (const index of [1, 2, 3, 4]) {
      if (segmentOf(good, index) === '') continue
      const error = await decryptCompact(
        withSegment(good, index, flipped(segmentOf(good, index))),
        open,
      ).then(
        () => undefined,
        (reason: unknown) => reason,
      )
      if (!isJoseError(error)) throw new Error('expected a JoseError')
      messages.add(`${error.code} ${error.message}`)
      expect(`${error.message}${error.stack}${String(error.cause)}`).not.toContain('secret of')
    }
  }
  expect([...messages]).toEqual(['decrypt_failed the token cannot be decrypted with this key'])
})

test('T46 CVE-2023-37464, CVE-2018-1000539: tags and initialization vectors have their whole length', async () => {
  for (const [algorithm, ivBytes, tagBytes] of [
    ['A256GCM', 12, 16],
    ['A128CBC-HS256', 16, 16],
    ['A256CBC-HS512', 16, 32],
  ] as const) {
    const { lock, open } = await lockerFor(algorithm)
    const good = await encryptCompact('x', lock)
    for (const [index, bytes] of [
      [2, ivBytes],
      [4, tagBytes],
    ] as const) {
      const whole = Buffer.from(segmentOf(good, index), 'base64url')
      expect(whole.length).toBe(bytes)
      for (const length of [0, 1, 4, 8, bytes - 1, bytes + 1, bytes * 2]) {
        const part = Buffer.concat([whole, whole]).subarray(0, length)
        expect([
          algorithm,
          index,
          length,
          await outcome(withSegment(good, index, base64url(part)), open),
        ]).toEqual([algorithm, index, length, 'malformed'])
      }
    }
  }
})

test('T47 CVE-2024-28176, CVE-2024-33664: a bomb is refused while it is unpacked, and only asked for ones are', async () => {
  const bytes = Uint8Array.from({ length: 32 }, (_, at) => at)
  const key = encryptionSecret('A256GCM', bytes)
  const header = segment({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' })
  const iv = new Uint8Array(12)
  const { ciphertext, tag } = await encryptGcm(
    { key: bytes, iv, aad: Buffer.from(header) },
    deflateRawSync(new Uint8Array(10 * 1024 * 1024)),
  )
  const bomb = [header, '', base64url(iv), base64url(ciphertext), base64url(tag)].join('.')
  expect(bomb.length).toBeLessThan(20_000)
  expect(await outcome(bomb, key)).toBe('alg_not_allowed')
  expect(await outcome(bomb, key, { allowZip: true })).toBe('too_large')
})

test('T48 CVE-2022-36083, CVE-2023-50658: a password’s work is asked for, bounded, and done for nothing else', async () => {
  const name = 'PBES2-HS256+A128KW'
  const key = encryptionSecret(name, password)
  const good = await encryptCompact('x', key, { pbes2Iterations: 1000 })
  expect(await outcome(good, key)).toBe('alg_not_allowed')
  const asked = { keyManagementAlgorithms: [name] } as const
  expect(await outcome(good, key, asked)).toBe('accepted')
  const derive = vi.spyOn(crypto.subtle, 'deriveBits')
  for (const p2c of [1_200_001, 2 ** 31, 2 ** 53, 1e300])
    expect(await outcome(withHeader(good, { p2c }), key, asked)).toBe('too_large')
  for (const p2c of [0, -1, 999, 1000.5, '1000', null, [1000], undefined])
    expect(await outcome(withHeader(good, { p2c }), key, asked)).toBe('malformed')
  for (const length of [0, 7, 1025])
    expect(await outcome(withHeader(good, { p2s: base64url(new Uint8Array(length)) }), key, asked)).toBe(
      'malformed',
    )
  expect(derive).not.toHaveBeenCalled()
  vi.restoreAllMocks()
})

test('T49 CVE-2026-34986, CVE-2024-21664: no segment that is empty breaks anything', async () => {
  for (const algorithm of [
    'A128GCM',
    'A128CBC-HS256',
    ...keyWraps,
    ...transports,
    ...agreements,
    'PBES2-HS256+A128KW',
  ] as const) {
    const { lock, open } = await lockerFor(algorithm)
    const { encrypt, decrypt } = optionsFor(algorithm)
    const good = await encryptCompact('content', lock, encrypt)
    for (const index of [0, 1, 2, 3, 4]) {
      const emptied = withSegment(good, index, '')
      const code = await outcome(emptied, open, decrypt)
      expect([algorithm, index, code]).toEqual([
        algorithm,
        index,
        emptied === good ? 'accepted' : expect.stringMatching(/^(malformed|decrypt_failed)$/),
      ])
    }
    for (const value of ['....', `${segmentOf(good, 0)}....`])
      expect(await outcome(value, open, decrypt)).toBe('malformed')
  }
})

test('T50 CVE-2023-25653: whatever is made of a token, the answer is one of our codes, or the plaintext', async () => {
  const lockers = await Promise.all(
    (['ECDH-ES', 'A128GCMKW', 'A128CBC-HS256', 'RSA-OAEP'] as const).map((name) => lockerFor(name)),
  )
  const tokens = await Promise.all(lockers.map(({ lock }) => encryptCompact('content', lock)))
  const change = fc.record({
    which: fc.nat(lockers.length - 1),
    segment: fc.nat(4),
    at: fc.nat(),
    to: fc.string({ maxLength: 3 }),
    cut: fc.nat(3),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const which = present(changes[0]).which
      let value = present(tokens[which])
      for (const { segment: index, at, to, cut } of changes) {
        const parts = value.split('.')
        const part = parts[index % parts.length] ?? ''
        const from = at % (part.length + 1)
        value = parts
          .toSpliced(index % parts.length, 1, part.slice(0, from) + to + part.slice(from + cut))
          .join('.')
      }
      const code = await outcome(value, present(lockers[which]).open)
      expect(code === 'accepted' ? value === tokens[which] : /^[a-z_]+$/.test(code)).toBe(true)
    }),
    { numRuns: 400 },
  )
})

test('T51 CVE-2023-51774: an encrypted token is no signed one, and who decrypts it learns that anybody may have written it', async () => {
  const { lock, open } = await lockerFor('RSA-OAEP')
  const byAnybody = await encryptCompact(JSON.stringify({ sub: 'admin' }), lock)
  const policy = { issuer: null, audience: null, requireExp: false, typ: null } as const
  const publicKey = await importKey(pairFor('RS256').publicJwk, { type: 'public' })
  for (const key of [publicKey, secret('HS256', sharedSecret)]) {
    const error = await verifyJwt(byAnybody, key, policy).then(
      () => undefined,
      (reason: Error) => reason,
    )
    expect(isJoseError(error) ? [error.code, /JWE|encrypted/.test(error.message)] : error).toEqual([
      'malformed',
      true,
    ])
    expect(outcomeOf(() => decode(byAnybody, key))).toBe('malformed')
  }
  expect((await decryptJwt(byAnybody, open, policy)).sender).toBe('anybody')
  const shared = await lockerFor('A256KW')
  const byHolder = await encryptCompact(JSON.stringify({ sub: 'a' }), shared.lock)
  expect((await decryptJwt(byHolder, shared.open, policy)).sender).toBe('secret-holder')
  expect(await outcomeLater(() => decryptJwt(token({ sub: 'a' }), shared.open, policy))).toBe('malformed')
})

test('T52 CVE-2026-28490, CVE-2024-21484: no RSA1_5, and a wrong RSA-OAEP key fails like a wrong tag', async () => {
  const { lock, open } = await lockerFor('RSA-OAEP')
  const good = await encryptCompact('x', lock)
  expect(await outcome(withHeader(good, { alg: 'RSA1_5' }), open)).toBe('alg_not_allowed')
  const { alg: _alg, ...jwk } = pairFor('RS256').privateJwk
  expect(await outcomeLater(() => importKey({ ...jwk, alg: 'RSA1_5' }))).toMatch(
    /^(unsupported|key_invalid)$/,
  )
  expect(await outcomeLater(() => importKey(jwk, { algorithm: 'RSA1_5' as 'RSA-OAEP' }))).toBe(
    'option_invalid',
  )
  const errors = await Promise.all(
    [
      withSegment(good, 1, base64url(new Uint8Array(256).fill(1))),
      withSegment(good, 1, flipped(segmentOf(good, 1))),
      withSegment(good, 4, flipped(segmentOf(good, 4))),
    ].map((value) =>
      decryptCompact(value, open).then(
        () => '',
        (error: unknown) => (isJoseError(error) ? `${error.code} ${error.message}` : String(error)),
      ),
    ),
  )
  expect(new Set(errors)).toEqual(new Set(['decrypt_failed the token cannot be decrypted with this key']))
})
