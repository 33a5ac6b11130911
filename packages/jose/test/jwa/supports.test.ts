import { describe, expect, test } from 'vitest'
import { signatureAlgorithms } from '../../src/jwa/signature-algorithms.ts'
import { supports } from '../../src/jwa/supports.ts'
import { generateKey } from '../../src/jwk/generate.ts'
import { asymmetricAlgorithms, hasMlDsa, hmacAlgorithms, mlDsaAlgorithms } from '../forge.ts'
import { outcomeLater, rejection } from '../outcome.ts'
import { loadPortable } from '../portable.ts'

test.each([...hmacAlgorithms, ...asymmetricAlgorithms])(
  'supports says yes to %s, which Node has',
  async (name) => {
    expect(await supports(name)).toBe(true)
  },
)

test.each(mlDsaAlgorithms)('supports and generateKey agree about %s', async (name) => {
  expect(await supports(name)).toBe(hasMlDsa)
  expect(await outcomeLater(() => generateKey(name))).toBe(hasMlDsa ? 'accepted' : 'unsupported')
})

test.each(['none', 'es256', 'A256GCM', '', '__proto__', undefined, null, 5])(
  'supports says no to %j, which is no signature algorithm',
  async (name) => {
    expect(await supports(name as string)).toBe(false)
  },
)

test.runIf(!hasMlDsa)('an algorithm that is missing is refused with the name of the runtime', async () => {
  const error = await rejection(generateKey('ML-DSA-44'))
  expect(error.code).toBe('unsupported')
  expect(error.message).toContain(`Node.js ${process.versions.node} has no ML-DSA-44`)
})

describe('with WebCrypto alone', async () => {
  const portable = await loadPortable(async () => ({
    ...(await import('../../src/jwa/supports.ts')),
    ...(await import('../../src/jwk/generate.ts')),
    ...(await import('../../src/jwk/import.ts')),
    ...(await import('../../src/jwt/sign.ts')),
    ...(await import('../../src/jwt/verify.ts')),
  }))

  test.each(signatureAlgorithms.filter((name) => name !== 'ES256K' && !name.startsWith('ML-DSA')))(
    '%s signs and verifies',
    async (name) => {
      expect(await portable.supports(name)).toBe(true)
      const key = await portable.generateKey(name)
      const verificationKey = key.type === 'private' ? key.publicKey : key
      const token = await portable.signJwt({ a: 1 }, key, { expiresIn: '1m' })
      const policy = { issuer: null, audience: null }
      expect((await portable.verifyJwt(token, verificationKey, policy)).claims).toMatchObject({ a: 1 })
    },
  )

  test('ES256K is unsupported, and the message says where', async () => {
    expect(await portable.supports('ES256K')).toBe(false)
    const error = await rejection(portable.generateKey('ES256K'))
    expect([error.code, error.message]).toEqual([
      'unsupported',
      `key: Node.js ${process.versions.node} has no ES256K`,
    ])
    const { kty, crv, x, y } = await import('../forge.ts').then(({ pairFor }) => pairFor('ES256K').publicJwk)
    expect(await outcomeLater(() => portable.importKey({ kty, crv: crv!, x: x!, y: y! }))).toBe('unsupported')
  })
})
