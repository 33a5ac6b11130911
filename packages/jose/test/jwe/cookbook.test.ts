/** The JWE examples of RFC 7520, in every serialization that they give. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  decryptCompact,
  decryptFlattened,
  decryptGeneral,
  type FlattenedJwe,
  type GeneralJwe,
} from '../../src/jwe/index.ts'
import { openJwt } from '../../src/jwt/index.ts'
import { type DecryptionKey, encryptionSecret, importKey, type Jwk } from '../../src/jwk/index.ts'
import { outcomeLater } from '../outcome.ts'
import { present } from './keys.ts'
import { readVectorFile, utf8, vectorsDirectory, withVectors } from './vectors.ts'

interface Example {
  readonly title: string
  readonly input: { plaintext: string; alg: string | string[]; key?: Jwk | Jwk[]; pwd?: string; aad?: string }
  readonly output: { compact?: string; json?: GeneralJwe; json_flat?: FlattenedJwe }
}

const options = {
  allowZip: true,
  keyManagementAlgorithms: ['PBES2-HS512+A256KW'],
} as const

async function keyOf({ input }: Example, index = 0): Promise<DecryptionKey> {
  const algorithm = [input.alg].flat()[index] as 'RSA-OAEP'
  if (input.pwd !== undefined) return encryptionSecret('PBES2-HS512+A256KW', input.pwd)
  return (await importKey(present([input.key].flat()[index]), { algorithm })) as DecryptionKey
}

withVectors('RFC 7520', () => {
  const files = readdirSync(join(vectorsDirectory, 'cookbook/jwe')).sort()
  const examples = files.map((file) => readVectorFile<Example>(`cookbook/jwe/${file}`))
  const single = examples.filter(({ input }) => typeof input.alg === 'string' && input.alg !== 'RSA1_5')

  test('has examples to read', () => {
    expect(single.length).toBeGreaterThanOrEqual(7)
  })

  describe.each(single)('$title', (example) => {
    const { compact, json, json_flat: flat } = example.output
    const policy = example.input.pwd === undefined ? { allowZip: true } : options

    test('compact', async () => {
      // 5.10 has none: a compact JWE holds no additional data.
      if (compact === undefined) return expect(example.input.aad).toBeDefined()
      const { plaintext } = await decryptCompact(compact, await keyOf(example), policy)
      expect(utf8(plaintext)).toBe(example.input.plaintext)
    })

    test('general', async () => {
      const { plaintext } = await decryptGeneral(present(json), await keyOf(example), policy)
      expect(utf8(plaintext)).toBe(example.input.plaintext)
    })

    test('flattened, with its additional data', async () => {
      const { plaintext, aad } = await decryptFlattened(JSON.stringify(flat), await keyOf(example), policy)
      expect(utf8(plaintext)).toBe(example.input.plaintext)
      expect(aad === undefined ? undefined : utf8(aad)).toBe(example.input.aad)
    })
  })

  test('5.1 is RSA1_5, which is refused', async () => {
    const example = examples.find(({ input }) => input.alg === 'RSA1_5')!
    const key = (await importKey(example.input.key as Jwk, {
      algorithm: 'RSA-OAEP',
      type: 'private',
    })) as DecryptionKey
    expect(await outcomeLater(() => decryptCompact(present(example.output.compact), key))).toBe(
      'alg_not_allowed',
    )
  })

  test('5.13: each of several recipients reads it, but for the one of RSA1_5', async () => {
    const example = examples.find(({ input }) => Array.isArray(input.alg))!
    for (const index of [1, 2]) {
      const { plaintext } = await decryptGeneral(present(example.output.json), await keyOf(example, index))
      expect(utf8(plaintext)).toBe(example.input.plaintext)
    }
  })

  test('6: a signed token inside an encrypted one', async () => {
    const nested = readVectorFile<{
      sign: { input: { key: Jwk; payload: string } }
      encrypt: { input: { key: Jwk }; output: { compact: string } }
    }>('cookbook/6.nesting_signatures_and_encryption.json')
    const { key: rsa, payload } = nested.sign.input
    const { d: _d, ...publicJwk } = rsa
    const opened = await openJwt(nested.encrypt.output.compact, {
      decryptWith: (await importKey(nested.encrypt.input.key)) as DecryptionKey,
      verifyWith: await importKey(publicJwk, { algorithm: 'PS256', type: 'public' }),
      issuer: 'hobbiton.example',
      audience: null,
      now: 1_300_819_379,
    })
    expect(opened.claims).toEqual(JSON.parse(payload))
    expect(opened.header.alg).toBe('PS256')
  })
})
