/** Verification in WebAssembly says of every signature what the runtime says. */
import { createECDH, createHash, createPublicKey, sign, verify } from 'node:crypto'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { orderOf } from '../../src/crypto/curve-point.ts'
import type { CurveVerifier } from '../../src/crypto/curve-tables.ts'
import { openEd25519 } from '../../src/crypto/ed25519-tables.ts'
import { longestText } from '../../src/crypto/engine.ts'
import { openP256 } from '../../src/crypto/p256-tables.ts'
import { lacks } from '../../src/crypto/runtime-name.ts'
import { useTablesAtOnce, withTables } from '../../src/crypto/signature-tables.ts'
import { importKey } from '../../src/jwk/import.ts'
import { type PublicKey, requireMaterial } from '../../src/jwk/key.ts'
import type { PublicMaterial } from '../../src/crypto/material.ts'
import { createVerifier } from '../../src/jwt/verifier.ts'
import { asymmetricAlgorithms, forge, now, pairFor, sharedSecret } from '../forge.ts'
import { outcomeOf } from '../outcome.ts'
import { secret } from '../../src/jwk/secret.ts'
import { fromHex } from '../vectors.ts'

beforeAll(async () => {
  if (!(await useTablesAtOnce(false))) throw lacks('verification in WebAssembly')
})

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const big = (value: bigint): Uint8Array => fromHex(value.toString(16).padStart(64, '0'))
const little = (value: bigint): Uint8Array => big(value).reverse()
const numberOf = (octets: Uint8Array): bigint => BigInt(`0x${Buffer.from(octets).toString('hex')}`)
const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
const base64url = (octets: Uint8Array): string => Buffer.from(octets).toString('base64url')
const reversed = (octets: Uint8Array): Uint8Array => Uint8Array.from(octets).reverse()

type Jwk = Readonly<Record<string, string>>

/** What `node:crypto` says of a signature, r and s of fixed size where there are two. */
function runtimeSays(jwk: Jwk, data: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  return 'y' in jwk
    ? verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature)
    : verify(null, data, key, signature)
}

/** Both say the same, and it was not the runtime that said it. */
function expectAgreement(
  curve: CurveVerifier,
  jwk: Jwk,
  signed: readonly [Uint8Array, Uint8Array][],
): boolean[] {
  const byTable = curve.prepare(jwk)
  return signed.map(([data, signature]) => {
    const verdict = byTable(data, signature, true)
    expect(verdict).toBe(runtimeSays(jwk, data, signature))
    return verdict!
  })
}

/** Every bit of a signature, and every octet of what was signed. */
function changed(data: Uint8Array, signature: Uint8Array): [Uint8Array, Uint8Array][] {
  const flip = (octets: Uint8Array, at: number, bit: number): Uint8Array =>
    octets.map((octet, index) => (index === at ? octet ^ (1 << bit) : octet))
  return [
    ...Array.from({ length: 512 }, (_, bit): [Uint8Array, Uint8Array] => [
      data,
      flip(signature, bit >> 3, bit & 7),
    ]),
    ...Array.from(data, (_, at): [Uint8Array, Uint8Array] => [flip(data, at, at & 7), signature]),
  ]
}

