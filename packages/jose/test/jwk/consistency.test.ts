/** Private and public members that belong to different keys, points that prove nothing, numbers that cost too much. */
import { generateKeyPairSync } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { supports } from '../../src/jwa/supports.ts'
import type * as JwkRoom from '../../src/jwk/index.ts'
import type { Jwk } from '../../src/jwk/jwk.ts'
import { hasMlDsa, pairFor } from '../forge.ts'
import { outcomeLater } from '../outcome.ts'
import { loadPortable } from '../portable.ts'

type Algorithm = NonNullable<JwkRoom.ImportKeyOptions['algorithm']>

const generated = (type: 'x25519' | 'x448'): Jwk => {
  const pair = type === 'x25519' ? generateKeyPairSync(type) : generateKeyPairSync('x448')
  return pair.privateKey.export({ format: 'jwk' }) as Jwk
}

/** Two keys of one type, and the members that only a private key has. */
function twoOf(name: string): readonly [Jwk, Jwk] {
  if (name === 'X25519' || name === 'X448') {
    const type = name === 'X25519' ? 'x25519' : 'x448'
    return [generated(type), generated(type)]
  }
  const algorithm = name as Parameters<typeof pairFor>[0]
  const [one, other] = [pairFor(algorithm).privateJwk, pairFor(algorithm, 'another').privateJwk]
  const { alg: _alg, ...rest } = other
  const { alg: _same, ...members } = one
  return name.startsWith('ML') ? [one, other] : [members, rest]
}

const types: readonly (readonly [key: string, algorithm: Algorithm, publicMembers: readonly string[]])[] = [
  ['RS256', 'RS256', ['n']],
  ['RS256', 'PS512', ['n']],
  ['RS256', 'RSA-OAEP', ['n']],
  ['ES256', 'ES256', ['x', 'y']],
  ['ES384', 'ES384', ['x', 'y']],
  ['ES512', 'ES512', ['x', 'y']],
  ['ES256K', 'ES256K', ['x', 'y']],
  ['ES256', 'ECDH-ES', ['x', 'y']],
  ['ES384', 'ECDH-ES+A128KW', ['x', 'y']],
  ['ES512', 'ECDH-ES+A256KW', ['x', 'y']],
  ['Ed25519', 'Ed25519', ['x']],
  ['Ed25519', 'EdDSA', ['x']],
  ['Ed448', 'Ed448', ['x']],
  ['X25519', 'ECDH-ES', ['x']],
  ['X448', 'ECDH-ES+A256KW', ['x']],
  ...(hasMlDsa ? ([['ML-DSA-44', 'ML-DSA-44', ['pub']]] as const) : []),
]

const supported = await Promise.all(
  types.map(([name, algorithm]) =>
    supports(algorithm, name === 'X25519' || name === 'X448' ? { curve: name } : {}),
  ),
)
const own = types.filter((_type, index) => supported[index])

