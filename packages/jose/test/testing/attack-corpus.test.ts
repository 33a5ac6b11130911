import { describe, expect, test } from 'vitest'
import { isJoseError, verifyJwt } from '../../src/index.ts'
import { attackCategories, attackCorpus, createTestIssuer, type TestIssuer } from '../../src/testing/index.ts'
import { rejection } from '../outcome.ts'
import { readVectorFile, withVectors } from '../jwe/vectors.ts'

const issuers = await Promise.all(
  (['ES256', 'RS256', 'HS256', 'Ed25519'] as const).map((algorithm) => createTestIssuer({ algorithm })),
)

const corpora = new Map<TestIssuer, ReturnType<typeof attackCorpus>>()

/** The corpus of an issuer, made once. */
function corpusOf(issuer: TestIssuer): ReturnType<typeof attackCorpus> {
  const known = corpora.get(issuer) ?? attackCorpus(issuer)
  corpora.set(issuer, known)
  return known
}

describe.each(issuers.map((issuer) => [issuer.algorithm, issuer] as const))(
  'the corpus for %s',
  (_name, issuer) => {
    test('has entries of every category that fits, each with a name of its own', async () => {
      const entries = await corpusOf(issuer)
      expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
      const found = new Set(entries.map(({ category }) => category))
      // With a shared secret there is no public key to take for one.
      const expected = attackCategories.filter(
        (name) => name !== 'alg-confusion' || issuer.secret === undefined,
      )
      expect([...found].sort()).toEqual([...expected].sort())
    })

    test('says of each entry what it is, why it matters and where that is written', async () => {
      for (const entry of await corpusOf(issuer)) {
        expect(entry.id).toMatch(/^[A-Za-z0-9-]+$/)
        expect(entry.expected).toBe(entry.category === 'control' ? 'accept' : 'refuse')
        expect(['must', 'should']).toContain(entry.level)
        expect(entry.why.length).toBeGreaterThan(20)
        expect(entry.reference).toMatch(/RFC|CVE|CWE/)
      }
    })

    test('has no token twice, and no attack that is a control', async () => {
      const entries = await corpusOf(issuer)
      expect(new Set(entries.map(({ token }) => token)).size).toBe(entries.length)
    })

    test('every attack is refused for what it is: without its fault it would be good', async () => {
      const codes = new Map<string, Set<string>>()
      for (const { category, token, expected } of await corpusOf(issuer)) {
        if (expected === 'accept') continue
        const error = await verifyJwt(token as string, issuer.keySet, policyOf(issuer)).then(
          () => 'accepted',
          codeOf,
        )
        codes.set(category, (codes.get(category) ?? new Set()).add(error))
      }
      const lists = Object.fromEntries([...codes].map(([category, set]) => [category, [...set].sort()]))
      expect(lists['crit']).toEqual(['crit_unsupported', 'malformed'])
      expect(lists['b64']).toEqual(['crit_unsupported', 'malformed'])
      expect(lists['duplicate-json-keys']).toEqual(['malformed'])
      expect(lists['prototype']).toEqual(['malformed'])
      expect(lists['payload-json']).toEqual(['malformed'])
      expect(lists['base64']).toEqual(['malformed'])
      expect(lists['limits']).toEqual(['claim_invalid', 'malformed', 'too_large'])
      expect(lists['signature-bytes']).toEqual(['bad_signature'])
      expect(lists['claim-types']).not.toContain('bad_signature')
      expect(lists['claim-types']).not.toContain('accepted')
    })
  },
)

test('is made for issuers of createTestIssuer alone', async () => {
  for (const other of [undefined, null, {}, { ...issuers[0] }]) {
    expect((await rejection(attackCorpus(other as TestIssuer))).code).toBe('option_invalid')
  }
})

withVectors('the corpus beside the one of the conformance run', () => {
  test('has every category of attacks on a JWT', () => {
    const attacks = readVectorFile<{ api: string; category: string }[]>('attacks.json')
    const wanted = new Set(attacks.filter(({ api }) => api === 'jwt.verify').map(({ category }) => category))
    expect(attackCategories).toEqual(expect.arrayContaining([...wanted]))
  })
})

function policyOf({ issuer, audience, clock }: TestIssuer) {
  return { issuer, audience, now: clock.now }
}

function codeOf(error: unknown): string {
  return isJoseError(error) ? error.code : String(error)
}