describe('a signature of Ed25519', () => {
  const L = 2n ** 252n + 27742317777372353535851937790883648493n
  const p = 2n ** 255n - 19n
  let curve: CurveVerifier
  beforeAll(async () => void (curve = await openEd25519()))

  test.each([
    [
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
    [
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      'af82',
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    ],
  ])('of RFC 8032 §7.1 is good under %s', (key, message, signature) => {
    const byTable = curve.prepare({ x: base64url(fromHex(key)) })
    expect(byTable(fromHex(message), fromHex(signature), true)).toBe(true)
    expect(byTable(fromHex(`${message}00`), fromHex(signature), true)).toBe(false)
  })

  const { privateKey, publicJwk } = pairFor('Ed25519', 'tables')
  const jwk: Jwk = { kty: 'OKP', crv: 'Ed25519', x: publicJwk.x as string }
  const made = (data: Uint8Array): Uint8Array => new Uint8Array(sign(null, data, privateKey))

  test('is good as made, and bad with any bit of it or any octet of the data changed', () => {
    for (const length of [0, 1, 111, 112, 127, 128, 300, 5000]) {
      const data = new Uint8Array(length).fill(length)
      expect(expectAgreement(curve, jwk, [[data, made(data)]])).toEqual([true])
    }
    const data = text('what was signed')
    expect(expectAgreement(curve, jwk, changed(data, made(data)))).not.toContain(true)
  })

  test('is bad with an S that is not below the order, or an R in another spelling (RFC 8032 §5.1.7)', () => {
    const data = text('S and R')
    const [r, s] = [made(data).slice(0, 32), numberOf(reversed(made(data).slice(32)))]
    const scalars = [s + L, s + 2n * L, 0n, 1n, L - 1n, L, L + 1n, 2n ** 253n, 2n ** 256n - 1n]
    const points = [0n, 1n, 2n, p - 1n, p, p + 1n, p + 2n, 2n ** 255n - 1n].flatMap((y) => [
      y,
      y + 2n ** 255n,
    ])
    const signed = [
      ...scalars.map((scalar): [Uint8Array, Uint8Array] => [data, join(r, little(scalar))]),
      ...points.flatMap((y) =>
        [0n, s, L].map((scalar): [Uint8Array, Uint8Array] => [data, join(little(y), little(scalar))]),
      ),
    ]
    expect(expectAgreement(curve, jwk, signed)).not.toContain(true)
  })

  /** Points of order 1, 2, 4 and 8, and what lies between p and 2²⁵⁵, under either sign. */
  const order8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n
  const odd = [0n, 1n, p - 1n, order8, p - order8, p, p + 1n].flatMap((y) => [y, y + 2n ** 255n])

  test.each(odd)('under the key %i, which proves nothing, is left to the runtime', (key) => {
    const byTable = curve.prepare({ ...jwk, x: base64url(little(key)) })
    // Under the neutral point, R neutral and S of 0 are good whatever the message is.
    expect(byTable(text('a message'), join(little(1n), little(0n)), true)).toBeUndefined()
  })

  test('with an R of small order is left to the runtime where it would be good, and bad otherwise', () => {
    const data = text('what was signed')
    const encoded = Buffer.from(publicJwk.x ?? '', 'base64url')
    const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url')
    const half = createHash('sha512').update(seed).digest().subarray(0, 32)
    const scalar = (numberOf(reversed(half)) & ((1n << 254n) - 8n)) | (1n << 254n)
    const r = little(1n)
    const k = numberOf(reversed(createHash('sha512').update(r).update(encoded).update(data).digest()))
    const s = little((k * scalar) % L)
    const byTable = curve.prepare(jwk)
    expect(byTable(data, join(r, s), true)).toBeUndefined()
    expect(byTable(data, join(r, little(1n)), true)).toBe(false)
  })

  test('under a key that no point has is left to the runtime', () => {
    const byTable = curve.prepare({ x: base64url(little(2n)) })
    expect(byTable(text(''), new Uint8Array(64), true)).toBeUndefined()
  })

  test('of more than the engine has room for is left to the runtime', () => {
    const byTable = curve.prepare(jwk)
    for (const [length, verdict] of [
      [longestText, true],
      [longestText + 1, undefined],
    ] as const) {
      const data = new Uint8Array(length)
      expect(byTable(data, made(data), true)).toBe(verdict)
    }
  })
})

describe('a signature of ES256', () => {
  const n = orderOf('P-256')
  let curve: CurveVerifier
  beforeAll(async () => void (curve = await openP256()))

  test.each([
    [
      'sample',
      'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
    ],
    [
      'test',
      'f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083',
    ],
  ])('of RFC 6979 §A.2.5, of "%s", is good', (message, signature) => {
    const byTable = curve.prepare({
      x: base64url(fromHex('60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6')),
      y: base64url(fromHex('7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299')),
    })
    expect(byTable(text(message), fromHex(signature), true)).toBe(true)
    expect(byTable(text(`${message}.`), fromHex(signature), true)).toBe(false)
  })

  const { privateKey, publicJwk } = pairFor('ES256', 'tables')
  const jwk: Jwk = { kty: 'EC', crv: 'P-256', x: publicJwk.x as string, y: publicJwk.y as string }
  const made = (data: Uint8Array): Uint8Array =>
    new Uint8Array(sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }))

  test('is good as made, and bad with any bit of it or any octet of the data changed', () => {
    for (const length of [0, 1, 55, 56, 64, 300, 5000]) {
      const data = new Uint8Array(length).fill(length)
      expect(expectAgreement(curve, jwk, [[data, made(data)]])).toEqual([true])
    }
    const data = text('what was signed')
    expect(expectAgreement(curve, jwk, changed(data, made(data)))).not.toContain(true)
  })

  test('is good with s and with n − s, and bad with r or s out of their range (FIPS 186-5 §6.4.2)', () => {
    const data = text('r and s')
    const own = made(data)
    const [ownR, ownS] = [numberOf(own.slice(0, 32)), numberOf(own.slice(32))]
    const both = [ownS, n - ownS].map((half): [Uint8Array, Uint8Array] => [data, join(big(ownR), big(half))])
    expect(expectAgreement(curve, jwk, both)).toEqual([true, true])
    const edges = [0n, 1n, 2n, n - 1n, n, n + 1n, 2n ** 256n - 1n, 2n ** 255n, ownR, ownS]
    const crossed = edges.flatMap((left) =>
      edges
        .filter((right) => left !== ownR || right !== ownS)
        .map((right): [Uint8Array, Uint8Array] => [data, join(big(left), big(right))]),
    )
    expect(expectAgreement(curve, jwk, crossed)).not.toContain(true)
  })

  /** The key of a private number. */
  const keyOf = (d: bigint): Jwk => {
    const pair = createECDH('prime256v1')
    pair.setPrivateKey(big(d))
    const point = pair.getPublicKey()
    return { ...jwk, x: base64url(point.subarray(1, 33)), y: base64url(point.subarray(33)) }
  }
  const invert = (value: bigint): bigint => {
    let [result, base] = [1n, value % n]
    for (let exponent = n - 2n; exponent > 0n; exponent >>= 1n) {
      if (exponent & 1n) result = (result * base) % n
      base = (base * base) % n
    }
    return result
  }

  test('whose sum is infinite is left to the runtime, which refuses it', () => {
    const data = text('z + r d = 0')
    const z = numberOf(createHash('sha256').update(data).digest())
    for (const [r, s] of [
      [1n, 1n],
      [5n, 3n],
      [n - 1n, 2n ** 200n],
    ] as const) {
      const key = keyOf((((n - (z % n)) % n) * invert(r)) % n)
      const signature = join(big(r), big(s))
      expect(curve.prepare(key)(data, signature, true)).toBeUndefined()
      expect(runtimeSays(key, data, signature)).toBe(false)
    }
  })

  test('whose sum is of a point and itself is left to the runtime', () => {
    const data = text('z = r d')
    const z = numberOf(createHash('sha256').update(data).digest())
    // u2 is 1, and u1 G is Q.
    const r = 7n
    const key = keyOf(((z % n) * invert(r)) % n)
    expect(curve.prepare(key)(data, join(big(r), big(r)), true)).toBeUndefined()
  })

  test('under the base point, its negative and their neighbours is judged as the runtime does', () => {
    for (const d of [1n, 2n, 3n, 127n, 128n, 2n ** 252n, n - 2n, n - 1n]) {
      const key = keyOf(d)
      const byTable = curve.prepare(key)
      const data = text(`key ${d}`)
      for (const [r, s] of [
        [1n, 1n],
        [2n, 1n],
        [1n, n - 1n],
        [n - 1n, 64n],
      ] as const) {
        const signature = join(big(r), big(s))
        const verdict = byTable(data, signature, true)
        expect(verdict ?? false).toBe(runtimeSays(key, data, signature))
      }
    }
  })
})

