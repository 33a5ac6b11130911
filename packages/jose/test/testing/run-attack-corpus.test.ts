import { describe, expect, test } from 'vitest'
import {
  createVerifier,
  importKey,
  safeVerifyJwt,
  secret,
  type SignatureAlgorithm,
  verifyJwt,
} from '../../src/index.ts'
import {
  attackCategories,
  createTestIssuer,
  formatReport,
  runAttackCorpus,
  type AttackCategory,
  type RunAttackCorpusOptions,
} from '../../src/testing/index.ts'
import { present } from '../jwe/keys.ts'
import { outcomeLater } from '../outcome.ts'
import { type Hole, weakVerifier } from './weak-verifier.ts'

const issuer = await createTestIssuer()

/** These tests are not about time. */
const slowMs = 60_000

describe('our own verifier under the corpus', () => {
  test.each(['HS256', 'ES256', 'RS256', 'PS256', 'Ed25519', 'ES384'] satisfies SignatureAlgorithm[])(
    'with %s refuses every attack with an error of its own, and accepts every control',
    async (algorithm) => {
      const own = await createTestIssuer({ algorithm })
      const verifier = createVerifier(own.trust)
      const report = await runAttackCorpus((token) => verifier.verify(token), { issuer: own, slowMs })
      expect(formatReport(report)).toMatch(
        /^\d+ attacks: \d+ refused, 0 accepted; 1\d good tokens: 1\d accepted, 0 refused$/,
      )
      expect(report.ok).toBe(true)
      expect(report.total).toBeGreaterThan(500)
    },
  )

  test('with one key instead of a set, as a value, and with a raw secret', async () => {
    const { issuer: iss, audience, clock } = issuer
    const policy = { issuer: iss, audience, now: clock.now() }
    const key = await importKey(present(issuer.jwks().keys[0]), { type: 'public' })
    const shared = await createTestIssuer({ algorithm: 'HS256', now: clock.now() })
    const runs = [
      await runAttackCorpus((token) => verifyJwt(token, key, policy), { issuer, slowMs }),
      await runAttackCorpus((token) => safeVerifyJwt(token, key, policy), { issuer, slowMs }),
      await runAttackCorpus(
        (token) => verifyJwt(token, shared.secret!, { ...policy, algorithms: ['HS256'] }),
        {
          issuer: shared,
          slowMs,
        },
      ),
      await runAttackCorpus((token) => verifyJwt(token, secret('HS256', shared.secret), policy), {
        issuer: shared,
        slowMs,
      }),
    ]
    expect(runs.map((report) => report.ok)).toEqual([true, true, true, true])
  })
})

