import { describe, expect, test } from 'vitest'
import { edwardsFault } from '../../src/jwk/edwards-point.ts'
import { importKey } from '../../src/jwk/import.ts'
import { createLocalJwkSet } from '../../src/jwks/local.ts'
import { pairFor } from '../forge.ts'
import { outcomeLater, outcomeOf } from '../outcome.ts'
import { fromHex } from '../vectors.ts'

/** The encodings of the points of small order, as collected for libsodium. */
const smallOrder = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]
const notCanonical = [
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]
const withSign = (hex: string): string =>
  hex.slice(0, -2) + (Number.parseInt(hex.slice(-2), 16) | 0x80).toString(16)
const base64url = (hex: string): string => Buffer.from(fromHex(hex)).toString('base64url')

describe('an Ed25519 public key', () => {
  test.each([...smallOrder, ...smallOrder.map(withSign)])('of small order is found: %s', (hex) => {
    expect(edwardsFault('Ed25519', fromHex(hex))).toBe('one of small order')
  })

  test.each([...notCanonical, ...notCanonical.map(withSign)])(
    'with a y beyond the prime is found: %s',
    (hex) => {
      expect(edwardsFault('Ed25519', fromHex(hex))).toBe('one that is not canonical')
    },
  )

  test.each([...smallOrder, ...notCanonical].flatMap((hex) => [hex, withSign(hex)]))(
    'is refused by importKey and by a JWK Set: %s',
    async (hex) => {
      const jwk = { kty: 'OKP', crv: 'Ed25519', x: base64url(hex) }
      const spki = fromHex(`302a300506032b6570032100${hex}`)
      expect(await outcomeLater(() => importKey(jwk))).toBe('key_invalid')
      expect(await outcomeLater(() => importKey(spki))).toBe('key_invalid')
      expect(outcomeOf(() => createLocalJwkSet({ keys: [jwk] }))).toBe('key_invalid')
    },
  )

  test.each(['Ed25519', 'EdDSA'] as const)('that is good has no fault (%s)', (algorithm) => {
    const bytes = Buffer.from(pairFor(algorithm).publicJwk.x!, 'base64url')
    expect(edwardsFault('Ed25519', bytes)).toBeUndefined()
  })
})

describe('an Ed448 public key', () => {
  const zero = '00'.repeat(57)
  const one = `01${'00'.repeat(56)}`
  const prime = `${'ff'.repeat(28)}fe${'ff'.repeat(27)}00`
  const minusOne = `fe${prime.slice(2)}`

  test.each([zero, one, minusOne, withSign(zero), withSign(minusOne)])(
    'of small order is refused: %s',
    async (hex) => {
      expect(edwardsFault('Ed448', fromHex(hex))).toBe('one of small order')
      const jwk = { kty: 'OKP', crv: 'Ed448', x: base64url(hex) }
      expect(await outcomeLater(() => importKey(jwk))).toBe('key_invalid')
    },
  )

  test.each([prime, 'ff'.repeat(57), `${'00'.repeat(56)}01`])(
    'with a y beyond the prime is refused: %s',
    async (hex) => {
      expect(edwardsFault('Ed448', fromHex(hex))).toBe('one that is not canonical')
      const jwk = { kty: 'OKP', crv: 'Ed448', x: base64url(hex) }
      expect(await outcomeLater(() => importKey(jwk))).toBe('key_invalid')
    },
  )

  test('that is good has no fault', () => {
    const bytes = Buffer.from(pairFor('Ed448').publicJwk.x!, 'base64url')
    expect(edwardsFault('Ed448', bytes)).toBeUndefined()
  })
})
