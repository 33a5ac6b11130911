/** The test issuer and the corpus where there is no `node:crypto`. */
import { beforeAll, describe, expect, test } from 'vitest'
import type * as Jose from '../../src/index.ts'
import type * as Testing from '../../src/testing/index.ts'
import { loadPortable } from '../portable.ts'

let jose: typeof Jose
let testing: typeof Testing

beforeAll(async () => {
  ;[jose, testing] = await loadPortable(() =>
    Promise.all([import('../../src/index.ts'), import('../../src/testing/index.ts')]),
  )
})

describe.each(['HS256', 'ES256', 'RS256', 'Ed25519'] as const)('%s without node:crypto', (algorithm) => {
  test('the issuer works, and our verifier refuses every attack and accepts every control', async () => {
    const issuer = await testing.createTestIssuer({ algorithm })
    const verifier = jose.createVerifier(issuer.trust)
    const report = await testing.runAttackCorpus((token) => verifier.verify(token), {
      issuer,
      slowMs: 60_000,
    })
    expect(testing.formatReport(report)).toMatch(/ 0 accepted; 1\d good tokens: 1\d accepted, 0 refused$/)
    expect(report.ok).toBe(true)
  })
})
