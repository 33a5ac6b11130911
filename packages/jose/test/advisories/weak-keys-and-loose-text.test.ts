/** T12–T18: empty and weak keys, signatures and texts of which there is more than one spelling (§4.2). */
import fc from 'fast-check'
import { createHash, createSign } from 'node:crypto'
import { expect, test } from 'vitest'
import { importKey, type Jwk, type KeySet, secret, type VerificationKey } from '../../src/jwk/index.ts'
import { verifyJwt } from '../../src/jwt/index.ts'
import { asymmetricAlgorithms, forge, pairFor, segment, sharedSecret, token } from '../forge.ts'
import { outcomeOfToken } from '../later.ts'
import { outcomeLater, outcomeOf } from '../outcome.ts'

const hmac = secret('HS256', sharedSecret)
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

test('T12 CVE-2026-44351, CVE-2026-45363: an empty key is no key, wherever it comes from', async () => {
  const signedWithNothing = forge({ alg: 'HS256' }, { sub: 'admin' }, { key: new Uint8Array() })
  const empty = [undefined, '', new Uint8Array(), new ArrayBuffer(0), { kty: 'oct', k: '' }, {}, []]
  for (const nothing of empty) {
    for (const found of [nothing, [nothing], Promise.resolve([nothing])]) {
      const set = { selectKeys: () => found } as unknown as KeySet
      const outcome = await outcomeOfToken(signedWithNothing, set)
      expect(outcome).toBe(Array.isArray(found) && found.length === 0 ? 'key_not_found' : 'key_invalid')
    }
    expect(outcomeOf(() => secret('HS256', nothing as string, { allowWeakKey: true }))).toBe('key_invalid')
  }
  expect(
    await outcomeLater(() => importKey({ kty: 'oct', k: '', alg: 'HS256' }, { allowWeakKey: true })),
  ).toBe('key_invalid')
})

test('T13 CVE-2025-45768: secrets shorter than their hash and RSA keys below 2048 bits are weak', async () => {
  for (const [algorithm, least] of [
    ['HS256', 32],
    ['HS384', 48],
    ['HS512', 64],
  ] as const) {
    const bytes = Uint8Array.from({ length: least }, (_, at) => at + 1)
    expect(outcomeOf(() => secret(algorithm, bytes))).toBe('accepted')
    expect(outcomeOf(() => secret(algorithm, bytes.subarray(1)))).toBe('weak_key')
  }
  const { n = '', ...rsa } = pairFor('RS256').publicJwk
  const modulus = Buffer.from(n, 'base64url')
  modulus[0] = (modulus[0] ?? 0) & 0x7f
  const shorter = { ...rsa, n: modulus.toString('base64url') } as Jwk
  expect(await outcomeLater(() => importKey(shorter))).toBe('weak_key')
})

test('T14 CVE-2022-21449: an ECDSA signature of zeros, or of the order of the curve, is bad', async () => {
  const orders = {
    ES256: 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
    ES384: `${'f'.repeat(48)}c7634d81f4372ddf581a0db248b0a77aecec196accc52973`,
    ES512: `01${'f'.repeat(64)}fa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409`,
    ES256K: 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141',
  } as const
  for (const [algorithm, order] of Object.entries(orders) as [keyof typeof orders, string][]) {
    if (!asymmetricAlgorithms.includes(algorithm)) continue
    const key = await importKey(pairFor(algorithm).publicJwk, { algorithm, type: 'public' })
    const n = BigInt(`0x${order}`)
    const values = [0n, 1n, n - 1n, n, n + 1n, 2n ** BigInt(order.length * 4) - 1n]
    for (const r of values) {
      for (const s of values) {
        const hex = [r, s].map((value) => value.toString(16).padStart(order.length, '0')).join('')
        const value = `${segment({ alg: algorithm })}.${segment({})}.${segment(Buffer.from(hex, 'hex'))}`
        expect([algorithm, r, s, await outcomeOfToken(value, key)]).toEqual([
          algorithm,
          r,
          s,
          'bad_signature',
        ])
      }
    }
  }
})

/** Big-endian bytes as a number, and back. */
const toBigInt = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (let [rest, square] = [exponent, base]; rest > 0n; rest >>= 1n, square = (square * square) % modulus)
    if (rest & 1n) result = (result * square) % modulus
  return result
}

