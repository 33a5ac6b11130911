/** DPoP where there is no `node:crypto`: browsers make proofs, workers check them. */
import { beforeAll, describe, expect, test } from 'vitest'
import type * as Dpop from '../../src/dpop/index.ts'
import type * as Jwk from '../../src/jwk/index.ts'
import { now, pairFor } from '../forge.ts'
import { outcomeLater } from '../outcome.ts'
import { loadPortable } from '../portable.ts'
import { accessToken, expected, hashOf, method, proofWith, url } from './proofs.ts'

let dpop: typeof Dpop
let jwk: typeof Jwk

beforeAll(async () => {
  ;[dpop, jwk] = await loadPortable(() =>
    Promise.all([import('../../src/dpop/index.ts'), import('../../src/jwk/index.ts')]),
  )
})

describe.each(['ES256', 'PS256', 'Ed25519'] as const)('%s without node:crypto', (algorithm) => {
  test('a proof is made and accepted, once', async () => {
    const key = await jwk.generateKey(algorithm)
    const expectedThumbprint = await jwk.calculateThumbprint(key)
    const options = {
      ...expected,
      accessToken,
      expectedThumbprint,
      replayStore: dpop.createMemoryReplayStore({ now }),
    }
    const proof = await dpop.createDpopProof(key, { method, url, accessToken, now })
    expect((await dpop.verifyDpopProof(proof, options)).claims.ath).toBe(hashOf(accessToken))
    expect(await outcomeLater(() => dpop.verifyDpopProof(proof, options))).toBe('replayed')
  })

  test("a proof of Node's own making is accepted, and refused when it is changed", async () => {
    const proof = proofWith({ algorithm })
    await dpop.verifyDpopProof(proof, expected)
    const changed = proof.replace(/.{9}$/, (end) => [...end].reverse().join(''))
    expect(await outcomeLater(() => dpop.verifyDpopProof(changed, expected))).toMatch(
      /bad_signature|malformed/,
    )
  })

  test('T26: a private key in the header is refused', async () => {
    const { alg: _alg, ...private_ } = pairFor(algorithm).privateJwk
    const proof = proofWith({ header: { jwk: private_ }, algorithm })
    expect(await outcomeLater(() => dpop.verifyDpopProof(proof, expected))).toBe('malformed')
  })

  test('a key that the runtime refuses is a fault of the proof', async () => {
    const { alg: _alg, ...members } = pairFor(algorithm).publicJwk
    const broken = { ...members, [members.kty === 'RSA' ? 'n' : 'x']: 'AAAA' }
    const proof = proofWith({ header: { jwk: broken }, algorithm })
    expect(await outcomeLater(() => dpop.verifyDpopProof(proof, expected))).toBe('malformed')
  })
})
