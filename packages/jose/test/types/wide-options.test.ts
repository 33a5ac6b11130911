/** Options whose values the compiler cannot know promise nothing about the claims. Checked by `tsc`, never called. */
import { expect, expectTypeOf, test } from 'vitest'
import { createVerifier, verifyJwt } from '../../src/index.ts'
import type { PublicKey, VerifyJwtOptions } from '../../src/index.ts'

declare const publicKey: PublicKey<'ES256'>
declare const flag: boolean
declare const names: string[]
declare const someOf: ('a' | 'b')[]
declare const anyOptions: VerifyJwtOptions

export async function wide(): Promise<void> {
  const unknownYet = await verifyJwt('t', publicKey, anyOptions)
  expectTypeOf(unknownYet.claims.exp).toEqualTypeOf<number | undefined>()
  expectTypeOf(unknownYet.claims.iss).toEqualTypeOf<string | undefined>()
  const waived = { issuer: null, audience: null } as const
  const maybe = await verifyJwt('t', publicKey, { ...waived, requireExp: flag })
  expectTypeOf(maybe.claims.exp).toEqualTypeOf<number | undefined>()
  const sometimes = await verifyJwt('t', publicKey, {
    ...waived,
    ...(flag ? ({ requireExp: false } as const) : {}),
  })
  expectTypeOf(sometimes.claims.exp).toEqualTypeOf<number | undefined>()
  const surely = await verifyJwt('t', publicKey, { ...waived, requireExp: true })
  expectTypeOf(surely.claims.exp).toEqualTypeOf<number>()
  const listed = await verifyJwt('t', publicKey, { ...waived, required: names })
  expectTypeOf(listed.claims['other']).toEqualTypeOf<unknown>()
  expectTypeOf(listed.claims.sub).toEqualTypeOf<string | undefined>()
  const either = await verifyJwt('t', publicKey, { ...waived, required: someOf })
  expectTypeOf(either.claims['b']).toEqualTypeOf<unknown>()
  expectTypeOf(createVerifier({ keys: publicKey, ...anyOptions }).verifySync('t').claims.exp).toEqualTypeOf<
    number | undefined
  >()
}

test('wide options are checked by the compiler', () => {
  expect(typeof wide).toBe('function')
})