test('T15 CVE-2026-4600, CVE-2021-30246, CVE-2020-14966: RSA and ECDSA signatures have one form', async () => {
  const { publicJwk, privateJwk } = pairFor('RS256')
  const key = await importKey(publicJwk, { algorithm: 'RS256', type: 'public' })
  const [n = 0n, d = 0n] = [privateJwk.n, privateJwk.d].map((member) =>
    toBigInt(Buffer.from(member ?? '', 'base64url')),
  )
  const input = `${segment({ alg: 'RS256' })}.${segment({ sub: 'a' })}`
  const hash = createHash('sha256').update(input).digest()
  const prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex')
  /** What comes out when the padded text is signed as it is. */
  const sign = (padded: Uint8Array): Buffer =>
    Buffer.from(power(toBigInt(padded), d, n).toString(16).padStart(512, '0'), 'hex')
  const pad = (inner: Uint8Array, fill = 0xff): Buffer =>
    Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(253 - inner.length, fill), Buffer.from([0]), inner])
  const info = Buffer.concat([prefix, hash])
  const withoutNull = Buffer.concat([Buffer.from('302f300b06096086480165030402010420', 'hex'), hash])
  const longLength = Buffer.concat([Buffer.from('308131300d060960864801650304020105000420', 'hex'), hash])
  const outcome = (signature: Uint8Array): Promise<string> =>
    outcomeOfToken(`${input}.${segment(signature)}`, key)
  expect(await outcome(sign(pad(info)))).toBe('accepted')
  const short = Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(8, 0xff), Buffer.from([0]), info])
  const good = sign(pad(info))
  const bad: Record<string, Uint8Array> = {
    'rubbish behind a short padding (Bleichenbacher 2006)': sign(
      Buffer.concat([short, Buffer.alloc(256 - short.length, 7)]),
    ),
    'padding of other octets': sign(pad(info, 0xfe)),
    'an algorithm without its NULL': sign(pad(withoutNull)),
    'a length in its long form': sign(pad(longLength)),
    'the hash alone': sign(pad(hash)),
    'a zero in front': Buffer.concat([Buffer.from([0]), good]),
    'an octet less': good.subarray(1),
    'an octet more': Buffer.concat([good, Buffer.from([0])]),
    'the modulus added': Buffer.from((toBigInt(good) + n).toString(16).padStart(514, '0'), 'hex'),
  }
  for (const [name, signature] of Object.entries(bad))
    expect([name, await outcome(signature)]).toEqual([name, 'bad_signature'])

  const ec = pairFor('ES256')
  const ecKey = await importKey(ec.publicJwk, { type: 'public' })
  const ecInput = `${segment({ alg: 'ES256' })}.${segment({})}`
  const der = createSign('sha256').update(ecInput).sign(ec.privateKey)
  expect(await outcomeOfToken(`${ecInput}.${segment(der)}`, ecKey)).toBe('bad_signature')
})

test('T16 CVE-2026-102269: a token has one spelling; any other is malformed', async () => {
  const parts = token({ sub: 'alice' }, { kid: 'k' }).split('.')
  const spellings = (part: string): string[] => {
    const last = alphabet.indexOf(part.slice(-1))
    // What base64 leaves unused in the last character.
    const unused = { 2: 15, 3: 3 }[part.length % 4] ?? 0
    const stray = unused === 0 ? [] : [part.slice(0, -1) + alphabet.charAt(last ^ 1)]
    const spaced = [' ', '\n', '\t', '\r\n', '\u00a0', '\u2028'].flatMap((space) => [
      `${part}${space}`,
      `${space}${part}`,
      `${part.slice(0, 3)}${space}${part.slice(3)}`,
    ])
    return [
      `${part}=`,
      `${part}==`,
      `=${part}`,
      `${part}A===`,
      ...stray,
      ...spaced,
      `${part}+`,
      `${part}/`,
      `${part}%3D`,
      `${part}\u0000`,
      part.replace(/[A-Z]/, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)),
    ]
  }
  for (const [index, part] of parts.entries()) {
    for (const spelling of spellings(part)) {
      const other = parts.toSpliced(index, 1, spelling).join('.')
      expect([index, spelling, await outcomeOfToken(other, hmac)]).toEqual([index, spelling, 'malformed'])
    }
  }
  const change = fc.record({ at: fc.nat(), to: fc.constantFrom(...Array.from(`${alphabet}=+/ .`)) })
  await fc.assert(
    fc.asyncProperty(change, async ({ at, to }) => {
      const good = parts.join('.')
      const other = good.slice(0, at % good.length) + to + good.slice((at % good.length) + 1)
      expect((await outcomeOfToken(other, hmac)) === 'accepted').toBe(other === good)
    }),
    { numRuns: 300 },
  )
})

test('T17 CVE-2024-25189: a MAC is compared as octets, and no prefix or suffix of it is enough', async () => {
  const [header, payload, signature = ''] = token({}).split('.')
  const mac = Buffer.from(signature, 'base64url')
  const outcome = (bytes: Uint8Array): Promise<string> =>
    outcomeOfToken(`${header}.${payload}.${segment(bytes)}`, hmac)
  for (let length = 1; length < mac.length; length += 1) {
    expect(await outcome(mac.subarray(0, length))).toBe('bad_signature')
    expect(await outcome(mac.subarray(mac.length - length))).toBe('bad_signature')
    const changed = Buffer.from(mac)
    changed[length] = (changed[length] ?? 0) ^ 0x80
    expect(await outcome(changed)).toBe('bad_signature')
  }
  expect(await outcome(Buffer.concat([mac, mac]))).toBe('bad_signature')
  expect(await outcome(mac.subarray(0, 0))).toBe('malformed')
  expect(await outcome(mac)).toBe('accepted')
})

test('T18 CVE-2022-39227: a JWT is compact; JSON, and text that is both, is malformed', async () => {
  const good = token({ sub: 'alice' })
  const [protectedHeader, payload, signature] = good.split('.')
  const flattened = { protected: protectedHeader, payload, signature }
  const general = { payload, signatures: [{ protected: protectedHeader, signature }] }
  const polyglot = `{"  ${good.split('.')[0]}.${segment({ sub: 'admin' })}.":"","protected":"${protectedHeader}","payload":"${payload}","signature":"${signature}"}`
  const policy = { issuer: null, audience: null, requireExp: false } as const
  for (const value of [
    JSON.stringify(flattened),
    JSON.stringify(general),
    polyglot,
    flattened,
    general,
    [good],
    `${good}\n{}`,
    `[${JSON.stringify(good)}]`,
  ]) {
    expect(await outcomeOfToken(value as string, hmac)).toBe('malformed')
    expect(await outcomeLater(() => verifyJwt(value as string, hmac as VerificationKey, policy))).toBe(
      'malformed',
    )
  }
})