describe.each(['as the runtime is', 'with WebCrypto alone'] as const)('%s', (runtime) => {
  const isPortable = runtime === 'with WebCrypto alone'
  let room: typeof JwkRoom

  beforeAll(async () => {
    const load = () => import('../../src/jwk/index.ts')
    room = isPortable ? await loadPortable(load) : await load()
  })

  describe('members of different keys are refused, and of one key taken (T25, CVE-2026-102275)', () => {
    const tried = own.filter(([name]) => !isPortable || name !== 'ES256K')
    test.each(tried)('%s for %s: %j', async (name, algorithm, publicMembers) => {
      const [one, other] = twoOf(name)
      const mixed = { ...one, ...Object.fromEntries(publicMembers.map((member) => [member, other[member]])) }
      expect(await outcomeLater(() => room.importKey(one, { algorithm }))).toBe('accepted')
      expect(await outcomeLater(() => room.importKey(mixed, { algorithm }))).toBe('key_invalid')
    })
  })

  describe('every member of an RSA private key is held against the others', () => {
    const [one, other] = twoOf('RS256')
    test.each(['n', 'd', 'p', 'q', 'dp', 'dq', 'qi'])('%s of another key', async (name) => {
      for (const algorithm of ['RS256', 'RSA-OAEP-256'] as const) {
        const jwk = { ...one, [name]: other[name] }
        expect(await outcomeLater(() => room.importKey(jwk, { algorithm }))).toBe('key_invalid')
      }
    })

    test('p and q exchanged, and another number for the same key', async () => {
      const number = (name: string): bigint =>
        BigInt(`0x${Buffer.from(String(one[name]), 'base64url').toString('hex')}`)
      const text = (value: bigint): string => {
        const hex = value.toString(16)
        return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url')
      }
      const exchanged = { ...one, p: one.q, q: one.p } as Jwk
      const longD = { ...one, d: text(number('d') + (number('p') - 1n) * (number('q') - 1n)) } as Jwk
      const longQi = { ...one, qi: text(number('qi') + number('p')) } as Jwk
      const trivial = { ...one, p: 'AQ', q: one.n } as Jwk
      for (const jwk of [exchanged, longD, longQi, trivial])
        expect(await outcomeLater(() => room.importKey(jwk, { algorithm: 'RS256' }))).toBe('key_invalid')
    })
  })
})

describe('a number that would cost too much is refused before any arithmetic', () => {
  const [one] = twoOf('RS256')
  const long = Buffer.alloc(24_000, 0xff).toString('base64url')
  test.each(['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'])('%s', async (name) => {
    const { importKey } = await import('../../src/jwk/import.ts')
    for (const value of [long, 'f'.repeat(1_000_000)])
      expect(await outcomeLater(() => importKey({ ...one, [name]: value }, { algorithm: 'RS256' }))).toBe(
        'key_invalid',
      )
  })

  test('a modulus of 16392 bits, and an even one', async () => {
    const { importKey } = await import('../../src/jwk/import.ts')
    const modulus = (bytes: number, last: number): string =>
      Buffer.concat([Buffer.alloc(bytes - 1, 0xff), Buffer.of(last)]).toString('base64url')
    const outcome = (n: string): Promise<string> =>
      outcomeLater(() => importKey({ kty: 'RSA', n, e: 'AQAB' }, { algorithm: 'RS256' }))
    expect(await outcome(modulus(2049, 0xff))).toBe('key_invalid')
    expect(await outcome(modulus(2048, 0xff))).toBe('accepted')
    expect(await outcome(modulus(256, 0xfe))).toBe('key_invalid')
  })
})

describe('a public key of low order is refused (RFC 7748 §6, RFC 8032)', async () => {
  const hasX448 = await supports('ECDH-ES', { curve: 'X448' })
  const little = (value: bigint, size: number): string =>
    Buffer.from(value.toString(16).padStart(size * 2, '0'), 'hex')
      .reverse()
      .toString('base64url')
  const p25519 = 2n ** 255n - 19n
  const p448 = 2n ** 448n - 2n ** 224n - 1n
  const order8 = [
    325606250916557431795983626356110631294008115727848805560023387167927233504n,
    39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  ]
  test.each([
    ...[0n, 1n, p25519 - 1n, p25519, p25519 + 1n, ...order8].map((u) => ['X25519', little(u, 32)] as const),
    ...(hasX448 ? [0n, 1n, p448 - 1n, p448, p448 + 1n] : []).map((u) => ['X448', little(u, 56)] as const),
    ...[0n, 1n, p25519 - 1n].map((y) => ['Ed25519', little(y, 32)] as const),
    ...[0n, 1n, p448 - 1n].map((y) => ['Ed448', little(y, 57)] as const),
  ])('%s %s', async (crv, x) => {
    const { importKey } = await import('../../src/jwk/import.ts')
    const algorithm = crv.startsWith('X') ? 'ECDH-ES' : 'EdDSA'
    expect(await outcomeLater(() => importKey({ kty: 'OKP', crv, x }, { algorithm }))).toBe('key_invalid')
  })
})