describe('a verifier with a hole is found out', () => {
  test.each<[Hole, string[], AttackCategory[]]>([
    ['takes-none', ['alg-none', 'alg-none-case', 'none-junk-signature'], ['alg-none', 'duplicate-json-keys']],
    ['trusts-alg', ['hs256-with-public-key'], ['alg-confusion']],
    ['trusts-jwk', ['embedded-jwk', 'embedded-jwk-with-kid'], ['embedded-key', 'header-json']],
    ['ignores-crit', ['unknown-crit', 'crit-constructor'], ['crit']],
    ['reads-any-base64', ['signature-insert-space', 'non-canonical-signature', 'payload-padded'], ['base64']],
    ['reads-any-utf8', ['payload-utf8-ff', 'header-utf8-overlong'], ['payload-json', 'header-json']],
    ['forgets-exp', ['exp-past', 'exp-zero'], ['claim-types']],
    ['forgets-aud', ['aud-missing', 'aud-other'], ['claim-types']],
    ['reads-dates-as-they-are', ['exp-text', 'exp-object'], ['claim-types']],
    ['finds-iss-inside', ['iss-suffix', 'iss-userinfo', 'iss-array'], ['claim-types']],
  ])('%s', async (hole, ids, categories) => {
    const [whole, weak] = [weakVerifier(issuer), weakVerifier(issuer, hole)]
    const before = await runAttackCorpus(whole, { issuer, categories })
    const after = await runAttackCorpus(weak, { issuer, categories })
    const known = new Set(before.accepted.map(({ id }) => id))
    const found = after.accepted.filter(({ id }) => !known.has(id))
    for (const id of ids) expect(found.map((finding) => finding.id)).toContain(id)
    expect(after.ok).toBe(false)
    for (const { why, reference } of found) expect(formatReport(after)).toContain(`${why} (${reference})`)
  })

  test('one that goes where a token sends it', async () => {
    const before = globalThis.fetch
    const report = await runAttackCorpus(weakVerifier(issuer, 'follows-jku'), {
      issuer,
      categories: ['embedded-key'],
    })
    expect(report.fetched.map(({ id, detail }) => [id, detail])).toContainEqual([
      'embedded-jku',
      'https://attacker.invalid/jwks.json',
    ])
    expect(report.fetched.map(({ id }) => id)).toContain('embedded-jku-file')
    expect(formatReport(report)).toContain('fetched, because a token said so (')
    expect(globalThis.fetch).toBe(before)
  })

  test('one that accepts everything', async () => {
    const report = await runAttackCorpus(() => true, { issuer })
    expect(report.accepted).toHaveLength(report.total)
    expect(report.refused).toBe(0)
    expect(report.ok).toBe(false)
  })

  test('one that refuses everything', async () => {
    for (const verify of [
      () => null,
      () => false,
      () => undefined,
      () => ({ ok: false }),
      () => Promise.reject(new Error('refused')),
    ]) {
      const report = await runAttackCorpus(verify, { issuer, categories: ['alg-none'] })
      expect(report.accepted).toEqual([])
      expect(report.controlsRefused).toHaveLength(report.controls)
      expect(report.ok).toBe(false)
    }
    const report = await runAttackCorpus(() => null, { issuer, categories: [] })
    expect(formatReport(report)).toContain(`good tokens that were refused (${report.controls})`)
  })

  test('one that breaks: an error of the language, or something that is no error', async () => {
    for (const thrown of [new TypeError('x is undefined'), new SyntaxError('JSON'), 'text', undefined]) {
      const verify = (): Promise<never> => Promise.reject(thrown)
      const report = await runAttackCorpus(verify, { issuer, categories: ['alg-none'] })
      expect(report.wrongErrors).toHaveLength(report.total)
      expect(formatReport(report)).toContain('refused by accident')
    }
    const own = await runAttackCorpus(() => Promise.reject(new Error('refused')), {
      issuer,
      categories: ['alg-none'],
    })
    expect(own.wrongErrors).toEqual([])
  })

  test('an error of another realm is an error, as in Jest', async () => {
    const foreign = Object.assign(Object.create(null) as object, { name: 'TokenError', message: 'expired' })
    const verify = (): Promise<never> => Promise.reject(foreign)
    const report = await runAttackCorpus(verify, { issuer, categories: ['alg-none'] })
    expect(report.wrongErrors).toEqual([])
    expect(report.controlsRefused[0]?.detail).toBe('TokenError: expired')
  })

  test('one that is slow, by the fastest of three', async () => {
    let calls = 0
    const slow = async (token: string): Promise<null> => {
      calls += 1
      if (token.length > 100_000) await new Promise((resolve) => setTimeout(resolve, 30))
      return null
    }
    const report = await runAttackCorpus(slow, { issuer, categories: ['limits'], slowMs: 25 })
    expect(report.slow.map(({ id }) => id)).toEqual(expect.arrayContaining(['limit-dots', 'limit-signature']))
    expect(calls).toBeGreaterThanOrEqual(report.total + report.controls + 2 * report.slow.length)
    expect(formatReport(report)).toContain('slow (')
  })
})

describe('runAttackCorpus', () => {
  test('runs the categories that are named, and the controls always', async () => {
    const seen: string[] = []
    const note = (token: unknown): null => {
      seen.push(typeof token)
      return null
    }
    const crit = await runAttackCorpus(note, { issuer, categories: ['crit', 'b64'] })
    const all = await runAttackCorpus(note, { issuer })
    expect(crit.total).toBeLessThan(all.total)
    expect(crit.controls).toBe(all.controls)
    expect(seen).toHaveLength(crit.total + crit.controls + all.total + all.controls)
  })

  test('asHeader leaves out what no header field can carry', async () => {
    const headers = new Headers()
    const report = await runAttackCorpus(
      (token) => {
        headers.set('authorization', `Bearer ${token}`)
        return headers.get('authorization') === `Bearer ${token}` && token.length < 16_000 ? null : undefined
      },
      { issuer, asHeader: true },
    )
    expect(report.wrongErrors).toEqual([])
    expect(report.total).toBeGreaterThan(450)
  })

  test('follows the clock of the issuer', async () => {
    const old = await createTestIssuer({ now: 1_000_000_000 })
    const verifier = createVerifier(old.trust)
    expect((await runAttackCorpus((token) => verifier.verify(token), { issuer: old, slowMs })).ok).toBe(true)
  })

  test.each([
    ['no issuer', {}],
    ['an issuer of another make', { issuer: { issuer: 'https://issuer.test' } }],
    ['a category that is not there', { issuer, categories: ['crit', 'magic'] }],
    ['categories as text', { issuer, categories: 'crit' }],
    ['asHeader as text', { issuer, asHeader: 'yes' }],
    ['slowMs of nothing', { issuer, slowMs: 0 }],
    ['a misspelt option', { issuer, category: ['crit'] }],
  ])('refuses %s', async (_title, options) => {
    const run = () => runAttackCorpus(() => null, options as unknown as RunAttackCorpusOptions)
    expect(await outcomeLater(run)).toBe('option_invalid')
    expect(attackCategories).toContain('crit')
  })

  test('refuses what is no verifier', async () => {
    expect(await outcomeLater(() => runAttackCorpus('verify' as never, { issuer }))).toBe('option_invalid')
  })
})
