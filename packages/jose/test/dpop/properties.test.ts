/** Proofs that nobody meant: whatever comes, it is one of our errors, and never an acceptance. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { verifyDpopProof } from '../../src/dpop/index.ts'
import { normalizeTargetUri } from '../../src/dpop/target-uri.ts'
import { isJoseError } from '../../src/index.ts'
import { expected, proofWith, publicMembers } from './proofs.ts'

/** Whether a proof is refused as a token is, and not by accident. */
async function isRefused(proof: unknown): Promise<boolean> {
  try {
    await verifyDpopProof(proof as string, expected)
    return false
  } catch (error) {
    return isJoseError(error) && !['option_invalid', 'key_invalid', 'weak_key'].includes(error.code)
  }
}

const good = proofWith()
const texts = fc.string({ unit: 'binary' })

describe('any', () => {
  test('value in the place of a proof is refused', async () => {
    const property = fc.asyncProperty(fc.oneof(texts, fc.anything()), isRefused)
    await expect(fc.assert(property, { numRuns: 300 })).resolves.toBeUndefined()
  })

  test('change of a good proof is refused', async () => {
    const change = fc.tuple(fc.nat(good.length), fc.nat(3), texts)
    const property = fc.asyncProperty(change, async ([at, cut, text]) => {
      const changed = good.slice(0, at) + text + good.slice(at + cut)
      return changed === good || isRefused(changed)
    })
    await expect(fc.assert(property, { numRuns: 300 })).resolves.toBeUndefined()
  })

  test('key in the header but the right one is refused', async () => {
    const member = fc.oneof(texts, fc.base64String(), fc.jsonValue())
    const names = fc.constantFrom('kty', 'crv', 'x', 'y', 'd', 'k', 'alg', 'use', 'key_ops')
    const changed = fc
      .dictionary(names, member, { minKeys: 1 })
      .map((members) => ({ ...publicMembers(), ...members }))
    const property = fc.asyncProperty(fc.oneof(changed, fc.jsonValue()), (jwk) =>
      isRefused(proofWith({ header: { jwk } })),
    )
    await expect(fc.assert(property, { numRuns: 300 })).resolves.toBeUndefined()
  })

  test('text has one normal form as a URI, or none', () => {
    const uris = fc.oneof(texts, fc.webUrl({ withQueryParameters: true, withFragments: true }))
    const property = fc.property(uris, (text) => {
      const normal = normalizeTargetUri(text)
      return normal === undefined || normalizeTargetUri(normal) === normal
    })
    expect(() => fc.assert(property, { numRuns: 500 })).not.toThrow()
  })

  test('URL that fetch can send has a normal form, the same as the one that it sends', () => {
    const property = fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
      const normal = normalizeTargetUri(url)
      return normal !== undefined && normalizeTargetUri(new URL(url).href) === normal
    })
    expect(() => fc.assert(property, { numRuns: 300 })).not.toThrow()
  })
})