describe('a key with a table', () => {
  const material = async (algorithm: 'ES256' | 'Ed25519'): Promise<PublicMaterial> =>
    requireMaterial(await importKey(pairFor(algorithm).publicJwk, { algorithm })) as PublicMaterial

  test.each(['ES256', 'Ed25519'] as const)(
    'of %s is the runtime’s until its table is whole, with one verdict',
    async (algorithm) => {
      const own = await material(algorithm)
      const byRuntime = vi.fn<PublicMaterial['verify']>((data, signature) => own.verify(data, signature))
      const tabled = withTables({ ...own, verify: byRuntime }) as PublicMaterial
      const data = text('often')
      const hash = algorithm === 'ES256' ? 'sha256' : null
      const good = sign(hash, data, { key: pairFor(algorithm).privateKey, dsaEncoding: 'ieee-p1363' })
      const bad = good.map((octet, index) => (index === 5 ? octet ^ 1 : octet))
      // 64 to be worth it, and a window of the base point's table or of its own at each that follows.
      for (let count = 0; count < 64 + 2 * 37 + 10; count += 1) {
        expect(tabled.verify(data, good)).toBe(true)
        expect(tabled.verify(data, bad)).toBe(false)
      }
      const asked = byRuntime.mock.calls.length
      expect(asked).toBeGreaterThanOrEqual(64 + 37)
      expect(asked).toBeLessThanOrEqual(64 + 2 * 37)
      expect(tabled.verify(data, good)).toBe(true)
      expect(byRuntime.mock.calls.length).toBe(asked)
    },
  )

  test('is one for all verifiers', async () => {
    const own = await material('ES256')
    expect(withTables(own)).toBe(withTables(own))
  })

  test.each(asymmetricAlgorithms.filter((name) => !['ES256', 'Ed25519', 'EdDSA'].includes(name)))(
    'is not to be had for %s',
    async (algorithm) => {
      const own = requireMaterial(
        await importKey(pairFor(algorithm).publicJwk, { algorithm }),
      ) as PublicMaterial
      expect(withTables(own)).toBe(own)
    },
  )

  test('is not to be had where no code may be compiled, and the runtime goes on', async () => {
    const instantiate = vi.spyOn(WebAssembly, 'instantiate').mockRejectedValue(new Error('not here'))
    try {
      expect(await useTablesAtOnce(true)).toBe(false)
      const tabled = withTables({ ...(await material('ES256')) }) as PublicMaterial
      const data = text('still')
      const good = sign('sha256', data, { key: pairFor('ES256').privateKey, dsaEncoding: 'ieee-p1363' })
      expect(tabled.verify(data, good)).toBe(true)
      expect(tabled.verify(text('another'), good)).toBe(false)
    } finally {
      instantiate.mockRestore()
      await useTablesAtOnce(false)
    }
  })
})

