/** What the compiler must know about the test issuer. Checked by `tsc`; the functions here are never called. */
import { expect, expectTypeOf, test } from 'vitest'
import { createVerifier } from '../../src/index.ts'
import type { JwkSet, KeySet } from '../../src/index.ts'
import {
  type AttackReport,
  attackCorpus,
  createTestIssuer,
  runAttackCorpus,
  type TestIssuer,
} from '../../src/testing/index.ts'

declare const issuer: TestIssuer

export async function issuing(): Promise<void> {
  await createTestIssuer({ algorithm: 'RS256', typ: 'JWT' })
  // @ts-expect-error a misspelt option
  await createTestIssuer({ algoritm: 'RS256' })
  // @ts-expect-error an algorithm that nobody has
  await createTestIssuer({ algorithm: 'RS257' })
  expectTypeOf(issuer.jwks()).toEqualTypeOf<JwkSet>()
  expectTypeOf(issuer.keySet).toEqualTypeOf<KeySet>()
  expectTypeOf(issuer.fetch).toEqualTypeOf<typeof globalThis.fetch>()
  expectTypeOf(await issuer.forge('alg-none')).toEqualTypeOf<string>()
  // @ts-expect-error there are two ways to be down
  issuer.jwksDown('rain')
  createVerifier({ ...issuer.trust, typ: 'at+jwt' })
}

export async function attacking(): Promise<void> {
  const report = await runAttackCorpus((token) => token.length > 0, { issuer, categories: ['crit'] })
  expectTypeOf(report).toEqualTypeOf<AttackReport>()
  // @ts-expect-error a category that is not there
  await runAttackCorpus(() => null, { issuer, categories: ['magic'] })
  // @ts-expect-error the issuer is not optional
  await runAttackCorpus(() => null, {})
  const [entry] = await attackCorpus(issuer)
  if (entry !== undefined) expectTypeOf(entry.level).toEqualTypeOf<'must' | 'should'>()
}

test('the compiler knows the test issuer', () => {
  expect([issuing, attacking]).toHaveLength(2)
})