describe('the option signatures', () => {
  const policy = { issuer: null, audience: null, now, cache: false } as const
  const claims = { sub: 'alice', exp: now + 60 }

  test.each(['ES256', 'Ed25519'] as const)('has the verdicts of the runtime for %s', async (algorithm) => {
    const { publicJwk, privateKey } = pairFor(algorithm)
    const keys = (await importKey(publicJwk, { algorithm })) as PublicKey
    const byRuntime = createVerifier({ ...policy, keys, signatures: 'runtime' })
    const byTable = createVerifier({ ...policy, keys, signatures: 'webassembly' })
    const made = (set: object, key = privateKey): string => forge({ alg: algorithm }, set, { algorithm, key })
    const good = made(claims)
    const tokens = [
      good,
      made({ ...claims, exp: now - 60 }),
      made({ sub: 'bob' }),
      made(claims, pairFor(algorithm, 'other').privateKey),
      `${good.slice(0, -8)}AAAAAAAA`,
      good.slice(0, -4),
    ]
    for (let round = 0; round < 80; round += 1)
      for (const token of tokens)
        expect(outcomeOf(() => byTable.verifySync(token))).toBe(outcomeOf(() => byRuntime.verifySync(token)))
  })

  test('is taken with any key, and does nothing for a secret', () => {
    const verifier = createVerifier({
      ...policy,
      keys: secret('HS256', sharedSecret),
      signatures: 'webassembly',
    })
    expect(verifier.verifySync(forge({ alg: 'HS256' }, claims)).claims).toEqual(claims)
  })

  test.each([true, 'wasm', null, ['webassembly']])('is not %j', (signatures) => {
    const options = { ...policy, keys: secret('HS256', sharedSecret), signatures } as never
    expect(outcomeOf(() => createVerifier(options))).toBe('option_invalid')
  })
})
